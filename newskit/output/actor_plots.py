"""From summary tables to figures: one `plot_x` for every summary `x`, each returning a matplotlib Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.ticker import MaxNLocator, PercentFormatter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colour-blind safe (Okabe and Ito), on white and on dark.
_TYPES: Final = {
    "person": "#0072B2",
    "state": "#D55E00",
    "alliance": "#CC79A7",
    "organization": "#009E73",
    "movement": "#E69F00",
    "party": "#56B4E9",
    "people": "#999933",
    "place": "#8C6D31",
    "group": "#444444",
}
_TONES: Final = {"negative": "#B2182B", "neutral": "#BDBDBD", "positive": "#2166AC"}
_METHODS: Final = {"model": "the tone model", "textblob": "TextBlob", "directed": "directed tone"}
_POSITIONS: Final = {"support": "#2166AC", "opposition": "#B2182B", "condition": "#E69F00", "ambivalence": "#8C8C8C"}
_BAR: Final = "#0072B2"
_LINE: Final = "#333333"


def _axes(ax: Axes | None, *, rows: int, width: float = 8.0, per_row: float = 0.36) -> Axes:
    if ax is not None:
        return ax
    _, new = plt.subplots(figsize=(width, max(1.6, 1.3 + per_row * rows)), layout="constrained")
    return new


def _checked(
    table: pd.DataFrame, columns: list[str], maker: str, *, key: str | None = None, top: int | None = None
) -> pd.DataFrame:
    """The table, if it has the columns, rows to draw, and one row a value of `key`."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"this draws the table from {maker}(…), got {type(table).__name__}")
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise ValueError(f"the table has no column {missing[0]!r}: it must come from {maker}(…)")
    if top is not None and top < 1:
        raise ValueError(f"top must be at least 1, got {top}")
    if table.empty:
        raise ValueError(f"there is nothing to draw: the table from {maker}(…) has no rows left")
    if key is not None and table[key].duplicated().any():
        raise ValueError(f"the table from {maker}(…) has several rows a {key}: draw one group of `by` at a time")
    return table


def _whiskers(ax: Axes, table: pd.DataFrame, centre: str, y: np.ndarray) -> None:
    """Intervals as lines; rows without one (NaN) get none."""
    known = table["low"].notna().to_numpy()
    x = table[centre].to_numpy(dtype=float)[known]
    low, high = (table[side].to_numpy(dtype=float)[known] for side in ("low", "high"))
    errors = np.clip(np.stack([x - low, high - x]), 0, None)
    ax.errorbar(x, y[known], xerr=errors, fmt="none", ecolor=_LINE, elinewidth=1.2, capsize=3, zorder=3)


def _rows(ax: Axes, labels: list[str]) -> np.ndarray:
    """Put the rows of a table on the y axis, the first on top."""
    y = np.arange(len(labels), dtype=float)
    ax.set_yticks(y, labels, parse_math=False)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return y


def _interval_note(table: pd.DataFrame) -> str:
    units = table["resampled"].iloc[0]
    once = "each story counted once\n" if "count" in table.columns else ""
    if table["low"].notna().any():
        return f"{once}lines: 95 % bootstrap intervals over {units}"
    return f"{once}too few {units} for intervals"


def _method(table: pd.DataFrame) -> str:
    """Name of the method of tone, for people to read."""
    method = str(table["method"].iloc[0])
    return _METHODS.get(method, method)


