"""What to group rows by, and which articles count: columns, periods, one article per story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from newskit.corpus.queries import connect, in_quotes, matching
from newskit.corpus.tables import Tables
from newskit.resources.nearest import nearest

_WEEK: Final = "date_trunc('week', a.published)"
PERIODS: Final = {
    "year": "strftime(a.published, '%Y')",
    "month": "strftime(a.published, '%Y-%m')",
    "week": f"strftime({_WEEK}, '%Y-%m-%d') || '/' || strftime({_WEEK} + interval 6 day, '%Y-%m-%d')",
    "day": "strftime(a.published, '%Y-%m-%d')",
}
"""Periods of publication, as queries to `articles a` say them."""


def group_columns(tables: Tables, by: str | Sequence[str], own: Sequence[str] = ()) -> dict[str, str]:
    """The columns to group by, and how a query says them: those of the rows (`t`), of the articles (`a`), or a period.

    Raises `ValueError` for any other.
    """
    about = tables.columns("articles")
    found = {}
    for name in [by] if isinstance(by, str) else by:
        if name in own:
            found[name] = f"t.{in_quotes(name)}"
        elif name in PERIODS:
            found[name] = PERIODS[name]
        elif name in about:
            found[name] = f"a.{in_quotes(name)}"
        else:
            known = sorted({*own, *about, *PERIODS})
            raise ValueError(f"cannot group by {name!r}{nearest(name, known)}; known: {', '.join(known)}")
    return found


def articles_by(tables: Tables, names: Sequence[str]) -> pd.DataFrame:
    """`article_id` of each article, in order, with columns to group by."""
    connection = connect(threads=1)
    tables.register(connection, "articles")
    select = [f"{sql} as {in_quotes(name)}" for name, sql in group_columns(tables, names).items()]
    return connection.execute(f"select {', '.join(['a.article_id', *select])} from articles a").df()


def articles_with(tables: Tables, where: Mapping[str, Any]) -> list[str]:
    """The ids of the articles with given values in columns, or in periods."""
    found: list[str] = matching(articles_by(tables, list(where)), where)["article_id"].tolist()
    return found


def check_count(count: str) -> bool:
    """Whether stories are to be counted, not placements; raises `ValueError` for another word."""
    if count not in ("placements", "stories"):
        raise ValueError(f"count is 'placements' or 'stories', not {count!r}")
    return count == "stories"


def one_per_story(tables: Tables, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """The articles that count if every story counts once: of each story the first that was published.

    With `by` (columns of articles, or periods) it is the first of each group, so that a story in two outlets counts
    once in each. Raises `ValueError` if no stories are known.
    """
    articles = tables.frame("articles")
    if "story_id" not in articles.columns or articles["story_id"].isna().all():
        raise ValueError("the corpus knows no stories yet: corpus = corpus.find_stories()")
    known = {*tables.columns("articles"), *PERIODS} - {"article_id", "text"}
    names = [name for name in dict.fromkeys([by] if isinstance(by, str) else by) if name in known]
    groups = articles_by(tables, names)
    keyed = articles[["article_id", "story_id", "status", "published"]]
    keyed = keyed.assign(**{f"by {name}": groups[name].to_numpy() for name in names})
    keyed = keyed[keyed["status"] == "annotated"].sort_values("published", kind="stable")
    keyed = keyed.assign(story_id=keyed["story_id"].fillna(keyed["article_id"]))
    first = keyed.drop_duplicates(["story_id", *(f"by {name}" for name in names)])
    found: pd.DataFrame = articles[articles["article_id"].isin(first["article_id"])]
    return found
