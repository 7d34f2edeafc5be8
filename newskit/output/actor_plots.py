"""Figures of actors, tone, voices and positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator, PercentFormatter

from newskit.output.style import (
    BAR,
    LINE,
    POSITION_COLOURS,
    TONE_COLOURS,
    TYPE_COLOURS,
    axes_for,
    checked_table,
    interval_note,
    method_note,
    row_axis,
    whiskers,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_actor_frequency(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Bars of the share of mentions of each actor, with interval and n; coloured by type of actor.

    `table` is from `actor_frequency` (without `by`); the `top` most frequent actors are drawn. Raises
    `ValueError` for another or an empty table.
    """
    table = checked_table(
        table, ["actor", "type", "share", "low", "high", "n_mentions"], "actor_frequency", key="actor_id", top=top
    )
    total = int(table["n_mentions"].sum())
    hidden = len(table) - top
    table = table.head(top)
    ax = axes_for(ax, rows=len(table))
    y = row_axis(ax, [f"{actor}  ({n})" for actor, n in zip(table["actor"], table["n_mentions"], strict=True)])
    ax.barh(y, table["share"], color=[TYPE_COLOURS.get(kind, BAR) for kind in table["type"]], height=0.7)
    whiskers(ax, table, "share", y)
    for kind in dict.fromkeys(table["type"]):
        ax.barh([np.nan], [np.nan], color=TYPE_COLOURS.get(kind, BAR), label=kind)
    ax.legend(frameon=False, loc="lower right")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(left=0)
    ax.set_xlabel(f"share of all mentions (n = {total})\n{interval_note(table)}")
    ax.set_title("Mentions by actor" + (f", {top} most frequent of {hidden + top}" if hidden > 0 else ""), loc="left")
    return ax


