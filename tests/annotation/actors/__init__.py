"""Who is mentioned."""
