"""Coding texts with a codebook, by its terms or by meaning, without a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.embedding import split_sentences
from newskit.annotation.frames.lexicon import LexiconCoder
from newskit.annotation.frames.methods import (
    FrameMethod,
    MeaningCoder,
    checked_method,
    found_by_meaning,
    meaning_coders,
    term_coders,
)
from newskit.reading.view import view_of
from newskit.resources.language import checked_texts, tagger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


def code_frames(
    texts: Iterable[str], codebook: str | Path | Codebook, *, method: FrameMethod = "lexicon"
) -> list[set[str]]:
    """Code texts with a codebook, without a corpus.

    Parameters
    ----------
    texts : iterable of str
        The texts; each line of one is a paragraph. With a codebook that has a scope, only paragraphs in it are coded.
    codebook : Codebook, str or Path
        A loaded codebook, or what `load_codebook` takes.
    method : {"lexicon", "definition", "embedding"}
        "lexicon" looks for the terms of the codebook. "definition" lets a small model read each sentence and the
        definitions and examples of the frames, see `newskit.annotation.frames.definitions.DefinitionCoder`: it finds
        more, and needs no terms. "embedding" only compares how alike they are, see
        `newskit.annotation.frames.embedding.EmbeddingCoder`.

    Returns
    -------
    list of set of str
        The names of the frames of each text, in the order of the texts. A frame brings those that it is a part of.

    Raises
    ------
    ValueError
        For another method, for terms of a codebook that has none, and as `load_codebook`.
    TypeError
        For a single string instead of several texts, and for a text that is not a string.

    See Also
    --------
    annotate : Its table `frames` also has the words that matched, their place, and whose words they are.

    Examples
    --------
    >>> code_frames(["The tariffs will cost millions.", "The move would be provocative."], "news_frames")
    [{'economic'}, set()]
    """
    checked_method(method)
    texts = [view_of(text).text for text in checked_texts(texts, "code_frames")]
    book = codebook if isinstance(codebook, Codebook) else load_codebook(codebook)
    lexicon = LexiconCoder(book)
    for coder in meaning_coders([book], method):
        return [book.with_parents(_frames_by_meaning(text, coder, lexicon)) for text in texts]
    (lexicon,) = term_coders([book])
    docs = tagger().pipe(texts)
    return [book.with_parents(hit.frame for hit in lexicon(doc, list(_line_spans(doc)))) for doc in docs]


def _frames_by_meaning(text: str, coder: MeaningCoder, lexicon: LexiconCoder) -> set[str]:
    """Frames that the sentences of a text have by meaning; lines outside the scope are left out."""
    lines = [text]
    if coder.codebook.scope or coder.codebook.scope_context:
        doc = tagger()(text)
        lines = [line.text for line in _line_spans(doc) if lexicon.in_scope(line)] if lexicon.in_debate(doc) else []
    sentences = [sentence for line in lines for sentence in split_sentences(line)]
    return {name for _, name, _ in found_by_meaning(coder, sentences)}


def _line_spans(doc: Doc) -> Iterator[Span]:
    start = 0
    for token in doc:
        if token.is_space and "\n" in token.text:
            if token.i > start:
                yield doc[start : token.i]
            start = token.i + 1
    if start < len(doc):
        yield doc[start:]
