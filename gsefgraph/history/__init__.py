"""What was added to a graph, changed and taken back: when, from which file, by whom."""
