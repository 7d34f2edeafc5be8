"""The tables of annotated articles, in memory or as Parquet, and how a corpus is made, linked and opened."""
