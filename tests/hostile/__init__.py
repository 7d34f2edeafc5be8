"""Hostile and broken input: nothing lost, nothing mixed, nothing run."""
