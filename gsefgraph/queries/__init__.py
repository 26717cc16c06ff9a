"""Stored questions: what they ask, what they take, and how values get into their text."""
