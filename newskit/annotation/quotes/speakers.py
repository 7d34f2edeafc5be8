"""From the source of a quotation, which is words in the text, to its speaker, the actor that they name."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from newskit.annotation.quotes.quote import Quote
from newskit.annotation.quotes.sources import DESCRIBED, MADE_BY, is_some, kind_of_source
from newskit.resources.lexicons import word_lists

_TITLE_WORD: Final = re.compile(r"[^\W\d_][\w.’'&/-]*[,.]?")
_FIRST: Final = frozenset(["i", "we", "me", "us", "my", "our"])
_SECOND: Final = frozenset(["you", "your"])
_LINKING: Final = frozenset(
    [
        "of",
        "for",
        "to",
        "with",
        "by",
        "from",
        "against",
        "like",
        "than",
        "near",
        "on",
        "about",
        "as",
        "under",
        "in",
        "at",
    ]
)
"""Words before a name that make it another one than the head of a source: "a spokesman for Anna Novak"."""

_NO_NOUN: Final = re.compile(r"\s?(?:$|[,.;:()–—]|(?:about|and|as|at|for|in|of|on|that|to|which|who|with|\w+ed)\b)")
"""Behind the name of a maker, who is somebody else where a noun follows: "by U.S. officials"."""


class Actor(NamedTuple):
    """A mention of an actor that can be a speaker: its place in the text, and its type."""

    start: int
    end: int
    type: str
    by_name: bool = True
    label: str | None = None
    """What spaCy's recogniser calls it."""
    adjective: bool = False
    """Whether it is the adjective of a state: "Russian"."""


