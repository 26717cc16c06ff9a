"""Quads as columns of numbers in DuckDB, for work that must look at a whole graph."""
