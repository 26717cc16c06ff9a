"""`python -m gsefgraph`, and the command `gsefgraph`."""

import signal

# While the rest is loaded nothing could say in one line that it was stopped.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from gsefgraph.cli import main

if __name__ == "__main__":
    main()
