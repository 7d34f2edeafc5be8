"""How each actor is portrayed, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from newskit.corpus.observations import actor_names
from newskit.schema import LABELS, NOT_VALIDATED, returns_columns
from newskit.summaries.corrections import corrected_tone
from newskit.summaries.intervals import tone_intervals
from newskit.summaries.sums import Units, check_least, counted, observation_sums, with_count
from newskit.validation.codings import check_codings

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings


@returns_columns("stance_summary")
def stance_summary(
    corpus: Corpus,
    *,
    by: str | Sequence[str] = (),
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
    own_words: bool = True,
    codings: Codings | None = None,
) -> pd.DataFrame:
    """Summarise the tone toward each actor: how sentences evaluate it.

    An observation is one actor in one sentence in one voice; several mentions in it are averaged. Most evaluate nobody:
    `evaluated` is the share that does, and the mean is over all.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    by : str or sequence of str, optional
        What to group by: "voice", columns of articles ("outlet"), or year, month, week, day. Rows without a value are
        left out.
    method : str, optional
        How the tone was measured. "model" if the corpus has it, else the only method that there is.
    min_n : int, default 1
        Rows with fewer observations are left out.
    count : {"placements", "stories"}, default "placements"
        As in `actor_frequency`.
    own_words : bool, default True
        False leaves out what an actor says of itself: observations in its own voice.
    codings : Codings, optional
        Codings of a sample of stances of this corpus (`draw_sample`, `load_codings`), by which the numbers are
        corrected.

    Returns
    -------
    DataFrame
        One row per actor and group, most observations first, with the columns of `by` after `target` and

        {columns}

    Raises
    ------
    ValueError
        For an unknown method, column or `count`. Also if the corpus has several methods, none of them "model", and
        `method` is not given.
    newskit.errors.CodingsError
        A `ValueError`: for codings of other units, or of another corpus.

    Notes
    -----
    A sentence that does not evaluate has a score a little below 0 (some -0.05), since the probabilities are calibrated
    and blame is commoner than praise. A mean of that size is no evaluation, whatever its interval: look at `evaluated`
    and the shares, or compare actors with one another.

    Without codings the numbers are those of the model alone, and `estimate` says that they are not validated on this
    corpus. The intervals then show only how much they depend on single articles: they are 95 % percentile intervals of
    a bootstrap over articles, or over sentences if there is one article; missing if fewer than five of them speak of
    the actor. They know nothing of the model's errors, which can be larger.

    With codings the rows of actors and groups with at least five coded rows are corrected, so that they are right on
    average, whatever the model's errors: by prediction-powered inference with power tuning (Angelopoulos, Duchi and
    Zrnic 2023), which for means is the difference estimator of survey sampling and design-based supervised learning
    (Egami, Hinck, Stewart and Wei 2023), with the inclusion probabilities of the sample. The mean is then that of the
    codes -1, 0 and 1, and rows whose mention is coded as none of the actor do not count. The intervals are for articles
    like these, and go by stories where `Corpus.find_stories` knows them. Mean and shares are each estimated by
    themselves, so that shares may add up to a little more or less than 1. Fewer than five coded cases of a label, or of
    the others, give no interval. Groups of `voice` are those of the model. If the sample was drawn from a part of the
    corpus, corrected numbers are about that part.

    Examples
    --------
    >>> stance_summary(corpus, by="outlet", min_n=5)  # doctest: +SKIP
    """
    if codings is not None:
        check_codings(codings)
    counting = counted(corpus, count, by)
    sums, units = observation_sums(counting, by=by, method=method, own_words=own_words)
    keys = ["target_id", *([by] if isinstance(by, str) else by)]
    table = tone_table(corpus, sums, units, keys=keys, min_n=min_n)
    if codings is not None:
        table = _with_evaluated(corrected_tone(table, corpus, counting, codings, keys=keys, own_words=own_words))
    return with_count(table, count)


def tone_table(
    corpus: Corpus, sums: pd.DataFrame, units: Units, *, keys: Sequence[str], min_n: int = 1
) -> pd.DataFrame:
    """The means, shares and intervals of the observations of each target and group, from their sums by unit."""
    check_least(min_n)
    ends = [f"{label}_{end}" for label in LABELS for end in ("low", "high")]
    columns = [*keys, "n", "n_articles", "mean", "low", "high", *LABELS, "method", "resampled", *ends]
    columns += ["evaluated", "evaluated_low", "evaluated_high", "estimate"]
    if sums.empty:
        return pd.DataFrame(columns=["target_id", "target", *columns[1:]])
    codes = sums.groupby(list(keys), sort=True).ngroup().to_numpy()
    used = sums["method"].iloc[0]
    intervals = tone_intervals(
        sums,
        units=sums["unit"].to_numpy(),
        n_units=units.n,
        groups=codes,
        n_groups=int(codes.max()) + 1,
    )
    table = sums[list(keys)].groupby(codes, sort=True).first()
    n = np.bincount(codes, weights=sums["n"])
    table["n"] = n.astype("int64")
    table["n_articles"] = np.bincount(codes) if units.name == "articles" else 1
    for name, column in (("mean", "score"), *((label, label) for label in LABELS)):
        table[name] = np.bincount(codes, weights=sums[column]) / n
    table["low"], table["high"] = intervals["mean"]
    for label in LABELS:
        table[f"{label}_low"], table[f"{label}_high"] = intervals[label]
    table = _with_evaluated(table.assign(method=used, resampled=units.name, estimate=NOT_VALIDATED))[columns]
    table.insert(1, "target", table["target_id"].map(actor_names(corpus)))
    table = table[table["n"] >= min_n]
    return table.sort_values(["n", *keys], ascending=[False] + [True] * len(keys), ignore_index=True)


def _with_evaluated(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the share of observations that are not neutral."""
    ends = {"evaluated_low": 1 - table["neutral_high"], "evaluated_high": 1 - table["neutral_low"]}
    return table.assign(evaluated=1 - table["neutral"], **ends)


@returns_columns("voice_matrix")
def voice_matrix(
    corpus: Corpus,
    *,
    by: str | Sequence[str] = (),
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
    own_words: bool = True,
    codings: Codings | None = None,
) -> pd.DataFrame:
    """Summarise who speaks how of whom: `stance_summary` by voice.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    by, method, min_n, count, own_words, codings
        As in `stance_summary`.

    Returns
    -------
    DataFrame
        One row per speaker, target and group, most observations first; what an actor says of itself
        (`voice == target_id`) is left in unless `own_words` is False. The columns are those of `by` after `target` and

        {columns}

    Raises
    ------
    ValueError
        As in `stance_summary`.

    Examples
    --------
    >>> voice_matrix(corpus, min_n=3)  # doctest: +SKIP
    """
    options = dict(method=method, min_n=min_n, count=count, own_words=own_words, codings=codings)
    others = [name for name in ([by] if isinstance(by, str) else by) if name != "voice"]
    table = stance_summary(corpus, by=["voice", *others], **options)  # type: ignore[arg-type]
    table.insert(0, "voice", table.pop("voice"))
    table.insert(1, "speaker", table["voice"].map(actor_names(corpus)))
    group = corpus.actors.set_index("actor_id")["group"]
    for at, name in ((2, "voice"), (3, "target")):
        table.insert(at, f"{name}_group", table["voice" if name == "voice" else "target_id"].map(group).astype("str"))
    return table
