"""Figures of actors: how often they are mentioned, in what tone and in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.ticker import PercentFormatter

from newskit.output.drawing import (
    axes_for_rows,
    check_table,
    corrected_rows,
    describe_estimates,
    describe_intervals,
    describe_method,
    draw_intervals,
    draw_legend_above,
    fit_texts,
    label_rows,
    labels_with_counts,
    line_colour,
    marked,
)
from newskit.output.style import (
    ACTOR_TYPE_COLOURS,
    FOCUS_COLOUR,
    GRID_COLOUR,
    LINE_COLOUR,
    NOT_CORRECTED,
    TONE_COLOURS,
    VOICE_MATRIX_COLOURS,
)
from newskit.schema import VOICES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage


def plot_actor_frequency(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Draw each actor's share of all mentions as a bar, with its interval and count, coloured by type of actor.

    Parameters
    ----------
    table : DataFrame
        The table from `actor_frequency`, without `by`.
    top : int, default 15
        Number of actors to draw, most mentioned first.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on; `ax.figure.savefig("actors.png")` saves the figure.

    Raises
    ------
    ValueError
        If the table does not come from `actor_frequency`, has no rows or has several rows per actor, or if `top` is
        less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    Shares are of all mentions in the table, including those of actors that are not drawn. The label of the x axis says
    what the intervals are, and whether the numbers are validated; where some rows are corrected by codings, the others
    are marked †.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "actor_id": ["russia", "kyiv-school"],
    ...         "actor": ["Russia", "Kyiv School"],
    ...         "type": ["state", "organization"],
    ...         "n_mentions": [3, 1],
    ...         "share": [0.75, 0.25],
    ...         "low": [0.5, 0.1],
    ...         "high": [0.9, 0.5],
    ...         "resampled": "articles",
    ...     }
    ... )
    >>> ax = plot_actor_frequency(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Russia  (3)', 'Kyiv School  (1)']
    >>> plt.close(ax.figure)
    """
    columns = ["actor", "type", "share", "low", "high", "n_mentions"]
    check_table(table, columns, "actor_frequency", key="actor_id", top=top)
    n_actors, n_mentions = len(table), int(table["n_mentions"].sum())
    table = table.head(top)
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, marked(labels_with_counts(table["actor"], table["n_mentions"]), table))
    ax.barh(y, table["share"], color=[ACTOR_TYPE_COLOURS.get(kind, FOCUS_COLOUR) for kind in table["type"]], height=0.7)
    draw_intervals(ax, table, "share", y)
    for kind in dict.fromkeys(table["type"]):
        ax.barh([np.nan], [np.nan], color=ACTOR_TYPE_COLOURS.get(kind, FOCUS_COLOUR), label=kind)
    ax.legend(frameon=False, loc="lower right")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(left=0)
    ax.set_xlabel(f"share of all mentions (n = {n_mentions})\n{describe_intervals(table)}")
    ax.set_title("Mentions by actor" + (f", {top} most frequent of {n_actors}" if n_actors > top else ""), loc="left")
    fit_texts(ax)
    return ax


