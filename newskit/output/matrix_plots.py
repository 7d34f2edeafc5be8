"""The figure of who portrays whom: a heat map of tone by speaker and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from newskit.output.drawing import (
    MOST_ROWS,
    check_table,
    corrected_rows,
    describe_estimates,
    describe_method,
    fit_texts,
    line_colour,
    shortened,
)
from newskit.output.groups import group_labels
from newskit.output.style import FEW, GRID_COLOUR, NOT_CORRECTED, VOICE_MATRIX_COLOURS
from newskit.schema import VOICES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

_PANELS: Final = 4
_LONGEST_NAME: Final = 32
_FAINT: Final = 0.45
"""How opaque the cells with few observations are."""
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])
_DARK_CELL: Final = 0.45
"""Luminance below which a cell has white figures on it."""


def plot_voice_matrix(table: pd.DataFrame, *, min_n: int = 1, top: int = 20, ax: Axes | None = None) -> Axes:
    """Draw a heat map of the mean score by speaker (rows) and target (columns), with the count in each cell.

    Parameters
    ----------
    table : DataFrame
        The table from `voice_matrix`.
    min_n : int, default 1
        Fewest observations for a cell to be drawn; cells with fewer stay empty.
    top : int, default 20
        Number of targets, and of speakers, to draw: those with most observations. The title says how many there are.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `voice_matrix`, has no rows, has no cell with `min_n` observations, or has
        several rows per speaker and target; if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    The outlet is the first row; unnamed and unresolved sources are the last. Between them, and in the columns, actors
    are ordered by the side on which the catalogue puts them (`voice_group`, `target_group`), with lines between the
    sides and their names at the edges; within a side, those with most observations come first.

    Cells with fewer than five observations are faint beside others with more: a single sentence is no portrait. The
    colour scale is symmetric around 0. It ends at the largest absolute mean, but not below 0.25 or above 1.

    A table by groups gives one heat map for each of its four largest groups, one below the other, on one scale.

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
    columns = ["voice", "speaker", "target", "mean", "n", "voice_group", "target_group"]
    check_table(table, columns, "voice_matrix", top=top)
    table = table[table["n"] >= min_n]
    if table.empty:
        raise ValueError(f"nothing to draw: no cell of the table from voice_matrix(…) has n of at least {min_n}")
    groups = group_labels(table, "voice_matrix")
    of_group = dict(tuple(table.groupby(groups, sort=False))) if groups is not None else {"": table}
    if len(of_group) > 1 and ax is not None:
        raise ValueError(f"the table from voice_matrix(…) has {len(of_group)} groups: draw one at a time on `ax`")
    shown = sorted(of_group, key=lambda name: -int(of_group[name]["n"].sum()))[:_PANELS]
    tables = {name: _named(of_group[name]) for name in of_group if name in shown}
    pooled = pd.concat(tables.values())
    found, top = (pooled["speaker"].nunique(), pooled["target"].nunique()), min(top, MOST_ROWS)
    pooled = _most_observed(pooled, top)
    rows, columns_drawn = (
        _ordered_by_side(pooled, *names) for names in (("speaker", "voice_group"), ("target", "target_group"))
    )
    bound = max([0.25, *pooled["mean"].abs().dropna().clip(upper=1)])
    axes = [ax] if ax is not None else _panels(len(tables), rows, columns_drawn)
    for panel, (name, one) in zip(axes, tables.items(), strict=True):
        _draw_matrix(panel, one, rows, columns_drawn, bound)
        lines = [f"How each speaker portrays each actor, by {describe_method(table)}; n observations in each cell"]
        lines += [f"{len(shown)} of {len(of_group)} groups"] * (len(of_group) > len(shown))
        if max(found) > top:
            most = f"{len(rows[0])} × {len(columns_drawn[0])} with most observations"
            lines.append(f"{most}, of {found[0]:,} speakers × {found[1]:,} actors")
        lines = [*(lines if panel is axes[0] else []), *[shortened(name)] * bool(name)]
        panel.set_title("\n".join(lines), loc="left", pad=34 if any(columns_drawn[1]) else 8, parse_math=False)
    fit_texts(*axes)
    return axes[0]


