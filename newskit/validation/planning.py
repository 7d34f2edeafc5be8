"""How many rows to code for an interval of a given width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.issues import Issue, load_issue
from newskit.resources.nearest import nearest
from newskit.schema import RESULTS, returns_columns
from newskit.validation.analysis import asked_of, observations
from newskit.validation.codings import check_codings
from newskit.validation.estimation import MIN_CASES
from newskit.validation.outcomes import Outcome
from newskit.validation.unit_queries import Asked

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

_Z: Final = float(norm.ppf(0.975))
_LEAST_SD: Final = 0.3
"""Least standard deviation that is taken from the model: that of a code which one row in ten has."""
_ERRORS: Final = 3
"""Errors that a pilot is taken to have at least: with none in n rows, 3 in n can be there (the rule of three)."""
_BORROWED: Final = 10
"""Rows of the whole pilot that count beside a group's own."""
_CASES: Final = 1.6 * MIN_CASES
"""Cases of a code to expect, so that there are probably enough for an interval."""


@returns_columns("plan_codings")
def plan_codings(
    corpus: Corpus,
    *,
    half_width: float = 0.05,
    by: str | Sequence[str] = (),
    measure: str | None = None,
    pilot: Codings | None = None,
    of: str | None = None,
    method: str | None = None,
    codebook: str | Codebook | None = None,
    version: str | None = None,
    issue: str | Path | Issue | None = None,
    **where: Any,
) -> pd.DataFrame:
    """Say how many rows to code in each group for intervals of a given width.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    half_width : float, default 0.05
        Half of the 95 % interval that you want, in units of the measure: tone goes from -1 to 1, shares from 0 to 1.
    by : str or sequence of str, optional
        The groups that should each have such an interval: "outlet", "month", "target_id", "voice" …
    measure : str, optional
        An outcome of `to_analysis`, such as "tone", "negative" or a frame. By default tone for stances, and for other
        units the outcome that needs most rows.
    pilot : Codings, optional
        Codings of a sample of this corpus, some 100 rows; they show how large the model's errors are.
    of : {"stances", "quotes", "frames", "mentions", "positions"}, optional
        What is coded; by default as in the pilot, or stances.
    method, codebook, version, issue
        As for `draw_sample`.
    **where
        Values that the rows must have, by column.

    Returns
    -------
    DataFrame
        One row per group, with the columns of `by` and

        {columns}

    Raises
    ------
    ValueError
        For a half-width that is not above 0 or is wider than the scale, an unknown measure or column, rows that the
        corpus does not have, and a pilot of other units.

    Notes
    -----
    The number is that of rows drawn at random in the group: n = m / (1 + m / N) with m = (1.96 sd / half-width)²
    (Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapter 4). With a pilot, sd is that of the errors that
    remain once the model is calibrated; the whole pilot is given the weight of ten rows next to those of the group. It
    is at least that of three errors of 1 in the whole pilot, since as many can exist where none was seen (the rule of
    three). Without a pilot it is the sd of what newskit measures, at least 0.3, so that the plan does not rely on the
    model being right. For a share, n is also large enough to expect eight cases of the rarer code, since no interval
    is given for fewer than five; `note` says so where that is more than the width needs. The half-width is that of an
    interval for this corpus; an interval for articles like these is wider, and more coding does not narrow that part.

    Examples
    --------
    >>> plan_codings(corpus, half_width=0.1, by="outlet", pilot=codings)  # doctest: +SKIP
    """
    if not half_width > 0:
        raise ValueError(f"half_width is above 0, not {half_width}")
    keys = [by] if isinstance(by, str) else list(by)
    given = load_issue(issue) if isinstance(issue, str | Path) else issue
    book = codebook.name if isinstance(codebook, Codebook) else codebook
    asked = Asked(of or "stances", method, book, version, given)
    if pilot is not None:
        check_codings(pilot, "pilot")
        asked = asked_of(pilot, of, asked)
    rows, outcomes = observations(corpus, asked, pilot, keys=keys, where=where)
    if rows.empty:
        raise ValueError(_nothing(corpus, asked.unit, where, pilot))
    measures = _measures(outcomes, measure, asked.unit, rows)
    for one in measures:
        _check_width(half_width, one)
    plans = [_plan(rows, one, keys, half_width) for one in measures]
    if not plans:
        raise ValueError(f"the corpus has no {asked.unit} with a measure to plan for; pilot=… may have one")
    hardest = pd.concat(plans).sort_values("n", ascending=False, kind="stable")
    table = hardest.groupby(level=0).head(1).sort_index().reset_index(drop=True)
    return table[[*keys, *(column.name for column in RESULTS["plan_codings"])]]


