"""Figures, views, files."""
