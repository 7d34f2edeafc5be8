"""From tables to figures, the article view, files and networks."""
