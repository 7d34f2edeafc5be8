"""Coding texts by the terms of a codebook."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, Final

from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.frames.terms import TermMatcher, check_term, without_overlaps
from newskit.reading.view import view_of
from newskit.resources.language import blank_english, tagger

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc, Span


_NEGATIONS: Final = frozenset({"not", "n't", "no", "never", "without", "neither", "nor", "cannot", "hardly"})
_ENDINGS: Final = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ied", "y"), ("ing", ""), ("ing", "e"))


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text that point to a frame: `doc.text[start:end]`, found by `term`."""

    start: int
    end: int
    frame: str
    term: str


class LexiconCoder:
    """Codes tagged Docs with the terms of a codebook.

    `LexiconCoder(codebook)(doc)` gives the hits of all frames inside the scope, in order.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._frames = {frame.name: frame for frame in codebook.frames}
        self._matcher = TermMatcher(
            [
                *(("scope+", term) for term in codebook.scope),
                *(("scope-", term) for term in codebook.scope_exclude),
                *(("scope~", term) for term in codebook.scope_context),
                *((f"+{frame.name}", term) for frame in codebook.frames for term in frame.include),
                *((f"-{frame.name}", term) for frame in codebook.frames for term in frame.exclude),
                *((f"~{frame.name}", term) for frame in codebook.frames for term in frame.context),
            ]
        )

    def __call__(self, doc: Doc, passages: Sequence[Span] | None = None) -> list[Hit]:
        """The hits in a Doc that has lemmas; scope is decided for each of the `passages` (default: the Doc)."""
        hits: list[Hit] = []
        searched = [(p, self._found(p)) for p in ([doc[:]] if passages is None else passages)]
        inside = [(passage, found) for passage, found in searched if self._in_scope(found)]
        if not inside or not self.in_debate(doc):
            return hits
        for passage, found in inside:
            for kind in found:
                if kind.startswith("+"):
                    for start, end, term in self._kept(passage, self._frames[kind[1:]], found):
                        span = doc[start:end]
                        hits.append(Hit(span.start_char, span.end_char, kind[1:], term))
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.frame))

    def in_debate(self, doc: Doc) -> bool:
        """Whether a Doc has one of the words that articles of the debate must have, if the codebook names any."""
        return not self.codebook.scope_context or "scope~" in self._found(doc[:])

    def in_scope(self, passage: Span) -> bool:
        """Whether a passage is in the scope of the codebook; see `in_debate` for whole articles."""
        return not self.codebook.scope or self._in_scope(self._found(passage))

    def base_form(self, word: str) -> str:
        """The word of the codebook that a lower-cased form may be inflected from; the form itself if there is none."""
        for ending, instead in _ENDINGS:
            base = word[: len(word) - len(ending)] + instead
            if word.endswith(ending) and len(base) > 2 and self._matcher.knows(base):
                return base
        return word

    def _found(self, passage: Span) -> dict[str, list[tuple[int, int, str]]]:
        found: dict[str, list[tuple[int, int, str]]] = {}
        for kind, term, start, end in self._matcher(passage):
            found.setdefault(kind, []).append((start, end, term))
        return found

    def _in_scope(self, found: dict[str, list[tuple[int, int, str]]]) -> bool:
        return not self.codebook.scope or bool(_outside(found.get("scope+", []), found.get("scope-", [])))

    def _kept(
        self, passage: Span, frame: Frame, found: dict[str, list[tuple[int, int, str]]]
    ) -> list[tuple[int, int, str]]:
        kept = _outside(found[f"+{frame.name}"], found.get(f"-{frame.name}", []))
        if frame.context:
            near = _Reach(found.get(f"~{frame.name}", []))
            kept = [h for h in kept if near.until(h[1] + frame.window) >= h[0] - frame.window]
        if frame.negation:
            no = [token.i for token in passage if token.lower_ in _NEGATIONS]
            kept = [h for h in kept if bisect_left(no, h[0] - frame.negation) == bisect_left(no, h[0])]
        if self.codebook.overlap == "all":
            return sorted({hit[:2]: hit for hit in kept}.values())
        kept.sort(key=lambda hit: (hit[0] - hit[1], hit))
        return list(without_overlaps(kept, lambda hit: hit[:2]))


def _outside(
    hits: Sequence[tuple[int, int, str]], blocks: Sequence[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Hits that do not lie inside one of the blocks."""
    around = _Reach(blocks)
    return [hit for hit in hits if around.until(hit[0]) < hit[1]]


class _Reach:
    """How far those hits reach that begin by some token: no loop over all of them for each other hit."""

    def __init__(self, hits: Sequence[tuple[int, int, str]]) -> None:
        ordered = sorted(hits)
        self._starts = [start for start, _, _ in ordered]
        self._ends = list(accumulate((end for _, end, _ in ordered), max))

    def until(self, start: int) -> float:
        """The largest end of the hits that begin at this token or before it; minus infinity if there is none."""
        at = bisect_right(self._starts, start)
        return self._ends[at - 1] if at else -inf


def word_hits(texts: Iterable[str], codebook: Codebook) -> np.ndarray:
    """Hits of a codebook's terms per 600 words (one column per frame) by spelling alone, without a language model.

    Endings are removed where the rest is a word of the codebook ("blamed", "blame"): many times faster than
    `LexiconCoder`, and a little rougher. Texts of fewer than 100 words count as 100.
    """
    import numpy as np

    coder = LexiconCoder(codebook)
    columns = {frame.name: column for column, frame in enumerate(codebook.frames)}
    rows = []
    for doc in blank_english().pipe(texts):
        for token in doc:
            token.lemma_ = coder.base_form(token.lower_)
        row = np.zeros(len(columns))
        for hit in coder(doc):
            row[columns[hit.frame]] += 1
        rows.append(row * 600 / max(len(doc), 100))
    return np.array(rows).reshape(-1, len(columns))


def sentences_with(texts: Iterable[str], query: str | Iterable[str] | Codebook) -> list[bool]:
    """Whether each text has one of the terms, or is in the scope of the codebook; raises the errors of `about`."""
    if isinstance(query, Codebook):
        if not query.scope:
            raise ValueError(f"codebook {query.name!r} has no scope: give terms instead, such as 'missile*'")
        book = query
    else:
        terms = (query,) if isinstance(query, str) else tuple(query)
        problems = [problem for term in terms if (problem := check_term(term))]
        if problems or not terms:
            raise ValueError(f"the query: {problems[0] if problems else 'no terms'}")
        book = Codebook("query", "0.0.0", "en", "", "", (), scope=terms)
    coder = LexiconCoder(book)
    return [coder.in_scope(doc[:]) for doc in tagger().pipe(view_of(text).text for text in texts)]


def in_debate(texts: Iterable[str], codebook: Codebook) -> list[bool]:
    """Whether each text, a whole article, has one of the words that articles must have (`scope_context`)."""
    coder = LexiconCoder(codebook)
    return [coder.in_debate(doc) for doc in tagger().pipe(view_of(text).text for text in texts)]
