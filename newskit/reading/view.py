"""The matching view of a text: how it would read if it were cleanly typed, with a map back into the unchanged text.

Names, terms, cues and quotation marks are looked for in the view; every offset that is handed out points into the text.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from newskit.reading.letters import case_edits
from newskit.reading.marks import mark_edits
from newskit.schema import LEFT_OUT

if TYPE_CHECKING:
    import numpy as np

    from newskit.reading.article import Block


class Edit(NamedTuple):
    """A change on the way from a text to its view: `new` stands for `text[start:end]`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, eq=False)
class View:
    """A text as it is matched, and where each of its characters comes from.

    Parameters
    ----------
    text : str
        The text in which names, terms and marks are looked for.
    starts, ends : ndarray of int, optional
        For each character of `text`, where what it stands for begins and ends in the text that came in; None if they
        are at the same places.
    """

    text: str
    starts: np.ndarray | None = None
    ends: np.ndarray | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text that came in of `view.text[start:end]`."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = int(self.starts[start]) if start < len(self.starts) else int(self.ends[-1]) if len(self.ends) else 0
            return at, at
        return int(self.starts[start]), int(self.ends[end - 1])

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The place in the view of the characters `start` to `end` of the text that came in."""
        if self.starts is None or self.ends is None:
            return start, end
        first = int(self.starts.searchsorted(start))
        return first, max(first, int(self.ends.searchsorted(end, side="right")))

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks that are left in the view, at their places there; those that are not annotated are not."""
        kept = []
        for block in blocks:
            if block.part in LEFT_OUT:
                continue
            start, end = self.within(block.start, block.end)
            inside = self.text[start:end]
            start += len(inside) - len(inside.lstrip())
            end -= len(inside) - len(inside.rstrip())
            if start < end:
                kept.append(replace(block, start=start, end=end))
        return tuple(kept)

    def changed(self, edits: Sequence[Edit]) -> View:
        """The view after some more edits of its text, in order and without overlaps."""
        import numpy as np

        if not edits:
            return self
        starts = np.arange(len(self.text), dtype=np.int32) if self.starts is None else self.starts
        ends = np.arange(1, len(self.text) + 1, dtype=np.int32) if self.ends is None else self.ends
        texts, first, last, at = [], [], [], 0
        for start, end, new in edits:
            texts += [self.text[at:start], new]
            same = len(new) == end - start
            first += [starts[at:start], starts[start:end] if same else np.full(len(new), starts[start], np.int32)]
            last += [ends[at:start], ends[start:end] if same else np.full(len(new), ends[end - 1], np.int32)]
            at = end
        text = "".join(texts) + self.text[at:]
        return View(text, np.concatenate([*first, starts[at:]]), np.concatenate([*last, ends[at:]]))


_SPACES: Final = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_ONE_FOR_ONE: Final = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys("\u2010\u2011\u2043\ufe63\uff0d", "-")
    | dict.fromkeys("\u2015\u2e3a\u2e3b\ufe58", "\u2014")
    | dict.fromkeys("\u2012", "\u2013")
    | dict.fromkeys("\u02bc\uff07\u055a\ua78c", "'")
    | {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if wide not in (0xFF07, 0xFF0D)}
)
_ODD: Final = re.compile(
    f"[{_INVISIBLE}]+|(?<=[^\\W\\d_])′(?=[^\\W\\d_])"
    f"|[\ufb00-\ufb06\ufb13-\ufb17]|\\w[\u0300-\u036f]+|[ {_SPACES}]{{2,}}"
)
_GARBLED: Final = re.compile(r"[ÂÃÄÅâåæçèéïðÐÑ√‚Äô¬]")
_TRAIL: Final = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf"
_TWO_BYTES: Final = re.compile(f"[ÄÅ][{_TRAIL}](?=[^\\W\\d_])|(?<=[a-zà-ÿ])[ÄÅ][{_TRAIL}]")
"""A letter of Turkish, Czech or Polish that was read in Windows-1252, "ErdoÄŸan"; alone in a text, ftfy leaves it."""
_ALONE: Final = re.compile(f"[ÄÅ][{_TRAIL}]")
_NOT_ASCII: Final = re.compile(r"""â€"|[^\x00-\x7f]+""")
_WORD: Final = re.compile(r"\w+")
_LONGEST_WORD: Final = 60
"""Characters before a hyphen at the end of a line among which the first half of a word is looked for."""
_LINE_END: Final = re.compile(r"[ \t]*[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\s*")


