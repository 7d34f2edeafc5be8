"""Text exports of newspaper databases: which database a file comes from, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from newskit.reading.formats.nexis import classic_articles, is_classic, is_uni, uni_articles
from newskit.reading.formats.proquest import is_proquest, proquest_articles
from newskit.reading.formats.records import Lines, Record


def layout_of(lines: Sequence[str | None]) -> str | None:
    """The database layout that the first lines of a text show; None if the text is not an export.

    >>> layout_of(["\\n", "     1 of 2 DOCUMENTS\\n"])
    'Nexis'
    """
    text = [line for line in lines if line]
    layouts = {"Nexis": is_classic, "Nexis Uni": is_uni, "ProQuest": is_proquest}
    return next((layout for layout, shown_by in layouts.items() if shown_by(text)), None)


def export_records(lines: Lines, layout: str, note: Callable[[str], None]) -> Iterator[Record]:
    """The articles of an export in a layout that `layout_of` returned, as records with `title`, `body` and so on.

    `note` is called with remarks on the file as a whole: for example, that it announces more documents than it has.
    """
    readers = {"Nexis": classic_articles, "Nexis Uni": uni_articles, "ProQuest": proquest_articles}
    return readers[layout](lines, note)
