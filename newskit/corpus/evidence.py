"""The rows behind a number, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from newskit.corpus.speakers import speakers_with
from newskit.corpus.tables import Tables
from newskit.corpus.views import PERIODS, articles_with, one_per_story
from newskit.resources.nearest import nearest
from newskit.schema import LABELS, TABLES, columns

_BY_ARTICLE: Final = frozenset(["title", "outlet", "published", "author", "url", "language", *PERIODS])
_KEYS: Final = _BY_ARTICLE | {
    *("article_id", "sentence_id", "actor_id", "target_id", "speaker_id", "voice", "method"),
    *("codebook", "frame", "kind", "act", "sourcing", "source_kind", "part", "section"),
}
"""What a row of a summary can have in common with the rows that it counts."""


_TELLS: Final = {"n_mentions": "mentions", "n_hits": "frames", "n_quotes": "quotes", "mean": "stances"}
"""The column of a summary that tells what it counts, and in which table that is."""


def table_of(row: object) -> str:
    """The table whose rows a row of a summary counts; raises for what is no such row."""
    if not isinstance(row, Mapping | pd.Series):
        kind = type(row).__name__
        raise TypeError(f"evidence takes the name of a table or one row of a summary (summary.iloc[0]), got {kind}")
    found = [table for column, table in _TELLS.items() if column in row]
    if not found:
        raise ValueError(
            "the row does not tell which table it counts: name it, as in corpus.evidence('mentions', row); it has "
            f"{', '.join(map(str, row.keys()))}"
        )
    return found[0]


def evidence(tables: Tables, table: str, row: Mapping[Any, Any], where: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of a table that a row of a summary counts and that have given values, with their sentences.

    `Corpus.evidence` says more.
    """
    own = columns(table) if table in TABLES else []
    if "sentence_id" not in own or table == "sentences":
        with_sentences = ", ".join(t for t in TABLES if "sentence_id" in columns(t) and t != "sentences")
        raise ValueError(f"no evidence in {table!r}; ask for one of {with_sentences}")
    about = _BY_ARTICLE | {*tables.columns("articles")}.difference(columns("articles"))
    unknown = sorted({*where} - {*own} - about)
    if unknown:
        known = [*own, *sorted(about)]
        raise ValueError(f"{table} has no column {unknown}{nearest(unknown[0], known)}; it has {', '.join(own)}")
    if table == "quotes" and "n_quotes" in row and "speaker_id" not in row and {"gender", "type"} & {*row.keys()}:
        row = {**row, "speaker_id": speakers_with(tables, row)}
    wanted = {**_told(table, own, about, row), **where}
    rows = tables.rows(table, own, {key: value for key, value in wanted.items() if key in own})
    by_article = {key: value for key, value in wanted.items() if key not in own}
    if row.get("count") == "stories":
        counting = one_per_story(tables, [name for name in wanted if name in about])
        rows = rows[rows["article_id"].isin(counting["article_id"])]
    if by_article:
        rows = rows[rows["article_id"].isin(articles_with(tables, by_article))]
    if table == "stances" and {"n", "mean"} <= {*row}:
        rows = _observed(rows, int(row["n"]))
    return _with_sentences(tables, table, rows)


def _observed(rows: pd.DataFrame, n: int) -> pd.DataFrame:
    """One row for each observation that a row of a summary counts: an actor in a sentence and voice.

    Of its mentions the first is shown, with the mean of their scores and probabilities and their commonest label. A
    summary without what actors say of themselves counts fewer rows: then these are left out here, too.
    """
    rows = rows[rows["target_id"].notna() & rows["voice"].notna()]
    keys = ["article_id", "sentence_id", "target_id", "voice", "method"]
    if len(rows[keys].drop_duplicates()) != n:
        others = rows[rows["voice"] != rows["target_id"]]
        rows = others if len(others[keys].drop_duplicates()) == n else rows
    grouped = rows.groupby(keys, sort=False, dropna=False)
    numbers = ["score", *(f"p_{label}" for label in LABELS)]
    found = grouped.head(1).reset_index(drop=True)
    found[numbers] = grouped[numbers].mean().to_numpy()
    found["label"] = grouped["label"].agg(lambda labels: labels.value_counts(sort=True).index[0]).to_numpy()
    return found.assign(n_mentions=grouped.size().to_numpy())


def _told(table: str, own: list[str], about: frozenset[str], row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a row of a summary tells of the rows that it counts; nothing if there is no row."""
    told = {key: value for key, value in row.items() if key in _KEYS | about}
    if row and not {*told} & {*own} - {"method", "kind"}:
        raise ValueError(f"the row has nothing that tells rows of {table}; it has {', '.join(map(str, row))}")
    for several, one in (("kinds", "kind"), ("acts", "act")):
        if several in row and one in own and one not in row:
            told[one] = str(row[several]).split("+")
    return {key: value for key, value in told.items() if key in own or key in about}


def _with_sentences(tables: Tables, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    ids = rows["article_id"].unique().tolist()
    texts = tables.rows("sentences", ["article_id", "sentence_id", "text"], {"article_id": ids})
    texts = texts.rename(columns={"text": "sentence"})
    rows = rows.merge(texts, on=["article_id", "sentence_id"], how="left").reset_index(drop=True)
    if table == "quotes":
        articles = tables.rows("articles", ["article_id", "text"], {"article_id": ids})
        whole = rows["article_id"].map(articles.set_index("article_id")["text"])
        for part in ("source", "content"):
            ends = zip(whole, rows[f"{part}_start"], rows[f"{part}_end"], strict=True)
            rows[part] = pd.array(
                [None if pd.isna(a) or pd.isna(text) else text[a:b] for text, a, b in ends], dtype="str"
            )
    return rows
