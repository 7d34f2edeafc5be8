"""The formats that articles come in: opening files, dates, tables, documents, exports of newspaper databases."""