def plot_actor_frequency(table: pd.DataFrame, *, top: int = 15, ax: Axes | None = None) -> Axes:
    """Bars of the share of mentions of each actor, with interval and n; coloured by type of actor.

    `table` is from `actor_frequency` (without `by`); the `top` most frequent actors are drawn. Raises
    `ValueError` for another or an empty table.
    """
    table = _checked(
        table, ["actor", "type", "share", "low", "high", "n_mentions"], "actor_frequency", key="actor_id", top=top
    )
    total = int(table["n_mentions"].sum())
    hidden = len(table) - top
    table = table.head(top)
    ax = _axes(ax, rows=len(table))
    y = _rows(ax, [f"{actor}  ({n})" for actor, n in zip(table["actor"], table["n_mentions"], strict=True)])
    ax.barh(y, table["share"], color=[_TYPES.get(kind, _BAR) for kind in table["type"]], height=0.7)
    _whiskers(ax, table, "share", y)
    for kind in dict.fromkeys(table["type"]):
        ax.barh([np.nan], [np.nan], color=_TYPES.get(kind, _BAR), label=kind)
    ax.legend(frameon=False, loc="lower right")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(left=0)
    ax.set_xlabel(f"share of all mentions (n = {total})\n{_interval_note(table)}")
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
    table = _checked(table, columns, "stance_summary", key="target_id", top=top).head(top)
    ax = _axes(ax, rows=len(table))
    y = _rows(ax, [f"{name}  ({n})" for name, n in zip(table["target"], table["n"], strict=True)])
    few = table["low"].isna().to_numpy()
    for tone, sign in (("negative", -1), ("positive", 1)):
        colours = [to_rgba(_TONES[tone], 0.3 if pale else 0.8) for pale in few]
        ax.barh(y, sign * table[tone], color=colours, height=0.7)
        ax.barh([np.nan], [np.nan], color=to_rgba(_TONES[tone], 0.8), label=f"{tone} sentences")
    _whiskers(ax, table, "mean", y)
    ax.plot(table["mean"], y, "D", color="white", markeredgecolor=_LINE, markersize=6, zorder=4, label="mean score")
    ax.axvline(0, color=_LINE, linewidth=0.8)
    ax.set_xlim(-1.02, 1.02)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["100 %\n−1", "50 %\n−0.5", "0 %\n0", "50 %\n0.5", "100 %\n1"])
    note = _interval_note(table)
    if not few.all() and table["method"].iloc[0] == "model":
        note += ", with the model's known errors"
    if few.any() and not few.all():
        note += "\npale bars: too few sentences for one"
    ax.set_xlabel(f"share of sentences (bars, %) and mean score (diamonds, −1 to 1)\n{note}")
    ax.set_title(f"Tone toward each actor, by {_method(table)} (n sentences)", loc="left", pad=26)
    ax.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 0.995), borderaxespad=0, fontsize=9)
    return ax


def plot_voice_matrix(table: pd.DataFrame, *, min_n: int = 1, ax: Axes | None = None) -> Axes:
    """Heat map of the mean score by speaker (rows) and target (columns), with n in each cell.

    `table` is from `voice_matrix`; cells with fewer than `min_n` sentences stay empty. The outlet is the first row,
    unnamed sources the last; between them, and in the columns, actors stand by the side (`group`) that the catalogue
    puts them on, with lines between the sides and their names at the edges. Raises `ValueError` for another or an
    empty table.
    """
    table = _checked(table, ["voice", "speaker", "target", "mean", "n", "voice_group", "target_group"], "voice_matrix")
    table = table[table["n"] >= min_n]
    table = _checked(table, ["voice"], "voice_matrix")
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
    title = f"Who speaks how of whom, by {_method(table)}; n sentences in the cells"
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
                line(start - 0.5, color=_LINE, linewidth=1.6)
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
    table = _checked(table, ["issue", "actor", "position", "when", "sentence_id"], "positions", top=top)
    issues = sorted(table["issue"].unique())
    if len(issues) > 1:
        raise ValueError(f"several issues, {', '.join(issues)}: draw one at a time")
    one = table["article_id"].nunique() == 1
    table = table if one else table.dropna(subset="published")
    table = _checked(table, ["position"], "positions, of articles with a date,")
    lean = table["position"].map({"support": 1, "opposition": -1}).fillna(0).groupby(table["actor"])
    counts = table["actor"].value_counts()
    kept = sorted(counts.index[:top], key=lambda actor: (-lean.mean()[actor], -counts[actor], actor))
    ax = _axes(ax, rows=len(kept), per_row=0.45)
    y = dict(zip(kept, _rows(ax, [f"{actor}  ({counts[actor]})" for actor in kept]), strict=True))
    for name, colour in _POSITIONS.items():
        rows = table[(table["position"] == name) & table["actor"].isin(kept)]
        # A little apart, so that two positions in one sentence are both seen.
        height = rows["actor"].map(y) + 0.12 * (list(_POSITIONS).index(name) - 1.5)
        x = rows["sentence_id"] + 1 if one else rows["published"]
        for when, fill in (("now", colour), ("earlier", "white")):
            held = (rows["when"] == when).to_numpy()
            ax.scatter(x[held], height[held], s=70, facecolor=fill, edgecolor=colour, linewidth=2, zorder=3)
        ax.scatter([], [], s=70, color=colour, label=f"{name} ({len(rows)})")
    ax.scatter([], [], s=70, facecolor="white", edgecolor=_LINE, linewidth=2, label="held earlier")
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


