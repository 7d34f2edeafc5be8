"""The passages of a corpus that belong to a debate: `about`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.lexicon import in_debate, sentences_with
from newskit.corpus.corpus import Corpus, shortened
from newskit.schema import LEFT_OUT


def about(corpus: Corpus, query: str | Iterable[str] | Codebook, *, window: int = 0, section: bool = False) -> Corpus:
    """Return the part of a corpus that belongs to a debate: its sentences with one of the terms, and their codings.

    Parameters
    ----------
    corpus : Corpus
        The whole, which is not changed.
    query : str, iterable of str or Codebook
        A term or several, as in a codebook ("missile|rocket", "send <3> missile"), or a Codebook, whose scope is taken.
    window : int, default 0
        How many sentences before and after belong to it too.
    section : bool, default False
        Whether the whole section of the article does.

    Returns
    -------
    Corpus
        In memory; the articles with such a sentence, and their actors, counted anew.

    Raises
    ------
    ValueError
        For a term that cannot be read, and for a codebook without a scope.

    Examples
    --------
    >>> debate = about(corpus, "missile|rocket", window=1)  # doctest: +SKIP
    """
    sentences, articles = corpus.sentences, corpus.articles
    rows = sentences[["article_id", "sentence_id", "section"]]
    is_article = (~sentences["part"].isin(LEFT_OUT)).to_numpy()
    hits = rows[np.array(sentences_with(sentences["text"], query), dtype=bool) & is_article]
    if isinstance(query, Codebook) and query.scope_context:
        possible = articles[articles["article_id"].isin(hits["article_id"])]
        inside = possible["article_id"][in_debate(possible["text"], query)]
        hits = hits[hits["article_id"].isin(inside)]
    wanted = {(article, n + step) for article, n in _pairs(hits, "sentence_id") for step in range(-window, window + 1)}
    if section:
        sections = set(_pairs(hits.dropna(subset="section"), "section"))
        same = [pair in sections for pair in _pairs(rows, "section")]
        wanted |= set(_pairs(rows[same], "sentence_id"))
    frames = {}
    for name in ("sentences", "mentions", "quotes", "stances", "frames"):
        table = corpus.tables.frame(name)
        keep = [pair in wanted for pair in _pairs(table, "sentence_id")]
        frames[name] = table[np.array(keep, dtype=bool)].reset_index(drop=True)
    left = articles["article_id"].isin(frames["sentences"]["article_id"].unique())
    return shortened(corpus, {"articles": articles[left].reset_index(drop=True), **frames})


def _pairs(table: pd.DataFrame, column: str) -> Iterator[tuple[Any, Any]]:
    """The article and the value of a column of each row."""
    pairs: Iterator[tuple[Any, Any]] = table[["article_id", column]].itertuples(index=False, name=None)
    return pairs
