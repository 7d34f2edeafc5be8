"""The tables, in memory and on disk."""
