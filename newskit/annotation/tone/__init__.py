"""How a text evaluates a target: the tone models, and TextBlob as a baseline."""
