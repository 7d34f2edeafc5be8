"""The pipeline: the components of newskit on top of a spaCy model, and their factories for spaCy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from spacy.language import Language
from spacy.tokens import Doc

from newskit.annotation.actors.catalog import ActorCatalog
from newskit.annotation.actors.catalog_files import load_actors
from newskit.annotation.components import (
    DirectedComponent,
    FramesComponent,
    MentionsComponent,
    QuotesComponent,
    ToneComponent,
)
from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.methods import FrameMethod
from newskit.annotation.parsing import BlocksComponent
from newskit.annotation.quotes.model import load_quote_model
from newskit.annotation.tone.directed import DIRECTED
from newskit.annotation.tone.target import ToneSize
from newskit.reading.view import View
from newskit.resources.language import load_english
from newskit.resources.tokenizer import bounded

COMPONENTS: Final = ("newskit_blocks", "newskit_mentions", "newskit_quotes", "newskit_tone", "newskit_frames")
QuoteMethod = Literal["model", "rules", "polnear"]
QUOTE_METHODS: Final = ("model", "rules", "polnear")
MAX_LENGTH: Final = 10_000_000
"""Characters of the longest text. `annotate` parses it a paragraph at a time, so that it needs no more memory."""


def _getter(component: str) -> Any:
    def get(doc: Doc) -> Any:
        if component not in doc.user_data:
            raise ValueError(
                f"this Doc has not been through the component {component!r}: make the pipeline by make_nlp(), or call "
                f"nlp.add_pipe({component!r}) before nlp(text)"
            )
        return doc.user_data[component]

    return get


def _view(doc: Doc) -> View:
    known: View | None = doc.user_data.get("newskit_view")
    return View(doc.text) if known is None else known


if not Doc.has_extension("newskit_view"):
    Doc.set_extension("newskit_view", getter=_view)
for _component in (*COMPONENTS, DIRECTED):
    if not Doc.has_extension(_component):
        Doc.set_extension(_component, getter=_getter(_component))


@Language.factory("newskit_blocks", default_config={"max_length": None})
def make_blocks(nlp: Language, name: str, max_length: int | None) -> BlocksComponent:
    """spaCy factory of `BlocksComponent`; `max_length` is set on the pipeline, since spaCy does not save it."""
    if max_length is not None:
        nlp.max_length = max_length
    bounded(nlp)  # spaCy saves and loads the tokenizer, but not what is around it
    return BlocksComponent(nlp.make_doc)


@Language.factory(
    "newskit_mentions",
    default_config={"catalog": "world"},
    requires=["doc._.newskit_blocks", "doc.ents", "token.dep"],
    assigns=["doc._.newskit_mentions"],
)
def make_mentions(nlp: Language, name: str, catalog: str | None) -> MentionsComponent:
    """spaCy factory of `MentionsComponent`; `catalog` as for `load_actors`, None if it comes with the pipeline."""
    return MentionsComponent(None if catalog is None else load_actors(catalog))


@Language.factory(
    "newskit_quotes",
    default_config={"method": "model"},
    requires=["doc._.newskit_mentions", "token.dep"],
    assigns=["doc._.newskit_quotes"],
)
def make_quotes(nlp: Language, name: str, method: str) -> QuotesComponent:
    """spaCy factory of `QuotesComponent`; `method` as `quotes` of `make_nlp`."""
    if method not in QUOTE_METHODS:
        raise ValueError(f"quotes {method!r} is not one of {', '.join(QUOTE_METHODS)}")
    return QuotesComponent(None if method == "rules" else load_quote_model(), every=method == "polnear")


@Language.factory(
    "newskit_tone",
    default_config={"model": "fast"},
    requires=["doc.sents", "doc._.newskit_mentions"],
    assigns=["doc._.newskit_tone"],
)
def make_tone(nlp: Language, name: str, model: str) -> ToneComponent:
    """spaCy factory of `ToneComponent`; `model` as `tone` of `make_nlp`."""
    return ToneComponent(model)


@Language.factory(DIRECTED, requires=["doc.sents", "doc._.newskit_mentions"], assigns=["doc._.newskit_directed"])
def make_directed(nlp: Language, name: str) -> DirectedComponent:
    """spaCy factory of `DirectedComponent`."""
    return DirectedComponent()


@Language.factory(
    "newskit_frames",
    default_config={"codebooks": ["news_frames"], "method": "lexicon"},
    requires=["doc._.newskit_blocks", "token.lemma"],
    assigns=["doc._.newskit_frames"],
)
def make_frames(nlp: Language, name: str, codebooks: list[str] | None, method: str) -> FramesComponent:
    """spaCy factory of `FramesComponent`; `codebooks` as for `load_codebook`, None if they come with the pipeline."""
    return FramesComponent(None if codebooks is None else map(load_codebook, codebooks), method=method)


def make_nlp(
    *,
    model: str | None = None,
    catalog: str | Path | ActorCatalog = "world",
    codebooks: str | Iterable[str | Path | Codebook] = ("news_frames",),
    quotes: QuoteMethod = "model",
    tone: ToneSize = "fast",
    directed: bool = False,
    frames: FrameMethod = "lexicon",
) -> Language:
    """Make the spaCy pipeline of newskit: a spaCy model, and the components of newskit in their order.

    Parameters
    ----------
    model : str, optional
        Name of an installed spaCy package; by default the small English model, see `load_english`.
    catalog : ActorCatalog, str or Path
        A loaded catalogue of known actors, or what `load_actors` takes.
    codebooks : str or iterable of Codebook, str or Path
        Loaded codebooks, or what `load_codebook` takes.
    quotes : {"model", "rules", "polnear"}
        "model" finds quotations by a trained model together with rules; "rules" by rules alone, which is faster and far
        less complete; "polnear" as "model", with the acts and perceptions that PolNeAR, on which the model was trained,
        counts as attributions, too: rows whose `act` is "other", and nobody's words.
    tone : {"fast", "accurate"}
        Which model reads the tone. "accurate" asks a larger one about the targets of which the fast one is not sure; it
        needs the package newskit-accurate, see the README.
    directed : bool
        Whether to read, for each pair of actors in a sentence, who evaluates whom: rows of `stances` with the method
        "directed". It takes time, see `benchmarks/README.md`.
    frames : {"lexicon", "definition", "embedding"}
        How the codebooks are coded, as `method` of `code_frames`.

    Returns
    -------
    spacy.language.Language
        The pipeline. `nlp(text)` gives a Doc with `doc._.newskit_blocks`, `_mentions`, `_quotes`, `_tone` and
        `_frames`; `annotate(articles, nlp=nlp)` makes tables of them. The Doc is that of the matching view, which has
        plain spaces and marks and no boilerplate; where that differs, `doc._.newskit_view.span(start, end)` gives the
        place in the text.

    Raises
    ------
    ValueError
        If the model is not installed, for another value of `quotes` or `tone`, and for a catalogue or codebook that
        does not exist or has a mistake (`newskit.errors.CatalogError`, `newskit.errors.CodebookError`).
    ModuleNotFoundError
        If the accurate model is asked for and not installed.

    Notes
    -----
    The pipeline can be saved with `nlp.to_disk(folder)` and loaded with `spacy.load(folder)`: the catalogue, the
    codebooks and all options are in the folder, as JSON. On processors that BLIS does not know, one that was loaded is
    slower, since spaCy then multiplies matrices in its own way (see `load_english`).

    Examples
    --------
    >>> nlp = make_nlp(codebooks=["news_frames", "missile_debate"])
    >>> doc = nlp("Moscow said the offer was provocative.")
    >>> [mention.name for mention in doc._.newskit_mentions]
    ['Moscow']
    """
    actors = catalog if isinstance(catalog, ActorCatalog) else load_actors(catalog)
    given = [codebooks] if isinstance(codebooks, str) else codebooks
    books = [book if isinstance(book, Codebook) else load_codebook(book) for book in given]
    nlp = load_english(model)
    _add_blocks(nlp)
    nlp.add_pipe("newskit_mentions", config={"catalog": None}).catalog = actors  # type: ignore[attr-defined]
    nlp.add_pipe("newskit_quotes", config={"method": quotes})
    nlp.add_pipe("newskit_tone", config={"model": tone})
    if directed:
        nlp.add_pipe(DIRECTED)
    _add_frames(nlp, books, frames)
    return nlp


def make_frames_nlp(codebooks: Iterable[Codebook], *, model: str | None = None) -> Language:
    """Make a pipeline that only codes frames, as that of `make_nlp` does, without parser and entity recogniser."""
    nlp = load_english(model, exclude=("parser", "ner"))
    _add_blocks(nlp)
    _add_frames(nlp, codebooks)
    return nlp


def _add_blocks(nlp: Language) -> None:
    nlp.add_pipe("newskit_blocks", config={"max_length": MAX_LENGTH}, first=True)


def _add_frames(nlp: Language, codebooks: Iterable[Codebook], method: FrameMethod = "lexicon") -> None:
    config = {"codebooks": None, "method": method}
    nlp.add_pipe("newskit_frames", config=config).codebooks = codebooks  # type: ignore[attr-defined]
