"""The model of tone."""
