"""The model of directed tone."""
