"""The spaCy components of newskit, and the pipeline that holds them in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from newskit.annotation.actors.catalog import ActorCatalog, load_actors
from newskit.annotation.actors.mentions import Mention, find_mentions
from newskit.annotation.actors.people import titles
from newskit.annotation.frames.codebook import Codebook, load_codebook
from newskit.annotation.frames.lexicon import Hit, LexiconCoder
from newskit.annotation.quotes.model import QuoteModel, load_quote_model
from newskit.annotation.quotes.rules import Quote, find_quotes, speaker_of
from newskit.annotation.quotes.tagging import tagged_quotes
from newskit.annotation.tone.directed import CLASSES, load_directed_model
from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.target import Sentiment, Tone, sentiment, tone_toward
from newskit.reading.article import Block, dateline_end, find_blocks
from newskit.resources.language import load_english
from newskit.schema import ACTING

if TYPE_CHECKING:
    from spacy.tokens import Token

COMPONENTS: Final = ("newskit_blocks", "newskit_mentions", "newskit_quotes", "newskit_tone", "newskit_frames")
DIRECTED: Final = "newskit_directed"
"""The component of directed tone, which is there only if asked for."""
SURE: Final = 0.75
"""Probability from which an evaluation is a row of the stances: three in four of these are right on DSE."""
MOST_ACTORS: Final = 6
"""Actors of a sentence whose pairs are read for directed tone; of more, the first ones."""
QuoteMethod = Literal["model", "rules"]
QUOTE_METHODS: Final = ("model", "rules")
PIECE: Final = 100_000
"""Longest paragraph, in characters, that is parsed in one piece."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of a Doc with its speaker: an index into the Doc's mentions, None if no actor."""

    quote: Quote
    speaker: int | None


@dataclass(frozen=True, slots=True)
class FrameHit:
    """A hit of a codebook in a Doc."""

    codebook: Codebook
    hit: Hit


@dataclass(frozen=True, slots=True)
class Tones:
    """The tone of a Doc: TextBlob's sentiment of each of `sentence_spans`, and the tone toward each mention.

    A mention in the title of another, or outside any sentence, has none (None).
    """

    sentences: tuple[Sentiment, ...]
    mentions: tuple[Tone | None, ...]


class Evaluation(NamedTuple):
    """That an actor of a sentence evaluates another: indices into the Doc's mentions, and the tone of it."""

    source: int
    target: int
    tone: Tone


# --- where the results lie ---------------------------------------------------------------------------


def _getter(component: str) -> Any:
    def get(doc: Doc) -> Any:
        if component not in doc.user_data:
            raise ValueError(
                f"this Doc has not passed the component {component!r}: make it with newskit.make_nlp(), or call "
                f"nlp.add_pipe({component!r}) before nlp(text)"
            )
        return doc.user_data[component]

    return get


for _component in (*COMPONENTS, DIRECTED):
    if not Doc.has_extension(_component):
        Doc.set_extension(_component, getter=_getter(_component))


def sentence_spans(doc: Doc) -> list[Span]:
    """The sentences of a Doc without the white space around them; sentences of nothing else are left out."""
    spans = []
    for sentence in doc.sents:
        start, end = sentence.start, sentence.end
        while start < end and doc[start].is_space:
            start += 1
        while end > start and doc[end - 1].is_space:
            end -= 1
        if start < end:
            spans.append(doc[start:end])
    return spans


def sentences_with_targets(
    doc: Doc, sentences: Sequence[Span]
) -> Iterator[tuple[str, list[int], list[tuple[int, int]]]]:
    """Of a Doc's `sentence_spans` those with mentions to be evaluated: text, which mentions, and their spans in it."""
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
    """Of both mentions, in the text of the sentence."""


def actor_pairs(doc: Doc) -> Iterator[ActorPair]:
    """The pairs of actors in each sentence of a Doc: of its first actors, and none of a mention inside another."""
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


def passage_spans(doc: Doc) -> list[Span]:
    """The passages of a Doc, whose scope is decided together: paragraphs, the first one with the heading above it."""
    passages: list[Span] = []
    heading: Span | None = None
    for block in doc._.newskit_blocks:
        span = doc.char_span(block.start, block.end, alignment_mode="expand")
        if span is None:
            continue
        if heading is not None and block.part == "body":
            passages[-1] = doc[heading.start : span.end]
        else:
            passages.append(span)
        heading = None if block.part == "body" else span
    return passages