class Speakers:
    """The actors of a text, in order and without overlaps, among whom speakers are found."""

    def __init__(self, text: str, actors: Sequence[Actor]) -> None:
        self.text, self.actors = text, actors
        self.starts = [actor.start for actor in actors]
        self.lists = word_lists("reporting_verbs")

    def of(self, quotes: Sequence[Quote], *, every: bool = False) -> list[tuple[Quote, tuple[int | None, int | None]]]:
        """The quotations, each with its speaker and the one for whom a spokesman speaks.

        Whoever says "I" in a quotation is its speaker. Elsewhere "I", "we" and "you" are the outlet and its readers,
        and what they think is no row, unless `every` attribution is wanted.
        """
        kept: list[tuple[Quote, tuple[int | None, int | None]]] = []
        around: list[tuple[int, int | None]] = []
        for quote in quotes:
            while around and around[-1][0] <= quote.content_start:
                around.pop()
            speaker = self.speaker_of(quote)
            word = self._noun(quote)
            if speaker is None and word in _FIRST | _SECOND:
                if around and word in _FIRST:
                    speaker = around[-1][1]
                elif not every:
                    continue
            kept.append((quote, (speaker, self.speaks_for(quote))))
            around.append((quote.content_end, speaker))
        return kept

    def speaker_of(self, quote: Quote) -> int | None:
        """Which of the actors the source of a quotation names or stands for; None if none of them.

        It is the actor whose name covers the head of the source, or stands at its end behind titles ("strategist and
        CNN contributor Paul Begala"), or at its beginning; a state before a noun for those who speak for it ("Russian
        officials", "the French government"); or the one for whom somebody without a name speaks.
        """
        if quote.source_start is None or quote.source_end is None or quote.source_head is None:
            return None
        at = self._before(quote.source_head + 1)
        if at is not None and self.actors[at].end > quote.source_head:
            some = self.actors[at].type != "person" and is_some(self.text[quote.source_start : quote.source_end])
            return None if some and self._noun(quote).endswith("s") else at
        inside = self._inside(quote.source_start, quote.source_end)
        named = self._beside(quote, inside)
        if named is not None:
            return named
        noun = self._noun(quote)
        if self._is(noun, "spokespeople"):
            return self.speaks_for(quote)
        if kind_of_source(noun) in ("documents", "polls"):
            maker = next((n for n in inside if self._made(n, quote)), None)
            if maker is not None:
                return maker
        if self._is(noun, "publishing"):
            return next((n for n in reversed(inside) if self._leads(n, quote, noun)), None)
        return next((n for n in reversed(inside) if self._represents(n, quote, noun)), None)

    def speaks_for(self, quote: Quote) -> int | None:
        """The actor for whom a spokesman speaks: "a Pentagon spokesman", "Anna Novak, who speaks for the company"."""
        if quote.source_start is None or quote.source_end is None:
            return None
        start, end = self._around(quote)
        words = self.text[start:end]
        spokesman = re.search(r"(?i)\b(?:spokes\w+|press secretary|communications director)\b", words)
        if spokesman is None:
            return None
        at, after = start + spokesman.start(), start + spokesman.end()
        for n in reversed(self._inside(start, at)):
            actor = self.actors[n]
            between = self.text[actor.end : at]
            owner = re.fullmatch(r"(?:[’']s?)?(?:\s(?:campaign|transition|family))?\s", between)
            near = re.fullmatch(r"(?:[’']s?)?(?:\s+[\w-]+){0,3}\s", between)
            if owner or (near and (actor.type != "person" or between[:2] in ("’s", "'s"))):
                return n
        for n in self._inside(after, end):
            if re.fullmatch(r" (?:for|at|of|with)(?: \w+\.?){0,3} ", self.text[after : self.actors[n].start]):
                return n
        return None

    def _around(self, quote: Quote) -> tuple[int, int]:
        """The source, with what stands in apposition behind it: "Anna Novak, a spokeswoman for the company, said"."""
        start, end = quote.source_start or 0, quote.source_end or 0
        behind = re.match(
            r", (?:an? |the |[\w.’' -]{0,40}?)?spokes\w+(?: (?:for|at|of) [^,.;:]{2,60})?", self.text[end : end + 140]
        )
        return start, end + (behind.end() if behind else 0)

    def _before(self, end: int) -> int | None:
        at = bisect.bisect_left(self.starts, end) - 1
        return at if at >= 0 else None

    def _inside(self, start: int, end: int) -> range:
        first = bisect.bisect_left(self.starts, start)
        last = bisect.bisect_left(self.starts, end)
        return range(first, last)

    def _noun(self, quote: Quote) -> str:
        if quote.source_start is None:
            return ""
        word = re.search(r"\w+$", self.text[quote.source_start : (quote.source_head or 0) + 1])
        return word.group().lower() if word else ""

    def _is(self, noun: str, name: str) -> bool:
        return bool({noun, noun.removesuffix("s"), noun.removesuffix("ies") + "y"} & self.lists[name])

    def _beside(self, quote: Quote, inside: Iterable[int]) -> int | None:
        """The person named at the end of the source behind its titles, or at its beginning before a comma."""
        start, end, head = quote.source_start or 0, quote.source_end or 0, quote.source_head or 0
        if kind_of_source(self._noun(quote)) in ("documents", "polls") or re.search(
            r"[.!?]\s|\b(?:who|which)\b", self.text[start:head]
        ):
            return None
        for n in inside:
            actor = self.actors[n]
            if actor.type != "person" or not actor.by_name:
                continue
            if actor.start == start and re.match(r"\s?[,(]", self.text[actor.end : end]):
                return n
            if actor.end < end and re.match(r"\s?[,(]|\s(?:of|in|at|from)\b", self.text[actor.end : end]) is None:
                continue
            if actor.start > head and self._is_apposed(self.text[start : actor.start]):
                return n
        return None

    def _is_apposed(self, before: str) -> bool:
        """Whether the words before a name are titles or a description of its bearer, not of somebody else."""
        if not before.strip() or re.search(r"[’']s?\s*$", before):
            return False
        words = before.replace("in Charge", "").split()
        for n, word in reversed(list(enumerate(words))):
            plain = word.strip(".,").lower()
            if plain in _LINKING or plain in ("who", "which", "whose"):
                return False
            if word.endswith((",", "–", "—")):
                return not {"who", "which", "whose", "that"} & {*words[:n]} or n + 1 < len(words)
            if plain in ("the", "a", "an") and n and words[n - 1].lower() in _LINKING:
                return False
            if plain in ("and", "&") and n + 1 == len(words):
                return False
        return all(_TITLE_WORD.fullmatch(word) for word in words)

    def _leads(self, n: int, quote: Quote, noun: str) -> bool:
        """Whether an organisation right before a noun for a text or poll publishes it: "a Gallup poll"."""
        actor = self.actors[n]
        if actor.type != "organization" and (actor.type != "catalog" or actor.label != "ORG"):
            return False
        between = self.text[actor.end : (quote.source_head or 0) + 1 - len(noun)]
        return re.fullmatch(r"(?:[’']s?)?\s(?:[\w-]+\s){0,2}", between) is not None

    def _made(self, n: int, quote: Quote) -> bool:
        """Whether an actor made the text or poll that is the source: "a report by the Novak Institute"."""
        actor = self.actors[n]
        between = self.text[(quote.source_head or 0) + 1 : actor.start]
        if re.fullmatch(MADE_BY + DESCRIBED + r"\s", between) is None or actor.adjective:
            return False
        return _NO_NOUN.match(self.text[actor.end : quote.source_end]) is not None

    def _represents(self, n: int, quote: Quote, noun: str) -> bool:
        """Whether a state, or the person whose office or campaign it is, is represented by the head right behind it."""
        actor = self.actors[n]
        before = self.text[quote.source_start : actor.start].strip().lower()
        between = self.text[actor.end : (quote.source_head or 0) + 1 - len(noun)]
        if actor.type == "person":
            alone = self._is(noun, "staffs") and kind_of_source(before.rpartition(" ")[2]) is None
            return alone and re.fullmatch(r"(?:[’']s?)?\s(?:[\w-]+\s){0,2}", between) is not None
        if actor.type != "catalog":
            return False
        if self._is(noun, "offices"):
            return re.fullmatch(r"(?:[’']s?)?\s(?:[\w-]+\s){0,2}", between) is not None
        alone = before in ("", "the") and not between.strip() and actor.adjective
        return alone and noun in self.lists["officials"]