def plot_frame_summary(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Bars of the share of coded sentences with each frame, with interval and n.

    `table` is from `frame_summary` (without `by`). Raises `ValueError` for another or an empty table.
    """
    table = _checked(
        table, ["frame_label", "share", "low", "high", "n_sentences", "n_coded"], "frame_summary", key="frame"
    )
    table = _checked(table[table["n_coded"] > 0], ["codebook"], "frame_summary")
    ax = _axes(ax, rows=len(table))
    y = _rows(ax, [f"{name}  ({n})" for name, n in zip(table["frame_label"], table["n_sentences"], strict=True)])
    ax.barh(y, table["share"], color=_BAR, height=0.7)
    _whiskers(ax, table, "share", y)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlim(0, max(0.2, min(1.0, 1.1 * float(table[["share", "high"]].max().max()))))
    ax.set_xlabel(f"share of the {table['n_coded'].iloc[0]} coded sentences\n{_interval_note(table)}")
    ax.set_title(f"Frames, {table['codebook'].iloc[0]} (n sentences)", loc="left")
    return ax


def plot_keyness(table: pd.DataFrame, *, top: int = 10, ax: Axes | None = None) -> Axes:
    """Bars of the z score of the words most typical of the focus (right) and of the reference (left).

    `table` is from `keyness`; `top` words of each side are drawn, with their counts. The dashed lines are
    at ±1.96. Raises `ValueError` for another or an empty table.
    """
    table = _checked(table, ["term", "z", "n_focus", "n_reference"], "keyness", top=top)
    typical, other = table[table["z"] > 0].head(top), table[table["z"] < 0].tail(top)
    table = pd.concat([typical, other])
    ax = _axes(ax, rows=len(table), per_row=0.27)
    labels = [f"{r.term}  ({r.n_focus} : {r.n_reference})" for r in table.itertuples()]
    y = _rows(ax, labels)
    ax.barh(y, table["z"], color=np.where(table["z"] > 0, _BAR, "#D55E00"), height=0.7)
    ax.axvline(0, color=_LINE, linewidth=0.8)
    for limit in (-1.96, 1.96):
        ax.axvline(limit, color=_LINE, linewidth=0.8, linestyle="--")
    ax.set_xlabel("z of the log-odds ratio, informative Dirichlet prior\ncounts are focus : reference")
    ax.set_title("Words of the reference (left) and of the focus (right)", loc="left")
    return ax


def plot_concordance(table: pd.DataFrame, *, top: int = 20, ax: Axes | None = None) -> Axes:
    """Dispersion plot: where in each article the matches of a concordance stand, one row an article.

    `table` is from `concordance`; the `top` articles with most matches are drawn. Raises `ValueError` for
    another or an empty table.
    """
    table = _checked(table, ["article_id", "position", "text"], "concordance", top=top)
    counts = table["article_id"].value_counts()
    hidden = len(counts) - top
    counts = counts.head(top)
    ax = _axes(ax, rows=len(counts))
    y = _rows(ax, [f"{article}  ({n})" for article, n in counts.items()])
    for row, article in zip(y, counts.index, strict=True):
        positions = table.loc[table["article_id"] == article, "position"]
        ax.vlines(positions, row - 0.3, row + 0.3, color=_BAR, linewidth=1.5)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(f"place in the article, from first to last character (n = {len(table)} matches)")
    ax.set_title("Where the words stand" + (f", {top} of {hidden + top} articles" if hidden > 0 else ""), loc="left")
    return ax


def plot_learning_curve(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Macro-F1 by number of coded texts: measured with the range of the repeats, and as the curve would go on.

    `table` is from `FrameCoder.learning_curve`. Raises `ValueError` for another or an empty table.
    """
    table = _checked(table, ["kind", "n", "f1", "low", "high"], "FrameCoder().learning_curve")
    measured, projected = (table[table["kind"] == kind] for kind in ("measured", "projected"))
    if ax is None:
        _, ax = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    ax.fill_between(measured["n"], measured["low"], measured["high"], color=_BAR, alpha=0.2, linewidth=0)
    ax.plot(measured["n"], measured["f1"], "o-", color=_BAR, label="measured (band: range of the repeats)")
    if len(projected):
        ax.plot(
            [*measured["n"].tail(1), *projected["n"]],
            [*measured["f1"].tail(1), *projected["f1"]],
            "o--",
            color=_LINE,
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
    table = _checked(table, columns, "microframes", key="axis", top=top).head(top)
    ax = _axes(ax, rows=len(table))
    y = _rows(ax, table["axis"].tolist())
    sure = (table["bias_q"] < 0.05).to_numpy()
    for one, reference, focus, bold in zip(y, table["bias_reference"], table["bias_focus"], sure, strict=True):
        ax.plot(
            [reference, focus], [one, one], color=_BAR if bold else "#BDBDBD", linewidth=3 if bold else 1.5, zorder=1
        )
    ax.scatter(table["bias_focus"], y, color=_BAR, label="focus", zorder=2)
    ax.scatter(table["bias_reference"], y, facecolor="white", edgecolor=_BAR, label="reference", zorder=2)
    for label, bold in zip(ax.get_yticklabels(), sure, strict=True):
        label.set_fontweight("bold" if bold else "normal")
    ax.set_xlabel("bias: mean cosine with the axis, from the first word (left) to the second (right)\nbold: q < 0.05")
    ax.set_title("Microframes", loc="left")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return ax
