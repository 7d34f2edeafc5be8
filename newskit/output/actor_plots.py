"""Figures of actors: how often they are mentioned, in what tone and in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba

from newskit.output.drawing import (
    MOST_ROWS,
    axes_for_rows,
    check_table,
    describe_intervals,
    describe_method,
    draw_intervals,
    draw_legend_above,
    fit_texts,
    label_rows,
    labels_with_counts,
    line_colour,
    marked,
    shares_of,
    show_percent,
)
from newskit.output.groups import draw_groups, finish_groups, group_labels
from newskit.output.style import (
    ACTOR_TYPE_COLOURS,
    FOCUS_COLOUR,
    LINE_COLOUR,
    TONE_COLOURS,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_actor_frequency(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Draw each actor's share of all mentions as a bar, with its interval and count, coloured by type of actor.

    Parameters
    ----------
    table : DataFrame
        The table from `actor_frequency`, also by groups: then each actor has a mark and an interval for each group.
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
    Shares are of all mentions of the corpus, including those of actors that are not drawn or that were taken out of
    the table; n is their number. The label of the x axis says
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
    >>> import matplotlib.pyplot as plt
    >>> ax = plot_actor_frequency(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Russia  (3)', 'Kyiv School  (1)']
    >>> plt.close(ax.figure)
    """
    columns = ["actor", "type", "share", "low", "high", "n_mentions"]
    check_table(table, columns, "actor_frequency", top=top)
    groups = group_labels(table, "actor_frequency")
    if groups is not None and groups.nunique() > 1:
        keys = {"key": "actor_id", "name": "actor", "value": "share", "n": "n_mentions"}
        ax, some = draw_groups(table, groups, **keys, top=top, ax=ax)
        show_percent(ax.xaxis)
        ax.set_xlim(left=0)
        label = "share of the mentions of the group"
        return finish_groups(ax, table, title=f"Mentions by actor and group{some}", xlabel=label, value="share")
    check_table(table, columns, "actor_frequency", key="actor_id")
    n_actors, n_mentions, top = len(table), shares_of(table), min(top, MOST_ROWS)
    table = table.head(top)
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, marked(labels_with_counts(table["actor"], table["n_mentions"]), table))
    ax.barh(y, table["share"], color=[ACTOR_TYPE_COLOURS.get(kind, FOCUS_COLOUR) for kind in table["type"]], height=0.7)
    draw_intervals(ax, table, "share", y)
    for kind in dict.fromkeys(table["type"]):
        ax.barh([np.nan], [np.nan], color=ACTOR_TYPE_COLOURS.get(kind, FOCUS_COLOUR), label=kind)
    ax.legend(frameon=False, loc="lower right")
    show_percent(ax.xaxis)
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
        The table from `stance_summary`, also by groups: then each actor has a mark and an interval for each group.
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
    The share of negative observations grows to the left of 0, that of positive ones to the right; neutral is what is
    left to 100 %. The diamond is the mean score, -1 to 1, on the same axis. Bars are pale where there were too few
    articles (of one article, too few sentences) for an interval. An observation is one actor in one sentence and
    voice; their number is beside the name. The label of the x axis says whether the numbers are validated; where some
    rows are corrected by codings, the others are marked †.

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
    >>> import matplotlib.pyplot as plt
    >>> ax = plot_stance_summary(table)
    >>> ax.get_title(loc="left")
    'Tone toward each actor, by the tone model (n observations)'
    >>> plt.close(ax.figure)
    """
    columns = ["target", "n", "mean", "low", "high", "negative", "positive", "method"]
    check_table(table, columns, "stance_summary", top=top)
    groups = group_labels(table, "stance_summary")
    if groups is not None and groups.nunique() > 1:
        keys = {"key": "target_id", "name": "target", "value": "mean", "n": "n"}
        ax, some = draw_groups(table, groups, **keys, top=top, ax=ax)
        title = f"Tone toward each actor by group, by {describe_method(table)} (n observations){some}"
        return finish_groups(ax, table, title=title, xlabel="mean score, −1 to 1", value="mean")
    check_table(table, columns, "stance_summary", key="target_id")
    found, top = len(table), min(top, MOST_ROWS)
    table = table.head(top)
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, marked(labels_with_counts(table["target"], table["n"]), table))
    few = table["low"].isna().to_numpy()
    for tone, sign in (("negative", -1), ("positive", 1)):
        colours = [to_rgba(TONE_COLOURS[tone], 0.3 if pale else 0.8) for pale in few]
        ax.barh(y, sign * table[tone], color=colours, height=0.7)
        ax.barh([np.nan], [np.nan], color=to_rgba(TONE_COLOURS[tone], 0.8), label=tone)
    draw_intervals(ax, table, "mean", y)
    ax.plot(
        table["mean"], y, "D", color="white", markeredgecolor=LINE_COLOUR, markersize=6, zorder=4, label="mean score"
    )
    ax.axvline(0, color=line_colour(ax), linewidth=0.8)
    ax.set_xlim(-1.02, 1.02)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["100 %\n−1", "50 %\n−0.5", "0 %\n0", "50 %\n0.5", "100 %\n1"])
    note = describe_intervals(table)
    if few.any() and not few.all():
        note += f"\npale bars: too few {table['resampled'].iloc[0]} for an interval"
    ax.set_xlabel(f"share of observations (bars, %) and mean score (diamonds, −1 to 1)\n{note}")
    some = f", {top} of {found} actors" if found > top else ""
    ax.set_title(f"Tone toward each actor, by {describe_method(table)} (n observations){some}", loc="left", pad=26)
    draw_legend_above(ax)
    fit_texts(ax)
    return ax
