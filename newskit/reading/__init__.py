"""From whatever a researcher has to Articles: text, HTML, tables, database exports; with the report on the import."""
