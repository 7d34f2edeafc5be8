"""Figures of grouped summaries: which columns make the groups, and rows with one mark per group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from newskit.output.drawing import (
    MOST_ROWS,
    axes_for_rows,
    describe_intervals,
    describe_open_marks,
    fit_texts,
    label_rows,
    labels_with_counts,
    line_colour,
    shortened,
)
from newskit.output.style import GROUP_COLOURS, GROUP_MARKS
from newskit.schema import RESULTS, WITH_CODINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_GROUPS: Final = 8
"""Groups of a figure: as many as colours that everybody can tell apart."""
_HEIGHT: Final = 0.8
"""The part of a row in which its groups stand."""


def group_columns(table: pd.DataFrame, summary: str) -> list[str]:
    """The columns of a summary that `by` made: those that are not its own, before the last of its own."""
    own = {"count"} | {column.name for column in (*RESULTS[summary], *WITH_CODINGS.get(summary, ()))}
    own_places = [place for place, name in enumerate(table.columns) if name in own]
    # What a user adds to a table stands at its end.
    return [str(name) for name in table.columns[: max(own_places, default=0)] if name not in own]


def group_labels(table: pd.DataFrame, summary: str) -> pd.Series | None:
    """The group of each row in words, or None for a summary without groups."""
    columns = group_columns(table, summary)
    if not columns:
        return None
    parts = [table[column].astype("str") for column in columns]
    labels = parts[0]
    for part in parts[1:]:
        labels = labels + ", " + part
    return labels.rename("group")


def most_frequent(names: pd.Series, n: pd.Series, top: int) -> list[str]:
    """The names with most observations, most first."""
    return list(n.groupby(names, sort=False).sum().sort_values(ascending=False, kind="stable").index[:top])


def in_order(groups: Iterable[str]) -> list[str]:
    """Groups in the order of every figure, so that an outlet has one colour in all of them."""
    return sorted(groups, key=lambda group: (group.casefold(), group))


def draw_groups(
    table: pd.DataFrame,
    groups: pd.Series,
    *,
    key: str,
    name: str,
    value: str,
    n: str,
    top: int,
    ax: Axes | None,
    size: str | None = None,
) -> tuple[Axes, str]:
    """Draw one row per item with a mark and an interval for each group; also say what is left out.

    `key` is the column of the items' ids, `name` of their labels, `value` what is drawn and `n` the observations.
    `size` is the column with the size of the group, where an observation can be in several of its rows.
    """
    table = table.assign(_group=groups)
    if table.duplicated(["_group", key]).any():
        raise ValueError(f"the table has several rows per {key} and group: draw one part at a time")
    top = min(top, MOST_ROWS)
    n_items, n_groups = table[key].nunique(), table["_group"].nunique()
    items = most_frequent(table[key], table[n], top)
    largest = set(most_frequent(table["_group"], table[n], MOST_GROUPS))
    shown = in_order(largest)
    names = table.drop_duplicates(key).set_index(key, drop=False)[name]
    totals = table.groupby(key)[n].sum()
    ax = axes_for_rows(ax, len(items), row_height=0.2 + 0.14 * len(shown))
    y = label_rows(ax, labels_with_counts(names[items], totals[items]))
    for place in y[1:]:
        ax.axhline(place - 0.5, color=line_colour(ax), alpha=0.2, linewidth=0.6, zorder=0)
    for number, group in enumerate(shown):
        rows = table[table["_group"] == group].set_index(key).reindex(items)
        shift = _HEIGHT * ((number + 0.5) / len(shown) - 0.5)
        colour, mark = GROUP_COLOURS[number], GROUP_MARKS[number]
        of_group = table[table["_group"] == group]
        size_of_group = of_group[n].sum() if size is None else of_group[size].max()
        label = f"{shortened(group, 32)} (n = {int(size_of_group)})"
        _draw_marks(ax, rows, value, y + shift, colour=colour, mark=mark, label=label)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)
    left_out = [f"{top} of {n_items}"] * (n_items > top) + [f"{MOST_GROUPS} of {n_groups} groups"] * (
        n_groups > MOST_GROUPS
    )
    return ax, "".join(f", {part}" for part in left_out)


def _draw_marks(ax: Axes, rows: pd.DataFrame, value: str, y: np.ndarray, *, colour: str, mark: str, label: str) -> None:
    """Draw the marks and intervals of one group; marks without an interval are open."""
    x, low, high = (rows[column].to_numpy(dtype=float) for column in (value, "low", "high"))
    known = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(x)
    errors = np.clip(np.stack([x - low, high - x])[:, known], 0, None)
    ax.errorbar(x[known], y[known], xerr=errors, fmt="none", ecolor=colour, elinewidth=1.4, zorder=3)
    ax.plot(x[known], y[known], mark, color=colour, markersize=6, zorder=4, label=label if known.any() else "_")
    ax.plot(
        x[~known], y[~known], mark, color=colour, markerfacecolor="none", markersize=6, zorder=4,
        label="_" if known.any() else label,
    )  # fmt: skip


def finish_groups(ax: Axes, table: pd.DataFrame, *, title: str, xlabel: str, value: str) -> Axes:
    """Write the title and the caption of a figure of groups."""
    known = table["low"].notna()
    note = describe_intervals(table)
    if (~known & table[value].notna()).any() and known.any():
        note += describe_open_marks(table)
    ax.set_xlabel(f"{xlabel}\n{note}", parse_math=False)
    ax.set_title(title, loc="left", parse_math=False)
    if ax.get_xlim()[0] < 0 < ax.get_xlim()[1]:
        ax.axvline(0, color=line_colour(ax), linewidth=0.8, zorder=1)
    fit_texts(ax)
    return ax
