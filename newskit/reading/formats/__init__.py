"""The formats that articles come in: files and encodings, tables, documents, dates, exports of newspaper databases."""
