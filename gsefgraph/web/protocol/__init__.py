"""What the server says to programs, by the standards that they expect."""
