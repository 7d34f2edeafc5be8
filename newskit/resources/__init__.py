"""Data that ships with newskit (catalogues, codebooks, issues, lexicons, models), and what finds and loads it."""
