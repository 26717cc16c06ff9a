"""SHACL constraints as SQL over the tables of `gsefgraph.columns`, for `compile.py` to run."""
