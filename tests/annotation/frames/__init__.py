"""How a debate is framed."""
