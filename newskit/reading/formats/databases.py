"""Text exports of newspaper databases: which database an article comes from, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from typing import Final, NamedTuple

from newskit.reading.formats.factiva_text import ends_factiva, factiva_articles, factiva_begins, is_factiva_text
from newskit.reading.formats.files import MAX_CHARACTERS
from newskit.reading.formats.nexis import (
    begins_classic,
    classic_articles,
    closed_classic,
    ends_uni,
    is_classic,
    is_uni,
    uni_articles,
    uni_begins,
)
from newskit.reading.formats.proquest import (
    begins_proquest,
    is_proquest,
    is_rule,
    proquest_articles,
)
from newskit.reading.formats.records import Lines, Record


class _Reader(NamedTuple):
    """How the articles of a layout are told and read."""

    is_shown: Callable[[Sequence[str]], bool]
    begins: Callable[[str], bool] | None
    """Whether a line is the first of an article; None where only the last line tells."""
    ends: Callable[[str], bool]
    """Whether an article is over with a line."""
    begun: Callable[[Sequence[str | None]], int | None] | None
    """Where, among some lines, the article begins that is over with the last of them."""
    read: Callable[[Lines, Callable[[str], None]], Iterator[Record]]
    closed: Callable[[Sequence[str | None]], int] = lambda lines: 0
    """Behind which of the lines of an article nothing of it can follow."""


_READERS: Final[dict[str, _Reader]] = {
    "Nexis": _Reader(is_classic, begins_classic, begins_classic, None, classic_articles, closed_classic),
    "Nexis Uni": _Reader(is_uni, None, ends_uni, uni_begins, uni_articles),
    "Factiva": _Reader(is_factiva_text, None, ends_factiva, factiva_begins, factiva_articles),
    "ProQuest": _Reader(is_proquest, begins_proquest, is_rule, None, proquest_articles),
}


def layout_of(lines: Sequence[str | None]) -> str | None:
    """The database layout of the first article in the first lines of a text; None if the text is not an export.

    >>> layout_of(["\\n", "     1 of 2 DOCUMENTS\\n"])
    'Nexis'
    """
    text = [line for line in lines if line]
    shown = [layout for layout, reader in _READERS.items() if reader.is_shown(text)]
    if len(shown) < 2:
        return shown[0] if shown else None
    return next((layout for line in text for layout in shown if _is_sign(layout, line)), shown[0])


def _is_sign(layout: str, line: str) -> bool:
    """Whether a line stands in no other layout: the first of an article or, where that is like any other, the last."""
    reader = _READERS[layout]
    return reader.begins(line) if reader.begins is not None else reader.ends(line)


def _may_be_sign(line: str) -> bool:
    """Whether a line may be the first or last of an article: asked of every line, so without a pattern."""
    return (
        "ocument" in line
        or "OCUMENT" in line
        or "okument" in line
        or "OKUMENT" in line
        or "ProQuest" in line
        or "______" in line
    )


def export_records(lines: Lines, layout: str, note: Callable[[str], None]) -> Iterator[Record]:
    """The articles of an export that begins in a layout of `layout_of`, as records with `title`, `body` and so on.

    Where several exports were put into one file, each article is read in its own layout. `note` is called with remarks
    on the file as a whole: for example, that it announces more documents than it has.
    """
    others: list[str] = []
    for now, run in groupby(_in_layouts(lines, layout), key=lambda pair: pair[0]):
        prefix = ""
        if now != layout or others:
            prefix = f"{now}, "
            others += [now] if now not in others and now != layout else []
        for place, record in _READERS[now].read(chain.from_iterable(held for _, held in run), note):
            yield prefix + place, record
    if others:
        note(f"has articles of {', '.join(others)} too")


def _in_layouts(lines: Lines, layout: str) -> Iterator[tuple[str, list[str | None]]]:
    """The lines of a file, some at a time, with the layout that they are in; holds no more than an article."""
    held: list[str | None] = []
    size = 0
    for line in lines:
        held.append(line)
        if line is None or not _may_be_sign(line):
            size += len(line or "") + 1
            if size > 2 * MAX_CHARACTERS:
                yield layout, held
                held, size = [], 0
            continue
        found = next((other for other in _READERS if other != layout and _is_sign(other, line)), layout)
        at: int | None = None
        if found != layout:
            at = _change(held, layout, found)
        elif _READERS[layout].ends(line):
            at = len(held) - (_READERS[layout].begins is not None)  # a last line belongs to what is above it
        if at is not None:
            yield layout, held[:at]
            layout, held, size = found, held[at:], 0
            if _READERS[found].begins is None:
                yield layout, held
                held = []
    yield layout, held


def _change(held: Sequence[str | None], layout: str, found: str) -> int | None:
    """Where among the lines since the last article another layout begins, whose sign is the last of them."""
    begun = _READERS[found].begun
    if begun is not None:
        at = begun(held)
        # A cover page may stand before an article, and belongs to no other.
        return None if at is None else _READERS[layout].closed(held[:at]) or at
    at = len(held) - 1
    while at and (not (line := held[at - 1] or "").strip() or is_rule(line)):
        at -= 1
    return at
