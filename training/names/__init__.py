"""The lists of first names and nicknames."""
