"""What the tests share: one pipeline, the seed article and its corpus."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib
import pandas as pd
import pytest
from hypothesis import settings
from spacy.language import Language

import newskit as nk
from newskit.schema import RESULTS, TABLES

matplotlib.use("agg")
settings.register_profile("newskit", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("newskit")
ROOT = Path(__file__).parent.parent
SEED = ROOT / "data" / "raw" / "trump-putin-budapest.txt"


@pytest.fixture(scope="session")
def nlp() -> Language:
    return nk.make_nlp(codebooks=["news_frames", "missile_debate"])


@pytest.fixture(scope="session")
def article() -> nk.Article:
    return nk.read_article(SEED)


@pytest.fixture(scope="session")
def corpus(nlp: Language, article: nk.Article) -> nk.Corpus:
    return nk.annotate(article, nlp=nlp)


@pytest.fixture(scope="session")
def small(nlp: Language) -> nk.Corpus:
    """Six short articles of two invented outlets."""
    said = ["praised the excellent plan", "condemned the terrible attack", "rejected the offer"]
    articles = [
        nk.Article(
            article_id=f"a{i}",
            text=f"Moscow {said[i % 3]}. President Anna Novak said Russia would lose. She met Boris Weiss in Geneva.",
            outlet="Daily Example" if i % 2 else "Evening Example",
            published=pd.Timestamp(2025, 1 + i, 1).to_pydatetime(),
        )
        for i in range(6)
    ]
    return nk.annotate(articles, nlp=nlp)


def check_offsets(corpus: nk.Corpus) -> None:
    """text[start:end] == row.text for every row of every table, and the other offsets lie inside."""
    texts = corpus.articles.set_index("article_id")["text"]
    for name in TABLES:
        table = getattr(corpus, name)
        if "start" not in table.columns:
            continue
        for row in table.to_dict("records"):
            assert texts[row["article_id"]][row["start"] : row["end"]] == row["text"], (name, row)
            assert row["text"].strip(), (name, row)
    for row in corpus.quotes.to_dict("records"):
        assert row["start"] <= row["content_start"] < row["content_end"] <= row["end"]
        if pd.notna(row["source_start"]):
            assert row["start"] <= row["source_start"] < row["source_end"] <= row["end"]
    keys = pd.MultiIndex.from_frame(corpus.sentences[["article_id", "sentence_id"]])
    for name in ("mentions", "quotes", "stances", "frames"):
        table = getattr(corpus, name)
        assert pd.MultiIndex.from_frame(table[["article_id", "sentence_id"]]).isin(keys).all(), name


def dtypes(table: pd.DataFrame) -> dict[str, str]:
    """The columns of a table with their dtypes."""
    return {str(name): str(dtype) for name, dtype in table.dtypes.items()}


def declared(result: str) -> dict[str, str]:
    """What `newskit.schema.RESULTS` declares of the result of a function."""
    return {column.name: column.dtype for column in RESULTS[result]}
