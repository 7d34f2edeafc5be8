"""The turns of transcripts and interviews: "SMITH: …", "Q. …", "Smith (on camera): …"."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from newskit.annotation.quotes.quote import Quote, kind_of
from newskit.resources.lexicons import word_lists

_TIME: Final = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?[\])]?[\s–—-]*"
_CAPS: Final = r"[A-Z][A-Z.'’&-]*[A-Z.](?:,? (?:[A-Z][A-Z.'’&/-]*|[A-Z]|\d+|\"[A-Z ]+\"|of|the|and|Mc[A-Z]+))*"
_NAME: Final = r"(?:The |the )?(?:[A-Z][\w.'’-]*)(?: (?:de|del|van|von|der|al|bin|of|the|and|[A-Z][\w.'’-]*)){0,5}"
_STAGE: Final = r"(?:\s*[\[(][^\])\n]{1,60}[\])])?"
_LABEL: Final = re.compile(
    rf"(?:{_TIME})?[*_>#–—-]{{0,3}}\s*(?P<label>(?P<qa>[QA](?=[.:]))|(?P<caps>{_CAPS})|{_NAME})(?P<stage>{_STAGE})"
    r"\s*[*_]{0,3}(?::|(?<=[QA])\.)[*_]{0,3}(?=\s|$)(?!\s*$)"
)
_INSIDE: Final = re.compile(rf"(?<=[.!?…\])”\"—-])\s+(?=(?:[QA][.:]|{_CAPS}{_STAGE}:)\s)")
"""Where a turn can begin inside a paragraph: behind the end of a sentence, with a label in capitals."""
_STAGE_ONLY: Final = re.compile(r"\s*(?:[\[(][^\])]*[\])]\s*)+$")
_ADDRESS: Final = re.compile(r"\b(?:I|I['’]\w+|[Ww]e|[Ww]e['’]\w+|[Mm]y|[Oo]ur|[Yy]ou|[Yy]ou['’]\w+|[Yy]our|me|us)\b")
_QUOTED: Final = re.compile('[“„"][^“”„"]*[”"]?')
_ON_CAMERA: Final = re.compile(
    r"(?i)camera|voice-?over|v/o|on screen|on phone|by phone|via |through |translat|video ?clip|off-?mic"
)
_HEADING: Final = re.compile(
    r"(?i)\b(?:watch(?:ed)?|and|on|of|in|to|for|are|is|with|according|how|why|what|vs|gets?)\b"
)
"""Words of headings and links, which no name of a speaker has."""
_WORDS: Final = 5
"""Most words of a name in a label, without what follows its comma."""
_TURNS: Final = 4
"""Fewest turns of a transcript whose paragraphs without a label belong to the turn before them."""
_LONGEST: Final = 6
"""Most paragraphs of such a turn, if nobody speaks of himself or to somebody in them."""


@dataclass(slots=True, eq=False)
class _Label:
    """What may begin a turn: where it stands, whose it would be, and the words behind it."""

    start: int
    end: int
    body: int
    key: str
    caps: bool
    stage: str
    block: int
    name: str
    says: bool = False
    names: bool = False
    stop: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn: its label, the last character of the name of its speaker, and the places of its words."""

    label: tuple[int, int]
    head: int
    contents: tuple[tuple[int, int], ...]
    cue: str = ":"
    """What stands between the name and the words."""


def find_turns(text: str, blocks: Sequence[tuple[int, int]], actors: Sequence[tuple[int, int]] = ()) -> list[Turn]:
    """The turns of a transcript or interview; none in an article that is neither.

    A label is a name or office in front of a colon at the start of a paragraph, or in capitals behind a sentence, or
    "Q" or "A". There are turns if there are several labels, of at least two speakers, and what follows many of them is
    said by or to somebody ("I", "you", "?"): a list ("Texas: …", "Note: …") is no conversation. A turn ends at the next
    label; the paragraphs between two turns belong to the first of them. `actors` are the spans of the known actors: one
    in the label, or one with its surname, is the speaker; "A" is the one most often named before the first question.
    """
    labels = list(_labels(text, blocks, actors))
    for n, one in enumerate(labels):
        end = blocks[one.block][1]
        one.stop = min(end, labels[n + 1].start) if n + 1 < len(labels) and labels[n + 1].block == one.block else end
    taken = _accepted(text, labels)
    if not taken:
        return []
    people = KnownActors(text, actors)
    return [turn for turn in _turns(text, blocks, labels, taken, people) if turn.contents]


