"""Judging small graphs: what `judge.py` reads and how, one constraint for many nodes at a time."""
