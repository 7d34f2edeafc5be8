"""From whatever a researcher has to Articles."""
