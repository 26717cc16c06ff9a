"""What pySHACL finds in the same files, in a process of its own: a second opinion."""
