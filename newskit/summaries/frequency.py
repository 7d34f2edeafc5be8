"""Who is in the news: how often each actor is mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from newskit.corpus.observations import actor_names
from newskit.schema import ACTING, NOT_VALIDATED, returns_columns
from newskit.summaries.corrections import corrected_frequency
from newskit.summaries.intervals import Weights, ratio_intervals
from newskit.summaries.sums import Units, counted, groups_of, mention_counts, with_count
from newskit.validation.codings import check_codings

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings


@returns_columns("actor_frequency")
def actor_frequency(
    corpus: Corpus,
    *,
    by: str | Sequence[str] = (),
    kinds: str | Sequence[str] = ACTING,
    sides: bool = False,
    count: str = "placements",
    codings: Codings | None = None,
) -> pd.DataFrame:
    """Count how often each actor is mentioned.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    by : str or sequence of str, optional
        What to group by: columns of mentions or articles, or year, month, week, day (of publication). Rows without a
        value are left out.
    kinds : str or sequence of str, default ("name", "nominal", "pronoun")
        The kinds of mentions that count. "place" adds those where a place is only a place, "apposition" the titles
        and labels beside names.
    sides : bool, default False
        Whether to count the groups of the catalogue ("Russia": Putin, Peskov, the Kremlin) instead of their actors.
        The name of the group is `actor_id` and `actor` then; an actor in no group counts for itself.
    count : {"placements", "stories"}, default "placements"
        With "stories", only the first published of articles that are near-duplicates counts, in each group of `by`;
        see `Corpus.find_stories`.
    codings : Codings, optional
        Codings of a sample of mentions of this corpus (`draw_sample(corpus, "mentions", …)`), by which the shares of
        actors with at least five coded mentions are corrected, as in `stance_summary`.

    Returns
    -------
    DataFrame
        One row per actor and group, most frequent first, with the columns of `by` and

        {columns}

    Raises
    ------
    ValueError
        For an unknown kind, column or `count`; also for `sides` or other kinds with codings.
    newskit.errors.CodingsError
        A `ValueError`: for codings of other units, or of another corpus.

    Notes
    -----
    Intervals are 95 % percentile intervals of a bootstrap over articles, or over sentences if there is one article
    (Efron and Tibshirani 1993, chapter 13). There is none if fewer than five of them have mentions. They know nothing
    of names that were taken for the wrong actor.

    With codings, mentions that are coded as none of the actor no longer count, neither for it nor among all mentions.
    Mentions that newskit missed stay missing, and the numbers of mentions stay those that newskit found. `n_codings` is
    the same for all actors of a group: every coded mention in it tells whether it is of the actor or of another one.

    Each actor's share is estimated by itself, and actors with fewer than five coded mentions keep the model's: the
    corrected shares of a group need not add up to 1 (with few codings 1.1 and more can occur), and with few
    codings they move by chance, even if every code agrees with newskit. So compare actors within the corrected
    shares, or within the uncorrected ones (`uncorrected`), never one of these with one of
    those, and code more mentions if the sum is far from 1.

    Examples
    --------
    >>> actor_frequency(corpus, by="outlet")  # doctest: +SKIP
    """
    everything, corpus = corpus, counted(corpus, count, by)
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    unknown = {*kinds} - {*ACTING, "apposition", "place"}
    if unknown:
        raise ValueError(f"kind {sorted(unknown)[0]!r} is not one of name, nominal, pronoun, apposition, place")
    if codings is not None:
        check_codings(codings)
    if codings is not None and (sides or {*kinds} != {*ACTING}):
        raise ValueError("only the usual kinds of mentions of actors can be corrected: leave out kinds and sides")
    counts, units = mention_counts(corpus, by=by, kinds=kinds, sides=sides)
    names = [name for name in counts.columns if name not in {"actor_id", "unit", "n", "n_sentences"}]
    weights = Weights(units.n) if units.n else None
    tables = [
        _frequencies(corpus, group, units, weights, {**dict(zip(names, key, strict=True)), "kinds": "+".join(kinds)})
        for key, group in groups_of(counts, names)
    ]
    columns = [*names, "actor_id", "actor", "type", "n_mentions", "n_sentences", "n_articles", "share", "low", "high"]
    columns += ["resampled", "kinds"]
    table = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    table["estimate"] = NOT_VALIDATED
    if codings is not None:
        table = corrected_frequency(table, everything, corpus, codings, keys=names)
    return with_count(table, count)


def _frequencies(
    corpus: Corpus, counts: pd.DataFrame, units: Units, weights: Weights | None, key: dict[str, object]
) -> pd.DataFrame:
    """The rows of one group, from the mentions and sentences of each actor and unit."""
    codes, actor_ids = pd.factorize(counts["actor_id"], sort=True)
    n = counts["n"].to_numpy(dtype=float)
    low, high = ratio_intervals(
        n,
        n,
        units=counts["unit"].to_numpy(),
        n_units=units.n,
        groups=codes,
        n_groups=len(actor_ids),
        shared_denominator=True,
        weights=weights,
    )
    n_mentions = np.bincount(codes, weights=n).astype("int64")
    n_articles = np.bincount(codes) if units.name == "articles" else np.ones(len(actor_ids), dtype="int64")
    actors = corpus.actors.set_index("actor_id")
    table = pd.DataFrame(
        {
            **key,
            "actor_id": actor_ids,
            "actor": actor_names(corpus).reindex(actor_ids).fillna(pd.Series(actor_ids, actor_ids)).to_numpy(),
            "type": actors["type"].reindex(actor_ids).fillna("group").to_numpy(),
            "n_mentions": n_mentions,
            "n_sentences": np.bincount(codes, weights=counts["n_sentences"]).astype("int64"),
            "n_articles": n_articles,
            "share": n_mentions / n_mentions.sum(),
            "low": low,
            "high": high,
            "resampled": units.name,
        }
    )
    return table.sort_values(["n_mentions", "actor_id"], ascending=[False, True], ignore_index=True)
