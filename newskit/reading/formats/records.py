"""What the readers of tables and exports share: the shape of a record, and the bounds of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from newskit.reading.formats.files import MAX_CHARACTERS

Record = tuple[str, dict[str, Any] | str]
"""The place in the file ("row 7"), and the values there by column, or the reason why they cannot be read."""
Lines = Iterable[str | None]
"""The lines of a file with their ends; None for a line that was too long to keep."""
_LONGEST_NAME: Final = 120
_WORD_COUNT = re.compile(r"([\d.,]+)\s*(?:words?|Wörter|mots|palabras)", re.IGNORECASE)


def word_count(text: str) -> int | None:
    """The number of words that an export states.

    >>> word_count("LENGTH: 1,204 words"), word_count("LENGTH: long")
    (1204, None)
    """
    match = _WORD_COUNT.search(text)
    return int(re.sub(r"\D", "", match[1]) or 0) if match else None


def without_by(byline: str) -> str:
    """The author in a byline.

    >>> without_by("By Ada Quist")
    'Ada Quist'
    """
    return re.sub(r"(?i)^by\s+", "", byline)


def too_long(document: list[str | None]) -> str | None:
    """Why a document is too long to be one article; None if it is not."""
    if any(line is None for line in document):
        return "it has a line that is too long for a text"
    if sum(len(line or "") for line in document) > MAX_CHARACTERS:
        return f"it has more than {MAX_CHARACTERS:,} characters, too many for a single article"
    return None


def kept_lines(document: list[str | None], line: str | None, size: int) -> int:
    """Add a line to a document that is not yet too long; return the new size in characters."""
    if size <= MAX_CHARACTERS:
        document.append(line)
    return size + (len(line) if line is not None else MAX_CHARACTERS + 1)


def header_of(cells: Sequence[Any]) -> tuple[list[str], bool]:
    """The names of the columns, and whether there is no header and these cells are an article already."""
    words = ["" if cell is None else str(cell).strip().lstrip("\ufeff") for cell in cells]
    is_row = any(len(word) > _LONGEST_NAME or "\n" in word for word in words)
    return _unique_names(["" for _ in words] if is_row else words), is_row


def _unique_names(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for i, name in enumerate(names):
        name = name or f"column {i + 1}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return found
