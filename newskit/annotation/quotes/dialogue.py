"""Which words around quotation marks say whose they are, so that the words of several speakers are kept apart."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_REACH: Final = 40
"""Most tokens between a quotation and the verb that says whose it is."""
_GOES_ON: Final = frozenset(",?!—–-…")
"""What stands before a closing mark if the sentence goes on behind it."""
_SENTENCE_END: Final = re.compile(r"[.!?…](?=\s|$)")
_ABBREVIATED: Final = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|Sgt|Lt|Col|Jr|Sr|St|No|Adm))$")
_FINITE: Final = frozenset(["VBD", "VBZ", "VBP", "VBN", "VBG"])
_Chars = tuple[int, int]


@functools.cache
def saying_verbs() -> frozenset[str]:
    """The verbs that can stand beside quoted words and say whose they are."""
    lists = word_lists("reporting_verbs")
    return lists["speech"] | lists["directive"] | word_lists("acts")["speech"]


@functools.cache
def judging_verbs() -> frozenset[str]:
    """The verbs that can stand before quoted words and say whose they are."""
    return saying_verbs() | word_lists("reporting_verbs")["judgement"]


class Dialogue:
    """The quoted pieces of a text, and of each the verb beside it that says whose words they are, if there is one.

    `“A,” Novak said. “B.” “C,” Kral replied`: A and B belong to "said", C to "replied". A piece belongs to the verb in
    the clause that goes on behind it, or else to the one in the clause that leads up to it; or else it goes on with the
    piece before it, if nothing stands between them but the clause of that one's verb.
    """

    def __init__(self, doc: Doc, marks: Sequence[_Chars], blocks: Sequence[_Chars]) -> None:
        self.doc, self.text = doc, doc.text
        self.pieces = sorted(marks)
        self.starts = [start for start, _ in self.pieces]
        self._places = [token.idx for token in doc]
        self._block_ends = [end for _, end in blocks]
        self._block_starts = [start for start, _ in blocks]
        self.cues: list[Token | None] = []
        for n in range(len(self.pieces)):
            self.cues.append(self._cue_of(n))

    def inside(self, start: int, end: int) -> range:
        """The numbers of the pieces with a character in a place of the text."""
        first = bisect.bisect_right(self.starts, start) - 1
        first = first if first >= 0 and self.pieces[first][1] > start else first + 1
        return range(first, bisect.bisect_left(self.starts, end))

    def part_of(self, content: _Chars, cue: _Chars) -> _Chars:
        """The part of a content in quotation marks that belongs to its cue, if others belong to the cues of others.

        A content that does not begin with a quotation mark is in the words of the outlet, and stays.
        """
        inside = self.inside(*content)
        if len(inside) < 2 or self.pieces[inside[0]][0] > content[0] + 1:
            return content
        if len({own.i for n in inside if (own := self.cues[n]) is not None}) < 2:
            return content
        numbers = [n for n in inside if self._is(self.cues[n], cue)]
        if not numbers:
            numbers = [n for n in inside if self.cues[n] == self.cues[inside[0]]]
        last = numbers[0]
        for n in numbers[1:]:
            if n != last + 1:
                break
            last = n
        start = content[0] if numbers[0] == inside[0] else self.pieces[numbers[0]][0]
        return start, content[1] if last == inside[-1] else self.pieces[last][1]

    @staticmethod
    def _is(token: Token | None, cue: _Chars) -> bool:
        return token is not None and cue[0] < token.idx + len(token) and token.idx < cue[1]

    def _cue_of(self, n: int) -> Token | None:
        start, end = self.pieces[n]
        block = bisect.bisect_right(self._block_starts, start) - 1
        first, last = (self._block_starts[block], self._block_ends[block]) if block >= 0 else (0, len(self.text))
        following = min(self.pieces[n + 1][0], last) if n + 1 < len(self.pieces) else last
        behind = self._behind(end, max(following, end))
        if behind is not None:
            return behind
        before = max(self.pieces[n - 1][1], first) if n else first
        leading = self._before(before, start)
        if leading is None and not self.text[first:start].strip() and block > 0:
            leading = self._above(block - 1)
        if leading is not None:
            return leading
        opens = not self.text[first:start].strip() and block > 0
        if (
            n
            and self.cues[n - 1] is not None
            and (self.pieces[n - 1][1] > first or (opens and self._ends(n - 1, block - 1)))
        ):
            return self.cues[n - 1] if self._goes_on(n, self.pieces[n - 1][1], start) else None
        return None

    def _above(self, block: int) -> Token | None:
        """The verb at the end of a paragraph that leads up to the next one: "Novak wrote:"."""
        start, end = self._block_starts[block], self._block_ends[block]
        return self._before(max(start, end - 300), end) if self.text[end - 1 : end] == ":" else None

    def _ends(self, n: int, block: int) -> bool:
        """Whether a piece is the last one of a paragraph."""
        return self._block_starts[block] <= self.pieces[n][0] < self._block_ends[block]

    def _behind(self, start: int, end: int) -> Token | None:
        """The verb of the clause that goes on behind a piece: `,” Novak said`."""
        inner = self.text[start - 2 : start - 1]
        lower = re.match(r"\s*,?\s*[a-z]", self.text[start:end])
        if inner not in _GOES_ON and not (self.text[start : start + 1] == "," or (lower and inner != ".")):
            return None
        return self._verb(start, start + self._sentence(start, end), saying_verbs())

    def _before(self, start: int, end: int) -> Token | None:
        """The verb of the clause that leads up to a piece: `Novak said: “`."""
        gap = self.text[start:end]
        cut = 0
        for stop in _SENTENCE_END.finditer(gap):
            if not _ABBREVIATED.search(gap[: stop.start()]):
                cut = stop.end()
        if cut >= len(gap.rstrip()):
            return None
        return self._verb(start + cut, end, judging_verbs(), last=True)

    def _sentence(self, start: int, end: int) -> int:
        """The length of the rest of a sentence."""
        gap = self.text[start:end]
        for stop in _SENTENCE_END.finditer(gap):
            if not _ABBREVIATED.search(gap[: stop.start()]):
                return stop.end()
        return len(gap)

    def _verb(self, start: int, end: int, verbs: frozenset[str], *, last: bool = False) -> Token | None:
        """The first (or last) verb of saying in a place, with somebody beside it who can be its subject."""
        a, b = bisect.bisect_left(self._places, start), bisect.bisect_left(self._places, end)
        tokens = list(self.doc[max(a, b - _REACH) if last else a : b if last else min(b, a + _REACH)])
        if not any(t.pos_ in {"PROPN", "NOUN", "PRON", "DET", "NUM", "ADJ"} for t in tokens):
            return None
        found = [
            t
            for t in tokens
            if t.lemma_.lower() in verbs and t.tag_ in _FINITE and (t.i == 0 or self.doc[t.i - 1].lower_ != "to")
        ]
        if not found:
            return None
        return found[-1] if last else found[0]

    def _goes_on(self, n: int, start: int, end: int) -> bool:
        """Whether a piece goes on with the one before it: nothing but the clause of its verb is between them."""
        gap = self.text[start:end]
        if not re.search(r"\w", gap):
            return True
        cue = self.cues[n - 1]
        if cue is None or not start <= cue.idx < end:
            return False
        return self._sentence(start, end) >= len(gap.rstrip())
