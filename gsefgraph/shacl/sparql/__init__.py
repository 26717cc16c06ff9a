"""SPARQL in shapes: its text made whole, and asked."""
