"""From files, encodings, tables and exports to records."""
