"""Coding the texts of a corpus again: with another codebook, another version of it, or another method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from newskit.annotation.frames.methods import (
    FrameMethod,
    MeaningCoder,
    checked_method,
    found_by_meaning,
    meaning_coders,
    scope_of,
)
from newskit.annotation.parsing import make_doc, passage_spans
from newskit.annotation.pipeline import make_frames_nlp
from newskit.annotation.quotes.quote import Quote, innermost, mostly_inside
from newskit.reading.article import Block
from newskit.reading.boilerplate import blocks_of
from newskit.schema import LEFT_OUT, SAYING

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language

    from newskit.annotation.frames.codebook import Codebook
    from newskit.schema import AnyCorpus


_PATIENCE: Final = 2.0
"""Seconds without a progress bar."""


def frame_rows(
    corpus: AnyCorpus, codebooks: Sequence[Codebook], *, method: FrameMethod, progress: bool | None = None
) -> Iterator[dict[str, Any]]:
    """Rows of the table `frames`, still without voices, for the annotated articles of a corpus.

    A progress bar is shown, not shown, or, by default, shown after some seconds.
    """
    from tqdm.auto import tqdm

    checked_method(method)
    annotated = corpus.articles[corpus.articles["status"] == "annotated"]
    sentences = dict(list(corpus.sentences.groupby("article_id")))
    quotes = dict(list(corpus.quotes.groupby("article_id")))
    coders = meaning_coders(codebooks, method)
    nlp = make_frames_nlp(codebooks if method == "lexicon" else [])
    texts = annotated[["article_id", "text"]].itertuples(index=False)
    delay = _PATIENCE if progress is None else 0
    for article_id, text in tqdm(
        texts, desc="recode", unit="article", total=len(annotated), delay=delay, disable=progress is False
    ):
        if article_id not in sentences:
            continue
        own = sentences[article_id]
        blocks = _blocks(text, own)
        is_article = (~own["part"].isin(LEFT_OUT)).to_numpy()
        found = list(
            _hits_by_terms(text, blocks, nlp)
            if method == "lexicon"
            else _hits_by_meaning(text, blocks, own[is_article], nlp, coders)
        )
        spans = [(start, end) for _, _, start, end, _ in found]
        around = (_innermost_quotations if method == "lexicon" else mostly_quoted)(quotes.get(article_id), spans)
        starts = own["start"].to_numpy()
        for (book, frame, start, end, score), quote_id in zip(found, around, strict=True):
            yield dict(
                article_id=article_id,
                sentence_id=int(own["sentence_id"].iloc[max(0, int(np.searchsorted(starts, start, side="right")) - 1)]),
                start=start,
                end=end,
                text=text[start:end],
                codebook=book.name,
                codebook_version=book.version,
                frame=frame,
                method=method,
                score=score,
                quote_id=quote_id,
            )


_Found = tuple["Codebook", str, int, int, float | None]


def _blocks(text: str, sentences: pd.DataFrame) -> list[Block]:
    """The blocks of a text, with what its sentences tell is not annotated, such as the repeated lines of its outlet."""
    told = sentences.loc[sentences["part"].isin(LEFT_OUT), ["start", "end", "part"]].itertuples(index=False)
    blocks = blocks_of(text)
    return sorted({*blocks, *(Block(start, end, part) for start, end, part in told)}, key=lambda block: block.start)


def _hits_by_terms(text: str, blocks: Sequence[Block], nlp: Language) -> Iterator[_Found]:
    doc = make_doc(nlp, text, blocks)
    for found in doc._.newskit_frames:
        yield found.codebook, found.hit.frame, *doc._.newskit_view.span(found.hit.start, found.hit.end), None


def _hits_by_meaning(
    text: str, blocks: Sequence[Block], sentences: pd.DataFrame, nlp: Language, coders: Sequence[MeaningCoder]
) -> Iterator[_Found]:
    """Sentences that have a frame by meaning; of a codebook with a scope, only those in passages of the debate."""
    spans = list(sentences[["start", "end", "text"]].itertuples(index=False))
    scoped = any(coder.codebook.scope or coder.codebook.scope_context for coder in coders)
    doc = make_doc(nlp, text, blocks) if scoped else None
    for coder in coders:
        chosen = spans
        passages = None if doc is None else scope_of(doc, passage_spans(doc), coder.codebook)
        if doc is not None and passages is not None:
            inside = [doc._.newskit_view.span(p.start_char, p.end_char) for p in passages]
            chosen = [s for s in spans if any(a <= s[0] and s[1] <= b for a, b in inside)]
        for number, name, score in found_by_meaning(coder, [s[2] for s in chosen]):
            yield coder.codebook, name, *chosen[number][:2], score


def _innermost_quotations(quotes: pd.DataFrame | None, spans: list[tuple[int, int]]) -> list[int | None]:
    """The quotation around each span: its number in the article."""
    if quotes is None:
        return [None] * len(spans)
    columns = ["start", "end", "content_start", "content_end", "cue", "kind", "source_start", "source_end"]
    known = quotes[columns].astype(object).where(quotes[columns].notna(), None)
    acts = quotes["act"].fillna("speech")
    contents = [replace(Quote(*row), act=act) for row, act in zip(known.itertuples(index=False), acts, strict=True)]
    numbers = quotes["quote_id"].tolist()
    return [None if at is None else numbers[at] for at in innermost(contents, spans)]


def mostly_quoted(quotes: pd.DataFrame | None, spans: list[tuple[int, int]]) -> list[int | None]:
    """The quotation that makes up most of each sentence, and at least half of it."""
    if quotes is None:
        return [None] * len(spans)
    said = quotes[quotes["act"].fillna("speech").isin(SAYING)]
    return mostly_inside(said[["content_start", "content_end", "quote_id"]].itertuples(index=False, name=None), spans)
