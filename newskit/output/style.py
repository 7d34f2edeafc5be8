"""What the figures share: colours, axes, labels and intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# Colour-blind safe (Okabe and Ito), on white and on dark.
TYPE_COLOURS: Final = {
    "person": "#0072B2",
    "state": "#D55E00",
    "alliance": "#CC79A7",
    "organization": "#009E73",
    "movement": "#E69F00",
    "party": "#56B4E9",
    "people": "#999933",
    "place": "#8C6D31",
    "group": "#444444",
}
TONE_COLOURS: Final = {"negative": "#B2182B", "neutral": "#BDBDBD", "positive": "#2166AC"}
METHOD_NAMES: Final = {"model": "the tone model", "textblob": "TextBlob", "directed": "directed tone"}
POSITION_COLOURS: Final = {
    "support": "#2166AC",
    "opposition": "#B2182B",
    "condition": "#E69F00",
    "ambivalence": "#8C8C8C",
}
BAR: Final = "#0072B2"
LINE: Final = "#333333"


def axes_for(ax: Axes | None, *, rows: int, width: float = 8.0, per_row: float = 0.36) -> Axes:
    """The axes given, or new ones, high enough for so many rows."""
    if ax is not None:
        return ax
    _, new = plt.subplots(figsize=(width, max(1.6, 1.3 + per_row * rows)), layout="constrained")
    return new


def checked_table(
    table: pd.DataFrame, columns: list[str], maker: str, *, key: str | None = None, top: int | None = None
) -> pd.DataFrame:
    """The table, if it has the columns, rows to draw, and one row a value of `key`."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"this draws the table from {maker}(…), got {type(table).__name__}")
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"the table has no column {missing[0]!r}: it must come from {maker}(…)")
    if top is not None and top < 1:
        raise ValueError(f"top must be at least 1, got {top}")
    if table.empty:
        raise ValueError(f"there is nothing to draw: the table from {maker}(…) has no rows left")
    if key is not None and table[key].duplicated().any():
        raise ValueError(f"the table from {maker}(…) has several rows a {key}: draw one group of `by` at a time")
    return table


def whiskers(ax: Axes, table: pd.DataFrame, centre: str, y: np.ndarray) -> None:
    """Intervals as lines; rows without one (NaN) get none."""
    known = table["low"].notna().to_numpy()
    x = table[centre].to_numpy(dtype=float)[known]
    low, high = (table[side].to_numpy(dtype=float)[known] for side in ("low", "high"))
    errors = np.clip(np.stack([x - low, high - x]), 0, None)
    ax.errorbar(x, y[known], xerr=errors, fmt="none", ecolor=LINE, elinewidth=1.2, capsize=3, zorder=3)


def row_axis(ax: Axes, labels: list[str]) -> np.ndarray:
    """Put the rows of a table on the y axis, the first on top."""
    y = np.arange(len(labels), dtype=float)
    ax.set_yticks(y, labels, parse_math=False)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return y


def interval_note(table: pd.DataFrame) -> str:
    """What the whiskers of a figure are."""
    units = table["resampled"].iloc[0]
    once = "each story counted once\n" if "count" in table.columns else ""
    if table["low"].notna().any():
        return f"{once}lines: 95 % bootstrap intervals over {units}"
    return f"{once}too few {units} for intervals"


def method_note(table: pd.DataFrame) -> str:
    """Name of the method of tone, for people to read."""
    method = str(table["method"].iloc[0])
    return METHOD_NAMES.get(method, method)