def plot_stance_summary(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Draw the tone toward each actor: diverging bars of the shares of labels, and the mean score with its interval.

    Parameters
    ----------
    table : DataFrame
        The table from `stance_summary`, without `by`.
    top : int, default 15
        Number of rows to draw, from the first.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `stance_summary`, has no rows or has several rows per actor, or if `top` is
        less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    The share of negative sentences grows to the left of 0, that of positive ones to the right; neutral is what is
    left to 100 %. The diamond is the mean score, -1 to 1, on the same axis. Bars are pale where there were too few
    sentences for an interval. The label of the x axis says whether the numbers are validated; where some rows are
    corrected by codings, the others are marked †.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "target_id": ["russia"],
    ...         "target": ["Russia"],
    ...         "n": [20],
    ...         "mean": [-0.4],
    ...         "low": [-0.6],
    ...         "high": [-0.1],
    ...         "negative": [0.5],
    ...         "positive": [0.1],
    ...         "method": "model",
    ...         "resampled": "articles",
    ...     }
    ... )
    >>> ax = plot_stance_summary(table)
    >>> ax.get_title(loc="left")
    'Tone toward each actor, by the tone model (n sentences)'
    >>> plt.close(ax.figure)
    """
    columns = ["target", "n", "mean", "low", "high", "negative", "positive", "method"]
    check_table(table, columns, "stance_summary", key="target_id", top=top)
    table = table.head(top)
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, marked(labels_with_counts(table["target"], table["n"]), table))
    few = table["low"].isna().to_numpy()
    for tone, sign in (("negative", -1), ("positive", 1)):
        colours = [to_rgba(TONE_COLOURS[tone], 0.3 if pale else 0.8) for pale in few]
        ax.barh(y, sign * table[tone], color=colours, height=0.7)
        ax.barh([np.nan], [np.nan], color=to_rgba(TONE_COLOURS[tone], 0.8), label=f"{tone} sentences")
    draw_intervals(ax, table, "mean", y)
    ax.plot(
        table["mean"], y, "D", color="white", markeredgecolor=LINE_COLOUR, markersize=6, zorder=4, label="mean score"
    )
    ax.axvline(0, color=line_colour(ax), linewidth=0.8)
    ax.set_xlim(-1.02, 1.02)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["100 %\n−1", "50 %\n−0.5", "0 %\n0", "50 %\n0.5", "100 %\n1"])
    note = describe_intervals(table)
    if few.any() and not few.all():
        note += "\npale bars: too few sentences for an interval"
    ax.set_xlabel(f"share of sentences (bars, %) and mean score (diamonds, −1 to 1)\n{note}")
    ax.set_title(f"Tone toward each actor, by {describe_method(table)} (n sentences)", loc="left", pad=26)
    draw_legend_above(ax)
    fit_texts(ax)
    return ax


def plot_voice_matrix(table: pd.DataFrame, *, min_n: int = 1, ax: Axes | None = None) -> Axes:
    """Draw a heat map of the mean score by speaker (rows) and target (columns), with the count in each cell.

    Parameters
    ----------
    table : DataFrame
        The table from `voice_matrix`.
    min_n : int, default 1
        Fewest sentences for a cell to be drawn; cells with fewer stay empty.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `voice_matrix`, has no rows, or has no cell with `min_n` sentences.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    The outlet is the first row; unnamed and unresolved sources are the last. Between them, and in the columns, actors
    are ordered by the side on which the catalogue puts them (`voice_group`, `target_group`), with lines between the
    sides and their names at the edges; within a side, those with most sentences come first.

    The colour scale is symmetric around 0. It ends at the largest absolute mean, but not below 0.25 or above 1.

    The label of the x axis says whether the numbers are validated; where some cells are corrected by codings, the
    others are marked †.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "voice": ["outlet", "kremlin"],
    ...         "speaker": ["the outlet", "Kremlin"],
    ...         "target": ["Russia", "Ukraine"],
    ...         "mean": [-0.2, -0.5],
    ...         "n": [12, 4],
    ...         "voice_group": [None, "Russian side"],
    ...         "target_group": ["Russian side", None],
    ...         "method": "model",
    ...     }
    ... )
    >>> ax = plot_voice_matrix(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['the outlet', 'Kremlin']
    >>> plt.close(ax.figure)
    """
    check_table(table, ["voice", "speaker", "target", "mean", "n", "voice_group", "target_group"], "voice_matrix")
    table = table[table["n"] >= min_n]
    if table.empty:
        raise ValueError(f"nothing to draw: no cell of the table from voice_matrix(…) has n of at least {min_n}")
    speakers, speaker_sides = _ordered_by_side(table, "speaker", "voice_group")
    targets, target_sides = _ordered_by_side(table, "target", "target_group")
    if ax is None:
        size = (max(8.0, 3.2 + 1.3 * any(speaker_sides) + 0.62 * len(targets)), max(4.0, 2.2 + 0.5 * len(speakers)))
        _, ax = plt.subplots(figsize=size, layout="constrained")
    some = corrected_rows(table)
    table = table.assign(right=some | (not some.any()))
    mean, count, right = (
        table.pivot(index="speaker", columns="target", values=values)
        .reindex(index=speakers, columns=targets)
        .to_numpy(dtype=float)
        for values in ("mean", "n", "right")
    )
    image = _draw_cells(ax, mean, count, right)
    ax.set_xticks(range(len(targets)), targets, rotation=40, ha="right", rotation_mode="anchor", parse_math=False)
    ax.set_yticks(range(len(speakers)), speakers, parse_math=False)
    ax.set_xticks(np.arange(-0.5, len(targets)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(speakers)), minor=True)
    ax.grid(which="minor", color=GRID_COLOUR, linewidth=0.8)
    ax.tick_params(which="both", length=0)
    _draw_sides(ax, speaker_sides, target_sides)
    ax.set_xlabel(f"about whom\n{describe_estimates(table)}")
    ax.set_ylabel("whose words")
    title = f"How each speaker portrays each actor, by {describe_method(table)}; n sentences in each cell"
    ax.set_title(title, loc="left", pad=34 if any(target_sides) else 8)
    ax.figure.colorbar(image, ax=ax, label="mean score (-1 to 1)", shrink=0.85)
    fit_texts(ax)
    return ax


def _draw_cells(ax: Axes, mean: np.ndarray, count: np.ndarray, right: np.ndarray) -> AxesImage:
    """Colour the cells of the voice matrix by mean score and write the count in each, with a mark if not `right`."""
    bound = max(0.25, float(np.nanmax(np.abs(mean))))
    image = ax.imshow(mean, cmap=VOICE_MATRIX_COLOURS, vmin=-bound, vmax=bound, aspect="auto")
    for (row, column), n in np.ndenumerate(count):
        if not np.isnan(n):
            dark = abs(mean[row, column]) > 0.6 * bound
            mark = "" if right[row, column] else NOT_CORRECTED
            ax.text(
                column, row, f"{n:.0f}{mark}", ha="center", va="center", fontsize=9, color="white" if dark else "black"
            )
    return image


def _ordered_by_side(table: pd.DataFrame, name: str, group: str) -> tuple[list[str], list[str]]:
    """Speakers or targets, side by side and most sentences first, and the side of each ("" for none).

    The outlet comes first, unnamed and unresolved sources last, actors without a side after those with one.
    """
    weight = table.groupby(name)["n"].sum()
    side = table.groupby(name)[group].first().fillna("")
    of_side = weight.groupby(side).sum()
    rank = dict(zip(VOICES.values(), (0, 3, 4), strict=True))

    def order(one: str) -> tuple[int, float, str, float, str]:
        own = str(side[one])
        return rank.get(one, 1 if own else 2), -float(of_side[own]), own, -float(weight[one]), one

    names = sorted(map(str, weight.index), key=order)
    return names, [str(side[one]) for one in names]


def _draw_sides(ax: Axes, rows: list[str], columns: list[str]) -> None:
    """Draw lines between the sides, and their names to the right of the rows and above the columns."""
    for sides, across in ((rows, False), (columns, True)):
        starts = [i for i, side in enumerate(sides) if i == 0 or side != sides[i - 1]]
        if len(starts) == 1 and not sides[0]:
            continue
        for start, end in zip(starts, [*starts[1:], len(sides)], strict=True):
            line = ax.axvline if across else ax.axhline
            if start:
                line(start - 0.5, color=LINE_COLOUR, linewidth=1.6)
            if sides[start]:
                middle = (start + end - 1) / 2
                place = (middle, -0.6) if across else (len(columns) - 0.4, middle)
                ax.text(
                    *place,
                    sides[start].replace(" ", "\n", 1) if across else sides[start],
                    ha="center" if across else "left",
                    va="bottom" if across else "center",
                    fontsize=9,
                    fontstyle="italic",
                    parse_math=False,
                )
