"""The catalogue of states and well-known collective actors."""
