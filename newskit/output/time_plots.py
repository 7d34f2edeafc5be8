"""The figure of a summary over time, with events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

from newskit.output.drawing import (
    check_table,
    describe_intervals,
    describe_method,
    describe_open_marks,
    fit_texts,
    in_words,
    line_colour,
    shortened,
    show_percent,
)
from newskit.output.groups import MOST_GROUPS, group_columns, in_order, most_frequent
from newskit.output.style import GROUP_COLOURS, GROUP_MARKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PERIODS: Final = {"year": "Y", "month": "M", "week": "W-SUN", "day": "D"}
"""The columns of time that `by` makes, finest last, and pandas' names for such periods."""
_MOST_PANELS: Final = 20
_MOST_EVENTS: Final = 30
_MANY: Final = 40
"""Periods from which on intervals are bands and points have no marks."""


class _Kind(NamedTuple):
    """A summary that can be drawn over time: the columns of its items, their names, what is drawn and counted."""

    key: str
    name: str
    value: str
    n: str
    label: str
    title: str


_KINDS: Final = {
    "actor_frequency": _Kind("actor_id", "actor", "share", "n_mentions", "share of mentions", "Mentions"),
    "stance_summary": _Kind("target_id", "target", "mean", "n", "mean score", "Tone"),
    "source_summary": _Kind("speaker", "speaker", "share", "n_quotes", "share of quotations", "Quotations"),
    "frame_summary": _Kind("frame", "frame_label", "share", "n_sentences", "share of coded sentences", "Frames"),
}


def plot_timeline(
    table: pd.DataFrame, *, events: Mapping[str, str] | None = None, top: int = 6, ax: Axes | None = None
) -> Axes:
    """Draw a summary by period as lines with their intervals, and events as vertical lines.

    Parameters
    ----------
    table : DataFrame
        The table from `actor_frequency`, `stance_summary`, `source_summary` or `frame_summary`, with year, month, week
        or day in `by`.
    events : mapping of str to str, optional
        Dates and what happened: ``{"2025-10-16": "phone call"}``; at most 30.
    top : int, default 6
        Number of actors, sources or frames to draw: those with most observations. At most 8 lines and 20 panels are
        drawn.
    ax : Axes, optional
        The axes to draw on; a new figure by default.

    Returns
    -------
    Axes
        The axes drawn on, the first of several panels.

    Raises
    ------
    ValueError
        If the table comes from another function, has no rows or no period, for a date that cannot be read, for more
        than 30 events, if `top` is less than 1, or if `ax` is given for several panels.
    TypeError
        If `table` is not a DataFrame.

    Notes
    -----
    Every actor or frame has its line. In a table that is grouped by something else too, ``by=["outlet", "month"]``,
    each has a panel instead, with a line for each group. A point stands in the middle of its period, so that an event
    lies where it happened within it. Periods without a row leave a gap. Points without an interval are open.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> table = pd.DataFrame(
    ...     {
    ...         "month": ["2025-09", "2025-10"],
    ...         "actor_id": "russia",
    ...         "actor": "Russia",
    ...         "n_mentions": [30, 50],
    ...         "share": [0.2, 0.4],
    ...         "low": [0.1, 0.3],
    ...         "high": [0.3, 0.5],
    ...         "resampled": "articles",
    ...     }
    ... )
    >>> ax = plot_timeline(table, events={"2025-10-16": "phone call"})
    >>> ax.get_title(loc="left")
    'Mentions by month'
    >>> plt.close(ax.figure)
    """
    summary, kind = _kind(table)
    check_table(table, [*kind[:4], "low", "high", "resampled"], summary, top=top)
    columns = group_columns(table, summary)
    period = next((name for name in reversed(_PERIODS) if name in columns), None)
    if period is None:
        raise ValueError(f'the table has no period: use {summary}(corpus, by="month"), or year, week or day')
    happened = _dates(events or {})
    others = [name for name in columns if name != period and name not in _PERIODS]
    table = table.reset_index(drop=True).assign(_at=[_period(value, period) for value in table[period]])
    items = most_frequent(table[kind.key], table[kind.n], min(top, _MOST_PANELS if others else MOST_GROUPS))
    names = table.drop_duplicates(kind.key).set_index(kind.key, drop=False)[kind.name]
    n_items, table = table[kind.key].nunique(), table[table[kind.key].isin(items)]
    lines, n_lines, panels = _panels(table, kind, items, others)
    axes = _axes(len(panels), ax)
    for panel, (name, rows) in zip(axes, panels, strict=True):
        _draw_lines(panel, rows, lines, kind.value, names={} if others else names.to_dict())
        _draw_events(panel, happened, named=panel is axes[0])
        panel.set_title(shortened(name), loc="left", fontsize=10, parse_math=False)
        if kind.value == "share":
            show_percent(panel.yaxis)
        else:
            panel.axhline(0, color=line_colour(panel), linewidth=0.8, zorder=1)
    if kind.value == "share":
        axes[0].set_ylim(bottom=0)
    by = f" by {in_words(period)}" + (f" and {' and '.join(map(in_words, others))}" if others else "")
    some = [f"{len(items)} of {n_items}"] * (n_items > len(items)) + [f"{len(lines)} of {n_lines} groups"] * (
        n_lines > len(lines)
    )
    title = kind.title + by + (f", by {describe_method(table)}" if "method" in table.columns else "")
    lines_of_title = [", ".join([title, *some]), *([axes[0].get_title(loc="left")] if others else [])]
    axes[0].set_title("\n".join(lines_of_title), loc="left", pad=8 + 14 * _levels(happened), parse_math=False)
    axes[0].legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=9)
    for panel in axes:
        panel.set_ylabel(kind.label)
    note = describe_intervals(table)
    if table["low"].isna().any() and table["low"].notna().any() and table["_at"].nunique() <= _MANY:
        note += describe_open_marks(table)
    axes[-1].set_xlabel(f"{period} of publication\n{note}")
    fit_texts(axes[0], axes[-1])
    return axes[0]