def _draw_matrix(
    ax: Axes, table: pd.DataFrame, rows: tuple[list[str], list[str]], columns: tuple[list[str], list[str]], bound: float
) -> None:
    """Draw one heat map of the given rows and columns (names and sides) with its labels, without a title."""
    (speakers, speaker_sides), (targets, target_sides) = rows, columns
    table = table[table["speaker"].isin(speakers) & table["target"].isin(targets)]
    some = corrected_rows(table)
    table = table.assign(right=some | (not some.any()))
    mean, count, right = (
        table.pivot(index="speaker", columns="target", values=values)
        .reindex(index=speakers, columns=targets)
        .to_numpy(dtype=float)
        for values in ("mean", "n", "right")
    )
    image = _draw_cells(ax, mean, count, right, bound)
    names = [[shortened(name, _LONGEST_NAME) for name in side] for side in (targets, speakers)]
    ax.set_xticks(range(len(targets)), names[0], rotation=40, ha="right", rotation_mode="anchor", parse_math=False)
    ax.set_yticks(range(len(speakers)), names[1], parse_math=False)
    ax.set_xticks(np.arange(-0.5, len(targets)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(speakers)), minor=True)
    ax.grid(which="minor", color=GRID_COLOUR, linewidth=0.8)
    ax.tick_params(which="both", length=0)
    _draw_sides(ax, speaker_sides, target_sides)
    few = f"faint: fewer than {FEW} observations\n" if (count < FEW).any() and (count >= FEW).any() else ""
    ax.set_xlabel(f"about whom\n{few}{describe_estimates(table) if len(table) else 'nothing'}")
    ax.set_ylabel("whose words")
    ax.figure.colorbar(image, ax=ax, label="mean score (−1 to 1)", shrink=0.85)


def _panels(n: int, rows: tuple[list[str], list[str]], columns: tuple[list[str], list[str]]) -> list[Axes]:
    """Axes for so many heat maps, one below the other, each as large as its rows and columns need."""
    width = max(8.0, 3.2 + 1.3 * any(rows[1]) + 0.62 * len(columns[0]))
    height = n * max(4.0, 2.2 + 0.5 * len(rows[0]))
    _, axes = plt.subplots(n, squeeze=False, figsize=(width, height), layout="constrained")
    return list(axes[:, 0])


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with names that tell its actors apart: two of one name get their ids."""
    for name, key in (("speaker", "voice"), ("target", "target_id")):
        if key in table.columns:
            shared = table.groupby(name)[key].transform("nunique") > 1
            table = table.assign(**{name: table[name].where(~shared, table[name] + " (" + table[key] + ")")})
    if table.duplicated(["speaker", "target"]).any():
        raise ValueError("the table from voice_matrix(…) has several rows per speaker and target: draw one at a time")
    return table


def _most_observed(table: pd.DataFrame, top: int) -> pd.DataFrame:
    """The rows of the targets with most observations, and of the speakers with most about these."""
    for name in ("target", "speaker"):
        weight = table.groupby(name)["n"].sum().sort_values(ascending=False, kind="stable")
        first = (
            sorted(weight.index, key=lambda one: one != VOICES["outlet"]) if name == "speaker" else list(weight.index)
        )
        table = table[table[name].isin(first[:top])]
    return table


def _draw_cells(ax: Axes, mean: np.ndarray, count: np.ndarray, right: np.ndarray, bound: float) -> AxesImage:
    """Colour the cells by mean score and write the count in each, with a mark if not `right`; few observations pale."""
    paper = np.array(to_rgb(ax.get_facecolor()))
    opaque = np.where(count < FEW, _FAINT, 1.0) if (count >= FEW).any() else np.ones(count.shape)
    image = ax.imshow(mean, cmap=VOICE_MATRIX_COLOURS, vmin=-bound, vmax=bound, aspect="auto", alpha=opaque)
    colours = mpl.colormaps[VOICE_MATRIX_COLOURS]
    for (row, column), n in np.ndenumerate(count):
        if np.isnan(n):
            continue
        part = opaque[row, column]
        score = np.nan_to_num(mean[row, column])
        seen = part * np.array(colours((score + bound) / (2 * bound))[:3]) + (1 - part) * paper
        mark = "" if right[row, column] else NOT_CORRECTED
        colour = "white" if seen @ _LUMINANCE < _DARK_CELL else "black"
        ax.text(column, row, f"{n:.0f}{mark}", ha="center", va="center", fontsize=9, color=colour)
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
                line(start - 0.5, color=line_colour(ax), linewidth=1.6)
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
