"""The ways of coding a codebook: by its terms, or sentence by sentence by what its definitions and examples mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal, Protocol

from newskit.annotation.frames.definitions import DefinitionCoder
from newskit.annotation.frames.embedding import EmbeddingCoder
from newskit.annotation.frames.lexicon import LexiconCoder

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc, Span

    from newskit.annotation.frames.codebook import Codebook

FrameMethod = Literal["lexicon", "definition", "embedding"]
FRAME_METHODS: Final = ("lexicon", "definition", "embedding")


class MeaningCoder(Protocol):
    """Codes sentences by meaning: each frame of `names` whose score reaches `threshold`."""

    codebook: Codebook
    names: list[str]
    threshold: float

    def scores(self, sentences: Sequence[str]) -> np.ndarray:
        """Scores of sentences (rows) for the frames of `names` (columns)."""


def checked_method(method: str) -> str:
    """The method, or `ValueError` if there is no such one."""
    if method not in FRAME_METHODS:
        raise ValueError(f"method {method!r} is not one of {', '.join(FRAME_METHODS)}")
    return method


def term_coders(codebooks: Iterable[Codebook]) -> list[LexiconCoder]:
    """A coder by terms for each codebook; raises `ValueError` for one that has none."""
    coders = []
    for book in codebooks:
        if book.frames and not book.has_terms:
            raise ValueError(
                f"codebook {book.name!r} has no terms: code it by its definitions, with method='definition' in "
                "code_frames and recode, or frames='definition' in annotate"
            )
        coders.append(LexiconCoder(book))
    return coders


def meaning_coders(codebooks: Iterable[Codebook], method: str) -> list[MeaningCoder]:
    """A coder by meaning for each codebook; none for the method "lexicon"."""
    kinds: dict[str, type[DefinitionCoder | EmbeddingCoder]]
    kinds = {"definition": DefinitionCoder, "embedding": EmbeddingCoder}
    return [] if method == "lexicon" else [kinds[method](book) for book in codebooks]


def scope_of(doc: Doc, passages: Iterable[Span], codebook: Codebook) -> list[Span] | None:
    """Those passages of a tagged Doc that a codebook applies to; None if it applies to all of them."""
    if not (codebook.scope or codebook.scope_context):
        return None
    lexicon = LexiconCoder(codebook)
    return [p for p in passages if lexicon.in_scope(p)] if lexicon.in_debate(doc) else []


def found_by_meaning(coder: MeaningCoder, sentences: Sequence[str]) -> Iterator[tuple[int, str, float]]:
    """Sentences, by number, with the frames that they have and the scores of these."""
    if not sentences:
        return
    for number, scores in enumerate(coder.scores(sentences).tolist()):
        for name, score in zip(coder.names, scores, strict=True):
            if score >= coder.threshold:
                yield number, name, score
