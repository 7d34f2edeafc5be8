"""From tables to summary tables."""
