"""SHACL constraints as SQL over the tables of `gsefgraph.columns`, for `evaluate.py` to run."""
