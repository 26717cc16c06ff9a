"""The text of a query as plain data."""
