"""Answers to questions: rows or triples, for programs and for people."""
