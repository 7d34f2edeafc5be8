"""Parts of a corpus: rows that match values, groups and periods, one article a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from newskit.schema import TABLES, AnyCorpus


def matching(frame: pd.DataFrame, where: Mapping[str, Any]) -> pd.DataFrame:
    """The rows whose columns have given values, or one of a list of values; a missing value asks for missing ones."""
    for name, value in where.items():
        column = frame[name]
        if isinstance(value, list | tuple | set):
            frame = frame[column.isin(list(value))]
        else:
            frame = frame[column.isna() if is_missing(value) else column == value]
    return frame


def is_missing(value: Any) -> bool:
    """Whether a value stands for a missing one."""
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


# --- counting stories ------------------------------------------------------------------------------------


def counted(corpus: AnyCorpus, count: str, by: str | Sequence[str] = ()) -> AnyCorpus:
    """The corpus to count in: itself, or with `count="stories"` one article a story.

    That is the first that was published; with `by` (columns of articles, or periods) the first of each group, so that
    a story of two outlets counts once in each. Raises `ValueError` for another `count`, or if no stories are known.
    """
    if count == "placements":
        return corpus
    if count != "stories":
        raise ValueError(f"count is 'placements' or 'stories', not {count!r}")
    articles = corpus.articles
    if "story_id" not in articles.columns or articles["story_id"].isna().all():
        raise ValueError("the corpus knows no stories yet: corpus = corpus.find_stories()")
    names = [name for name in ([by] if isinstance(by, str) else by) if name not in ("article_id", "text")]
    names = [name for name in names if name in articles.columns or name in PERIODS]
    keyed, _ = grouped_by(articles, articles[["article_id", "story_id", "status", "published"]], names)
    keyed = keyed[keyed["status"] == "annotated"].sort_values("published", kind="stable")
    keyed = keyed.assign(story_id=keyed["story_id"].fillna(keyed["article_id"]))
    first = keyed.drop_duplicates(list(dict.fromkeys(["story_id", *names])))
    return _Counted(corpus, articles[articles["article_id"].isin(first["article_id"])])


class _Counted:
    """A corpus of which only some articles count."""

    def __init__(self, corpus: AnyCorpus, articles: pd.DataFrame) -> None:
        self._corpus, self.articles = corpus, articles

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._corpus, name)
        if name in TABLES and "article_id" in value.columns:
            value = value[value["article_id"].isin(self.articles["article_id"])]
        return value


PERIODS: Final = {"year": "Y", "month": "M", "week": "W", "day": "D"}


def grouped_by(articles: pd.DataFrame, rows: pd.DataFrame, by: str | Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows with the columns to group by, and their names.

    A name may be a column of the rows, one of the articles, or year, month, week, day of publication.
    Raises `ValueError` for another.
    """
    names = [by] if isinstance(by, str) else list(by)
    known = articles.set_index("article_id")
    for name in names:
        if name in rows.columns:
            continue
        if name in PERIODS:
            values = known["published"].dt.to_period(PERIODS[name]).astype("str").replace("NaT", None)
        elif name in known.columns:
            values = known[name]
        else:
            choice = ", ".join(sorted({*rows.columns, *known.columns, *PERIODS}))
            raise ValueError(f"cannot group by {name!r}; known: {choice}")
        rows = rows.assign(**{name: rows["article_id"].map(values)})
    return rows, names


class WithStances:
    """A corpus with other stances."""

    def __init__(self, corpus: AnyCorpus, stances: pd.DataFrame) -> None:
        self._corpus, self.stances, self._stored = corpus, stances, None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)
