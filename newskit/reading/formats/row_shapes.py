"""What the columns of a table look like, so that after damage a line of text does not pass for a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from newskit.reading.formats.column_names import is_text_name
from newskit.reading.formats.dates import parse_date

_KINDS: Final[tuple[Callable[[str], Any], ...]] = (
    re.compile(r"-?\d+$").match,
    re.compile(r"https?://\S+$").match,
    lambda value: len(value) >= 6 and parse_date(value) is not None,
    re.compile(r"(?=.*\d)[\w-]{2,40}$").match,
)
_LEARNT: Final = 200
"""So many rows show what the columns hold."""


class RowShapes:
    """What the columns of good rows look like: which hold only numbers, dates, URLs or ids, and how long they are."""

    def __init__(self, names: Sequence[str]) -> None:
        self.width = len(names)
        self._kinds = [set(range(len(_KINDS))) for _ in names]
        self._is_filled = [False] * self.width
        self._seen = 0
        self._long = [0] * self.width
        self._text = next((i for i, name in enumerate(names) if is_text_name(name)), self.width - 1)

    def learn(self, fields: Sequence[str]) -> None:
        """Take a good row into account."""
        if self._seen >= _LEARNT:
            return
        self._seen += 1
        for i, field in enumerate(fields):
            self._long[i] += len(field)
            if field:
                self._is_filled[i] = True
                self._kinds[i].intersection_update([k for k in self._kinds[i] if _KINDS[k](field)])

    def fits(self, fields: Sequence[str]) -> bool:
        """Whether most columns of numbers, dates, URLs or ids still hold one, or else the lengths are like before."""
        if any(map(self._is_typed, range(self.width))):
            return self._has_kinds(fields)
        text = len(fields[self._text])
        if not self._seen:
            return text >= max(map(len, fields))
        usual = [total / self._seen for total in self._long]
        return 4 * text >= usual[self._text] and all(
            len(field) <= 4 * usual[i] + 40 for i, field in enumerate(fields) if i != self._text
        )

    def is_row(self, fields: Sequence[str], before: int | None = None) -> bool:
        """Whether the fields are certainly a row: each typed column, of those `before` if given, has its kind."""
        typed = [i for i in range(self.width if before is None else before) if self._is_typed(i)]
        return bool(typed) and all(fields[i] and self._matches(i, fields[i]) for i in typed)

    def is_short(self, fields: Sequence[str]) -> bool:
        """Whether a row with too few fields may lack only empty ones: its last field is not in the longest column."""
        if not self._seen or len(fields) < 2:
            return False
        longest = max(range(self.width), key=lambda i: self._long[i])
        return longest < len(fields) - 1 and (
            self._has_kinds(fields) or not any(map(self._is_typed, range(len(fields))))
        )

    def _has_kinds(self, fields: Sequence[str]) -> bool:
        """Whether most of its fields in typed columns, those that are not empty, have the kind of the column."""
        told = [self._matches(i, field) for i, field in enumerate(fields) if field and self._is_typed(i)]
        return 2 * sum(told) > len(told)

    def _is_typed(self, i: int) -> bool:
        return self._is_filled[i] and bool(self._kinds[i])

    def _matches(self, i: int, field: str) -> bool:
        return any(_KINDS[k](field) for k in self._kinds[i])
