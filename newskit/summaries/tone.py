"""How each actor is portrayed, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from newskit.corpus.views import counted
from newskit.schema import LABELS, AnyCorpus
from newskit.summaries.intervals import tone_intervals
from newskit.summaries.sums import actor_names, observation_sums, with_count

# --- how portrayed, and by whom ------------------------------------------------------------------------


def stance_summary(
    corpus: AnyCorpus,
    *,
    by: str | Sequence[str] = (),
    method: str | None = None,
    min_n: int = 1,
    count: str = "placements",
) -> pd.DataFrame:
    """Tone toward each actor, one row an actor (and group of `by`, such as "voice" or "outlet").

    An observation is one actor in one sentence in one voice; several mentions in it are averaged.
    Columns: `target_id`, `target`, those of `by`, `n` (observations), `n_articles`, `mean` (score, -1 to 1),
    `low` and `high` (its 95 % interval), `negative`, `neutral`, `positive` (shares of the labels), `method`,
    `resampled`, and `negative_low`, `negative_high`, … (95 % intervals of the shares). Rows with fewer than
    `min_n` observations are left out; most observations first.

    Intervals are percentiles of a bootstrap over articles; over sentences if there is one article; NaN if
    fewer than five of them speak of the actor. For method "model" each resample also draws the
    classifier's errors from its confusion matrix on labelled news (`corpus.manifest["tone"]`), so that a
    misreading is not sold as certainty. They say nothing of a bias that sentences of one kind share.

    `method` is "model" if the corpus has it, else the only one there is. `count` is as in `actor_frequency`. Raises
    `ValueError` for an unknown method, grouping or count, or if there are several other methods and none is named.
    """
    corpus = counted(corpus, count, by)
    sums, units = observation_sums(corpus, by=by, method=method)
    keys = ["target_id", *([by] if isinstance(by, str) else by)]
    ends = [f"{label}_{end}" for label in LABELS for end in ("low", "high")]
    columns = [*keys, "n", "n_articles", "mean", "low", "high", *LABELS, "method", "resampled", *ends]
    if sums.empty:
        return with_count(pd.DataFrame(columns=["target_id", "target", *columns[1:]]), count)
    codes = sums.groupby(keys, sort=True).ngroup().to_numpy()
    n_groups = int(codes.max()) + 1
    used = sums["method"].iloc[0]
    intervals = tone_intervals(
        sums,
        units=sums["unit"].to_numpy(),
        n_units=units.n,
        groups=codes,
        n_groups=n_groups,
        confusion=_confusion(corpus, used),
    )
    table = sums[keys].groupby(codes, sort=True).first()
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
    table = table.sort_values(["n", *keys], ascending=[False] + [True] * len(keys), ignore_index=True)
    return with_count(table, count)


def _confusion(corpus: AnyCorpus, method: str) -> np.ndarray | None:
    """Counts (true label, predicted label) of the tone model on labelled news; None for other methods."""
    note = getattr(corpus, "manifest", {}).get("tone", {})
    return np.asarray(note["confusion"], dtype=float) if method == "model" and "confusion" in note else None


def voice_matrix(
    corpus: AnyCorpus, *, method: str | None = None, min_n: int = 1, count: str = "placements"
) -> pd.DataFrame:
    """Who speaks how of whom: `stance_summary` by voice, one row a speaker and target.

    Columns: `voice` ("outlet", an actor_id or "unnamed source"), `speaker` (its name), `voice_group` and
    `target_group` (the side that the catalogue puts them on; missing if none), `target_id`, `target`, then as in
    `stance_summary`, with intervals. What an actor says of itself is left in: `voice == target_id`.
    """
    table = stance_summary(corpus, by="voice", method=method, min_n=min_n, count=count)
    table.insert(0, "voice", table.pop("voice"))
    table.insert(1, "speaker", table["voice"].map(actor_names(corpus)))
    group = corpus.actors.set_index("actor_id")["group"]
    for at, name in ((2, "voice"), (3, "target")):
        table.insert(at, f"{name}_group", table["voice" if name == "voice" else "target_id"].map(group).astype("str"))
    return table
