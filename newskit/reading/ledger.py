"""The bookkeeping of one scan: each id is given once, and every article is counted as read or refused."""

from __future__ import annotations

import warnings
from dataclasses import replace
from hashlib import blake2b

from newskit.reading.article import Article, Refused
from newskit.reading.report import FileNote, ImportReport
from newskit.resources.shown import shown, shown_name


class Ledger:
    """The ids that a scan has given so far, and the report that it fills, if one is wanted."""

    def __init__(self, report: ImportReport | None) -> None:
        self._report = report
        self._ids: set[bytes] = set()

    def begin(self, path: str) -> FileNote:
        """Start the row of a file."""
        path = shown_name(path)
        return self._report.begin(path) if self._report is not None else FileNote(path)

    def add(self, note: FileNote, item: Article | Refused) -> None:
        """Count an item in the row of its file."""
        if self._report is not None:
            self._report.add(note, item)
        else:
            note.found += 1
            note.dates_unparsed += isinstance(item, Article) and note.date == "unparsed"

    def close(self, note: FileNote) -> None:
        """Say of a file what the import report would of its dates: which were assumed, or not understood."""
        if self._report is not None:
            return
        if note.dates_assumed:
            warnings.warn(
                f"{note.path}: in {note.dates_assumed:,} dates either number may be the month; they were read "
                f"{note.date_order}. If that is wrong, write them as 2024-05-03",
                stacklevel=3,
            )
        if note.dates_unparsed and note.format != "DataFrame":  # there each row has its own warning
            warnings.warn(
                f"{note.path}: {note.dates_unparsed:,} dates, such as {note.unread_date!r}, are not understood and "
                "were left out",
                stacklevel=3,
            )

    def refuse(self, note: FileNote, name: str, reason: str, place: str = "") -> Refused:
        """Count what could not be read, under a free id."""
        name, reason = shown_name(name), shown(reason)
        identity = self._free(name, reason, f"{note.path}#{note.found + 1}") or name
        refused = Refused(identity, reason, "", note.path, place)
        self.add(note, refused)
        return refused

    def admit(self, note: FileNote, item: Article | Refused) -> Article | Refused:
        """Count an item, under an id that no earlier one has; the same id with the same text is refused."""
        if isinstance(item, Refused):
            item = replace(item, reason=shown(item.reason), place=shown_name(item.place))
        text = item.text if isinstance(item, Article) else item.reason
        place = f"{note.path}#{note.found + 1}"
        identity = self._free(item.article_id, text, place)
        if identity is None:
            reason = f"the same article came before: it has the same id, {item.article_id!r}, and the same text"
            free = self._free(place, place, f"{place}, again") or place
            item = Refused(free, reason, "", note.path, f"article {note.found + 1}")
        elif identity != item.article_id:
            item = replace(item, article_id=identity)
            note.renumbered += isinstance(item, Article)
        self.add(note, item)
        return item

    def _free(self, identity: str, text: str, otherwise: str) -> str | None:
        """The id if it is free, else the other one; None if the same id came with the same text."""
        key, both = _digest(identity), _digest(f"{identity}\0{text}")
        if key not in self._ids:
            self._ids |= {key, both}
            return identity
        if both in self._ids:
            return None
        self._ids |= {both, _digest(otherwise)}
        return otherwise


def _digest(text: str) -> bytes:
    """Eight bytes that stand for a text, so that memory hardly grows with the number of articles."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
