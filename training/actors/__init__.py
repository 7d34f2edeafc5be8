"""The ranker of antecedents of pronouns."""
