"""The model that reads the definitions of codebooks."""
