"""A corpus built by hand, small enough to count in the head: no text is annotated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import newskit as nk
from newskit.schema import TABLES, make_table

DAYS = ("2024-12-30", "2025-01-05", "2025-01-06", "2025-01-31", "2025-02-01", None)
"""Days on which the articles a0 to a5 were published: Monday and Sunday of a week over New Year, the next Monday, …"""
ARTICLES = [
    {"article_id": f"a{i}", "outlet": "West" if i % 2 else "East", "published": day, "status": "annotated", "text": "x"}
    for i, day in enumerate(DAYS)
]
ACTORS = [
    {"actor_id": "ann", "label": "Ann", "type": "person", "group": "Blue"},
    {"actor_id": "bob", "label": "Bob", "type": "person", "group": "Blue"},
    {"actor_id": "cid", "label": "Cid", "type": "state"},
]


def corpus(
    *, articles: Iterable[Mapping[str, Any]] = ARTICLES, manifest: Mapping[str, Any] | None = None, **rows: Any
) -> nk.Corpus:
    """A corpus of these rows; numbers that are not given are 0."""
    given = {"articles": articles, "actors": ACTORS, **rows}
    numbers = {table: {c.name: 0 for c in TABLES[table] if c.dtype == "int64"} for table in given}
    tables = {table: make_table(table, [{**numbers[table], **row} for row in given[table]]) for table in given}
    return nk.Corpus(tables, manifest=manifest)


def mention(article: int, sentence: int, actor: str | None, kind: str = "name") -> dict[str, Any]:
    return {"article_id": f"a{article}", "sentence_id": sentence, "actor_id": actor, "kind": kind}


def stance(
    article: int,
    sentence: int,
    target: str | None,
    label: str,
    *,
    voice: str | None = "outlet",
    method: str = "model",
) -> dict[str, Any]:
    score = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}[label]
    place = {"article_id": f"a{article}", "sentence_id": sentence}
    return {**place, "target_id": target, "label": label, "score": score, "voice": voice, "method": method}


def coding(
    article: int, sentence: int, frame: str, *, method: str = "lexicon", version: str = "1.0.0", book: str = "book"
) -> dict[str, Any]:
    place = {"article_id": f"a{article}", "sentence_id": sentence, "voice": "outlet"}
    return {**place, "codebook": book, "codebook_version": version, "frame": frame, "method": method}
