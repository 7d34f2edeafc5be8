"""Rates that can be read: in what share of the articles an actor or a frame is, and how often per thousand words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd
from scipy.stats import binomtest

from newskit.corpus.observations import actor_names
from newskit.corpus.views import articles_by
from newskit.resources.nearest import nearest
from newskit.schema import ACTING, result_table, returns_columns
from newskit.summaries.frames import chosen_coding
from newskit.summaries.sums import counted, frame_sums, groups_of, mention_counts, with_count

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
    counting = counted(corpus, count, by)
    articles, names = _articles(counting, by)
    mentions, _ = mention_counts(counting, by=["article_id"], kinds=ACTING, sides=sides)
    mentions = mentions.groupby(["article_id", "actor_id"])["n"].sum().reset_index()
    mentions = mentions[mentions["article_id"].isin(articles["article_id"])]
    totals = mentions.groupby("actor_id")["n"].sum().sort_values(ascending=False, kind="stable")
    chosen = [actors] if isinstance(actors, str) else list(totals.index[:top] if actors is None else actors)
    known = [*corpus.actors["actor_id"], *(corpus.actors["group"].dropna().unique() if sides else [])]
    strange = [actor for actor in chosen if actor not in {*known, *totals.index}]
    if strange:
        raise ValueError(f"the corpus has no actor {strange[0]!r}{nearest(strange[0], known)}; see corpus.actors")
    labels = actor_names(corpus)
    rows = []
    for key, group, actor, found in _cells(articles, names, mentions, "actor_id", chosen):
        words, n = int(group["n_tokens"].sum()), int(found["n"].sum())
        told = {"n_mentions": n, "words": words, "per_1000_words": 1000 * n / words if words else float("nan")}
        rows.append((key, {"actor_id": actor, "actor": str(labels.get(actor, actor)), **_share(found, group), **told}))
    return with_count(_table("actor_rates", rows, names, articles), count)


@returns_columns("frame_rates")
def frame_rates(
    corpus: Corpus,
    *,
    codebook: str | None = None,
    by: str | Sequence[str] = (),
    method: str | None = None,
    version: str | None = None,
    count: str = "placements",
) -> pd.DataFrame:
    """Say in what share of the articles each frame is, also where it is in none.

    `frame_summary` gives shares of the sentences that have any frame, which depend on how often the others occur. The
    base here is all articles of the group.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    codebook, method, version : str, optional
        As in `frame_summary`.
    by : str or sequence of str, optional
        What to group by: columns of articles, or year, month, week, day (of publication). Every combination of values
        that has an article is a group.
    count : {"placements", "stories"}, default "placements"
        As in `actor_frequency`.

    Returns
    -------
    DataFrame
        One row per group and frame, in the order of the groups and of the codebook, with the columns of `by` and

        {columns}

    Raises
    ------
    ValueError
        As in `frame_summary`, and for columns that are not of articles.

    Notes
    -----
    Intervals as in `actor_rates`. An article has a frame if one of its sentences has it: long articles have more.

    Examples
    --------
    >>> frame_rates(corpus, codebook="policy_frames", by=["outlet", "month"])  # doctest: +SKIP
    """
    counting = counted(corpus, count, by)
    coding = chosen_coding(counting, codebook, method, version)
    articles, names = _articles(counting, by)
    hits = frame_sums(counting, coding, by=["article_id"], parts_of={}).hits
    hits = hits.groupby(["article_id", "frame"])["n_sentences"].sum().reset_index()
    hits = hits[hits["article_id"].isin(articles["article_id"])]
    rows = []
    for key, group, frame, found in _cells(articles, names, hits, "frame", list(coding.labels)):
        told = {"codebook": coding.codebook, "frame": frame, "frame_label": coding.labels[frame]}
        rows.append((key, {**told, **_share(found, group), "n_sentences": int(found["n_sentences"].sum())}))
    return with_count(_table("frame_rates", rows, names, articles), count)


_Key = tuple[object, ...]


def _articles(corpus: Corpus, by: str | Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """The annotated articles with their words and the columns to group by; those without a value are left out."""
    names = [by] if isinstance(by, str) else list(by)
    articles = corpus.articles
    articles = articles[articles["status"] == "annotated"][["article_id", "n_tokens"]]
    return articles.merge(articles_by(corpus.tables, names), on="article_id").dropna(subset=names), names


def _cells(
    articles: pd.DataFrame, names: list[str], found: pd.DataFrame, column: str, items: Sequence[str]
) -> Iterator[tuple[_Key, pd.DataFrame, str, pd.DataFrame]]:
    """Each group of articles with each item, and the rows of the item in it, of which there may be none."""
    found = found.merge(articles.drop(columns="n_tokens"), on="article_id")
    own = dict(groups_of(found, names))
    for (key, group), item in itertools.product(groups_of(articles, names), items):
        rows = own.get(key, found.head(0))
        yield key, group, item, rows[rows[column] == item]


def _share(found: pd.DataFrame, articles: pd.DataFrame) -> dict[str, object]:
    """In how many of the articles, which are some, something is found; a row of `found` is an article."""
    test = binomtest(len(found), len(articles))
    ends = test.proportion_ci(method="wilson")
    told = {"n_articles": len(found), "articles": len(articles), "article_share": test.statistic}
    return {**told, "low": float(ends.low), "high": float(ends.high)}


def _table(
    name: str, rows: list[tuple[_Key, dict[str, object]]], names: list[str], articles: pd.DataFrame
) -> pd.DataFrame:
    """The rows with the columns of the groups in front."""
    table = result_table(name, [row for _, row in rows])
    for at, group in enumerate(names):
        values = [key[at] for key, _ in rows]
        table.insert(at, group, pd.Series(values, dtype=articles[group].dtype) if rows else articles[group].head(0))
    return table
