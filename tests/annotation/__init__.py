"""From an Article to rows."""