def _labels(text: str, blocks: Sequence[tuple[int, int]], actors: Sequence[tuple[int, int]]) -> Iterator[_Label]:
    starts = [start for start, _ in actors]
    for n, (start, end) in enumerate(blocks):
        places = [start, *(m.end() for m in _INSIDE.finditer(text, start, end))]
        for at in places:
            match = _LABEL.match(text, at, min(end, at + 200))
            if match is None:
                continue
            label = match["label"]
            known = bisect.bisect_left(starts, match.start("label"))
            names = known < len(starts) and starts[known] < match.end("label")
            name = re.split(r",| \(", label)[0]
            key = name.split()[-1].strip(".").casefold()
            yield _Label(
                match.start("label"), match.end("label"), match.end(), key, bool(match["caps"] or match["qa"]),
                match["stage"].strip(), n, name, names=names,
            )  # fmt: skip


def _accepted(text: str, labels: Sequence[_Label]) -> list[_Label]:
    """The labels that begin turns."""
    stops = word_lists("turns")["no_speakers"]
    some = [
        one
        for one in labels
        if not {one.name.casefold().removeprefix("the "), one.key} & stops
        and not _HEADING.search(one.name)
        and len(one.name.split()) <= _WORDS
    ]
    for one in some:
        one.says = _speaks(text, one.body, one.stop)
    often = Counter(one.key for one in some)
    saying = Counter(one.key for one in some if one.says)
    kept = [
        one
        for one in some
        if one.names
        or (one.caps and often[one.key] > 1)
        or (one.says and 2 * saying[one.key] >= often[one.key])
        or _ON_CAMERA.search(one.stage)
    ]
    return [one for one in some if one in kept or one.caps] if _is_conversation(kept) else []


def _is_conversation(labels: Sequence[_Label]) -> bool:
    """Whether what follows the labels is said by several people, or before a camera."""
    if not any(one.names or one.caps for one in labels):
        return False
    keys = {one.key for one in labels}
    if any(_ON_CAMERA.search(one.stage) for one in labels):
        return True
    says = sum(one.says for one in labels)
    if len(keys) < 2:
        return False
    if len(labels) > max(2, len(keys)):
        return 3 * says >= len(labels)
    beside = any(b.block - a.block <= 1 for a, b in pairwise(labels))
    return beside and 2 * says >= len(labels) and (says > 1 or len(labels) == 2)


def _speaks(text: str, start: int, end: int) -> bool:
    """Whether a passage is said by or to somebody, or is in quotation marks."""
    words = text[start:end]
    bare = _QUOTED.sub("", words)
    return "?" in bare or _ADDRESS.search(bare) is not None or not re.search(r"\w", bare)


class KnownActors:
    """The actors of a text by their names."""

    def __init__(self, text: str, actors: Sequence[tuple[int, int]]) -> None:
        self.text, self.actors = text, actors
        self.starts = [start for start, _ in actors]
        self.first: dict[str, int] = {}
        for start, end in actors:
            self.first.setdefault(self._key(start, end), end - 1)

    def _key(self, start: int, end: int) -> str:
        words = self.text[start:end].removesuffix("’s").removesuffix("'s").split()
        return words[-1].strip(".,").casefold() if words else ""

    def head(self, label: _Label, first: int) -> int:
        """The last character of the name of whoever a label names; of the label, if it is no actor."""
        if label.key == "a" and label.end - label.start == 1:
            return self._interviewed(first, label.end - 1)
        return self.head_in(label.start, label.end) if label.key != "q" else label.end - 1

    def head_in(self, start: int, end: int) -> int:
        """The last character of the actor named in a place, or of the one with the surname there; or of the place."""
        at = bisect.bisect_left(self.starts, start)
        if at < len(self.starts) and self.starts[at] < end:
            return min(self.actors[at][1], end) - 1
        words = self.text[start:end].split()
        return self.first.get(words[-1].strip(".,").casefold(), end - 1) if words else end - 1

    def covers(self, at: int) -> bool:
        """Whether a character is part of an actor's name."""
        n = bisect.bisect_right(self.starts, at) - 1
        return n >= 0 and at < self.actors[n][1]

    def _interviewed(self, first: int, otherwise: int) -> int:
        """The last character of the full name of the one who is most often named before the first question."""
        before = [(a, b) for a, b in self.actors if b <= first]
        full = {self._key(a, b): b - 1 for a, b in reversed(before) if self.text[a:b].count(" ")}
        often = Counter(key for a, b in before if (key := self._key(a, b)) in full).most_common(2)
        if not often or (len(often) > 1 and often[0][1] == often[1][1]):
            return otherwise
        return full[often[0][0]]


