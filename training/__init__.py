"""How the data and models that newskit ships are made: one command per step, run from the root of the repository."""