def plot_stance_summary(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Diverging bars: share of negative and positive sentences per actor, and the mean score with its interval.

    Negative shares grow to the left of 0, positive ones to the right; neutral is what is missing to
    100 %. The diamond is the mean score (-1 to 1) with its interval; bars without one, from too few
    sentences, are pale. `table` is from `stance_summary` without `by`; the `top` rows are drawn. Raises
    `ValueError` for another or an empty one.
    """
    columns = ["target", "n", "mean", "low", "high", "negative", "positive", "method"]
    table = checked_table(table, columns, "stance_summary", key="target_id", top=top).head(top)
    ax = axes_for(ax, rows=len(table))
    y = row_axis(ax, [f"{name}  ({n})" for name, n in zip(table["target"], table["n"], strict=True)])
    few = table["low"].isna().to_numpy()
    for tone, sign in (("negative", -1), ("positive", 1)):
        colours = [to_rgba(TONE_COLOURS[tone], 0.3 if pale else 0.8) for pale in few]
        ax.barh(y, sign * table[tone], color=colours, height=0.7)
        ax.barh([np.nan], [np.nan], color=to_rgba(TONE_COLOURS[tone], 0.8), label=f"{tone} sentences")
    whiskers(ax, table, "mean", y)
    ax.plot(table["mean"], y, "D", color="white", markeredgecolor=LINE, markersize=6, zorder=4, label="mean score")
    ax.axvline(0, color=LINE, linewidth=0.8)
    ax.set_xlim(-1.02, 1.02)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["100 %\n−1", "50 %\n−0.5", "0 %\n0", "50 %\n0.5", "100 %\n1"])
    note = interval_note(table)
    if not few.all() and table["method"].iloc[0] == "model":
        note += ", with the model's known errors"
    if few.any() and not few.all():
        note += "\npale bars: too few sentences for one"
    ax.set_xlabel(f"share of sentences (bars, %) and mean score (diamonds, −1 to 1)\n{note}")
    ax.set_title(f"Tone toward each actor, by {method_note(table)} (n sentences)", loc="left", pad=26)
    ax.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 0.995), borderaxespad=0, fontsize=9)
    return ax


def plot_voice_matrix(table: pd.DataFrame, *, min_n: int = 1, ax: Axes | None = None) -> Axes:
    """Heat map of the mean score by speaker (rows) and target (columns), with n in each cell.

    `table` is from `voice_matrix`; cells with fewer than `min_n` sentences stay empty. The outlet is the first row,
    unnamed sources the last; between them, and in the columns, actors stand by the side (`group`) that the catalogue
    puts them on, with lines between the sides and their names at the edges. Raises `ValueError` for another or an
    empty table.
    """
    table = checked_table(
        table, ["voice", "speaker", "target", "mean", "n", "voice_group", "target_group"], "voice_matrix"
    )
    table = table[table["n"] >= min_n]
    table = checked_table(table, ["voice"], "voice_matrix")
    speakers, speaker_sides = _by_side(table, "speaker", "voice_group")
    targets, target_sides = _by_side(table, "target", "target_group")
    mean = table.pivot(index="speaker", columns="target", values="mean").reindex(index=speakers, columns=targets)
    count = table.pivot(index="speaker", columns="target", values="n").reindex(index=speakers, columns=targets)
    if ax is None:
        size = (max(8.0, 3.2 + 1.3 * any(speaker_sides) + 0.62 * len(targets)), max(4.0, 2.2 + 0.5 * len(speakers)))
        _, ax = plt.subplots(figsize=size, layout="constrained")
    scores = mean.to_numpy(dtype=float)
    bound = max(0.25, float(np.nanmax(np.abs(scores))))
    image = ax.imshow(mean, cmap="RdBu", vmin=-bound, vmax=bound, aspect="auto")
    for (row, column), n in np.ndenumerate(count.to_numpy()):
        if not np.isnan(n):
            dark = abs(scores[row, column]) > 0.6 * bound
            ax.text(column, row, f"{n:.0f}", ha="center", va="center", fontsize=9, color="white" if dark else "black")
    ax.set_xticks(range(len(targets)), targets, rotation=40, ha="right", rotation_mode="anchor", parse_math=False)
    ax.set_yticks(range(len(speakers)), speakers, parse_math=False)
    ax.set_xticks(np.arange(-0.5, len(targets)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(speakers)), minor=True)
    ax.grid(which="minor", color="#DDDDDD", linewidth=0.8)
    ax.tick_params(which="both", length=0)
    _draw_sides(ax, speaker_sides, target_sides)
    ax.set_xlabel("spoken of")
    ax.set_ylabel("whose words")
    title = f"Who speaks how of whom, by {method_note(table)}; n sentences in the cells"
    ax.set_title(title, loc="left", pad=34 if any(target_sides) else 8)
    ax.figure.colorbar(image, ax=ax, label="mean score (-1 to 1)", shrink=0.85)
    return ax


def _by_side(table: pd.DataFrame, name: str, group: str) -> tuple[list[str], list[str]]:
    """The names of speakers or targets side by side, most sentences first, and the side of each ("" for none).

    The outlet stands before all, unnamed sources after all, actors on no side after those on one.
    """
    weight = table.groupby(name)["n"].sum()
    side = table.groupby(name)[group].first().fillna("")
    of_side = weight.groupby(side).sum()
    rank = {"the outlet": 0, "unnamed sources": 3}

    def order(one: str) -> tuple[int, float, str, float, str]:
        own = str(side[one])
        return rank.get(one, 1 if own else 2), -float(of_side[own]), own, -float(weight[one]), one

    names = sorted(map(str, weight.index), key=order)
    return names, [str(side[one]) for one in names]


def _draw_sides(ax: Axes, rows: list[str], columns: list[str]) -> None:
    """Lines between the sides, and their names at the right of the rows and above the columns."""
    for sides, across in ((rows, False), (columns, True)):
        starts = [i for i, side in enumerate(sides) if i == 0 or side != sides[i - 1]]
        if len(starts) == 1 and not sides[0]:
            continue
        for start, end in zip(starts, [*starts[1:], len(sides)], strict=True):
            line = ax.axvline if across else ax.axhline
            if start:
                line(start - 0.5, color=LINE, linewidth=1.6)
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


def plot_positions(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Positions of each actor in the order of the text, or of publication, one mark a position; n in brackets.

    The marks are coloured by position, and open where the text says that it was held earlier. The x axis is the number
    of the sentence if there is one article, else the date; the `top` actors with most positions are drawn, those who
    support most on top. `table` is from `positions`, of one issue. Raises `ValueError` for another or an empty table,
    for several issues, and for several articles without any date.
    """
    table = checked_table(table, ["issue", "actor", "position", "when", "sentence_id"], "positions", top=top)
    issues = sorted(table["issue"].unique())
    if len(issues) > 1:
        raise ValueError(f"several issues, {', '.join(issues)}: draw one at a time")
    one = table["article_id"].nunique() == 1
    table = table if one else table.dropna(subset="published")
    table = checked_table(table, ["position"], "positions, of articles with a date,")
    lean = table["position"].map({"support": 1, "opposition": -1}).fillna(0).groupby(table["actor"])
    counts = table["actor"].value_counts()
    kept = sorted(counts.index[:top], key=lambda actor: (-lean.mean()[actor], -counts[actor], actor))
    ax = axes_for(ax, rows=len(kept), per_row=0.45)
    y = dict(zip(kept, row_axis(ax, [f"{actor}  ({counts[actor]})" for actor in kept]), strict=True))
    for name, colour in POSITION_COLOURS.items():
        rows = table[(table["position"] == name) & table["actor"].isin(kept)]
        # A little apart, so that two positions in one sentence are both seen.
        height = rows["actor"].map(y) + 0.12 * (list(POSITION_COLOURS).index(name) - 1.5)
        x = rows["sentence_id"] + 1 if one else rows["published"]
        for when, fill in (("now", colour), ("earlier", "white")):
            held = (rows["when"] == when).to_numpy()
            ax.scatter(x[held], height[held], s=70, facecolor=fill, edgecolor=colour, linewidth=2, zorder=3)
        ax.scatter([], [], s=70, color=colour, label=f"{name} ({len(rows)})")
    ax.scatter([], [], s=70, facecolor="white", edgecolor=LINE, linewidth=2, label="held earlier")
    for height in y.values():
        ax.axhline(height, color="#DDDDDD", linewidth=0.8, zorder=0)
    hidden = len(counts) - len(kept)
    ax.set_xlabel(f"{'sentence of the article' if one else 'date of publication'} (n = {len(table)} positions)")
    title = f"Positions on {issues[0]}" + (f", {top} actors of {hidden + top}" if hidden > 0 else "")
    ax.set_title(title, loc="left", pad=42)
    ax.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 0.995), borderaxespad=0, fontsize=9)
    if one:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax
