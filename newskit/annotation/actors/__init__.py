"""Who is mentioned: the catalogue, names, roles, pronouns, and identity within and across articles."""
