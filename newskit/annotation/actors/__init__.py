"""Who is in the news: the catalogue of actors, their mentions in an article, and identity across articles."""
