"""Pages generated from the project itself: the ontology's page, the command line reference."""
