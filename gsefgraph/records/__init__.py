"""Records as people wrote them: read, located, resolved, and put where they belong."""
