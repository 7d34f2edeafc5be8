"""Quotation marks of every form, written as double curly ones."""

from __future__ import annotations

import re
from typing import Final

_UNUSUAL: Final = r"''|``|,,(?=\w)|<<(?=\w)|(?<=\S)>>|[«»‹›„‚‘‛‟`´「」『』〝〞〟]|(?<![^\s(\[—–\"“„«-])'(?=\S)"
"""What has to be written otherwise if it is a mark; a straight apostrophe only where no letter stands before it."""
_ANY: Final = re.compile(_UNUSUAL + r"|[“”\"]")
_NEEDED: Final = re.compile(_UNUSUAL + r"|\"|(?<!\S)”(?=\w)")
_LINE: Final = re.compile(r"[^\n\r]+")
_CLIPPED: Final = re.compile(r".(?:\d\ds?|em|til|tis|twas|twere|cause|bout|round|n|cuz)\b", re.IGNORECASE)
"""What stands behind an apostrophe that is no quotation mark: '90s, 'em."""
_CLOSES: Final = {
    "'": re.compile(r"(?<=\S)['’](?!\w)"),
    "‚": re.compile(r"(?<=\S)[‘’'](?!\w)"),
    "`": re.compile(r"(?<=\S)[`'’´](?!\w)"),
}
_LONGEST_QUOTATION: Final = 3000
"""Characters after a single mark within which the one that closes it is looked for."""
_OPENS: Final = re.compile(r"(?<!\w)[‘‛](?=\S)|(?<!\S)'(?=\w)")

_Edit = tuple[int, int, str]


def mark_edits(text: str) -> list[_Edit]:
    """The edits (start, end, new) that give each quotation double marks, in order.

    Single marks inside double ones stay. Single marks around a quotation become double, and double marks inside those
    single. An apostrophe is no mark, nor is the sign for inches.

    >>> text = "Novak said: ``We won't go.'' ‘Nobody will,’ Kral said."
    >>> for start, end, new in reversed(mark_edits(text)):
    ...     text = text[:start] + new + text[end:]
    >>> text
    "Novak said: “We won't go.” “Nobody will,” Kral said."
    """
    if not _NEEDED.search(text):
        return []
    edits: list[_Edit] = []
    for line in _LINE.finditer(text):
        if _NEEDED.search(text, line.start(), line.end()):
            for edit in sorted(_Marks(text, line.start(), line.end()).edits):
                if not edits or edit[0] >= edits[-1][1]:  # marks of nothing at all may share a character
                    edits.append(edit)
    return edits


class _Marks:
    """The marks of one paragraph, read from left to right."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.edits: list[_Edit] = []
        self.opened = ""
        """The double mark that is open."""
        self.inside = False
        """Whether a plain mark is open inside another."""
        until = -1
        for mark in _ANY.finditer(text, start, end):
            at, last, kind = mark.start(), mark.end(), mark.group()
            if at < until:
                if kind in ("“", "”", '"', "''"):
                    self.edits.append((at, last, "‘" if self._before_word(last) else "’"))
            elif kind in ("'", "‘", "‛", "‚", "`", "´"):
                until = max(until, self._single(at, kind))
            elif at > until:
                self._double(at, last, kind)

    def _before_word(self, last: int) -> bool:
        return last < self.end and (self.text[last].isalnum() or self.text[last] in "“‘\"'[(…$£€")

    def _behind_word(self, at: int) -> bool:
        return at > self.start and not self.text[at - 1].isspace() and self.text[at - 1] not in "([—–"

    def _single(self, at: int, kind: str) -> int:
        """Read a single mark; returns where the one that closes it is, -1 if it opens nothing."""
        text = self.text
        if kind in "`´‘‛" and at > self.start and text[at - 1].isalpha() and self._before_word(at + 1):
            self.edits.append((at, at + 1, "'"))
            return -1
        if self.opened or self._behind_word(at) or not self._before_word(at + 1) or _CLIPPED.match(text, at):
            return -1
        close = self._closing(at, kind)
        if close is not None:
            self.edits += [(at, at + 1, "“"), (close, close + 1, "”")]
            return close
        if kind == "‘" and at == self.start:  # a quotation that goes on in the next paragraph
            self.edits.append((at, at + 1, "“"))
        return -1

    def _closing(self, at: int, kind: str) -> int | None:
        """Where a single mark closes: not at the apostrophe of a plural or of a clipped word, if there is another."""
        following = _OPENS.search(self.text, at + 1, min(self.end, at + _LONGEST_QUOTATION)) if kind in "‘‛'" else None
        end = min(following.start() if following else self.end, at + _LONGEST_QUOTATION)
        doubtful = None
        for mark in _CLOSES.get(kind, _CLOSES["'"]).finditer(self.text, at + 2, end):
            if not self.text.endswith(("s", "S", "in"), at, mark.start()):
                return mark.start()
            doubtful = mark.start() if doubtful is None else doubtful
        return doubtful

    def _double(self, at: int, last: int, kind: str) -> None:
        if kind == '"' and self._plain(at):
            return
        opens = self._opens(at, last, kind)
        if opens is None:
            return
        new = "“" if opens else "”"
        if kind in "«»‹›" and opens and self.text[last : last + 1] == " ":
            last += 1
        elif kind in "«»‹›" and not opens and self.text[at - 1] == " ":
            at -= 1
        self.opened = kind if opens else ""
        if self.text[at:last] != new:
            self.edits.append((at, last, new))

    def _plain(self, at: int) -> bool:
        """Read a plain mark that stands for inches, or for a mark inside a quotation; False if it is neither."""
        before, after = self._behind_word(at), self._before_word(at + 1)
        if not self.opened and not after and at > self.start and self.text[at - 1].isdigit():
            self.edits.append((at, at + 1, "″"))
            return True
        if self.inside or (self.opened and after and not before):
            self.edits.append((at, at + 1, "’" if self.inside else "‘"))
            self.inside = not self.inside
            return True
        return False

    def _opens(self, at: int, last: int, kind: str) -> bool | None:
        """Whether a double mark opens a quotation or closes one; None if it is no mark at all."""
        if kind in ("„", ",,", "〝", "「", "『", "``", "‟"):
            return True
        if kind in ("」", "』", "〞", "〟"):
            return False
        if kind == "“":
            return self.opened not in ("„", ",,")
        if kind == "”":
            return not self.opened and not self._behind_word(at) and self._before_word(last)
        if kind in ("''", ">>", "<<"):
            if not self.opened and (self._behind_word(at) or not self._before_word(last)):
                return None
            return not self.opened
        return not self.opened
