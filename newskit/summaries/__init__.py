"""From the tables of a corpus to summary tables, with groups, units and intervals."""
