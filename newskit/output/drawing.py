"""What all figures are drawn with: checks, axes, labels, intervals and notes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb
from matplotlib.ticker import FuncFormatter, MaxNLocator

from newskit.output.style import LINE_COLOUR, LINE_COLOUR_ON_DARK, NOT_CORRECTED, TONE_METHOD_NAMES
from newskit.schema import NOT_VALIDATED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

_DARK: Final = 0.5
_EDGE: Final = 0.05
"""Inches to keep free beside texts."""
MOST_ROWS: Final = 100
"""Rows of a figure, whatever `top` says: its pixels and memory have a bound."""
_LONGEST_LABEL: Final = 60
"""Letters of a label that are shown."""
_FEWEST_LETTERS: Final = 20
"""Letters of a line that is not broken further, however little room there is."""


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
    ax.set_yticks(y, [shortened(label) for label in labels], parse_math=False)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return y


def fit_texts(*axes: Axes) -> None:
    """Break the lines of the titles and of the x labels that a figure would cut off.

    The layout makes room for the height of these texts, not for their width.
    """
    figure = axes[0].get_figure(root=True)
    if figure is None:
        return
    figure.draw_without_rendering()
    width = figure.bbox.width - 2 * _EDGE * figure.dpi
    for text in (text for ax in axes for text in (ax.xaxis.label, ax._left_title)):  # type: ignore[attr-defined]
        box = text.get_window_extent()
        if not text.get_text() or (box.x0 >= 0 and box.x1 <= figure.bbox.width):
            continue
        middle = (box.x0 + box.x1) / 2
        room = 2 * min(middle, width - middle) if text.get_horizontalalignment() == "center" else width - box.x0
        lines = text.get_text().splitlines()
        most = max(int(max(map(len, lines)) * room / box.width), _FEWEST_LETTERS)
        text.set_text("\n".join(part for line in lines for part in textwrap.wrap(line, most) or [""]))


def labels_with_counts(names: Iterable[object], counts: Iterable[object]) -> list[str]:
    """Row labels with the number of observations behind each row."""
    return [f"{shortened(name, _LONGEST_LABEL - 12)}  ({n})" for name, n in zip(names, counts, strict=True)]


def shortened(label: object, most: int = _LONGEST_LABEL) -> str:
    """A label in one line of at most so many letters, the middle left out: names differ at their ends too."""
    text = " ".join(str(label).split(" ")).replace("\n", " ")
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half].rstrip()}…{text[-half:].lstrip()}"


def in_words(name: object) -> str:
    """The name of a codebook or an issue as readers write it: missile_debate is "missile debate"."""
    return str(name).replace("_", " ")


def show_percent(axis: Axis) -> None:
    """Label an axis of shares in per cent, at round numbers and with the decimals that these have."""
    axis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{round(100 * share, 6):g}%"))


def shares_of(table: pd.DataFrame) -> int:
    """The number of mentions that the shares of a table are of: more than it has once it is filtered."""
    share = table["uncorrected"] if "uncorrected" in table.columns else table["share"]
    n = table["n_mentions"].to_numpy(dtype=float)
    known = (share > 0).to_numpy() & (n > 0)
    if not known.any():
        return int(n.sum())
    largest = int(np.argmax(np.where(known, n, -1)))
    return max(round(float(n[largest]) / float(share.iloc[largest])), int(n.sum()))


def draw_intervals(ax: Axes, table: pd.DataFrame, centre: str, y: np.ndarray) -> None:
    """Draw the intervals `low` to `high` as lines; rows without one (NaN) get none."""
    known = table["low"].notna().to_numpy()
    x = table[centre].to_numpy(dtype=float)[known]
    low, high = (table[side].to_numpy(dtype=float)[known] for side in ("low", "high"))
    errors = np.clip(np.stack([x - low, high - x]), 0, None)
    ax.errorbar(x, y[known], xerr=errors, fmt="none", ecolor=line_colour(ax), elinewidth=1.2, capsize=3, zorder=3)


def line_colour(ax: Axes) -> str:
    """The colour of lines on the background of the axes, which a style of matplotlib can make dark."""
    return LINE_COLOUR_ON_DARK if np.mean(to_rgb(ax.get_facecolor())) < _DARK else LINE_COLOUR


def draw_legend_above(ax: Axes) -> None:
    """Put the legend between the title and the axes."""
    ax.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 0.995), borderaxespad=0, fontsize=9)


def describe_intervals(table: pd.DataFrame) -> str:
    """Say what the intervals in a figure are, and whether the numbers are validated."""
    units = table["resampled"].iloc[0]
    once = "each story counted once\n" if "count" in table.columns else ""
    right = corrected_rows(table)
    lines = []
    if table["low"].notna().any():
        lines += ["95 % intervals for articles like these"] * bool(right.any())
        lines += [f"95 % bootstrap intervals over {units}"] * bool(table["low"].notna()[~right].any())
    intervals = f"lines: {'; '.join(lines)}" if lines else f"too few {units} for intervals"
    return f"{once}{intervals}\n{describe_estimates(table)}"


def describe_open_marks(table: pd.DataFrame) -> str:
    """Say, in a further line, why some marks of groups have no interval; a frame in none or all sentences has none."""
    others = ", or a frame in none or all of the sentences" if "frame" in table.columns else ""
    return f"\nopen marks: too few {table['resampled'].iloc[0]} for an interval{others}"


def describe_estimates(table: pd.DataFrame) -> str:
    """Say whether the numbers of a summary are corrected by codings."""
    right = corrected_rows(table)
    if not right.any():
        return "not validated on this corpus"
    some = f"corrected with codings ({_range(table.loc[right, 'n_codings'])} in a group)"
    return some if right.all() else f"{some}; {NOT_CORRECTED} not validated on this corpus"


def _range(counts: pd.Series) -> str:
    least, most = int(counts.min()), int(counts.max())
    return f"{least}" if least == most else f"{least} to {most}"


def corrected_rows(table: pd.DataFrame) -> np.ndarray:
    """Which rows of a summary are corrected by codings."""
    if "estimate" not in table.columns:
        return np.zeros(len(table), dtype=bool)
    return (table["estimate"] != NOT_VALIDATED).to_numpy(dtype=bool)


def marked(labels: Iterable[str], table: pd.DataFrame) -> list[str]:
    """Row labels, with a mark on those that are not corrected where others are."""
    right = corrected_rows(table)
    return [
        label if ok or not right.any() else f"{NOT_CORRECTED} {label}" for label, ok in zip(labels, right, strict=True)
    ]


def describe_method(table: pd.DataFrame) -> str:
    """Name the method of tone as a reader knows it."""
    method = str(table["method"].iloc[0])
    return TONE_METHOD_NAMES.get(method, method)