# --- components ----------------------------------------------------------------------------------------


class BlocksComponent:
    """Tells headline, headings and paragraphs apart, and starts a sentence at each; before the parser.

    Blocks that are in `doc.user_data["newskit_blocks"]` already, as `annotate` puts them there, are kept.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        if doc.has_annotation("DEP"):
            raise ValueError(
                "newskit_blocks must come before the parser: nlp.add_pipe('newskit_blocks', before='parser')"
            )
        blocks: Sequence[Block] = doc.user_data.setdefault("newskit_blocks", find_blocks(doc.text))
        text = doc.text
        starts = {block.start for block in blocks}
        whole = [(b.start, b.end if b.part != "body" else dateline_end(text, b) + 1) for b in blocks]
        one = {i for start, end in whole for i in range(start + 1, end)}
        for token in doc:
            if token.idx in starts:
                token.is_sent_start = True
            elif token.idx in one or self._inside_abbreviation(doc, token) or self._closes(doc, token):
                token.is_sent_start = False
        return doc

    @staticmethod
    def _closes(doc: Doc, token: Token) -> bool:
        """Whether it is a mark that ends the sentence before: the last one of ‘…, he said."’."""
        return token.text in {'"', "”", "’", "'", ")"} and token.i > 0 and not doc[token.i - 1].whitespace_

    @staticmethod
    def _inside_abbreviation(doc: Doc, token: Token) -> bool:
        """Whether the parser would see an end of sentence in "U.S. President" or "Gen. Milley"."""
        if token.i == 0 or not doc[token.i - 1].text.endswith(".") or len(doc[token.i - 1]) < 2:
            return False
        return token.lower_.rstrip(".") in titles() or doc[token.i - 1].lower_.rstrip(".") in titles()


class MentionsComponent:
    """Finds the mentions of actors; needs the parser and the entity recogniser."""

    def __init__(self, catalog: ActorCatalog) -> None:
        self.catalog = catalog

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        doc.user_data["newskit_mentions"] = find_mentions(doc, doc._.newskit_blocks, self.catalog)
        return doc


