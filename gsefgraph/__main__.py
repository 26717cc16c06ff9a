"""`python -m gsefgraph`."""

from gsefgraph.cli import main

if __name__ == "__main__":
    main()
