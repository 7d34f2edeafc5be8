"""Reading: Articles from text, HTML, tables and exports of databases, and a report on what was found."""
