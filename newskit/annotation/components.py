"""The components of the pipeline, which find mentions, quotations, tone and frames, and what they store on a Doc."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations, islice
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from spacy.tokens import Doc, Span

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.catalog_files import catalog_from_json, catalog_to_json
from newskit.annotation.actors.mentions import Mention, find_mentions
from newskit.annotation.frames.codebook import Codebook, codebook_from
from newskit.annotation.frames.lexicon import Hit
from newskit.annotation.frames.methods import checked_method, found_by_meaning, meaning_coders, scope_of, term_coders
from newskit.annotation.parsing import passage_spans, sentence_spans
from newskit.annotation.quotes.acts import with_acts
from newskit.annotation.quotes.combined import tagged_quotes
from newskit.annotation.quotes.model import QuoteModel, load_quote_model
from newskit.annotation.quotes.quote import Quote
from newskit.annotation.quotes.rules import find_quotes
from newskit.annotation.quotes.sources import NAMED, Source, same_source, source_of
from newskit.annotation.quotes.speakers import Actor, Speakers
from newskit.annotation.tone.accurate import load_accurate_model
from newskit.annotation.tone.directed import CLASSES, DIRECTED, load_directed_model
from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.target import Reading, Tone, ToneSize, checked_size, read_toward
from newskit.annotation.tone.textblob import Sentiment, sentiment
from newskit.resources.files import whole_file
from newskit.schema import ACTING

SURE: Final = 0.75
"""Lowest probability of an evaluation that becomes a row of stances: on DSE, three in four of these are right."""
MOST_ACTORS: Final = 6
"""Most actors of a sentence that are paired for directed tone: the first ones."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of a Doc with its speaker, and the one for whom a spokesman speaks.

    Both are indices into the Doc's mentions, None if they are no actor.
    """

    quote: Quote
    speaker: int | None
    speaks_for: int | None = None
    source: Source = NAMED


@dataclass(frozen=True, slots=True)
class FrameHit:
    """A hit of a codebook in a Doc."""

    codebook: Codebook
    hit: Hit
    method: str = "lexicon"
    score: float | None = None
    """How sure a method is that codes whole sentences."""


@dataclass(frozen=True, slots=True)
class Tones:
    """The tone of a Doc: TextBlob's sentiment of each of its `sentence_spans`, and what is said of each mention.

    There is none (None) toward a title beside a name, or a mention outside all sentences.
    """

    sentences: tuple[Sentiment, ...]
    mentions: tuple[Reading | None, ...]


class Evaluation(NamedTuple):
    """An actor of a sentence evaluates another: two indices into the Doc's mentions, and the tone."""

    source: int
    target: int
    tone: Tone


def sentences_with_targets(
    doc: Doc, sentences: Sequence[Span]
) -> Iterator[tuple[str, list[int], list[tuple[int, int]]]]:
    """Yield the sentences of a Doc that have targets: text, numbers of the mentions, and their spans in the text."""
    mentions: Sequence[Mention] = doc._.newskit_mentions
    todo = sorted((m.start, m.end, n) for n, m in enumerate(mentions) if m.is_target)
    at = 0
    for sentence in sentences:
        start, end = sentence.start_char, sentence.end_char
        while at < len(todo) and todo[at][0] < start:
            at += 1
        first = at
        while at < len(todo) and todo[at][0] < end:
            at += 1
        if at > first:
            inside = todo[first:at]
            yield sentence.text, [n for _, _, n in inside], [(a - start, min(b, end) - start) for a, b, _ in inside]


class ActorPair(NamedTuple):
    """Two different actors of a sentence, each by its first mention there."""

    mentions: tuple[int, int]
    text: str
    spans: tuple[tuple[int, int], tuple[int, int]]
    """The spans of both mentions in the text of the sentence."""


def actor_pairs(doc: Doc) -> Iterator[ActorPair]:
    """Yield the pairs of the first actors of each sentence of a Doc; a mention inside another makes no pair with it."""
    mentions: Sequence[Mention] = doc._.newskit_mentions
    for text, numbers, spans in sentences_with_targets(doc, sentence_spans(doc)):
        first: dict[int, tuple[int, tuple[int, int]]] = {}
        for number, span in zip(numbers, spans, strict=True):
            entity = mentions[number].entity
            if entity is not None and mentions[number].kind in ACTING:
                first.setdefault(entity, (number, span))
        for (one, a), (other, b) in combinations(list(first.values())[:MOST_ACTORS], 2):
            if a[1] <= b[0] or b[1] <= a[0]:
                yield ActorPair((one, other), text, (a, b))


