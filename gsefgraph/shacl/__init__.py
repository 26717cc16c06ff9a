"""Checking records against SHACL shapes, and saying what is wrong in three languages."""
