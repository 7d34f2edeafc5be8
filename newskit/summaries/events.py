"""Change around an event: what was measured before a day and from it on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from newskit.schema import returns_columns
from newskit.summaries.compare import compare

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings


@returns_columns("compare")
def compare_around(
    corpus: Corpus,
    measure: str,
    event: str | date,
    *,
    days: int | None = None,
    of: str | Sequence[str] | None = None,
    codings: Codings | None = None,
    method: str | None = None,
    codebook: str | None = None,
    min_n: int = 10,
    count: str = "placements",
) -> pd.DataFrame:
    """Compare articles from the day of an event on with those before it: differences with intervals and p-values.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    measure : {"tone", "negative", "neutral", "positive", "mentions", "frames"}
        As in `compare`.
    event : str or date
        The day, such as "2025-10-16".
    days : int, optional
        How many days on either side count; all by default. The day itself is the first of those after.
    of, codings, method, codebook, min_n, count : optional
        As in `compare`.

    Returns
    -------
    DataFrame
        One row per actor or frame; `first` is "after" and `second` "before", so that a positive `difference` is a rise.
        The columns are

        {columns}

    Raises
    ------
    ValueError
        For a day that cannot be read, if there are no dated articles on one of the sides, and as in `compare`.

    Notes
    -----
    Articles without a date are left out. A difference says that something changed at about that time, not that the
    event changed it: draw the course over time (`plot_timeline(…, events={"2025-10-16": "…"})`) to see whether it began
    before, and choose `days` before you look at the numbers.

    Examples
    --------
    >>> compare_around(corpus, "tone", "2025-10-16", days=14)  # doctest: +SKIP
    """
    try:
        day = pd.Timestamp(event).normalize().tz_localize(None)
    except (ValueError, TypeError) as problem:
        raise ValueError(f"event is a day, such as '2025-10-16', not {event!r}") from problem
    if days is not None and days < 1:
        raise ValueError(f"days is at least 1, not {days!r}")
    away = (corpus.articles["published"].dt.normalize() - day).dt.days
    near = away.between(-days, days - 1) if days is not None else away.notna()
    side = pd.Series(np.where(away < 0, "before", "after"), corpus.articles.index).where(near)
    dated = side[corpus.articles["status"] == "annotated"].value_counts()
    for name in ("before", "after"):
        if name not in dated:
            reach = "" if days is None else f" within {days} days"
            raise ValueError(f"no dated article{reach} {name} {day:%Y-%m-%d}: nothing to compare")
    between = f"{day:%Y-%m-%d}"
    split = corpus.with_tables(articles=corpus.articles.assign(**{between: side.astype("str")}))
    options = dict(of=of, codings=codings, method=method, codebook=codebook, min_n=min_n, count=count)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*do not overlap in time", category=UserWarning)
        return compare(split, measure, between=between, **options)  # type: ignore[arg-type]
