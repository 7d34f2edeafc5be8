"""The specification curve: a finding under many choices, and which choices each estimate rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

from newskit.output.drawing import check_table, line_colour
from newskit.output.style import LINE_COLOUR, TONE_COLOURS, TONE_METHOD_NAMES
from newskit.schema import RESULTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS: Final = {
    "below 0": TONE_COLOURS["negative"],
    "open": TONE_COLOURS["neutral"],
    "above 0": TONE_COLOURS["positive"],
}
_CHOICES: Final = ("method", "count", "headlines", "pronouns", "own_words", "min_score", "corrected")
_CORRECTED: Final = {"no": "model alone", "yes": "corrected with codings"}
_ROW: Final = 0.24
"""Height of a row of choices, in inches."""
_WIDEST: Final = 40
"""Width of the figure at most, in inches."""
_CURVE: Final = 2.6
"""Height of the curve, in inches."""


def plot_robustness(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a specification curve: the estimates in order with their intervals, and below them the choices of each.

    Parameters
    ----------
    table : DataFrame
        The table from `robustness`.
    ax : Axes, optional
        The axes to draw the curve on; the choices stand below it. A new figure by default.

    Returns
    -------
    Axes
        The axes of the curve.

    Raises
    ------
    ValueError
        If the table does not come from `robustness` or has no rows.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    After Simonsohn, Simmons and Nelson (2020). Red and blue are estimates whose interval lies below or above 0, grey
    those that leave it open. The diamond is the usual estimate. Choices without an alternative are not shown.

    Examples
    --------
    >>> ax = plot_robustness(robustness(corpus, target="russia"))  # doctest: +SKIP
    """
    check_table(table, [column.name for column in RESULTS["robustness"]], "robustness")
    rows = [(name, value) for name in _CHOICES if table[name].nunique() > 1 for value in table[name].unique()]
    rows.sort(key=lambda row: (_CHOICES.index(row[0]), str(row[1])))
    if ax is None:
        size = (min(max(7.0, 2.6 + 0.055 * len(table)), _WIDEST), _CURVE + 0.9 + _ROW * (len(rows) + 1))
        _, ax = plt.subplots(figsize=size, layout="constrained")
    x = np.arange(len(table))
    colours = [_COLOURS[conclusion] for conclusion in table["conclusion"]]
    known = table["low"].notna().to_numpy()
    for at, low, high, colour in zip(x, table["low"], table["high"], colours, strict=True):
        ax.plot([at, at], [low, high], color=colour, linewidth=1.4, alpha=0.55, solid_capstyle="butt")
    ax.scatter(x, table["estimate"], c=colours, s=12, zorder=3)
    usual = np.flatnonzero(table["usual"])
    ax.plot(usual, table["estimate"].to_numpy()[usual], "D", color="white", markeredgecolor=LINE_COLOUR, zorder=4)
    ax.axhline(0, color=line_colour(ax), linewidth=0.8)
    ax.set_xlim(-0.8, len(table) - 0.2)
    ax.set_xticks([])
    ax.set_ylabel("estimate")
    for side in ("top", "right", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_title(_title(table), loc="left", fontsize=11, parse_math=False)
    _draw_choices(ax, table.assign(at=x), rows)
    if not known.any():
        ax.set_ylabel("estimate (too few articles for intervals)")
    return ax


def _title(table: pd.DataFrame) -> str:
    """The finding, and in how many of the estimates it holds."""
    finding = str(table["finding"].iloc[0])
    counts = table["conclusion"].value_counts()
    told = ", ".join(f"{name} in {counts[name]}" for name in _COLOURS if name in counts)
    return f"{finding[0].upper()}{finding[1:]}\n{told} of {len(table)} estimates"


def _draw_choices(ax: Axes, table: pd.DataFrame, rows: list[tuple[str, object]]) -> None:
    """Draw the choices below the curve: a mark for each estimate that makes it."""
    for number, (name, value) in enumerate(rows):
        down = ScaledTranslation(0, -_ROW * (number + 1), ax.figure.dpi_scale_trans)
        place = blended_transform_factory(ax.transData, ax.transAxes) + down
        for conclusion, some in table[table[name] == value].groupby("conclusion"):
            colour = _COLOURS[str(conclusion)]
            ax.plot(some["at"], np.zeros(len(some)), "|", color=colour, markersize=8, transform=place, clip_on=False)
        ax.text(
            -0.01,
            0,
            _label(name, value),
            transform=ax.transAxes + down,
            ha="right",
            va="center",
            fontsize=9,
            parse_math=False,
        )
    ax.set_xlabel(
        "one estimate per column; lines: 95 % intervals; diamond: the usual choices",
        fontsize=9,
        labelpad=72 * _ROW * (len(rows) + 0.5),
    )


def _label(name: str, value: object) -> str:
    """A choice in words."""
    if name == "method":
        return f"tone by {TONE_METHOD_NAMES.get(str(value), str(value))}"
    if name == "count":
        return f"count {value}"
    if name == "min_score":
        return f"scores below {value:g} are 0" if value else "all scores as they are"
    if name == "corrected":
        return _CORRECTED[str(value)]
    return f"{value} {'own words' if name == 'own_words' else name}"
