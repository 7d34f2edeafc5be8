"""The shape of MiniLM, as its weights, its torch modules and its graphs have it."""

WORDS, POSITIONS = 30522, 512
WIDTH, HEADS, LAYERS = 384, 12, 6
SHARED = 2
"""How many layers of the student of tone all targets share."""
SEEN = 3
"""Tokens that the classifier of tone sees: the first one, and the target's first and last."""
