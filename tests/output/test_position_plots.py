"""The figure of positions: a mark for each, where and as the table says."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

import newskit as nk
from newskit.output.style import POSITION_COLOURS
from tests.output import figures


@pytest.fixture
def dated() -> pd.DataFrame:
    """Positions in three articles, one of them without a date; nobody sets a condition or wavers."""
    rows = [
        ("a", "2025-01-03", 0, "Ann", "support", "now"),
        ("a", "2025-01-03", 4, "Ann", "support", "earlier"),
        ("a", "2025-01-03", 4, "Ben", "opposition", "now"),
        ("b", "2025-01-09", 1, "Cem", "support", "now"),
        ("c", None, 2, "Cem", "opposition", "now"),
    ]
    names = ["article_id", "published", "sentence_id", "actor", "position", "when"]
    table = pd.DataFrame(rows, columns=names).assign(issue="toll")
    return table.assign(published=pd.to_datetime(table["published"]))


def marks(ax: Axes) -> list[tuple[float, float]]:
    """Where the marks of positions are, without the empty ones for the legend."""
    found = [np.asarray(collection.get_offsets()) for collection in ax.collections]
    return [(float(x), float(y)) for offsets in found for x, y in offsets]


def test_each_position_is_a_mark_at_its_sentence(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["positions"]
    ax = figures.drawn(nk.plot_positions(table))
    assert sorted(x for x, _ in marks(ax)) == sorted(table["sentence_id"] + 1)
    counts = table["actor"].value_counts()
    assert sorted(figures.labels(ax)) == sorted(f"{actor}  ({n})" for actor, n in counts.items())
    rows = {label.partition("  (")[0]: row for row, label in enumerate(figures.labels(ax))}
    assert sorted(round(y) for _, y in marks(ax)) == sorted(rows[actor] for actor in table["actor"])
    assert ax.get_xlabel() == f"sentence of the article (n = {len(table)} positions)"


def test_positions_of_several_articles_are_drawn_at_their_dates(dated: pd.DataFrame) -> None:
    ax = figures.drawn(nk.plot_positions(dated))
    assert figures.labels(ax) == ["Ann  (2)", "Cem  (1)", "Ben  (1)"], "those who support most are on top"
    assert ax.get_xlabel() == "date of publication (n = 4 positions)", "without the article that has no date"
    days = {x - marks(ax)[0][0] for x, _ in marks(ax)}
    assert days == {0, 6}
    legend = ax.get_legend()
    assert legend is not None
    shown = [text.get_text() for text in legend.get_texts()]
    assert shown == ["support (3)", "opposition (1)", "condition (0)", "ambivalence (0)", "held earlier"]


def test_positions_have_their_colours_and_are_open_if_held_earlier(dated: pd.DataFrame) -> None:
    ax = figures.drawn(nk.plot_positions(dated.dropna()))
    drawn: Counter[tuple[str, str]] = Counter()
    for collection in ax.collections:
        colours: Any = collection.get_edgecolor(), collection.get_facecolor()
        edge, face = (to_hex(colour[0]) for colour in colours)
        drawn[edge, face] += len(np.asarray(collection.get_offsets()))
    support, opposition = (POSITION_COLOURS[name].lower() for name in ("support", "opposition"))
    assert +drawn == {(support, support): 2, (support, "#ffffff"): 1, (opposition, opposition): 1}


def test_positions_of_the_actors_with_most(dated: pd.DataFrame) -> None:
    ax = figures.drawn(nk.plot_positions(dated, top=1))
    assert figures.labels(ax) == ["Ann  (2)"]
    assert len(marks(ax)) == 2
    assert ax.get_title(loc="left") == "Positions on toll, 1 actors of 3"


def test_positions_that_cannot_be_drawn(dated: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"several issues \(tax, toll\): draw one at a time"):
        nk.plot_positions(pd.concat([dated, dated.assign(issue="tax")]))
    with pytest.raises(ValueError, match=r"nothing to draw: no article in the table .* has a date"):
        nk.plot_positions(dated.assign(published=pd.Series(dtype="datetime64[us]")))
