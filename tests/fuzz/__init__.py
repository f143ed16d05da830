"""Mutants of sound content: whatever is done to it, guidegen says what is wrong, and where."""
