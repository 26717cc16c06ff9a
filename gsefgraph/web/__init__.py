"""The graph on screen: pages for people, made on the server."""
