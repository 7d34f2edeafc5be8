"""Texts in the cells of spreadsheets: what a cell can hold, and texts that would run as formulas."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

XML_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that an XML file, and so a workbook, cannot hold."""
EXCEL_CHARACTERS: Final = 32_767
"""Most characters of a cell in Excel."""
_FORMULA: Final = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r])")
"""How texts begin that a spreadsheet takes for a formula, behind any number of apostrophes."""


def cell_text(text: str) -> str:
    """A text as a cell of Excel can hold it: without control characters, and not too long."""
    return XML_FORBIDDEN.sub(" ", text)[:EXCEL_CHARACTERS]


def runs(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula.

    >>> [runs(text) for text in ("=1+1", "'-", "a=b")]
    [True, True, False]
    """
    return _FORMULA.match(text) is not None


def as_text(text: str) -> str:
    """A text for a CSV file: with an apostrophe before it if a spreadsheet could run it as a formula.

    >>> as_text("=HYPERLINK(A1)"), as_text("- a list"), as_text("Moscow")
    ("'=HYPERLINK(A1)", "'- a list", 'Moscow')
    """
    return "'" + text if runs(text) else text


def from_text(cell: str) -> str:
    """The text of a cell that `as_text` has written.

    >>> from_text("'=1+1"), from_text("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and runs(cell[1:]) else cell


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """A table for a CSV file: its texts `as_text`, all other values as they are."""
    safe = table.copy(deep=False)
    for name in table.columns:
        if not (pd.api.types.is_numeric_dtype(table[name]) or pd.api.types.is_datetime64_any_dtype(table[name])):
            cells = [as_text(cell) if isinstance(cell, str) else cell for cell in table[name]]
            safe[name] = pd.Series(cells, index=table.index, dtype="object")
    return safe
