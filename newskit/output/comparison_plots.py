"""The figure of differences between groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from newskit.output.drawing import (
    MOST_ROWS,
    axes_for_rows,
    check_table,
    corrected_rows,
    describe_estimates,
    draw_intervals,
    fit_texts,
    label_rows,
    line_colour,
    marked,
    shortened,
    show_percent,
)
from newskit.output.style import FOCUS_COLOUR, PALE_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEVEL: Final = 0.05
_NAMES: Final = {"tone": "mean score", "mentions": "share of all mentions", "frames": "share of coded sentences"}


def plot_comparison(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Draw differences between groups as points with their intervals, those that are more than chance in colour.

    Parameters
    ----------
    table : DataFrame
        The table from `compare`.
    top : int, default 15
        Number of rows to draw, from the first: those that are most certain.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `compare` or has no rows, or if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    To the right of 0 the first group has more. A point in colour has q < 0.05; an open point rests mostly on one
    article in one of the groups, or has no interval (`note` says which). The label of the x axis says whether the
    numbers are validated; where some rows are corrected by codings, the others are marked †.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "measure": "tone",
    ...         "item": ["Russia"],
    ...         "first": ["East"],
    ...         "second": ["West"],
    ...         "difference": [0.3],
    ...         "low": [0.1],
    ...         "high": [0.5],
    ...         "q": [0.01],
    ...         "note": [None],
    ...         "estimate": ["corrected with 400 codings"],
    ...         "n_codings": [190],
    ...     }
    ... )
    >>> import matplotlib.pyplot as plt
    >>> ax = plot_comparison(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Russia']
    >>> plt.close(ax.figure)
    """
    columns = ["measure", "item", "first", "second", "difference", "low", "high", "q", "note", "estimate", "n_codings"]
    check_table(table, columns, "compare", top=top)
    found, top = len(table), min(top, MOST_ROWS)
    table = table.head(top)
    pairs = table[["first", "second"]].drop_duplicates()
    one_pair = len(pairs) == 1
    labels = table["item"].astype(str)
    if not one_pair:
        labels = labels + ": " + table["first"].astype(str) + " – " + table["second"].astype(str)
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, marked(labels, table))
    draw_intervals(ax, table, "difference", y)
    for at, row in zip(y, table.to_dict("records"), strict=True):
        colour = FOCUS_COLOUR if row["q"] < _LEVEL else PALE_COLOUR
        open_point = not pd.isna(row["note"])
        ax.plot(
            row["difference"], at, "o", color="white" if open_point else colour, markeredgecolor=colour, zorder=4,
            markersize=7, markeredgewidth=1.6,
        )  # fmt: skip
    ax.axvline(0, color=line_colour(ax), linewidth=0.8)
    measure = str(table["measure"].iloc[0])
    name = _NAMES.get(measure, f"share of {measure} observations")
    if measure != "tone":
        show_percent(ax.xaxis)
    first, second = (shortened(pairs[side].iloc[0], 32) if one_pair else side for side in ("first", "second"))
    lines = "lines: 95 % intervals; blue: q < 0.05" + ("; open: see note" if table["note"].notna().any() else "")
    ax.set_xlabel(f"difference in {name}, {first} less {second}\n{lines}\n{_describe(table)}", parse_math=False)
    title = f"{first} and {second} compared" if one_pair else "Groups compared"
    ax.set_title(title + (f", {top} most certain of {found}" if found > top else ""), loc="left", parse_math=False)
    fit_texts(ax)
    return ax


def _describe(table: pd.DataFrame) -> str:
    right = corrected_rows(table)
    return describe_estimates(table) if right.any() else "not validated on this corpus: chance is tested, not error"
