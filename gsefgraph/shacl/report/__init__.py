"""The forms of a validation report, and what is taken out of one before it is written."""
