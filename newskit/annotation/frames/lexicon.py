"""Coding texts with a codebook: by its terms, or by the meaning of its definitions and examples."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from newskit.annotation.frames.codebook import Codebook, Frame, load_codebook
from newskit.annotation.frames.terms import TermMatcher, check_term
from newskit.resources.encoder import sentence_encoder

if TYPE_CHECKING:
    import numpy as np
    from spacy.language import Language
    from spacy.tokens import Doc, Span

FrameMethod = Literal["lexicon", "embedding"]
METHODS: Final = ("lexicon", "embedding")
_STANDS_OUT: Final = 1.0
"""z score along what sets a frame apart from the codebook's others, from which a sentence can have it."""
_NEGATIONS: Final = frozenset({"not", "n't", "no", "never", "without", "neither", "nor", "cannot", "hardly"})
_ENDINGS: Final = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ied", "y"), ("ing", ""), ("ing", "e"))
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"”’']?\s+(?=[\"“‘']?[A-Z])|\n+")


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
                    for start, end, term in self._kept(doc, passage, self._frames[kind[1:]], found):
                        span = doc[start:end]
                        hits.append(Hit(span.start_char, span.end_char, kind[1:], term))
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.frame))

    def in_debate(self, doc: Doc) -> bool:
        """Whether a Doc has one of the words that an article of the debate must have, if the codebook names any."""
        return not self.codebook.scope_context or "scope~" in self._found(doc[:])

    def in_scope(self, passage: Span) -> bool:
        """Whether a passage has the words that the codebook asks of one; see `in_debate` for the article."""
        return not self.codebook.scope or self._in_scope(self._found(passage))

    def base_form(self, word: str) -> str:
        """A word of the codebook that a lower-cased form may be inflected from; the form itself if there is none."""
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
        self, doc: Doc, passage: Span, frame: Frame, found: dict[str, list[tuple[int, int, str]]]
    ) -> list[tuple[int, int, str]]:
        kept = _outside(found[f"+{frame.name}"], found.get(f"-{frame.name}", []))
        if frame.context:
            near = found.get(f"~{frame.name}", [])
            kept = [h for h in kept if any(a - h[1] <= frame.window and h[0] - b <= frame.window for a, b, _ in near)]
        if frame.negation:
            kept = [
                hit
                for hit in kept
                if not any(
                    doc[i].lower_ in _NEGATIONS for i in range(max(passage.start, hit[0] - frame.negation), hit[0])
                )
            ]
        return _longest(kept) if self.codebook.overlap == "longest" else sorted({hit[:2]: hit for hit in kept}.values())


