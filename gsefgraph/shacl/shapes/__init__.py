"""A shapes graph as plain data: read, named, checked for what is not legal."""
