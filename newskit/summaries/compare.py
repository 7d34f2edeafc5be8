"""Differences between groups: which are there, how large they are, and on how many articles they rest."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from newskit.corpus.observations import actor_names
from newskit.resources.nearest import nearest
from newskit.schema import LABELS, NOT_VALIDATED, result_table, returns_columns
from newskit.summaries.corrections import FEWEST
from newskit.summaries.panels import Panel, frame_panels, mention_panels, tone_panel
from newskit.summaries.sums import check_column, check_least, counted, with_count
from newskit.validation.codings import check_codings
from newskit.validation.differences import Differences
from newskit.validation.estimation import MIN_CLUSTERS

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

MEASURES: Final = ("tone", *LABELS, "mentions", "frames")
_MOST: Final = 0.5
"""Share of a cell in one article from which the cell is said to rest on it."""


@returns_columns("compare")
def compare(
    corpus: Corpus,
    measure: str,
    *,
    between: str,
    of: str | Sequence[str] | None = None,
    codings: Codings | None = None,
    method: str | None = None,
    codebook: str | None = None,
    min_n: int = 10,
    count: str = "placements",
) -> pd.DataFrame:
    """Compare groups of a corpus: differences with intervals and p-values, for each actor or frame and pair of groups.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    measure : {"tone", "negative", "neutral", "positive", "mentions", "frames"}
        What is compared: mean tone toward an actor, the share of a label in it, an actor's share of all mentions, or a
        frame's share of the sentences with any frame.
    between : str
        The column whose values are the groups: of articles ("outlet"), a period ("year"), or of the rows ("voice").
    of : str or sequence of str, optional
        The actors or frames, by id; all by default.
    codings : Codings, optional
        Codings of a sample of stances, mentions or sentences, as in the summaries.
    method : str, optional
        The method of tone, or of frames.
    codebook : str, optional
        For frames; it may be left out if there is only one.
    min_n : int, default 10
        Fewest observations (mentions, sentences) of each of the two groups.
    count : {"placements", "stories"}, default "placements"
        As in `actor_frequency`.

    Returns
    -------
    DataFrame
        One row per actor or frame and pair of groups, the most certain difference first, with the columns

        {columns}

    Raises
    ------
    ValueError
        For an unknown measure, column, method or codebook, and if `between` has fewer than two values.
    newskit.errors.CodingsError
        A `ValueError`: for codings of other units, or of another corpus.

    Warns
    -----
    UserWarning
        For two groups of articles whose dates do not overlap: what happened differs then, not only how it was told.

    Notes
    -----
    Means and shares are estimated as in `stance_summary`. Intervals are clustered by article (or by story, where
    `Corpus.find_stories` knows them), since observations from one article resemble one another; a story in both groups
    makes their difference more certain. They are for articles like these, from the variances and the covariance of the
    two estimates (Zou and Donner 2008), for shares with Wilson's limits. `q` is p adjusted for the number of rows
    (Benjamini and Hochberg 1995): of the rows with q < 0.05 at most about 5 % are expected to be chance. Without
    codings only chance is tested: an error that the model makes more often in one group looks like a difference.

    Examples
    --------
    >>> compare(corpus, "tone", between="outlet", codings=codings)  # doctest: +SKIP
    """
    if measure not in MEASURES:
        raise ValueError(f"cannot compare {measure!r}{nearest(measure, MEASURES)}; measures are {', '.join(MEASURES)}")
    check_column(between)
    check_least(min_n)
    if codings is not None:
        check_codings(codings)
    counting = counted(corpus, count, between)
    _tell_periods(counting, between)
    if measure == "mentions":
        panels = mention_panels(corpus, counting, between, codings)
    elif measure == "frames":
        panels = frame_panels(corpus, counting, between, codings, codebook=codebook, method=method)
    else:
        panels = [tone_panel(corpus, counting, between, codings, measure=measure, method=method)]
    values = {value for panel in panels for value in panel.groups[between]}
    if len(values) < 2:
        has = f"has one value only, {str(*values)!r}" if values else "has no value here"
        raise ValueError(f"{between!r} {has}: nothing to compare")
    wanted = None if of is None else {of} if isinstance(of, str) else {*of}
    _check_wanted(wanted, panels)
    parts = [_differences(panel, between, wanted, min_n) for panel in panels]
    table = pd.concat(parts, ignore_index=True)
    names = actor_names(corpus)
    table["item"] = table["item_id"].map(names).fillna(table["item_id"])
    known = table["p"].notna()
    table["q"] = np.nan
    table.loc[known, "q"] = false_discovery_control(table.loc[known, "p"]) if known.any() else []
    table = table.assign(measure=measure, between=between).sort_values(
        ["p", "item_id", "first", "second"], ignore_index=True
    )
    columns = result_table("compare", []).columns
    return with_count(table.astype({"first": object, "second": object})[columns], count)


def _check_wanted(wanted: set[str] | None, panels: list[Panel]) -> None:
    known = {str(item) for panel in panels for item in panel.groups["item_id"]}
    for one in sorted((wanted or set()) - known):
        raise ValueError(f"nothing about {one!r} in the corpus{nearest(one, known)}")


def _tell_periods(corpus: Corpus, between: str) -> None:
    """Warn of the first two groups of articles whose dates do not overlap."""
    articles = corpus.articles
    if between not in articles.columns or not articles["published"].notna().any():
        return
    dated = articles[(articles["status"] == "annotated") & articles[between].notna()].dropna(subset="published")
    spans = dated.groupby(between)["published"].agg(["min", "max"])
    for (a, first), (b, second) in itertools.combinations(spans.iterrows(), 2):
        if first["max"] < second["min"] or second["max"] < first["min"]:
            ends = [(a, first["min"], first["max"]), (b, second["min"], second["max"])]
            told = [f"{name!r} ({start:%Y-%m-%d} to {end:%Y-%m-%d})" for name, start, end in ends]
            warnings.warn(
                f"the articles of {told[0]} and {told[1]} do not overlap in time: a difference may be one of events",
                stacklevel=4,
            )
            return


@dataclass(frozen=True)
class _Cells:
    """On how many clusters each group of a panel rests."""

    n: np.ndarray
    effective: np.ndarray
    largest: np.ndarray

    @classmethod
    def of(cls, panel: Panel) -> _Cells:
        """Kish's effective number of clusters, and the share of the largest."""
        weights, group = panel.weights["weight"].to_numpy(dtype=float), panel.weights["group"].to_numpy()
        n_groups = len(panel.groups)
        n = np.bincount(group, weights=weights, minlength=n_groups)
        squares = np.bincount(group, weights=weights**2, minlength=n_groups)
        largest = np.zeros(n_groups)
        np.maximum.at(largest, group, weights)
        with np.errstate(divide="ignore", invalid="ignore"):
            return cls(n, n**2 / squares, largest / n)


