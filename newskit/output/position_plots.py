"""The figure of actors' positions on an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from newskit.output.drawing import (
    MOST_ROWS,
    axes_for_rows,
    check_table,
    draw_legend_above,
    fit_texts,
    in_words,
    label_rows,
    labels_with_counts,
    line_colour,
)
from newskit.output.style import GRID_COLOUR, POSITION_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_positions(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Draw each actor's positions on an issue as marks, in the order of the text or of publication.

    Parameters
    ----------
    table : DataFrame
        The table from `positions`, of one issue.
    top : int, default 15
        Number of actors to draw: those with most positions.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `positions`, has no rows or has several issues, if it has several articles and
        none of them has a date, or if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    Marks are coloured by position, and open where the text says that the position was held earlier. The x axis is the
    number of the sentence if there is one article, and the date of publication otherwise; articles without a date are
    then left out. Actors who support most today are on top, whatever they held earlier; the number of positions is in
    brackets.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> table = pd.DataFrame(
    ...     {
    ...         "issue": "missile_transfer",
    ...         "article_id": "a",
    ...         "published": pd.NaT,
    ...         "sentence_id": [0, 3],
    ...         "actor": ["Russia", "Ukraine"],
    ...         "position": ["opposition", "support"],
    ...         "when": "now",
    ...     }
    ... )
    >>> ax = plot_positions(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Ukraine  (1)', 'Russia  (1)']
    >>> plt.close(ax.figure)
    """
    check_table(table, ["issue", "actor", "position", "when", "sentence_id"], "positions", top=top)
    issues = sorted(table["issue"].unique())
    if len(issues) > 1:
        raise ValueError(f"the table has several issues ({', '.join(issues)}): draw one at a time")
    is_one_article = table["article_id"].nunique() == 1
    if not is_one_article:
        table = table.dropna(subset="published")
        if table.empty:
            raise ValueError("nothing to draw: no article in the table from positions(…) has a date")
    lean, top = _lean(table), min(top, MOST_ROWS)
    counts = table["actor"].value_counts()
    actors = sorted(counts.index[:top], key=lambda actor: (-lean[actor], -counts[actor], actor))
    ax = axes_for_rows(ax, len(actors), row_height=0.45)
    y = dict(zip(actors, label_rows(ax, labels_with_counts(actors, counts[actors])), strict=True))
    x = table["sentence_id"] + 1 if is_one_article else table["published"]
    _draw_positions(ax, table.assign(x=x), y)
    for height in y.values():
        ax.axhline(height, color=GRID_COLOUR, linewidth=0.8, zorder=0)
    unit = "sentence of the article" if is_one_article else "date of publication"
    ax.set_xlabel(f"{unit} (n = {len(table)} positions)")
    title = f"Positions on {in_words(issues[0])}" + (f", {top} actors of {len(counts)}" if len(counts) > top else "")
    ax.set_title(title, loc="left", pad=42)
    draw_legend_above(ax)
    if is_one_article:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    fit_texts(ax)
    return ax


def _lean(table: pd.DataFrame) -> pd.Series:
    """Where each actor stands today, -1 to 1; one of whom only earlier positions are known stands nowhere."""
    score = table["position"].map({"support": 1, "opposition": -1}).fillna(0).where(table["when"] == "now")
    return score.groupby(table["actor"]).mean().fillna(0)


def _draw_positions(ax: Axes, table: pd.DataFrame, y: dict[str, float]) -> None:
    """Draw a mark for each position of the actors in `y` at its `x`, with labels for a legend."""
    for number, (name, colour) in enumerate(POSITION_COLOURS.items()):
        rows = table[(table["position"] == name) & table["actor"].isin(list(y))]
        # A little apart, so that two positions in one sentence are both visible.
        height = rows["actor"].map(y).astype(float) + 0.12 * (number - 1.5)
        for when, fill in (("now", colour), ("earlier", "white")):
            held = (rows["when"] == when).to_numpy()
            ax.scatter(rows["x"][held], height[held], s=70, facecolor=fill, edgecolor=colour, linewidth=2, zorder=3)
        ax.scatter([], [], s=70, color=colour, label=f"{name} ({len(rows)})")
    ax.scatter([], [], s=70, facecolor="white", edgecolor=line_colour(ax), linewidth=2, label="held earlier")
