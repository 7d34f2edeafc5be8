"""What a quotation is, and how marks and sources are assigned to it, however it was found."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from newskit.schema import SAYING

if TYPE_CHECKING:
    from spacy.tokens import Token


QuoteKind = Literal["direct", "indirect", "mixed"]
Act = Literal["speech", "belief", "intention", "other"]
OPENING_MARKS, CLOSING_MARKS, PLAIN_MARK = "“„«", "”»", '"'


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation: `content_start` to `content_end` is what was said, `cue` the word that says so.

    `start` to `end` covers content, cue and source. The source is missing if nobody is named. `source_head` is the last
    character of the head word of the source, by which the source is matched to an actor. `cue_span` is where the cue
    stands; without one, only the marks make it a quotation.
    """

    start: int
    end: int
    content_start: int
    content_end: int
    cue: str
    kind: QuoteKind
    source_start: int | None = None
    source_end: int | None = None
    source_head: int | None = None
    flag: str | None = None
    cue_span: tuple[int, int] | None = None
    act: Act = "speech"


def attribution(
    content: tuple[int, int],
    cue: tuple[int, int],
    words: str,
    *,
    source: tuple[int, int] | None,
    source_head: int | None,
) -> Quote:
    """A quotation that covers its content, its cue (`words`) and its source; indirect until `kind_of` is asked."""
    places = [*content, *cue, *(source or ())]
    source_start, source_end = source or (None, None)
    return Quote(
        start=min(places),
        end=max(places),
        content_start=content[0],
        content_end=content[1],
        cue=words,
        kind="indirect",
        source_start=source_start,
        source_end=source_end,
        source_head=source_head,
        cue_span=cue,
    )


def pair_marks(text: str, blocks: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pair the double quotation marks of each block: spans including their marks, and blocks with a mark left over.

    A quotation over several paragraphs opens each of them anew and closes only the last; such a paragraph counts as
    quoted to its end, and as balanced.

    >>> pair_marks('He said “yes” and "no".', [(0, 23)])
    ([(8, 13), (18, 22)], [])
    """
    pairs: list[tuple[int, int]] = []
    unbalanced: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(blocks):
        opened: int | None = None
        whole = True
        for match in re.finditer(f"[{OPENING_MARKS}{CLOSING_MARKS}{PLAIN_MARK}]", text[start:end]):
            mark, at = match.group(), start + match.start()
            opens = mark in OPENING_MARKS or (mark == PLAIN_MARK and opened is None)
            if opens and opened is None:
                opened = at
            elif not opens and opened is not None:
                pairs.append((opened, at + 1))
                opened = None
            elif not opens:
                whole = False
        if opened is not None:
            following = text[slice(*blocks[number + 1])] if number + 1 < len(blocks) else ""
            if following[:1] and following[0] in OPENING_MARKS + PLAIN_MARK:
                pairs.append((opened, end))
            else:
                whole = False
        if not whole:
            unbalanced.append((start, end))
    return pairs, unbalanced


def kind_of(quote: Quote, marks: Sequence[tuple[int, int]], text: str = "") -> QuoteKind:
    """Direct if wholly inside one pair of marks, mixed if it overlaps one, else indirect.

    With the `text`, a quotation that only the clause of its cue interrupts is direct, too: “…,” Novak said. “…”
    """
    start, end = quote.content_start, quote.content_end
    near = marks[max(0, bisect.bisect_right(marks, (start + 1,)) - 1) : bisect.bisect_left(marks, (end,))]
    if any(a <= start + 1 and end - 1 <= b for a, b in near):
        return "direct"
    if text and quote.cue_span is not None and near and near[0][0] <= start + 1 and end - 1 <= near[-1][1]:
        gaps = [(a[1], b[0]) for a, b in pairwise(near)]
        if all(_interrupts(text[a:b], a <= quote.cue_span[0] < b) for a, b in gaps):
            return "direct"
    return "mixed" if any(a < end and start < b for a, b in near) else "indirect"


_CONTENT: Final = re.compile(
    r"\bthat\b(?! (?:aired|was|ran|has|will|is))|\b(?:add|say|tell|call|not|describ)ing\b|[.!?]\s+[A-Z]\w+ "
)
"""What shows that the words between two quoted pieces tell something else, or are words of the source, too."""


def _interrupts(gap: str, has_cue: bool) -> bool:
    """Whether between two quoted pieces is nothing, or the clause of their cue and no words of the source."""
    if not re.search(r"\w", gap):
        return True
    return has_cue and gap.rstrip()[-1:] in ".,:;!?—–-" and not _CONTENT.search(gap)


def unbalanced_flag(quote: Quote, unbalanced: Sequence[tuple[int, int]]) -> str | None:
    """The flag of a quotation that begins or ends in a block with a mark left over; `unbalanced` blocks in order."""
    for at in (quote.content_start, quote.content_end - 1):
        n = bisect.bisect_right(unbalanced, (at + 1,)) - 1
        if n >= 0 and unbalanced[n][0] <= at < unbalanced[n][1]:
            return "unbalanced quotation marks in the paragraph"
    return None


def antecedent(subject: Token) -> Token:
    """The noun that a relative pronoun stands for: "Trump, who has pledged"."""
    if subject.tag_ in {"WP", "WDT"} or subject.lower_ in {"who", "that", "which"}:
        clause = subject.head
        while clause.dep_ in {"conj", "xcomp"}:
            clause = clause.head
        if clause.dep_ == "relcl":
            return clause.head
    return subject


def innermost(quotes: Sequence[Quote], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """The number of the shortest quotation whose content contains each span; None outside all of them.

    What somebody intends is told by the outlet: such a content is nobody's words.
    The source of a quotation with its cue in the middle ("“…”, Novak said, “…”") is not part of the content.
    """
    order = sorted(range(len(quotes)), key=lambda n: quotes[n].content_start - quotes[n].content_end)
    shortest: dict[int, int] = {}
    for number in order:
        quote = quotes[number]
        if quote.act not in SAYING:
            continue
        source = range(quote.source_start or 0, quote.source_end or 0)
        shortest.update({i: number for i in range(quote.content_start, quote.content_end) if i not in source})
    found = (shortest.get(start) for start, _ in spans)
    return [
        number if number is not None and end <= quotes[number].content_end else None
        for number, (_, end) in zip(found, spans, strict=True)
    ]


def mostly_inside(contents: Iterable[tuple[int, int, int]], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """The number of the content (start, end, number) that makes up most of each span, and at least half of it."""
    told = list(contents)
    found: list[int | None] = []
    for start, end in spans:
        inside, number = max(((min(end, b) - max(start, a), n) for a, b, n in told), default=(0, -1))
        found.append(number if 2 * inside >= end - start else None)
    return found