def _outside(
    hits: Sequence[tuple[int, int, str]], blocks: Sequence[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Hits that do not lie inside a block."""
    return [hit for hit in hits if not any(a <= hit[0] and hit[1] <= b for a, b, _ in blocks)]


def _longest(hits: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of overlapping hits of one frame, the longest (then the first)."""
    kept: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda h: (h[0] - h[1], h)):
        if all(hit[1] <= a or b <= hit[0] for a, b, _ in kept):
            kept.append(hit)
    return kept


# --- by meaning ----------------------------------------------------------------------------------------


class EmbeddingCoder:
    """Codes sentences by the meaning of a codebook's definitions and examples.

    Each frame has a direction: the mean vector of its definition's sentences and its matching examples, away
    from its misses. A sentence's score is how far it points there, as a z score against the sentences of ordinary
    news (mean and covariance of their vectors ship with the encoder); it has the frame from `threshold` on, if it also
    stands out from the other frames of the codebook, without which all frames of one debate would be found at its name.
    No term is used, but the scope of a codebook is still decided by its terms.
    """

    def __init__(self, codebook: Codebook, *, threshold: float = 2.25) -> None:
        self.codebook, self.threshold = codebook, threshold
        self._encoder = sentence_encoder()
        self.names = [frame.name for frame in codebook.frames if frame.matches]
        if not self.names:
            raise ValueError(f"{codebook.name}: no frame has examples; method 'embedding' needs some: examples.match")
        directions = [self._direction(frame) for frame in codebook.frames if frame.matches]
        self._likeness = _standard(directions)
        middle = sum(directions) / len(directions)
        self._contrast = _standard([direction - middle for direction in directions]) if len(directions) > 1 else None

    def _direction(self, frame: Frame) -> np.ndarray:
        definition = self._encoder.encode(split_sentences(" ".join(frame.definition.split())))
        direction = definition.mean(axis=0) + 2 * self._encoder.encode(frame.matches).mean(axis=0)
        if frame.misses:
            direction = direction - 0.5 * self._encoder.encode(frame.misses).mean(axis=0)
        result: np.ndarray = direction
        return result

    def scores(self, sentences: Iterable[str]) -> np.ndarray:
        """z scores of sentences (rows) for the frames of `names` (columns)."""
        import numpy as np

        vectors = self._encoder.encode(sentences)
        scores = self._likeness(vectors)
        if self._contrast is not None:
            scores = np.where(self._contrast(vectors) >= _STANDS_OUT, scores, np.minimum(scores, 0))
        return scores


def _standard(directions: Sequence[np.ndarray]) -> Likeness:
    """Likeness to directions of any length."""
    import numpy as np

    from newskit.resources.encoder import background

    mean, covariance = background()
    columns = np.stack(directions, axis=1)
    columns = columns / np.linalg.norm(columns, axis=0)
    return Likeness(columns, mean @ columns, np.sqrt(np.einsum("if,ij,jf->f", columns, covariance, columns)))


@dataclass(frozen=True)
class Likeness:
    """How near sentence vectors (rows) come to directions (columns), as z scores against ordinary news."""

    directions: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        """One row a vector, one column a direction."""
        scores: np.ndarray = (vectors @ self.directions - self.mean) / self.spread
        return scores


def likeness_to(codebook: Codebook) -> Likeness:
    """Likeness to two directions for each frame: its definition, and the mean of its matching examples."""
    import numpy as np

    encoder = sentence_encoder()
    directions = []
    for frame in codebook.frames:
        directions.append(encoder.encode([" ".join(frame.definition.split())])[0])
        if frame.matches:
            directions.append(np.mean(encoder.encode(frame.matches), axis=0))
    return _standard(directions)


def word_hits(texts: Iterable[str], codebook: Codebook) -> np.ndarray:
    """Hits of a codebook's terms per 600 words (frames in columns) by spelling alone, without a model of the language.

    Endings are taken off where the rest is a word of the codebook ("blamed", "blame"), so that it is many times
    faster than `LexiconCoder` and a little rougher. Texts under 100 words count as 100.
    """
    import numpy as np

    coder = LexiconCoder(codebook)
    columns = {frame.name: column for column, frame in enumerate(codebook.frames)}
    rows = []
    for doc in _tokens().pipe(texts):
        for token in doc:
            token.lemma_ = coder.base_form(token.lower_)
        row = np.zeros(len(columns))
        for hit in coder(doc):
            row[columns[hit.frame]] += 1
        rows.append(row * 600 / max(len(doc), 100))
    return np.array(rows).reshape(-1, len(columns))


@functools.cache
def _tokens() -> Language:
    from spacy.lang.en import English

    return English()


def split_sentences(text: str) -> list[str]:
    """The sentences of a text by its punctuation, for where no parser is at hand.

    >>> split_sentences('He left. "No," she said.')
    ['He left.', '"No," she said.']
    """
    return [piece.strip() for piece in _SENTENCE_END.split(text) if piece.strip()]


# --- coding texts ----------------------------------------------------------------------------------------


@functools.cache
def tagger() -> Language:
    """The English model without parser and names: all that terms need."""
    from newskit.resources.language import load_english

    return load_english(exclude=("parser", "ner"))


def lemmas(texts: Iterable[str]) -> Iterator[list[tuple[str, int, int]]]:
    """For each text its words as (lemma, start, end), white space left out."""
    for doc in tagger().pipe(texts):
        yield [(token.lemma_.lower(), token.idx, token.idx + len(token)) for token in doc if not token.is_space]


def sentences_with(texts: Iterable[str], query: str | Iterable[str] | Codebook) -> list[bool]:
    """Whether each text has one of the terms, or is in the scope of a codebook; errors as in `about`."""
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
    return [coder.in_scope(doc[:]) for doc in tagger().pipe(texts)]


def in_debate(texts: Iterable[str], codebook: Codebook) -> list[bool]:
    """Whether each text, a whole article, has one of the words that the codebook asks of one (`scope_context`)."""
    coder = LexiconCoder(codebook)
    return [coder.in_debate(doc) for doc in tagger().pipe(texts)]


def code_frames(
    texts: Iterable[str], codebook: str | Path | Codebook, *, method: FrameMethod = "lexicon"
) -> list[set[str]]:
    """Code texts with a codebook: the names of the frames found in each, in the order of the texts.

    Each line of a text is a paragraph; with a codebook that has a scope, only paragraphs in it are
    coded. `method="lexicon"` matches the codebook's terms; "embedding" compares each sentence with the
    definitions and examples (`EmbeddingCoder`). A frame found brings the frames that it is a part of. For the
    words that matched, their place and whose words they are, see the table `frames` of `annotate`. Raises
    `ValueError` for another method and `TypeError` for a single string.

    >>> code_frames(["The move would be highly provocative."], "news_frames")
    [set()]
    """
    if method not in METHODS:
        raise ValueError(f"method {method!r} is none of {', '.join(METHODS)}")
    if isinstance(texts, str):
        raise TypeError("code_frames takes several texts: pass a list, even for one")
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    texts = list(texts)
    wrong = next((i for i, text in enumerate(texts) if not isinstance(text, str)), None)
    if wrong is not None:
        raise TypeError(f"text {wrong} is no string but {type(texts[wrong]).__name__}: drop missing texts first")
    lexicon = LexiconCoder(book)
    if method == "embedding":
        coder = EmbeddingCoder(book)
        return [book.with_parents(_by_meaning(text, coder, lexicon)) for text in texts]
    docs = tagger().pipe(texts)
    return [book.with_parents(hit.frame for hit in lexicon(doc, list(_lines(doc)))) for doc in docs]


def _by_meaning(text: str, coder: EmbeddingCoder, lexicon: LexiconCoder) -> set[str]:
    """Frames of the sentences of a text by meaning; a line outside the scope is left out."""
    lines = [text]
    if coder.codebook.scope or coder.codebook.scope_context:
        doc = tagger()(text)
        lines = [line.text for line in _lines(doc) if lexicon.in_scope(line)] if lexicon.in_debate(doc) else []
    sentences = [sentence for line in lines for sentence in split_sentences(line)]
    if not sentences:
        return set()
    best = coder.scores(sentences).max(axis=0)
    return {name for name, score in zip(coder.names, best, strict=True) if score >= coder.threshold}


def _lines(doc: Doc) -> Iterator[Span]:
    start = 0
    for token in doc:
        if token.is_space and "\n" in token.text:
            if token.i > start:
                yield doc[start : token.i]
            start = token.i + 1
    if start < len(doc):
        yield doc[start:]
