"""How each actor is portrayed, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from newskit.corpus.observations import actor_names
from newskit.schema import LABELS, returns_columns
from newskit.summaries.intervals import tone_intervals
from newskit.summaries.sums import Units, counted, observation_sums, with_count

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus


@returns_columns("stance_summary")
def stance_summary(
    corpus: Corpus,
    *,
    by: str | Sequence[str] = (),
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
) -> pd.DataFrame:
    """Summarise the tone toward each actor.

    An observation is one actor in one sentence in one voice; several mentions in it are averaged.

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

    Notes
    -----
    Intervals are 95 % percentile intervals of a bootstrap over articles, or over sentences if there is one article;
    missing if fewer than five of them speak of the actor. For method "model" each resample also draws the errors of
    the classifier from its confusion matrix on labelled news (`corpus.manifest["tone"]`), so that its errors widen the
    interval. They do not cover a bias that all sentences of a kind share.

    Examples
    --------
    >>> stance_summary(corpus, by="outlet", min_n=5)  # doctest: +SKIP
    """
    counting = counted(corpus, count, by)
    sums, units = observation_sums(counting, by=by, method=method)
    keys = ["target_id", *([by] if isinstance(by, str) else by)]
    return with_count(tone_table(corpus, sums, units, keys=keys, min_n=min_n), count)


def tone_table(
    corpus: Corpus, sums: pd.DataFrame, units: Units, *, keys: Sequence[str], min_n: int = 1
) -> pd.DataFrame:
    """The means, shares and intervals of the observations of each target and group, from their sums by unit."""
    ends = [f"{label}_{end}" for label in LABELS for end in ("low", "high")]
    columns = [*keys, "n", "n_articles", "mean", "low", "high", *LABELS, "method", "resampled", *ends]
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
        confusion=_confusion(corpus, used),
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
    table = table.assign(method=used, resampled=units.name)[columns]
    table.insert(1, "target", table["target_id"].map(actor_names(corpus)))
    table = table[table["n"] >= min_n]
    return table.sort_values(["n", *keys], ascending=[False] + [True] * len(keys), ignore_index=True)


def _confusion(corpus: Corpus, method: str) -> np.ndarray | None:
    """Counts (true label, predicted label) of the tone model on labelled news; None for other methods."""
    note = corpus.manifest.get("tone", {})
    return np.asarray(note["confusion"], dtype=float) if method == "model" and "confusion" in note else None


@returns_columns("voice_matrix")
def voice_matrix(
    corpus: Corpus, *, method: str | None = None, min_n: int = 1, count: str = "placements"
) -> pd.DataFrame:
    """Summarise who speaks how of whom: `stance_summary` by voice.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    method, min_n, count
        As in `stance_summary`.

    Returns
    -------
    DataFrame
        One row per speaker and target, most observations first; what an actor says of itself is left in
        (`voice == target_id`). The columns are

        {columns}

    Raises
    ------
    ValueError
        As in `stance_summary`.

    Examples
    --------
    >>> voice_matrix(corpus, min_n=3)  # doctest: +SKIP
    """
    table = stance_summary(corpus, by="voice", method=method, min_n=min_n, count=count)
    table.insert(0, "voice", table.pop("voice"))
    table.insert(1, "speaker", table["voice"].map(actor_names(corpus)))
    group = corpus.actors.set_index("actor_id")["group"]
    for at, name in ((2, "voice"), (3, "target")):
        table.insert(at, f"{name}_group", table["voice" if name == "voice" else "target_id"].map(group).astype("str"))
    return table