def _turns(
    text: str, blocks: Sequence[tuple[int, int]], labels: Sequence[_Label], taken: Sequence[_Label], known: KnownActors
) -> Iterator[Turn]:
    ids = {id(one) for one in taken}
    last = taken[-1]
    for n, one in enumerate(labels):
        if id(one) not in ids:
            continue
        following = labels[n + 1].block if n + 1 < len(labels) else len(blocks)
        places = [(one.body, one.stop)]
        for number in range(one.block + 1, following):
            start, end = blocks[number]
            if _STAGE_ONLY.match(text[start:end]):
                continue
            between = one is not last and len(taken) >= _TURNS and number - one.block < _LONGEST
            if not between and not _ADDRESS.search(_QUOTED.sub("", text[start:end])):
                break
            places.append((start, end))
        trimmed = (_trimmed(text, *place) for place in places)
        contents = tuple(place for place in trimmed if re.search(r"\w", text[slice(*place)]))
        yield Turn((one.start, one.end), known.head(one, taken[0].stop), contents)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A place without white space and stage directions at its ends."""
    words = text[start:end]
    head = re.match(r"\s*(?:[\[(][^\])]*[\])]\s*)*", words)
    tail = re.search(r"(?:\s*[\[(][^\])(\[]*[\])]\s*)*\s*$", words)
    first, last = head.end() if head else 0, tail.start() if tail else len(words)
    return start + min(first, len(words)), start + max(min(first, len(words)), last)


def with_turns(
    quotes: Iterable[Quote], turns: Sequence[Turn], marks: Sequence[tuple[int, int]], text: str
) -> list[Quote]:
    """The quotations with the turns, in order of content; those that a turn's speaker reports are inside it.

    A turn without quotation marks is of the kind indirect, as the codebook has it.
    """
    if not turns:
        return list(quotes)
    spans = sorted(place for turn in turns for place in turn.contents)
    starts = [start for start, _ in spans]
    labels = {i for turn in turns for i in range(*turn.label)}
    kept = [quote for quote in quotes if _is_apart(quote, spans, starts, labels)]
    for turn in turns:
        for start, end in turn.contents:
            place = (min(start, turn.label[0]), max(end, turn.label[1]), start, end)
            said = Quote(*place, turn.cue, "indirect", *turn.label, turn.head)
            kept.append(replace(said, kind=kind_of(said, marks, text)))
    return sorted(kept, key=lambda quote: (quote.content_start, -quote.content_end))


def _is_apart(quote: Quote, spans: Sequence[tuple[int, int]], starts: Sequence[int], labels: set[int]) -> bool:
    """Whether a quotation is outside the turns, or one with a source of its own inside the words of one."""
    if quote.source_start is not None and quote.source_start in labels:
        return False
    at = bisect.bisect_left(starts, quote.content_end) - 1
    if at < 0 or spans[at][1] <= quote.content_start:
        return True
    start, end = spans[at]
    inside = (
        start <= quote.content_start
        and quote.content_end <= end
        and (quote.content_start, quote.content_end) != (start, end)
    )
    return inside and quote.source_start is not None and start <= quote.source_start < end