def _nothing(corpus: Corpus, unit: str, where: Mapping[str, Any], pilot: Codings | None) -> str:
    """What to say if there are no rows to plan for."""
    asked = f" with {', '.join(f'{name}={value!r}' for name, value in where.items())}" if where else ""
    target = where.get("target_id")
    hint = nearest(target, corpus.actors["actor_id"]) if isinstance(target, str) else ""
    among = "" if pilot is None else " among those that the pilot was drawn from"
    return f"no rows to plan for: the corpus has no {unit}{asked}{hint}{among}"


def _check_width(half_width: float, outcome: Outcome) -> None:
    """Raise `ValueError` for an interval that is wider than the scale of the measure."""
    low, high = min(outcome.values.values()), max(outcome.values.values())
    if half_width > (high - low) / 2:
        raise ValueError(
            f"half_width={half_width:g} is wider than the scale: {outcome.name} goes from {low:g} to {high:g}, so "
            f"half_width is at most {(high - low) / 2:g}, such as 0.05"
        )


def _measures(outcomes: Sequence[Outcome], measure: str | None, unit: str, rows: pd.DataFrame) -> list[Outcome]:
    """The outcomes to plan for, of which the model or the pilot says something."""
    usable = [one for one in outcomes if one.name in rows or f"{one.name}_coded" in rows]
    if measure is None:
        return [one for one in usable if unit != "stances" or one.name == "tone"]
    chosen = [one for one in usable if one.name == measure]
    if not chosen:
        raise ValueError(f"no measure {measure!r}; there are {', '.join(one.name for one in usable)}")
    return chosen


def _plan(rows: pd.DataFrame, outcome: Outcome, keys: list[str], half_width: float) -> pd.DataFrame:
    """The plan for one measure, a row per group, numbered in the order of the groups."""
    name = outcome.name
    piloted = f"{name}_coded" in rows
    if piloted:
        coded = rows[f"{name}_coded"].notna()
        error = rows[f"{name}_coded"] - rows[f"{name}_predicted"]
        whole = _moments(error[coded], rows.loc[coded, f"{name}_coded"], 1 / rows.loc[coded, "probability"])
    else:
        coded, error, whole = pd.Series(False, index=rows.index), rows[name], (0.0, 0.0)
    found, n_pilot = [], int(coded.sum())
    inside = rows.groupby(keys, dropna=False).ngroup() if keys else pd.Series(0, index=rows.index)
    asked = rows[f"{name}_predicted"].notna() if piloted else rows[name].notna()
    for number, group in rows[asked].groupby(inside[asked]):
        own = group.index[coded[group.index]]
        if piloted:
            mine = _moments(error[own], rows.loc[own, f"{name}_coded"], 1 / rows.loc[own, "probability"])
            share = len(own) / (len(own) + _BORROWED)
            square, mean = (share * one + (1 - share) * other for one, other in zip(mine, whole, strict=True))
            sd, least = float(np.sqrt(square)), float(np.sqrt(min(_ERRORS / max(n_pilot, 1), 1)))
            low = f"few errors among {n_pilot} coded rows: sd as if {_ERRORS} were wrong"
        else:
            sd, mean, least = float(group[name].std(ddof=0)), float(group[name].mean()), _LEAST_SD
            low = f"{name} hardly varies: sd taken as {_LEAST_SD}"
        notes, sd = [low] if sd < least else [], max(sd, least)
        size, is_share = len(group), {*outcome.values.values()} == {0.0, 1.0}
        n = _needed(sd, half_width, size)
        if is_share and (for_cases := _for_cases(mean, size)) > n:
            n = for_cases
            notes.append(f"more than half_width needs: for {_CASES:g} cases of the rarer code")
        now = _Z * sd * np.sqrt(1 / len(own) - 1 / size) if len(own) else np.nan
        told = [
            size,
            name,
            len(own),
            sd,
            "pilot" if piloted else "model",
            now,
            n,
            max(n - len(own), 0),
            "; ".join(notes) or None,
        ]
        found.append([number, *(group[key].iloc[0] for key in keys), *told])
    columns = ["number", *keys, *(column.name for column in RESULTS["plan_codings"])]
    return pd.DataFrame(found, columns=columns).astype({"note": "str"}).set_index("number")


def _moments(error: pd.Series, values: pd.Series, weights: pd.Series) -> tuple[float, float]:
    """The weighted mean of squared errors, and of values; 0 if there are none."""
    if error.empty:
        return 0.0, 0.0
    return float(np.average(error**2, weights=weights)), float(np.average(values, weights=weights))


def _needed(sd: float, half_width: float, size: int) -> int:
    """Rows drawn at random, without replacement, for an interval of this width."""
    rows = (_Z * sd / half_width) ** 2
    return min(int(np.ceil(rows / (1 + rows / size))), size)


def _for_cases(share: float, size: int) -> int:
    """Rows in which enough cases of the rarer code are expected."""
    rarer = min(share, 1 - share)
    return size if rarer * size <= _CASES else int(np.ceil(_CASES / rarer))
