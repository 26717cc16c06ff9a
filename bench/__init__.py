"""Measuring gsefgraph beside its peers on the same work: `python -m bench`."""
