"""Figures of frames and words: what is drawn is what the table says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

import newskit as nk
from tests.output import figures


def test_bars_are_the_shares_of_frames(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["frame_summary"]
    ax = figures.drawn(nk.plot_frame_summary(table))
    assert figures.bars(ax) == pytest.approx(table["share"].tolist())
    assert 0 in figures.bars(ax)
    assert figures.labels(ax) == [f"{r.frame_label}  ({r.n_sentences})" for r in table.itertuples()]
    assert f"{table['n_coded'][0]} coded sentences" in ax.get_xlabel()
    assert "missile debate" in ax.get_title(loc="left")
    assert ax.get_xlim()[1] >= table["high"].max()


def test_frames_that_no_sentence_has(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["frame_summary"].assign(n_coded=0, n_sentences=0, share=np.nan, low=np.nan, high=np.nan)
    with pytest.raises(ValueError, match=r"nothing to draw.*frame_summary"):
        nk.plot_frame_summary(table)


def test_words_of_both_sides(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["keyness"]
    ax = figures.drawn(nk.plot_keyness(table, top=4))
    shown = pd.concat([table.head(4), table.tail(4)])
    assert figures.bars(ax) == pytest.approx(shown["z"].tolist())
    assert [width > 0 for width in figures.bars(ax)] == [True] * 4 + [False] * 4
    assert figures.labels(ax) == [f"{r.term}  ({r.n_focus} : {r.n_reference})" for r in shown.itertuples()]


def test_words_of_one_side_and_of_none() -> None:
    table = nk.keyness(["war war"], reference=["war peace peace"])
    assert len(figures.bars(figures.drawn(nk.plot_keyness(table[table["z"] > 0])))) == 1
    named = figures.drawn(nk.plot_keyness(table, names=("A $1 paper", "B")))
    assert named.get_title(loc="left") == "Words typical of B (left) and A $1 paper (right)"
    assert "counts are A $1 paper : B" in named.get_xlabel()
    same = nk.keyness(["war peace"], reference=["war peace"])
    assert (same["z"] == 0).all()
    assert figures.bars(figures.drawn(nk.plot_keyness(same))) == []


def test_marks_stand_where_the_matches_do(small: nk.Corpus) -> None:
    table = nk.concordance(small, "Russia")
    ax = figures.drawn(nk.plot_concordance(table, top=4))
    marks: list[Any] = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert [len(m.get_segments()) for m in marks] == [1] * 4
    assert [m.get_segments()[0][0][0] for m in marks] == pytest.approx(table["position"].tolist()[:4])
    assert figures.labels(ax) == [f"a{i}  (1)" for i in range(4)]
    assert "n = 6 matches" in ax.get_xlabel()
    assert ax.get_title(loc="left") == "Where the matches occur, 4 of 6 articles"


def test_the_learning_curve_goes_on_from_what_was_measured(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["learning_curve"]
    measured, projected = figures.drawn(nk.plot_learning_curve(table)).lines
    assert np.asarray(measured.get_xydata()).tolist() == [[50, 0.4], [100, 0.5], [200, 0.56]]
    assert np.asarray(projected.get_xydata()).tolist() == [[200, 0.56], [400, 0.6], [800, 0.62]]
    (only,) = figures.drawn(nk.plot_learning_curve(table[table["kind"] == "measured"])).lines
    assert np.asarray(only.get_xydata()).tolist() == [[50, 0.4], [100, 0.5], [200, 0.56]]


def test_microframes_are_bold_where_the_difference_is_significant(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["microframes"]
    ax = figures.drawn(nk.plot_microframes(table))
    ends = [np.asarray(line.get_xdata()).tolist() for line in ax.lines]
    assert ends == table[["bias_reference", "bias_focus"]].to_numpy().tolist()
    assert [label.get_fontweight() for label in ax.get_yticklabels()] == ["bold", "normal"]
    assert [line.get_linewidth() for line in ax.lines] == [3, 1.5]
    focus, reference = (np.asarray(marks.get_offsets())[:, 0].tolist() for marks in ax.collections)
    assert (focus, reference) == (table["bias_focus"].tolist(), table["bias_reference"].tolist())
    assert figures.labels(figures.drawn(nk.plot_microframes(table, top=1))) == ["war – peace"]
