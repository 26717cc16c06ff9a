"""A graph to open, ask, validate, add to and export."""
