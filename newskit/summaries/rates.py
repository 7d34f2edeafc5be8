"""Rates that can be read: in what share of the articles an actor is, and how often per thousand words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from scipy.stats import binomtest

from newskit.corpus.observations import actor_names
from newskit.corpus.views import articles_by
from newskit.resources.nearest import nearest
from newskit.schema import ACTING, result_table, returns_columns
from newskit.summaries.sums import counted, groups_of, mention_counts, with_count

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus


@returns_columns("actor_rates")
def actor_rates(
    corpus: Corpus,
    *,
    by: str | Sequence[str] = (),
    actors: str | Sequence[str] | None = None,
    top: int = 10,
    sides: bool = False,
    count: str = "placements",
) -> pd.DataFrame:
    """Say in what share of the articles each actor is, and how often per thousand words, also where it is never.

    `actor_frequency` gives shares of all mentions, which depend on how often the others are named. These rates do not:
    each has its own base, the articles and words of the group, and a group without a mention is a row with a zero.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    by : str or sequence of str, optional
        What to group by: columns of articles, or year, month, week, day (of publication). Every combination of values
        that has an article is a group.
    actors : str or sequence of str, optional
        Ids of actors; the `top` most often mentioned by default.
    top : int, default 10
        How many actors, if none are named.
    sides : bool, default False
        As in `actor_frequency`.
    count : {"placements", "stories"}, default "placements"
        As in `actor_frequency`.

    Returns
    -------
    DataFrame
        One row per group and actor, in the order of the groups and of the actors, with the columns of `by` and

        {columns}

    Raises
    ------
    ValueError
        For an unknown actor, column or `count`, and for columns that are not of articles.

    Notes
    -----
    Intervals are those of Wilson (1927) for a share of articles, 95 %. They take articles for independent of one
    another: count stories (`count="stories"`) where many are reprints. Names, roles and pronouns count as mentions.

    Examples
    --------
    >>> actor_rates(corpus, by="outlet")  # doctest: +SKIP
    >>> actor_rates(corpus, by=["outlet", "month"], actors=["russia", "nato"])  # doctest: +SKIP
    """
    names = [by] if isinstance(by, str) else list(by)
    counting = counted(corpus, count, by)
    articles = counting.articles
    articles = articles[articles["status"] == "annotated"][["article_id", "n_tokens"]]
    articles = articles.merge(articles_by(counting.tables, names), on="article_id").dropna(subset=names)
    mentions, _ = mention_counts(counting, by=["article_id"], kinds=ACTING, sides=sides)
    mentions = mentions.groupby(["article_id", "actor_id"])["n"].sum().reset_index()
    mentions = mentions[mentions["article_id"].isin(articles["article_id"])]
    totals = mentions.groupby("actor_id")["n"].sum().sort_values(ascending=False, kind="stable")
    chosen = [actors] if isinstance(actors, str) else list(totals.index[:top] if actors is None else actors)
    known = [*corpus.actors["actor_id"], *(corpus.actors["group"].dropna().unique() if sides else [])]
    strange = [actor for actor in chosen if actor not in {*known, *totals.index}]
    if strange:
        raise ValueError(f"the corpus has no actor {strange[0]!r}{nearest(strange[0], known)}; see corpus.actors")
    mentions = mentions.merge(articles.drop(columns="n_tokens"), on="article_id")
    labels = actor_names(corpus)
    own = dict(groups_of(mentions, names))
    rows = []
    for (key, group), actor in itertools.product(groups_of(articles, names), chosen):
        found = own.get(key, mentions.head(0))
        found = found[found["actor_id"] == actor]
        rows.append((key, _rate(actor, str(labels.get(actor, actor)), found, group)))
    table = result_table("actor_rates", [row for _, row in rows])
    for at, name in enumerate(names):
        values = [key[at] for key, _ in rows]
        table.insert(at, name, pd.Series(values, dtype=articles[name].dtype) if rows else articles[name].head(0))
    return with_count(table, count)


def _rate(actor_id: str, actor: str, mentions: pd.DataFrame, articles: pd.DataFrame) -> dict[str, object]:
    """The rates of an actor in the articles of a group, which has some."""
    words = int(articles["n_tokens"].sum())
    test = binomtest(len(mentions), len(articles))
    ends = test.proportion_ci(method="wilson")
    return {
        "actor_id": actor_id,
        "actor": actor,
        "n_articles": len(mentions),
        "articles": len(articles),
        "article_share": test.statistic,
        "low": float(ends.low),
        "high": float(ends.high),
        "n_mentions": int(mentions["n"].sum()),
        "words": words,
        "per_1000_words": 1000 * float(mentions["n"].sum()) / words if words else float("nan"),
    }
