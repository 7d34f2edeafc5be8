"""What all figures are drawn with: checks, axes, labels, intervals and notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from newskit.output.style import LINE_COLOUR, TONE_METHOD_NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def check_table(
    table: pd.DataFrame, columns: list[str], maker: str, *, key: str | None = None, top: int | None = None
) -> None:
    """Refuse what the function `maker` did not return, an empty table, and several rows per value of `key`."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"expected the table from {maker}(…), got {type(table).__name__}")
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"the table has no column {missing[0]!r}: it must come from {maker}(…)")
    if top is not None and top < 1:
        raise ValueError(f"top must be at least 1, got {top}")
    if table.empty:
        raise ValueError(f"nothing to draw: the table from {maker}(…) has no rows")
    if key is not None and table[key].duplicated().any():
        raise ValueError(f"the table from {maker}(…) has several rows per {key}: draw one group of `by` at a time")


def axes_for_rows(ax: Axes | None, n_rows: int, *, row_height: float = 0.36) -> Axes:
    """The given axes, or new ones high enough for so many rows."""
    if ax is not None:
        return ax
    _, new = plt.subplots(figsize=(8.0, max(1.6, 1.3 + row_height * n_rows)), layout="constrained")
    return new


def label_rows(ax: Axes, labels: list[str]) -> np.ndarray:
    """Label the y axis with one row per label, the first on top, and return where the rows are."""
    y = np.arange(len(labels), dtype=float)
    ax.set_yticks(y, labels, parse_math=False)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return y


def labels_with_counts(names: Iterable[object], counts: Iterable[object]) -> list[str]:
    """Row labels with the number of observations behind each row."""
    return [f"{name}  ({n})" for name, n in zip(names, counts, strict=True)]


def draw_intervals(ax: Axes, table: pd.DataFrame, centre: str, y: np.ndarray) -> None:
    """Draw the intervals `low` to `high` as lines; rows without one (NaN) get none."""
    known = table["low"].notna().to_numpy()
    x = table[centre].to_numpy(dtype=float)[known]
    low, high = (table[side].to_numpy(dtype=float)[known] for side in ("low", "high"))
    errors = np.clip(np.stack([x - low, high - x]), 0, None)
    ax.errorbar(x, y[known], xerr=errors, fmt="none", ecolor=LINE_COLOUR, elinewidth=1.2, capsize=3, zorder=3)


def draw_legend_above(ax: Axes) -> None:
    """Put the legend between the title and the axes."""
    ax.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 0.995), borderaxespad=0, fontsize=9)


def describe_intervals(table: pd.DataFrame) -> str:
    """Say what the intervals in a figure are."""
    units = table["resampled"].iloc[0]
    once = "each story counted once\n" if "count" in table.columns else ""
    if table["low"].notna().any():
        return f"{once}lines: 95 % bootstrap intervals over {units}"
    return f"{once}too few {units} for intervals"


def describe_method(table: pd.DataFrame) -> str:
    """Name the method of tone as a reader knows it."""
    method = str(table["method"].iloc[0])
    return TONE_METHOD_NAMES.get(method, method)