def _panels(
    table: pd.DataFrame, kind: _Kind, items: list[str], others: list[str]
) -> tuple[list[str], int, list[tuple[str, pd.DataFrame]]]:
    """The lines to draw, how many there are, and for each panel its name and its rows, with their line."""
    if not others:
        lines, n_lines = items, len(items)
        panels = [("", table.assign(_line=table[kind.key]))]
    else:
        group = table[others].astype("str").agg(", ".join, axis=1)
        lines, n_lines = in_order(most_frequent(group, table[kind.n], MOST_GROUPS)), group.nunique()
        rows = {item: table[table[kind.key] == item] for item in items}
        panels = [(str(one[kind.name].iloc[0]), one.assign(_line=group)) for one in rows.values()]
    if any(panel.duplicated(["_line", "_at"]).any() for _, panel in panels):
        raise ValueError(f"the table has several rows per {kind.key}, period and group: draw one part at a time")
    return lines, n_lines, panels


def _kind(table: pd.DataFrame) -> tuple[str, _Kind]:
    """The summary that a table comes from."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"expected the table from a summary by period, got {type(table).__name__}")
    for summary, kind in _KINDS.items():
        if {kind.key, kind.value, kind.n} <= set(table.columns) and ("speaker" in table.columns) == (
            kind.key == "speaker"
        ):
            return summary, kind
    raise ValueError(f"expected the table from {', '.join(_KINDS)} with a period in `by`")


def _period(value: object, name: str) -> float:
    """The middle of a period, in matplotlib's days."""
    try:
        period = pd.Period(str(value).partition("/")[0], freq=_PERIODS[name])
    except ValueError as error:
        raise ValueError(f"{value!r} in the column {name} is no {name}") from error
    return (_day(period.start_time) + _day(period.end_time)) / 2


def _day(time: pd.Timestamp) -> float:
    """A time in matplotlib's days."""
    return float(date2num(time))  # type: ignore[no-untyped-call]


def _dates(events: Mapping[str, str]) -> dict[float, str]:
    """The events by their day, in matplotlib's days."""
    if len(events) > _MOST_EVENTS:
        raise ValueError(f"{len(events)} events cannot be read in one figure: give at most {_MOST_EVENTS}")
    found = {}
    for date, name in events.items():
        try:
            found[_day(pd.Timestamp(date))] = str(name)
        except (ValueError, TypeError) as error:
            raise ValueError(f'the event {name!r} has no date: {date!r} is not like "2025-10-16"') from error
    return dict(sorted(found.items()))


def _levels(events: Mapping[float, str]) -> int:
    """How many lines of text the names of the events take: neighbours stand on different ones."""
    return min(len(events), 3)


def _axes(n: int, ax: Axes | None) -> list[Axes]:
    """As many panels, one below the other on one time axis, or the given one."""
    if ax is not None:
        if n > 1:
            raise ValueError(f"the table has {n} panels: give a table of one actor or frame to draw it on `ax`")
        return [ax]
    height = 4.4 if n == 1 else 1.6 + 2.0 * n
    _, axes = plt.subplots(n, sharex=True, sharey=True, squeeze=False, figsize=(9.0, height), layout="constrained")
    return list(axes[:, 0])


def _draw_lines(ax: Axes, rows: pd.DataFrame, lines: list[str], value: str, *, names: Mapping[object, object]) -> None:
    """Draw a line per group over all periods of the panel, broken where a group has no row."""
    times = np.sort(rows["_at"].unique())
    many = len(times) > _MANY
    step = float(np.diff(times).min()) if len(times) > 1 else 1.0
    for number, line in enumerate(lines):
        own = rows[rows["_line"] == line].set_index("_at").reindex(times)
        y, low, high = (own[column].to_numpy(dtype=float) for column in (value, "low", "high"))
        # A little apart, so that intervals of one period are all visible.
        x = times if many else times + 0.06 * step * (number - (len(lines) - 1) / 2) / max(1, len(lines) / 4)
        colour, mark = GROUP_COLOURS[number], GROUP_MARKS[number]
        known = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(y)
        label = shortened(names.get(line, line), 28)
        ax.plot(
            x, y, "-", color=colour, linewidth=1.2, marker="" if many else mark, markerfacecolor="none", label=label
        )
        if many:
            ax.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
            continue
        ax.plot(x[known], y[known], mark, color=colour)
        errors = np.clip(np.stack([y - low, high - y])[:, known], 0, None)
        ax.errorbar(x[known], y[known], yerr=errors, fmt="none", ecolor=colour, elinewidth=1.2, alpha=0.7)
    locator = AutoDateLocator(maxticks=10)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _draw_events(ax: Axes, events: Mapping[float, str], *, named: bool) -> None:
    """Draw a dashed line per event, with its name above the first panel."""
    for number, (at, name) in enumerate(events.items()):
        ax.axvline(at, color=line_colour(ax), linewidth=1.0, linestyle="--", zorder=1)
        if named:
            ax.annotate(
                shortened(name, 30), (at, 1), xycoords=("data", "axes fraction"),
                xytext=(0, 3 + 12 * (number % max(1, _levels(events)))), textcoords="offset points",
                ha="center", fontsize=8, annotation_clip=False, parse_math=False,
            )  # fmt: skip