class SavedComponent(ABC):
    """A component that is saved and loaded with its pipeline, by spaCy's protocol, as JSON, which runs no code.

    spaCy uses `exclude` for parts of its own, such as the vocabulary, which no component of newskit contains.
    """

    @abstractmethod
    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """What the component was made with."""

    @abstractmethod
    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Take over what `to_bytes` gave; returns the component itself."""

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write what the component was made with to a file."""
        with whole_file(path) as part:
            part.write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Take over what `to_disk` wrote; returns the component itself."""
        return self.from_bytes(Path(path).read_bytes())


class MentionsComponent(SavedComponent):
    """Finds the mentions of actors; needs the parser and the entity recogniser.

    Without a catalogue (None), it cannot annotate until `from_bytes` or `from_disk` brings one.
    """

    def __init__(self, catalog: ActorCatalog | None = None) -> None:
        self._catalog = catalog

    @property
    def catalog(self) -> ActorCatalog:
        """The catalogue of known actors."""
        return _present(self._catalog, "newskit_mentions", "catalogue")

    @catalog.setter
    def catalog(self, catalog: ActorCatalog) -> None:
        self._catalog = catalog

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        doc.user_data["newskit_mentions"] = find_mentions(doc, doc._.newskit_blocks, self.catalog)
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The catalogue, whole."""
        return catalog_to_json(self.catalog)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Take over a catalogue."""
        self.catalog = catalog_from_json(data)
        return self


class QuotesComponent(SavedComponent):
    """Finds quotations and, among the mentions, their speakers; by the rules alone if there is no model.

    With `every` attribution, those that are only acts or perceptions are kept.
    """

    def __init__(self, model: QuoteModel | None = None, *, every: bool = False) -> None:
        self.model, self.every = model, every

    @property
    def method(self) -> str:
        """How quotations are found: by "model", which rules complement; by "polnear", the same, or by "rules"."""
        return "rules" if self.model is None else "polnear" if self.every else "model"

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        mentions: Sequence[Mention] = doc._.newskit_mentions
        blocks = [(block.start, block.end) for block in doc._.newskit_blocks]
        at = [n for n, m in enumerate(mentions) if m.kind in ACTING]
        spans, text = [(mentions[n].start, mentions[n].end) for n in at], doc.text
        if self.model is None:
            quotes = find_quotes(doc, blocks, spans)
        else:
            quotes = tagged_quotes(doc, blocks, spans, self.model.find(text, blocks))
        quotes = [quote for quote in with_acts(doc, quotes) if self.every or quote.act != "other"]
        doc.user_data["newskit_quotes"] = _with_speakers(doc, quotes, at, every=self.every)
        return doc

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The method; the model itself ships with newskit."""
        return json.dumps({"method": self.method}).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Take over a method."""
        method = json.loads(data)["method"]
        self.model, self.every = None if method == "rules" else load_quote_model(), method == "polnear"
        return self


def _with_speakers(doc: Doc, quotes: Sequence[Quote], at: Sequence[int], *, every: bool) -> list[Said]:
    """The quotations of a Doc with their speakers, of the mentions with the numbers `at`."""
    mentions: Sequence[Mention] = doc._.newskit_mentions
    text = doc.text
    said: list[Said] = []
    for quote, (speaker, other) in Speakers(text, [_actor_of(mentions[n]) for n in at]).of(quotes, every=every):
        source = source_of(doc, text, quote, named=speaker is not None)
        source = same_source(source, quote, said[-1].source, said[-1].quote, text) if said else source
        said.append(Said(quote, None if speaker is None else at[speaker], None if other is None else at[other], source))
    return said


def _actor_of(mention: Mention) -> Actor:
    """A mention as one that can be a speaker."""
    adjective = mention.rule.startswith("demonym")
    return Actor(mention.start, mention.end, mention.type, mention.kind == "name", mention.ner_label, adjective)


class ToneComponent(SavedComponent):
    """Reads the tone toward the mentions by the model, and beside it TextBlob's sentiment of each sentence."""

    def __init__(self, model: str = "fast") -> None:
        self.model: ToneSize = checked_size(model)
        # Load the word list and the models now, not at the first article.
        sentiment("warm")
        load_tone_model()
        if model == "accurate":
            load_accurate_model()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        return self.annotate([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Annotate Docs as they come, `batch_size` at a time, so that sentences of the same length share a pass."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            yield from self.annotate(batch)

    def annotate(self, docs: Sequence[Doc]) -> Sequence[Doc]:
        """Annotate several Docs in place and return them."""
        read = [(doc, sentence_spans(doc)) for doc in docs]
        asked = [(doc, *sentence) for doc, spans in read for sentence in sentences_with_targets(doc, spans)]
        tones = read_toward([(text, spans) for _, text, _, spans in asked], size=self.model)
        toward: dict[int, dict[int, Reading]] = {id(doc): {} for doc in docs}
        for (doc, _, numbers, _), found in zip(asked, tones, strict=True):
            toward[id(doc)].update(zip(numbers, found, strict=True))
        for doc, spans in read:
            moods = tuple(sentiment(span.text) for span in spans)
            known = toward[id(doc)]
            doc.user_data["newskit_tone"] = Tones(moods, tuple(map(known.get, range(len(doc._.newskit_mentions)))))
        return docs

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Which model; the models themselves are installed."""
        return json.dumps({"model": self.model}).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Take over which model."""
        self.__init__(json.loads(data)["model"])  # type: ignore[misc]
        return self


class DirectedComponent:
    """Reads who evaluates whom in each pair of actors in a sentence, each represented by its first mention there."""

    def __init__(self) -> None:
        load_directed_model()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        pairs = list(actor_pairs(doc))
        chances = load_directed_model().probabilities([p.text for p in pairs], [p.spans for p in pairs])
        found = []
        for ((first, second), _, _), row in zip(pairs, chances.tolist(), strict=True):
            direction, _ = CLASSES[max(range(len(row)), key=row.__getitem__)]
            if direction != "none" and max(row) >= SURE:
                forth = direction == "first_to_second"
                positive, negative = (row[1], row[3]) if forth else (row[2], row[4])
                ends = (first, second) if forth else (second, first)
                found.append(Evaluation(*ends, Tone(negative, 1 - positive - negative, positive)))
        doc.user_data[DIRECTED] = tuple(found)
        return doc


class FramesComponent(SavedComponent):
    """Codes paragraphs with the terms of codebooks, or sentences by what their definitions mean.

    Without codebooks (None, not an empty list), it cannot annotate until `from_bytes` or `from_disk` brings them.
    """

    def __init__(self, codebooks: Iterable[Codebook] | None = None, *, method: str = "lexicon") -> None:
        self.method = checked_method(method)
        self._codebooks: tuple[Codebook, ...] | None = None
        if codebooks is not None:
            self.codebooks = tuple(codebooks)

    @property
    def codebooks(self) -> tuple[Codebook, ...]:
        """The codebooks, in the order in which they are applied."""
        return _present(self._codebooks, "newskit_frames", "codebooks")

    @codebooks.setter
    def codebooks(self, codebooks: Iterable[Codebook]) -> None:
        self._codebooks = tuple(codebooks)
        self._by_terms = term_coders(self._codebooks) if self.method == "lexicon" else []
        self._by_meaning = meaning_coders(self._codebooks, self.method)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        _present(self._codebooks, "newskit_frames", "codebooks")
        passages = passage_spans(doc)
        hits = [FrameHit(coder.codebook, hit) for coder in self._by_terms for hit in coder(doc, passages)]
        doc.user_data["newskit_frames"] = hits + list(self._sentences(doc, passages))
        return doc

    def _sentences(self, doc: Doc, passages: Sequence[Span]) -> Iterator[FrameHit]:
        """The sentences that have frames by meaning, inside the scope of each codebook."""
        spans = sentence_spans(doc) if self._by_meaning else []
        for coder in self._by_meaning:
            inside = scope_of(doc, passages, coder.codebook)
            chosen = [s for s in spans if inside is None or any(p.start <= s.start and s.end <= p.end for p in inside)]
            for number, name, score in found_by_meaning(coder, [span.text for span in chosen]):
                span = chosen[number]
                yield FrameHit(coder.codebook, Hit(span.start_char, span.end_char, name, ""), self.method, score)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The codebooks, whole, and the method."""
        told = {"method": self.method, "codebooks": [asdict(book) for book in self.codebooks]}
        return json.dumps(told, indent=1, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Take over codebooks and method."""
        told = json.loads(data)
        self.method = checked_method(told["method"])
        self.codebooks = tuple(map(codebook_from, told["codebooks"]))
        return self


_Given = TypeVar("_Given")


def _present(given: _Given | None, component: str, what: str) -> _Given:
    """What a component was given. Without it, annotating would silently find less."""
    if given is None:
        raise ValueError(
            f"the component {component!r} has no {what} yet: load the whole pipeline with spacy.load(path), or make "
            "one with newskit.make_nlp()"
        )
    return given
