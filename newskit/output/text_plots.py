"""Figures of frames and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from newskit.output.style import BAR, LINE, axes_for, checked_table, interval_note, row_axis, whiskers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_frame_summary(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of the share of coded sentences with each frame, with interval and n.

    `table` is from `frame_summary` (without `by`). Raises `ValueError` for another or an empty table.
    """
    table = checked_table(
        table, ["frame_label", "share", "low", "high", "n_sentences", "n_coded"], "frame_summary", key="frame"
    )
    table = checked_table(table[table["n_coded"] > 0], ["codebook"], "frame_summary")
    ax = axes_for(ax, rows=len(table))
    y = row_axis(ax, [f"{name}  ({n})" for name, n in zip(table["frame_label"], table["n_sentences"], strict=True)])
    ax.barh(y, table["share"], color=BAR, height=0.7)
    whiskers(ax, table, "share", y)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, max(0.2, min(1.0, 1.1 * float(table[["share", "high"]].max().max()))))
    ax.set_xlabel(f"share of the {table['n_coded'].iloc[0]} coded sentences\n{interval_note(table)}")
    ax.set_title(f"Frames, {table['codebook'].iloc[0]} (n sentences)", loc="left")
    return ax


def plot_keyness(table: pd.DataFrame, *, top: int = 10, ax: Axes | None = None) -> Axes:
    """Bars of the z score of the words most typical of the focus (right) and of the reference (left).

    `table` is from `keyness`; `top` words of each side are drawn, with their counts. The dashed lines are
    at ±1.96. Raises `ValueError` for another or an empty table.
    """
    table = checked_table(table, ["term", "z", "n_focus", "n_reference"], "keyness", top=top)
    typical, other = table[table["z"] > 0].head(top), table[table["z"] < 0].tail(top)
    table = pd.concat([typical, other])
    ax = axes_for(ax, rows=len(table), per_row=0.27)
    labels = [f"{r.term}  ({r.n_focus} : {r.n_reference})" for r in table.itertuples()]
    y = row_axis(ax, labels)
    ax.barh(y, table["z"], color=np.where(table["z"] > 0, BAR, "#D55E00"), height=0.7)
    ax.axvline(0, color=LINE, linewidth=0.8)
    for limit in (-1.96, 1.96):
        ax.axvline(limit, color=LINE, linewidth=0.8, linestyle="--")
    ax.set_xlabel("z of the log-odds ratio, informative Dirichlet prior\ncounts are focus : reference")
    ax.set_title("Words of the reference (left) and of the focus (right)", loc="left")
    return ax


def plot_concordance(table: pd.DataFrame, *, top: int = 20, ax: Axes | None = None) -> Axes:
    """Dispersion plot: where in each article the matches of a concordance stand, one row an article.

    `table` is from `concordance`; the `top` articles with most matches are drawn. Raises `ValueError` for
    another or an empty table.
    """
    table = checked_table(table, ["article_id", "position", "text"], "concordance", top=top)
    counts = table["article_id"].value_counts()
    hidden = len(counts) - top
    counts = counts.head(top)
    ax = axes_for(ax, rows=len(counts))
    y = row_axis(ax, [f"{article}  ({n})" for article, n in counts.items()])
    for row, article in zip(y, counts.index, strict=True):
        positions = table.loc[table["article_id"] == article, "position"]
        ax.vlines(positions, row - 0.3, row + 0.3, color=BAR, linewidth=1.5)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(f"place in the article, from first to last character (n = {len(table)} matches)")
    ax.set_title("Where the words stand" + (f", {top} of {hidden + top} articles" if hidden > 0 else ""), loc="left")
    return ax


def plot_learning_curve(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Macro-F1 by number of coded texts: measured with the range of the repeats, and as the curve would go on.

    `table` is from `FrameCoder.learning_curve`. Raises `ValueError` for another or an empty table.
    """
    table = checked_table(table, ["kind", "n", "f1", "low", "high"], "FrameCoder().learning_curve")
    measured, projected = (table[table["kind"] == kind] for kind in ("measured", "projected"))
    if ax is None:
        _, ax = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    ax.fill_between(measured["n"], measured["low"], measured["high"], color=BAR, alpha=0.2, linewidth=0)
    ax.plot(measured["n"], measured["f1"], "o-", color=BAR, label="measured (band: range of the repeats)")
    if len(projected):
        ax.plot(
            [*measured["n"].tail(1), *projected["n"]],
            [*measured["f1"].tail(1), *projected["f1"]],
            "o--",
            color=LINE,
            markerfacecolor="white",
            label="projected by a power law, no interval",
        )
    ax.set_xlim(left=0)
    ax.set_ylim(0, 1.03)
    ax.set_xlabel("coded texts to learn from")
    ax.set_ylabel("macro-F1 on texts held out")
    ax.set_title("What more coding would bring", loc="left")
    ax.legend(frameon=False, loc="lower right")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


def plot_microframes(table: pd.DataFrame, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """Where the focus (filled) and the reference (open) stand on each axis of opposites; bold where q < 0.05.

    `table` is from `microframes`; the `top` axes are drawn. Raises `ValueError` for another or an empty table.
    """
    columns = ["axis", "bias_focus", "bias_reference", "bias_q"]
    table = checked_table(table, columns, "microframes", key="axis", top=top).head(top)
    ax = axes_for(ax, rows=len(table))
    y = row_axis(ax, table["axis"].tolist())
    sure = (table["bias_q"] < 0.05).to_numpy()
    for one, reference, focus, bold in zip(y, table["bias_reference"], table["bias_focus"], sure, strict=True):
        ax.plot(
            [reference, focus], [one, one], color=BAR if bold else "#BDBDBD", linewidth=3 if bold else 1.5, zorder=1
        )
    ax.scatter(table["bias_focus"], y, color=BAR, label="focus", zorder=2)
    ax.scatter(table["bias_reference"], y, facecolor="white", edgecolor=BAR, label="reference", zorder=2)
    for label, bold in zip(ax.get_yticklabels(), sure, strict=True):
        label.set_fontweight("bold" if bold else "normal")
    ax.set_xlabel("bias: mean cosine with the axis, from the first word (left) to the second (right)\nbold: q < 0.05")
    ax.set_title("Microframes", loc="left")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax
