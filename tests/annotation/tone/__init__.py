"""How a text evaluates a target."""
