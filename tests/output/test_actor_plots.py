"""Figures of actors: what is drawn is what the table says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from tests.conftest import ROOT
from tests.output import figures


def test_bars_are_the_shares_of_mentions(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["actor_frequency"]
    ax = figures.drawn(nk.plot_actor_frequency(table))
    assert figures.bars(ax) == pytest.approx(table["share"].tolist())
    assert figures.labels(ax)[0] == f"{table['actor'][0]}  ({table['n_mentions'][0]})"
    assert f"n = {table['n_mentions'].sum()}" in ax.get_xlabel()
    assert "over sentences" in ax.get_xlabel()
    assert figures.whiskers(ax) == pytest.approx(table[["low", "high"]].to_numpy().ravel().tolist())
    legend = ax.get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == set(table["type"])


def test_top_three(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["actor_frequency"]
    ax = figures.drawn(nk.plot_actor_frequency(table, top=3))
    assert figures.bars(ax) == pytest.approx(table["share"].tolist()[:3])
    assert ax.get_title(loc="left") == f"Mentions by actor, 3 most frequent of {len(table)}"
    assert f"n = {table['n_mentions'].sum()}" in ax.get_xlabel(), "the share is still of all mentions"
    low, high = ax.get_ylim()
    assert low > high, "the most frequent is on top"


def test_bars_are_the_shares_of_tones(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["stance_summary"]
    ax = figures.drawn(nk.plot_stance_summary(table))
    assert figures.bars(ax) == pytest.approx([*(-table["negative"]), *table["positive"]])
    diamonds = next(line for line in ax.lines if line.get_marker() == "D")
    assert np.asarray(diamonds.get_xdata()).tolist() == pytest.approx(table["mean"].tolist())
    assert figures.labels(ax) == [f"{r.target}  ({r.n})" for r in table.itertuples()]
    assert "by the tone model" in ax.get_title(loc="left")
    assert "not validated on this corpus" in ax.get_xlabel()
    assert len(figures.bars(figures.drawn(nk.plot_stance_summary(table, top=2)))) == 4


def test_rows_without_an_interval_are_pale_and_have_no_line(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["stance_summary"]
    few = table["low"].isna()
    assert 0 < few.sum() < len(table)
    ax = figures.drawn(nk.plot_stance_summary(table))
    assert figures.whiskers(ax) == pytest.approx(table.loc[~few, ["low", "high"]].to_numpy().ravel().tolist())
    colours: list[Any] = [patch.get_facecolor() for patch in ax.patches[: len(table)]]
    alpha = [colour[3] for colour in colours]
    assert alpha == pytest.approx([0.3 if pale else 0.8 for pale in few])
    assert "pale bars: too few sentences for" in ax.get_xlabel()


def test_cells_are_the_rows_of_the_voice_matrix(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["voice_matrix"]
    ax = figures.drawn(nk.plot_voice_matrix(table))
    image: Any = ax.images[0].get_array()
    scores = np.ma.filled(image, np.nan)
    assert scores.shape == (table["speaker"].nunique(), table["target"].nunique())
    assert np.count_nonzero(~np.isnan(scores)) == len(ax.texts) == len(table)
    assert figures.labels(ax)[0] == "the outlet"
    assert figures.labels(ax)[-1] == "unnamed sources"
    targets = [tick.get_text() for tick in ax.get_xticklabels()]
    cells = table.set_index(["speaker", "target"])
    for text in ax.texts:
        column, row = text.get_position()
        cell: Any = cells.loc[(figures.labels(ax)[int(row)], targets[int(column)])]
        assert text.get_text() == str(cell["n"])
        assert scores[int(row), int(column)] == pytest.approx(cell["mean"])


def test_voice_matrix_puts_the_sides_together(corpus: nk.Corpus) -> None:
    table = nk.voice_matrix(corpus.relink(ROOT / "notebooks" / "02_sides.toml"))
    assert set(table.loc[table["target_id"] == "donald-trump", "target_group"]) == {"American side"}
    ax = figures.drawn(nk.plot_voice_matrix(table))
    assert (figures.labels(ax)[0], figures.labels(ax)[-1]) == ("the outlet", "unnamed sources")
    shown = [tick.get_text() for tick in ax.get_xticklabels()]
    of_target = table.drop_duplicates("target").set_index("target")["target_group"].fillna("").to_dict()
    sides = [of_target[name] for name in shown]
    assert sides[-1] == ""
    # Each side is in one piece.
    assert len([s for n, s in enumerate(sides) if n == 0 or sides[n - 1] != s]) == len(set(sides)) == 4
    names = [text.get_text().replace("\n", " ") for text in ax.texts]
    assert set(sides) - {""} <= set(names)


def test_voice_matrix_leaves_small_cells_empty(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["voice_matrix"]
    assert len(figures.drawn(nk.plot_voice_matrix(table, min_n=2)).texts) == (table["n"] >= 2).sum() > 0
    with pytest.raises(ValueError, match="nothing to draw"):
        nk.plot_voice_matrix(table, min_n=1000)


def test_the_voice_matrix_is_red_where_the_tone_is_negative(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["voice_matrix"].head(2).assign(mean=[-0.2, 0.1], n=[3, 4], target=["A", "B"])
    (image,) = figures.drawn(nk.plot_voice_matrix(table)).images
    assert image.get_clim() == (-0.25, 0.25), "small differences are not blown up"
    lowest: Any = image.cmap(0)
    assert lowest[0] > lowest[2], "red, not blue"
    (image,) = figures.drawn(nk.plot_voice_matrix(table.assign(mean=[-0.8, 0.1]))).images
    assert image.get_clim() == (-0.8, 0.8)


def test_counts_are_legible_on_dark_cells(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["voice_matrix"].head(3).assign(mean=[-0.9, 0.9, 0.1], n=[30, 40, 50], target=["A", "B", "C"])
    ax = figures.drawn(nk.plot_voice_matrix(table))
    colours = {text.get_text(): text.get_color() for text in ax.texts if text.get_text().isdigit()}
    assert colours == {"30": "white", "40": "white", "50": "black"}


def test_lines_run_between_the_sides(tables: dict[str, pd.DataFrame]) -> None:
    rows = [("outlet", "the outlet", None), ("a", "A", "East"), ("b", "B", "East"), ("c", "C", "West")]
    table = pd.DataFrame(rows, columns=["voice", "speaker", "voice_group"])
    table = table.assign(target="D", target_group=None, mean=0.1, n=[9, 3, 2, 1], method="model")
    ax = figures.drawn(nk.plot_voice_matrix(table))
    assert figures.labels(ax) == ["the outlet", "A", "B", "C"]
    assert [np.asarray(line.get_ydata()).tolist() for line in ax.lines] == [[0.5, 0.5], [2.5, 2.5]]
    sides = {text.get_text(): text.get_position()[1] for text in ax.texts if not text.get_text().isdigit()}
    assert sides == {"East": 1.5, "West": 3}