def _differences(panel: Panel, between: str, wanted: set[str] | None, min_n: int) -> pd.DataFrame:
    """The rows of a panel."""
    cells = _Cells.of(panel)
    pairs = [
        pair
        for item, rows in panel.groups.groupby("item_id", sort=False)
        if wanted is None or item in wanted
        for pair in itertools.combinations(rows.index[cells.n[rows.index] >= min_n], 2)
    ]
    first, second = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    alone = Differences(panel.alone, first, second)
    n_codings = np.zeros(len(pairs), dtype=np.int64)
    told, right = _told(alone), np.zeros(len(pairs), dtype=bool)
    if panel.right is not None:
        n_codings = np.minimum(panel.n_codings[first], panel.n_codings[second])
        right = np.minimum(panel.right.n_coded[first], panel.right.n_coded[second]) >= FEWEST
        corrected = _told(Differences(panel.right, first, second))
        told = {name: np.where(right, corrected[name], old) for name, old in told.items()}
    sums = panel.n_codings[first] + panel.n_codings[second]
    table = pd.DataFrame(
        {
            "item_id": panel.groups["item_id"].to_numpy()[first],
            "first": panel.groups[between].astype(object).to_numpy()[first],
            "second": panel.groups[between].astype(object).to_numpy()[second],
            **told,
            "estimate": [
                f"corrected with {n} codings" if ok else NOT_VALIDATED for n, ok in zip(sums, right, strict=True)
            ],
            "n_codings": n_codings,
            "uncorrected": alone.difference,
        }
    )
    for name, group in (("first", first), ("second", second)):
        table[f"n_{name}"] = cells.n[group].astype(np.int64)
        table[f"articles_{name}"] = cells.effective[group]
        table[f"largest_{name}"] = cells.largest[group]
    clusters = (panel.alone if panel.right is None else panel.right).n_clusters
    few = np.minimum(clusters[first], clusters[second]) < MIN_CLUSTERS
    rows = zip(table.to_dict("records"), few, strict=True)
    notes = [_note({str(name): value for name, value in row.items()}, one) for row, one in rows]
    table["note"] = pd.array(notes, dtype="str")
    return table


def _told(gap: Differences) -> dict[str, np.ndarray]:
    """The numbers of differences."""
    low, high = gap.interval()
    means = {"mean_first": gap.estimates.mean[gap.first], "mean_second": gap.estimates.mean[gap.second]}
    return {**means, "difference": gap.difference, "low": low, "high": high, "p": gap.p}


def _note(row: dict[str, object], few_articles: bool) -> str | None:
    """What a reader should know of a row before quoting it."""
    told = [
        f"{row[f'largest_{side}']:.0%} of {row[side]} is one article"
        for side in ("first", "second")
        if float(str(row[f"largest_{side}"])) >= _MOST
    ]
    if np.isnan(float(str(row["low"]))):
        # More codings do not help where there are too few articles, so these come first.
        cases = row["estimate"] != NOT_VALIDATED and not few_articles
        told.append(f"no interval: fewer than five {'coded cases' if cases else 'articles'}")
    return "; ".join(told) or None
