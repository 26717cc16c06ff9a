"""RDF in and out: formats, canonical Turtle, JSON-LD, and what is wrong with literals."""
