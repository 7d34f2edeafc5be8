"""Corpora made by hand that the tests of validation share; no model is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk
from newskit.schema import make_table
from tests.corpus.byhand import debate, in_memory, on_disk


@pytest.fixture(scope="session")
def debates() -> nk.Corpus:
    """Forty articles of three outlets in memory."""
    return in_memory(debate(40))


@pytest.fixture(scope="session")
def stored_debates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on disk."""
    folder = tmp_path_factory.mktemp("validation") / "corpus"
    on_disk(debate(40), folder, shard_size=7)
    return folder


@pytest.fixture(scope="session")
def nlp_free_unsure() -> nk.Corpus:
    """Three hundred stances of one article each, from certain (the first) to undecided."""
    text = "Ann met Bob."
    at = {"sentence_id": 0, "start": 0, "end": 3, "text": "Ann", "mention_id": 0}
    rows = [{"article_id": f"a{n:03}", "p": n / 600} for n in range(300)]
    stances = [
        {
            **at,
            "article_id": row["article_id"],
            "target_id": "ann",
            "voice": "outlet",
            "label": "neutral",
            "score": 0.0,
            "p_negative": row["p"],
            "p_neutral": 1 - 2 * float(str(row["p"])),
            "p_positive": row["p"],
            "method": "model",
        }
        for row in rows
    ]
    sentences = [
        {"article_id": row["article_id"], "sentence_id": 0, "start": 0, "end": 12, "text": text} for row in rows
    ]
    articles = [{"article_id": row["article_id"], "text": text, "n_tokens": 4, "status": "annotated"} for row in rows]
    tables = {"articles": articles, "sentences": sentences, "stances": stances}
    return nk.Corpus({name: make_table(name, given) for name, given in tables.items()})
