"""From an Article to rows: actors, quotations, tone and frames, each a component of the spaCy pipeline."""
