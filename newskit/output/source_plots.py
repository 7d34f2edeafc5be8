"""The figure of sources: who is quoted how often, or at what length, and how much of it in quotation marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from newskit.output.drawing import (
    MOST_ROWS,
    axes_for_rows,
    check_table,
    describe_intervals,
    draw_intervals,
    fit_texts,
    label_rows,
    labels_with_counts,
    show_percent,
)
from newskit.output.groups import draw_groups, finish_groups, group_labels
from newskit.output.style import QUOTE_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Measure = Literal["quotations", "words"]
_COLUMNS: Final = {
    "quotations": ("share", "low", "high"),
    "words": ("share_words", "share_words_low", "share_words_high"),
}
_AMONG: Final = {
    "source_kind": "of unnamed sources",
    "gender": "of people quoted by name",
    "type": "of named sources",
}
"""What the quotations of a table are, by the only column that tells its rows."""


def plot_source_summary(
    table: pd.DataFrame, *, of: Measure = "quotations", top: int = 15, ax: Axes | None = None
) -> Axes:
    """Draw each source's share of the quotations or of their words as a bar, with its interval and count.

    Parameters
    ----------
    table : DataFrame
        The table from `source_summary`, also by groups: then each source has a mark and an interval for each group.
    of : {"quotations", "words"}, default "quotations"
        What the shares are of.
    top : int, default 15
        Number of rows to draw, those with most quotations first.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on; `ax.figure.savefig("sources.png")` saves the figure.

    Raises
    ------
    ValueError
        If the table does not come from `source_summary`, has no rows or has several rows per source, for another `of`,
        or if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    A bar is divided by how the source is quoted: directly, in part, or indirectly; of words too, by the shares of the
    quotations. The number beside a name is that of its quotations, n that of all of which the shares are. Shares are
    those of the table: sources that are not drawn or were taken out count among all.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "sourcing": ["named", "unnamed"],
    ...         "speaker": ["named sources", "unnamed sources"],
    ...         "n_quotes": [3, 1],
    ...         "n_all": 4,
    ...         "share": [0.75, 0.25],
    ...         "low": [0.5, 0.1],
    ...         "high": [0.9, 0.5],
    ...         "direct": [0.5, 0.0],
    ...         "mixed": [0.25, 0.0],
    ...         "indirect": [0.25, 1.0],
    ...         "resampled": "articles",
    ...     }
    ... )
    >>> import matplotlib.pyplot as plt
    >>> ax = plot_source_summary(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['named sources  (3)', 'unnamed sources  (1)']
    >>> plt.close(ax.figure)
    """
    if of not in _COLUMNS:
        raise ValueError(f"of is 'quotations' or 'words', not {of!r}")
    columns = [*_COLUMNS[of], "speaker", "n_quotes", "n_all", "direct", "mixed", "indirect"]
    check_table(table, columns, "source_summary", top=top)
    among = next((words for column, words in _AMONG.items() if column in table and "speaker_id" not in table), "")
    what = f"{of} {among}".strip()
    drawn = table.drop(columns=["share", "low", "high"]).rename(
        columns=dict(zip(_COLUMNS[of], ("share", "low", "high"), strict=True))
    ) if of == "words" else table  # fmt: skip
    groups = group_labels(table, "source_summary")
    if groups is not None and groups.nunique() > 1:
        keys = {"key": "speaker", "name": "speaker", "value": "share", "n": "n_quotes"}
        ax, some = draw_groups(drawn, groups, **keys, top=top, ax=ax)
        show_percent(ax.xaxis)
        ax.set_xlim(left=0)
        title = f"Sources by group{some}"
        return finish_groups(ax, drawn, title=title, xlabel=f"share of the {what} in the group", value="share")
    check_table(table, columns, "source_summary", key="speaker")
    n_rows, n_all, top = len(drawn), int(drawn["n_all"].iloc[0]), min(top, MOST_ROWS)
    drawn = drawn.head(top)
    ax = axes_for_rows(ax, len(drawn))
    y = label_rows(ax, labels_with_counts(drawn["speaker"], drawn["n_quotes"]))
    left = np.zeros(len(drawn))
    for kind, colour in QUOTE_COLOURS.items():
        width = (drawn["share"] * drawn[kind]).to_numpy(dtype=float)
        ax.barh(y, width, left=left, color=colour, height=0.7, label=kind)
        left += width
    draw_intervals(ax, drawn, "share", y)
    ax.legend(frameon=False, loc="lower right")
    show_percent(ax.xaxis)
    ax.set_xlim(left=0)
    n = f"n = {n_all}" if of == "quotations" else f"of n = {n_all} quotations"
    ax.set_xlabel(f"share of all {what} ({n})\n{describe_intervals(drawn)}")
    ax.set_title("Sources" + (f", {top} most quoted of {n_rows}" if n_rows > top else ""), loc="left")
    fit_texts(ax)
    return ax
