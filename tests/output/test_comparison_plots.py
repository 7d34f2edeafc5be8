"""Differences are drawn as in the table; what is chance, mostly one article or not validated is marked."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import newskit as nk
from newskit.output.style import FOCUS_COLOUR, LINE_COLOUR_ON_DARK, PALE_COLOUR
from newskit.schema import NOT_VALIDATED
from tests.output import figures


def table(**columns: Any) -> pd.DataFrame:
    usual: dict[str, Any] = {
        "measure": "tone",
        "item": ["Ann", "Bob", "Cid"],
        "first": "East",
        "second": "West",
        "difference": [0.3, -0.1, 0.2],
        "low": [0.1, -0.3, np.nan],
        "high": [0.5, 0.1, np.nan],
        "q": [0.01, 0.4, np.nan],
        "note": [None, "90% of West is one article", "no interval: fewer than five articles"],
        "estimate": NOT_VALIDATED,
        "n_codings": 0,
    }
    return pd.DataFrame({**usual, **columns})


def test_points_intervals_and_what_is_more_than_chance() -> None:
    ax = figures.drawn(nk.plot_comparison(table()))
    points = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(np.asarray(point.get_xdata())[0]) for point in points] == [0.3, -0.1, 0.2]
    assert [point.get_markeredgecolor() for point in points] == [FOCUS_COLOUR, PALE_COLOUR, PALE_COLOUR]
    assert [point.get_markerfacecolor() == "white" for point in points] == [False, True, True]
    assert figures.whiskers(ax) == pytest.approx([0.1, 0.5, -0.3, 0.1])
    assert ax.get_title(loc="left") == "East and West compared"
    assert "East less West" in ax.get_xlabel()
    assert "not validated on this corpus: chance is tested, not error" in ax.get_xlabel()
    assert "open: see note" in ax.get_xlabel()


def test_rows_that_are_not_corrected_are_marked_where_others_are() -> None:
    some = table(
        estimate=["corrected with 90 codings", NOT_VALIDATED, "corrected with 70 codings"], n_codings=[40, 0, 30]
    )
    ax = figures.drawn(nk.plot_comparison(some))
    assert figures.labels(ax) == ["Ann", "† Bob", "Cid"]
    assert "corrected with codings (30 to 40 in a group); † not validated on this corpus" in ax.get_xlabel()


def test_several_pairs_are_named_in_their_rows() -> None:
    ax = figures.drawn(nk.plot_comparison(table(second=["West", "North", "West"]), top=2))
    assert figures.labels(ax) == ["Ann: East – West", "Bob: East – North"]
    assert ax.get_title(loc="left") == "Groups compared, 2 most certain of 3"


def test_lines_can_be_seen_in_the_dark() -> None:
    with plt.style.context("dark_background"):
        ax = figures.drawn(nk.plot_comparison(table()))
    lines: Any = ax.collections[0].get_edgecolor()
    assert to_hex(lines[0]).upper() == LINE_COLOUR_ON_DARK


def test_long_texts_stay_inside_the_figure() -> None:
    some = table(
        item="Councillor Piet Aller",
        first=["The Northern Harbour", "Daily Coast Chronicle", "The Northern Harbour"],
        second="Weekly of the Mountains",
        estimate=["corrected with 90 codings", NOT_VALIDATED, "corrected with 70 codings"],
        n_codings=[40, 0, 30],
    )
    ax: Any = figures.drawn(nk.plot_comparison(some))
    box = ax.xaxis.label.get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= ax.figure.bbox.width
