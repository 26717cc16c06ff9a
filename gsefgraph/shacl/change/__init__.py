"""Judging new triples beside a large graph: what they can change, and no more, is looked up."""
