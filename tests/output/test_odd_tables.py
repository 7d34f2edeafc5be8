"""Odd tables make figures of bounded size, with nothing beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import newskit as nk
from newskit.schema import NOT_VALIDATED
from tests.output.figures import shares, tones, voices

LONG = "The Interparliamentary Committee for the Coordination of Everything and the Rest of it, " * 4
ARABIC, HEBREW = "وزارة الخارجية", "משרד החוץ"
MOST_PIXELS = 4500
"""At 100 dots per inch, on either side."""
BARE: dict[str, Any] = {"low": np.nan, "high": np.nan}


def _both(name: str, plots: list[Any], case: Callable[[Any], pd.DataFrame]) -> dict[str, tuple[Any, pd.DataFrame]]:
    return {f"{name}, {make.__name__}": (plot, case(make)) for make, plot in zip((shares, tones), plots, strict=True)}


def _differences(n: int, name: str) -> pd.DataFrame:
    """An invented table of `compare`: so many differences between two outlets."""
    table = pd.DataFrame({"item_id": [f"a{i}" for i in range(n)], "item": [f"{name} {i}" for i in range(n)]})
    told: dict[str, Any] = {
        "measure": "tone",
        "between": "outlet",
        "first": name,
        "second": "B",
        "difference": 0.2,
        "low": 0.1,
    }
    more: dict[str, Any] = {"high": 0.3, "p": 0.01, "q": 0.02, "estimate": NOT_VALIDATED, "n_codings": 0, "note": None}
    return table.assign(**told, **more)


def _frames(n: int, groups: int, **period: str) -> pd.DataFrame:
    """An invented table of `frame_summary`: so many frames in each of so many outlets."""
    rows = [
        {"codebook": "dam", "frame": f"f{i}", "frame_label": f"{LONG} {i}", "outlet": f"{HEBREW} {group}", **period}
        for group in range(groups)
        for i in range(n)
    ]
    told = {"n_sentences": 4, "n_hits": 4, "n_articles": 3, "n_coded": 9, "share": 0.4, "low": 0.2, "high": 0.7}
    return pd.DataFrame(rows).assign(**told, resampled="articles", estimate=NOT_VALIDATED)


BARS: list[Any] = [nk.plot_actor_frequency, nk.plot_stance_summary]
LINES: list[Any] = [nk.plot_timeline] * 2
ODD: dict[str, tuple[Any, pd.DataFrame]] = {
    **_both("one group", BARS, lambda make: make(1, 5)),
    **_both("50 groups", BARS, lambda make: make(50, 2)),
    **_both("1,000 actors", BARS, lambda make: make(1, 1000).drop(columns="outlet")),
    **_both("1,000 actors of two groups", BARS, lambda make: make(2, 1000)),
    **_both("one row", BARS, lambda make: make(1, 1).drop(columns="outlet")),
    **_both("long names", BARS, lambda make: make(1, 2, name=LONG).drop(columns="outlet")),
    **_both("long names of groups", BARS, lambda make: make(2, 2, name=LONG).assign(outlet=[LONG, LONG, "B", "B"])),
    **_both("right to left", BARS, lambda make: make(2, 2, name=ARABIC).assign(outlet=[HEBREW, HEBREW, "B", "B"])),
    **_both("no intervals", BARS, lambda make: make(1, 3).drop(columns="outlet").assign(**BARE)),
    **_both("no intervals of groups", BARS, lambda make: make(2, 2).assign(**BARE)),
    **_both("no mention", BARS, lambda make: make(2, 2, n=0)),
    **_both("groups that are numbers", BARS, lambda make: make(2, 2).assign(outlet=[1, 1, 2, 2])),
    **_both("an actor of one group", BARS, lambda make: make(2, 2).iloc[:3]),
    **_both("one month", LINES, lambda make: make(1, 2, by="month")),
    **_both("300 days", LINES, lambda make: make(300, 2, by="day")),
    **_both("long names over time", LINES, lambda make: make(3, 9, by="month", name=LONG)),
    **_both("no intervals over time", LINES, lambda make: make(3, 2, by="month").assign(**BARE)),
    "1,200 cells": (nk.plot_voice_matrix, voices(30, 40)),
    "one cell": (nk.plot_voice_matrix, voices(1, 1)),
    "one row of cells": (nk.plot_voice_matrix, voices(1, 60)),
    "cells of long names": (nk.plot_voice_matrix, voices(2, 2, name=LONG)),
    "cells from right to left": (nk.plot_voice_matrix, voices(2, 2, name=HEBREW)),
    "cells without means": (nk.plot_voice_matrix, voices(2, 2).assign(mean=np.nan)),
    "cells of six groups": (nk.plot_voice_matrix, voices(2, 2, groups=6)),
    "positions": (
        nk.plot_positions,
        pd.DataFrame({"actor": [f"{LONG} {n}" for n in range(30)], "sentence_id": range(30)}).assign(
            issue="toll", article_id="a", published=None, position="support", when="now"
        ),
    ),
    "words": (
        nk.plot_keyness,
        pd.DataFrame({"term": [LONG] * 300, "z": np.linspace(9, -9, 300), "n_focus": 1, "n_reference": 1}),
    ),
    "300 differences of long names": (nk.plot_comparison, _differences(300, LONG)),
    "differences from right to left": (nk.plot_comparison, _differences(2, ARABIC)),
    "differences without intervals": (nk.plot_comparison, _differences(3, "A").assign(**BARE, p=np.nan, q=np.nan)),
    "60 frames": (nk.plot_frame_summary, _frames(60, 1).drop(columns="outlet")),
    "60 frames of 20 groups": (nk.plot_frame_summary, _frames(60, 20)),
    "frames over time": (nk.plot_timeline, _frames(6, 3, month="2031-05")),
    "a match in each of 900 articles": (
        nk.plot_concordance,
        pd.DataFrame({"article_id": [f"{LONG}{n}" for n in range(900)], "position": 0.5, "text": "word"}),
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_table_makes_a_figure_of_bounded_size(name: str) -> None:
    plot, table = ODD[name]
    figure = plot(table).figure
    assert isinstance(figure, Figure)
    assert max(figure.get_size_inches()) * 100 <= MOST_PIXELS
    inside = figure.get_tightbbox()
    assert inside.x0 * figure.dpi >= -2
    assert inside.x1 * figure.dpi <= figure.bbox.x1 + 2


def test_no_number_of_rows_makes_a_figure_without_bounds() -> None:
    figure = nk.plot_actor_frequency(shares(1, 400).drop(columns="outlet"), top=400).figure
    assert isinstance(figure, Figure)
    assert max(figure.get_size_inches()) * 100 <= MOST_PIXELS
    title = figure.axes[0].get_title(loc="left")
    assert "100 most frequent of 400" in title
