"""Figures of frames and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from newskit.output.drawing import (
    MOST_ROWS,
    axes_for_rows,
    check_table,
    describe_intervals,
    draw_intervals,
    fit_texts,
    in_words,
    label_rows,
    labels_with_counts,
    line_colour,
    marked,
    shortened,
    show_percent,
)
from newskit.output.groups import draw_groups, finish_groups, group_labels
from newskit.output.style import FOCUS_COLOUR, PALE_COLOUR, REFERENCE_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_frame_summary(table: pd.DataFrame, *, top: int = 30, ax: Axes | None = None) -> Axes:
    """Draw the share of coded sentences with each frame as a bar, with its interval and count.

    Parameters
    ----------
    table : DataFrame
        The table from `frame_summary`, also by groups: then each frame has a mark and an interval for each group.
    top : int, default 30
        Number of frames to draw, from the first.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `frame_summary`, has no rows, has several rows per frame, or no sentence was
        coded; if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "frame": ["conflict"],
    ...         "frame_label": ["Conflict"],
    ...         "codebook": "news_frames",
    ...         "share": [0.1],
    ...         "low": [0.05],
    ...         "high": [0.2],
    ...         "n_sentences": [4],
    ...         "n_coded": [40],
    ...         "resampled": "articles",
    ...     }
    ... )
    >>> ax = plot_frame_summary(table)
    >>> ax.get_title(loc="left")
    'Frames, news frames (n sentences)'
    >>> plt.close(ax.figure)
    """
    columns = ["frame_label", "share", "low", "high", "n_sentences", "n_coded"]
    check_table(table, columns, "frame_summary", top=top)
    table = table[table["n_coded"] > 0]
    if table.empty:
        raise ValueError("nothing to draw: no sentence was coded for the table from frame_summary(…)")
    codebook, groups = in_words(table["codebook"].iloc[0]), group_labels(table, "frame_summary")
    if groups is not None and groups.nunique() > 1:
        keys = {"key": "frame", "name": "frame_label", "value": "share", "n": "n_sentences"}
        ax, some = draw_groups(table, groups, **keys, top=top, ax=ax, size="n_coded")
        show_percent(ax.xaxis)
        ax.set_xlim(left=0)
        label, title = "share of the coded sentences of the group", f"Frames by group, {codebook} (n sentences){some}"
        return finish_groups(ax, table, title=title, xlabel=label, value="share")
    check_table(table, columns, "frame_summary", key="frame")
    found, top = len(table), min(top, MOST_ROWS)
    table = table.head(top)
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, marked(labels_with_counts(table["frame_label"], table["n_sentences"]), table))
    ax.barh(y, table["share"], color=FOCUS_COLOUR, height=0.7)
    draw_intervals(ax, table, "share", y)
    show_percent(ax.xaxis)
    ax.set_xlim(0, max(0.2, min(1.0, 1.1 * float(table[["share", "high"]].max().max()))))
    ax.set_xlabel(f"share of the {table['n_coded'].iloc[0]} coded sentences\n{describe_intervals(table)}")
    some = f", {top} of {found}" if found > top else ""
    ax.set_title(f"Frames, {codebook} (n sentences){some}", loc="left", parse_math=False)
    fit_texts(ax)
    return ax


def plot_keyness(
    table: pd.DataFrame,
    *,
    top: int = 10,
    names: tuple[str, str] = ("the focus", "the reference"),
    ax: Axes | None = None,
) -> Axes:
    """Draw the z scores of the words most typical of the focus (to the right) and of the reference (to the left).

    Parameters
    ----------
    table : DataFrame
        The table from `keyness`.
    top : int, default 10
        Number of words to draw on each side.
    names : pair of str, default ("the focus", "the reference")
        What the figure calls the two groups of texts.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `keyness` or has no rows, or if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    The numbers beside each word are its counts, focus : reference. The dashed lines are at ±1.96.

    Examples
    --------
    >>> from newskit import keyness
    >>> ax = plot_keyness(keyness(["war war peace"], reference=["war peace peace"]))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['war  (2 : 1)', 'peace  (1 : 2)']
    >>> plt.close(ax.figure)
    """
    check_table(table, ["term", "z", "n_focus", "n_reference"], "keyness", top=top)
    top = min(top, MOST_ROWS // 2)
    table = pd.concat([table[table["z"] > 0].head(top), table[table["z"] < 0].tail(top)])
    ax = axes_for_rows(ax, len(table), row_height=0.27)
    y = label_rows(ax, [f"{row.term}  ({row.n_focus} : {row.n_reference})" for row in table.itertuples()])
    ax.barh(y, table["z"], color=np.where(table["z"] > 0, FOCUS_COLOUR, REFERENCE_COLOUR), height=0.7)
    ax.axvline(0, color=line_colour(ax), linewidth=0.8)
    for limit in (-1.96, 1.96):
        ax.axvline(limit, color=line_colour(ax), linewidth=0.8, linestyle="--")
    focus, reference = (shortened(name, 40) for name in names)
    counts = f"counts are {focus.removeprefix('the ')} : {reference.removeprefix('the ')}"
    ax.set_xlabel(f"z of the log-odds ratio, informative Dirichlet prior\n{counts}", parse_math=False)
    ax.set_title(f"Words typical of {reference} (left) and {focus} (right)", loc="left", parse_math=False)
    fit_texts(ax)
    return ax


def plot_concordance(table: pd.DataFrame, *, top: int = 20, ax: Axes | None = None) -> Axes:
    """Draw a dispersion plot: where in each article the matches of a concordance are, one row per article.

    Parameters
    ----------
    table : DataFrame
        The table from `concordance`.
    top : int, default 20
        Number of articles to draw: those with most matches.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `concordance` or has no rows, or if `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Examples
    --------
    >>> table = pd.DataFrame({"article_id": ["a", "a", "b"], "position": [0.1, 0.8, 0.5], "text": "missiles"})
    >>> ax = plot_concordance(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['a  (2)', 'b  (1)']
    >>> plt.close(ax.figure)
    """
    check_table(table, ["article_id", "position", "text"], "concordance", top=top)
    counts = table["article_id"].value_counts()
    top = min(top, MOST_ROWS)
    shown = counts.head(top)
    ax = axes_for_rows(ax, len(shown))
    y = label_rows(ax, labels_with_counts(shown.index, shown))
    for row, article in zip(y, shown.index, strict=True):
        positions = table.loc[table["article_id"] == article, "position"]
        ax.vlines(positions, row - 0.3, row + 0.3, color=FOCUS_COLOUR, linewidth=1.5)
    ax.set_xlim(0, 1)
    show_percent(ax.xaxis)
    ax.set_xlabel(f"position in the article, from first to last character (n = {len(table)} matches)")
    title = "Where the matches occur" + (f", {top} of {len(counts)} articles" if len(counts) > top else "")
    ax.set_title(title, loc="left")
    fit_texts(ax)
    return ax


def plot_learning_curve(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw macro-F1 against the number of coded texts, as measured and as projected for more.

    Parameters
    ----------
    table : DataFrame
        The table from `FrameCoder.learning_curve`.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `FrameCoder.learning_curve` or has no rows.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    The band is the range over the repeats, not a confidence interval. The projection (a power law fitted to the
    measured scores) has no interval.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "kind": ["measured", "measured", "projected"],
    ...         "n": [50, 100, 200],
    ...         "f1": [0.4, 0.5, 0.57],
    ...         "low": [0.35, 0.47, None],
    ...         "high": [0.45, 0.53, None],
    ...     }
    ... )
    >>> ax = plot_learning_curve(table)
    >>> ax.get_ylabel()
    'macro-F1 on held-out texts'
    >>> plt.close(ax.figure)
    """
    check_table(table, ["kind", "n", "f1", "low", "high"], "FrameCoder().learning_curve")
    measured, projected = (table[table["kind"] == kind] for kind in ("measured", "projected"))
    if ax is None:
        _, ax = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    ax.fill_between(measured["n"], measured["low"], measured["high"], color=FOCUS_COLOUR, alpha=0.2, linewidth=0)
    ax.plot(measured["n"], measured["f1"], "o-", color=FOCUS_COLOUR, label="measured (band: range of the repeats)")
    if len(projected):
        ax.plot(
            [*measured["n"].tail(1), *projected["n"]],
            [*measured["f1"].tail(1), *projected["f1"]],
            "o--",
            color=line_colour(ax),
            markerfacecolor="white",
            label="projected by a power law, no interval",
        )
    ax.set_xlim(left=0)
    ax.set_ylim(0, 1.03)
    ax.set_xlabel("coded texts used for training")
    ax.set_ylabel("macro-F1 on held-out texts")
    ax.set_title("Expected gain from more coding", loc="left")
    ax.legend(frameon=False, loc="lower right")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def plot_microframes(table: pd.DataFrame, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """Draw the bias of the focus (filled) and the reference (open) on each axis of opposite words.

    Parameters
    ----------
    table : DataFrame
        The table from `microframes`.
    top : int, default 12
        Number of axes of opposite words to draw, from the first row.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    ValueError
        If the table does not come from `microframes`, has no rows or has several rows per axis of opposites, or if
        `top` is less than 1.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    Axes on which focus and reference differ with q < 0.05 are bold. Bias is the mean cosine of the texts' words with
    the axis, from its first word (left) to its second (right).

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"axis": ["war – peace"], "bias_focus": [0.1], "bias_reference": [-0.05], "bias_q": [0.01]}
    ... )
    >>> ax = plot_microframes(table)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['war – peace']
    >>> plt.close(ax.figure)
    """
    check_table(table, ["axis", "bias_focus", "bias_reference", "bias_q"], "microframes", key="axis", top=top)
    table = table.head(min(top, MOST_ROWS))
    ax = axes_for_rows(ax, len(table))
    y = label_rows(ax, table["axis"].tolist())
    significant = (table["bias_q"] < 0.05).to_numpy()
    for row, reference, focus, bold in zip(y, table["bias_reference"], table["bias_focus"], significant, strict=True):
        colour, width = (FOCUS_COLOUR, 3) if bold else (PALE_COLOUR, 1.5)
        ax.plot([reference, focus], [row, row], color=colour, linewidth=width, zorder=1)
    ax.scatter(table["bias_focus"], y, color=FOCUS_COLOUR, label="focus", zorder=2)
    ax.scatter(table["bias_reference"], y, facecolor="white", edgecolor=FOCUS_COLOUR, label="reference", zorder=2)
    for label, bold in zip(ax.get_yticklabels(), significant, strict=True):
        label.set_fontweight("bold" if bold else "normal")
    ax.set_xlabel("bias: mean cosine with the axis, from the first word (left) to the second (right)\nbold: q < 0.05")
    ax.set_title("Microframes", loc="left")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    fit_texts(ax)
    return ax