class QuotesComponent:
    """Finds quotations and, among the mentions, their speakers; by the rules alone if there is no model."""

    def __init__(self, model: QuoteModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        mentions: Sequence[Mention] = doc._.newskit_mentions
        blocks = [(block.start, block.end) for block in doc._.newskit_blocks]
        at = [n for n, m in enumerate(mentions) if m.kind in ACTING]
        actors = [(mentions[n].start, mentions[n].end, mentions[n].type == "catalog") for n in at]
        spans, text = [(start, end) for start, end, _ in actors], doc.text
        if self.model is None:
            quotes = find_quotes(doc, blocks, spans)
        else:
            quotes = tagged_quotes(doc, blocks, spans, self.model.find(text, blocks))
        speakers = [speaker_of(quote, text, actors) for quote in quotes]
        doc.user_data["newskit_quotes"] = [
            Said(quote, None if speaker is None else at[speaker])
            for quote, speaker in zip(quotes, speakers, strict=True)
        ]
        return doc


class ToneComponent:
    """Reads the tone toward the mentions, with the model, and TextBlob's sentiment of each sentence beside it."""

    def __init__(self) -> None:
        # Loads the word list and the model now, not with the first article.
        sentiment("warm")
        load_tone_model()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        return self.annotate([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Annotate Docs as they come, `batch_size` at a time, so that sentences of one length share a pass."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            yield from self.annotate(batch)

    def annotate(self, docs: Sequence[Doc]) -> Sequence[Doc]:
        """Annotate several Docs in place and return them."""
        read = [(doc, sentence_spans(doc)) for doc in docs]
        asked = [(doc, *sentence) for doc, spans in read for sentence in sentences_with_targets(doc, spans)]
        tones = tone_toward([(text, spans) for _, text, _, spans in asked])
        toward: dict[int, dict[int, Tone]] = {id(doc): {} for doc in docs}
        for (doc, _, numbers, _), found in zip(asked, tones, strict=True):
            toward[id(doc)].update(zip(numbers, found, strict=True))
        for doc, spans in read:
            moods = tuple(sentiment(span.text) for span in spans)
            known = toward[id(doc)]
            doc.user_data["newskit_tone"] = Tones(moods, tuple(map(known.get, range(len(doc._.newskit_mentions)))))
        return docs


class DirectedComponent:
    """Reads who evaluates whom, for each pair of different actors in a sentence; each by its first mention there."""

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


class FramesComponent:
    """Codes the paragraphs with the terms of codebooks."""

    def __init__(self, codebooks: Sequence[Codebook]) -> None:
        self.coders = [LexiconCoder(codebook) for codebook in codebooks]

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the Doc in place and return it."""
        passages = passage_spans(doc)
        doc.user_data["newskit_frames"] = [
            FrameHit(coder.codebook, hit) for coder in self.coders for hit in coder(doc, passages)
        ]
        return doc


@Language.factory("newskit_blocks")
def make_blocks(nlp: Language, name: str) -> BlocksComponent:
    """spaCy factory of `BlocksComponent`."""
    return BlocksComponent()


@Language.factory(
    "newskit_mentions",
    default_config={"catalog": "world"},
    requires=["doc._.newskit_blocks", "doc.ents", "token.dep"],
    assigns=["doc._.newskit_mentions"],
)
def make_mentions(nlp: Language, name: str, catalog: str | None) -> MentionsComponent:
    """spaCy factory of `MentionsComponent`; `catalog` as for `load_actors`, None for one without actors."""
    return MentionsComponent(ActorCatalog([]) if catalog is None else load_actors(catalog))


@Language.factory(
    "newskit_quotes",
    default_config={"method": "model"},
    requires=["doc._.newskit_mentions", "token.dep"],
    assigns=["doc._.newskit_quotes"],
)
def make_quotes(nlp: Language, name: str, method: str) -> QuotesComponent:
    """spaCy factory of `QuotesComponent`; `method` as `quotes` of `make_nlp`."""
    if method not in QUOTE_METHODS:
        raise ValueError(f"quotes {method!r} is none of {', '.join(QUOTE_METHODS)}")
    return QuotesComponent(load_quote_model() if method == "model" else None)


@Language.factory("newskit_tone", requires=["doc.sents", "doc._.newskit_mentions"], assigns=["doc._.newskit_tone"])
def make_tone(nlp: Language, name: str) -> ToneComponent:
    """spaCy factory of `ToneComponent`."""
    return ToneComponent()


@Language.factory(DIRECTED, requires=["doc.sents", "doc._.newskit_mentions"], assigns=["doc._.newskit_directed"])
def make_directed(nlp: Language, name: str) -> DirectedComponent:
    """spaCy factory of `DirectedComponent`."""
    return DirectedComponent()


@Language.factory(
    "newskit_frames",
    default_config={"codebooks": ["news_frames"]},
    requires=["doc._.newskit_blocks", "token.lemma"],
    assigns=["doc._.newskit_frames"],
)
def make_frames(nlp: Language, name: str, codebooks: list[str]) -> FramesComponent:
    """spaCy factory of `FramesComponent`; `codebooks` as for `load_codebook`."""
    return FramesComponent([load_codebook(codebook) for codebook in codebooks])


# --- the pipeline ----------------------------------------------------------------------------------------


def make_nlp(
    *,
    model: str | None = None,
    catalog: str | Path | ActorCatalog = "world",
    codebooks: str | Iterable[str | Path | Codebook] = ("news_frames",),
    quotes: QuoteMethod = "model",
    directed: bool = False,
) -> Language:
    """Make the spaCy pipeline of newskit: a spaCy model with the components of newskit in their order.

    `model` is a spaCy package (default: the small English model); `catalog` and `codebooks` are loaded
    ones, names of shipped ones or paths of TOML files. `quotes="model"` finds quotations by a trained model
    together with rules, `"rules"` by rules alone: faster, and far less complete. With `directed`, who evaluates
    whom is read for each pair of actors in a sentence, at a cost (see `benchmarks/README.md`), for rows of `stances`
    with method "directed". `nlp(text)` gives a Doc with `doc._.newskit_mentions`, `_quotes`, `_tone` and `_frames`;
    `annotate` makes tables of them.

    Raises `ValueError` for a model, catalogue or codebook that does not exist or has a mistake, and for another
    value of `quotes`.
    """
    nlp = load_english(model)
    nlp.max_length = 10_000_000
    nlp.add_pipe("newskit_blocks", before="parser" if nlp.has_pipe("parser") else None)
    loaded = catalog if isinstance(catalog, ActorCatalog) else load_actors(catalog)
    codebooks = [codebooks] if isinstance(codebooks, str) else codebooks
    books = [book if isinstance(book, Codebook) else load_codebook(book) for book in codebooks]
    nlp.add_pipe("newskit_mentions", config={"catalog": None})
    nlp.get_pipe("newskit_mentions").catalog = loaded  # type: ignore[attr-defined]
    nlp.add_pipe("newskit_quotes", config={"method": quotes})
    nlp.add_pipe("newskit_tone")
    if directed:
        nlp.add_pipe(DIRECTED)
    nlp.add_pipe("newskit_frames", config={"codebooks": []})
    nlp.get_pipe("newskit_frames").coders = [LexiconCoder(book) for book in books]  # type: ignore[attr-defined]
    return nlp


def make_frames_nlp(codebooks: Iterable[Codebook], *, model: str | None = None) -> Language:
    """Make the pipeline that codes frames and nothing else: as in `make_nlp`, without parser and names."""
    nlp = load_english(model, exclude=("parser", "ner"))
    nlp.max_length = 10_000_000
    nlp.add_pipe("newskit_blocks", first=True)
    nlp.add_pipe("newskit_frames", config={"codebooks": []})
    nlp.get_pipe("newskit_frames").coders = [LexiconCoder(book) for book in codebooks]  # type: ignore[attr-defined]
    return nlp


def make_doc(nlp: Language, text: str, blocks: Sequence[Block]) -> Doc:
    """Parse one text paragraph by paragraph, and annotate it as a whole.

    The parser then never joins a heading with the sentence after it, nor trips over line ends, and its
    working space does not grow with the text. What lies between the blocks is white space.
    """
    own = [name for name in nlp.pipe_names if name.startswith("newskit_") and name != "newskit_blocks"]
    pieces = list(_pieces(text, blocks))
    docs = []
    for start, end, block in pieces:
        if block is None:
            docs.append(_white_space(nlp, text[start:end]))
        else:
            docs.append(nlp.make_doc(text[start:end]))
            docs[-1].user_data["newskit_blocks"] = (Block(0, end - start, block.part, block.section),)
    with nlp.select_pipes(disable=own):
        parsed = nlp.pipe([doc for doc, piece in zip(docs, pieces, strict=True) if piece[2] is not None])
        docs = [doc if piece[2] is None else next(parsed) for doc, piece in zip(docs, pieces, strict=True)]
    doc = Doc.from_docs(docs, ensure_whitespace=False, exclude=["user_data", "tensor"])  # type: ignore[call-arg]
    doc = nlp.make_doc(text) if doc is None else doc
    doc.user_data["newskit_blocks"] = tuple(blocks)
    for name, component in nlp.pipeline:
        if name in own:
            doc = component(doc)
    return doc


def _white_space(nlp: Language, text: str) -> Doc:
    """A parsed Doc of white space, to stand between two paragraphs."""
    return Doc(
        nlp.vocab,
        words=[text],
        spaces=[False],
        tags=["_SP"],
        pos=["SPACE"],
        morphs=[""],
        lemmas=[text],
        heads=[0],
        deps=["dep"],
        ents=["O"],
    )


def _pieces(text: str, blocks: Sequence[Block]) -> Iterator[tuple[int, int, Block | None]]:
    """The blocks, and what lies between them (None); one longer than `PIECE` is cut, after a sentence if possible."""
    at = 0
    for block in blocks:
        if block.start > at:
            yield at, block.start, None
        at = block.start
        while block.end - at > PIECE:
            window = text[at : at + PIECE]
            cut = at + (window.rfind(". ") + 2 if ". " in window else window.rfind(" ") + 1 or PIECE)
            yield at, cut, block
            at = cut
        yield at, block.end, block
        at = block.end
    if at < len(text):
        yield at, len(text), None