def view_of(text: str, blocks: Sequence[Block] = ()) -> View:
    """The matching view of a text: how it would read if it were cleanly typed.

    Parameters
    ----------
    text : str
        The text that came in.
    blocks : sequence of Block
        Its headline, headings and paragraphs. Line ends inside one become spaces, one that is all in capitals or in
        small letters is written as usual, and boilerplate and paragraphs in other languages are left out. Without
        blocks, line ends stay.

    Returns
    -------
    View
        The text with plain spaces, hyphens and apostrophes, without invisible characters, with ligatures and combining
        marks as letters, garbled characters mended by ftfy, and quotations in double marks; and its map into `text`.

    Examples
    --------
    >>> text = "The United\\u00a0States thanked Ger\\u00admany."
    >>> view = view_of(text)
    >>> view.text
    'The United States thanked Germany.'
    >>> start = view.text.index("Germany")
    >>> view.span(start, start + len("Germany")) == (text.index("Ger"), text.index("."))
    True
    """
    view = View(text).changed(_cut(text, blocks))
    if not view.text.isascii():
        view = view.changed(garbled_edits(view.text))
        view = replace(view, text=view.text.translate(_ONE_FOR_ONE))
        view = view.changed(_letters(view.text))
    elif "  " in view.text or "\t" in view.text:
        view = replace(view, text=view.text.replace("\t", " "))
        view = view.changed(_letters(view.text))
    view = view.changed(_unwrapped(view.text, view.blocks(blocks)))
    view = view.changed([Edit(*edit) for edit in mark_edits(view.text)])
    return view.changed([Edit(*edit) for edit in case_edits(view.text, view.blocks(blocks))])


def plain_words(text: str, blocks: Sequence[Block] = ()) -> View:
    """The view of a text for comparing and counting words: every apostrophe straight, too."""
    view = view_of(text, blocks)
    return replace(view, text=view.text.replace("’", "'").replace("‘", "'"))


def _cut(text: str, blocks: Sequence[Block]) -> list[Edit]:
    """Cuts of what is not annotated, with the space behind it where it stands inside a paragraph."""
    cuts: list[Edit] = []
    for block in blocks:
        if block.part in LEFT_OUT and (not cuts or block.start >= cuts[-1].end):
            end = block.end
            while end < len(text) and text[end] in " \u00a0":
                end += 1
            cuts.append(Edit(block.start, end, ""))
    return cuts


def garbled_edits(text: str) -> list[Edit]:
    """The repairs of characters that were read in a wrong encoding, by ftfy.

    >>> garbled_edits("Trumpâ€™s plan")
    [Edit(start=5, end=8, new='’')]
    """
    if not _GARBLED.search(text):
        return []
    from ftfy import badness

    if "â€" not in text and not badness.is_bad(text) and not _TWO_BYTES.search(text):
        return []
    edits = []
    for run in _NOT_ASCII.finditer(text):
        mended = _mended(run.group())
        if mended != run.group():
            edits.append(Edit(run.start(), run.end(), mended))
    return edits


@functools.lru_cache(maxsize=4096)
def _mended(run: str) -> str:
    import ftfy

    # The last byte of a closing mark and of a dash is no letter in Windows-1252, and is often lost or a straight mark.
    mended = ftfy.fix_encoding(run).replace('â€"', "—").replace("â€", "”")
    try:
        return mended.encode("cp1252").decode("utf-8") if _ALONE.fullmatch(mended) else mended
    except UnicodeError:
        return mended


def _letters(text: str) -> list[Edit]:
    """Edits of invisible characters, ligatures, combining marks, and of spaces beside one another."""
    edits = []
    for odd in _ODD.finditer(text):
        piece = odd.group()
        if piece[0] == " ":
            new = " "
        elif piece == "′":  # the sign for minutes, typed for an apostrophe
            new = "'"
        elif len(piece) > 1 and unicodedata.combining(piece[1]):
            new = unicodedata.normalize("NFC", piece)
        else:
            new = unicodedata.normalize("NFKC", piece) if piece.isalpha() else ""
        if new != piece:
            edits.append(Edit(odd.start(), odd.end(), new))
    return edits


def _unwrapped(text: str, blocks: Sequence[Block]) -> list[Edit]:
    """Edits that join the lines of each block; a hyphen at the end of a line goes if the word is written without it."""
    edits = []
    words: set[str] = set()
    for block in blocks:
        for end in _LINE_END.finditer(text, block.start, block.end):
            start, new = end.start(), " "
            if start > block.start + 1 and text[start - 1] == "-" and text[start - 2].isalpha():
                new = ""
                before = re.search(r"\w+$", text[max(block.start, start - 1 - _LONGEST_WORD) : start - 1])
                after = _WORD.match(text, end.end(), block.end)
                words = words or set(_WORD.findall(text.lower()))
                if before and after and (before.group() + after.group()).lower() in words:
                    start -= 1
            edits.append(Edit(start, end.end(), new))
    return edits
