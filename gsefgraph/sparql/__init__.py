"""A query's text: its tokens, what it asks and names, what of it is refused."""
