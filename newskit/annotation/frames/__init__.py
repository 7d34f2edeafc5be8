"""How a debate is framed: codebooks, the coders that apply them, and issues."""
