"""Plots: what is drawn is what the table says, on whose Axes, and without side effects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

import newskit as nk
from tests.conftest import ROOT

PLOTS: dict[str, Callable[..., Axes]] = {
    "actor_frequency": nk.plot_actor_frequency,
    "stance_summary": nk.plot_stance_summary,
    "voice_matrix": nk.plot_voice_matrix,
    "frame_summary": nk.plot_frame_summary,
    "keyness": nk.plot_keyness,
    "concordance": nk.plot_concordance,
}


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    assert not plt.get_fignums(), "a figure is open before the test"
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables(corpus: nk.Corpus) -> dict[str, pd.DataFrame]:
    return {
        "actor_frequency": nk.actor_frequency(corpus),
        "stance_summary": nk.stance_summary(corpus),
        "voice_matrix": nk.voice_matrix(corpus),
        "frame_summary": nk.frame_summary(corpus, codebook="missile_debate"),
        "keyness": nk.keyness(corpus.sentences[:14], reference=corpus.sentences[14:]),
        "concordance": nk.concordance(corpus, "missile*"),
    }


def drawn(ax: Axes) -> Axes:
    """Render the figure, so that what only warns or fails then does."""
    assert isinstance(ax, Axes)
    assert isinstance(ax.figure, Figure)
    ax.figure.canvas.draw()
    return ax


def bars(ax: Axes) -> list[float]:
    """Widths of the bars, without the empty ones that are there for the legend."""
    widths = [float(patch.get_width()) for patch in ax.patches]  # type: ignore[attr-defined]
    return [width for width in widths if not np.isnan(width)]


def labels(ax: Axes) -> list[str]:
    return [tick.get_text() for tick in ax.get_yticklabels()]


def whiskers(ax: Axes) -> list[float]:
    """The ends of the intervals that are drawn, row by row: low, high, low, high."""
    intervals = [container for container in ax.containers if isinstance(container, ErrorbarContainer)]
    lines: list[Any] = [line for container in intervals for line in container.lines[2]]
    return [float(x) for line in lines for segment in line.get_segments() for x, _ in segment]


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_has_a_title_and_a_label_and_leaves_no_trace(tables: dict[str, pd.DataFrame], name: str) -> None:
    table, before, settings = tables[name], tables[name].copy(deep=True), mpl.rcParams.copy()
    ax = drawn(PLOTS[name](table))
    assert ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert len(labels(ax)) > 0
    assert mpl.rcParams == settings
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("rows", [1, 100])
def test_nothing_is_cut_off(tables: dict[str, pd.DataFrame], name: str, rows: int) -> None:
    ax = drawn(PLOTS[name](tables[name].head(rows)))
    outside, inside = ax.figure.bbox, ax.get_tightbbox()
    assert inside is not None
    assert inside.x0 >= outside.x0 - 1
    assert inside.y0 >= outside.y0 - 1
    assert inside.x1 <= outside.x1 + 1
    assert inside.y1 <= outside.y1 + 1


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_where_it_is_told(tables: dict[str, pd.DataFrame], name: str) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 8), layout="constrained")
    assert drawn(PLOTS[name](tables[name], ax=right)) is right
    assert right.has_data()
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_refuses_another_and_an_empty_table(tables: dict[str, pd.DataFrame], name: str) -> None:
    with pytest.raises(ValueError, match=rf"the table has no column '\w+': it must come from {name}\("):
        PLOTS[name](pd.DataFrame({"colour": ["red"]}))
    with pytest.raises(ValueError, match=rf"nothing to draw.*{name}\("):
        PLOTS[name](tables[name].head(0))
    assert not plt.get_fignums(), "a refused table leaves no figure behind"


def test_bars_are_the_shares_of_mentions(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["actor_frequency"]
    ax = drawn(nk.plot_actor_frequency(table))
    assert bars(ax) == pytest.approx(table["share"].tolist())
    assert labels(ax)[0] == f"{table['actor'][0]}  ({table['n_mentions'][0]})"
    assert f"n = {table['n_mentions'].sum()}" in ax.get_xlabel()
    assert "over sentences" in ax.get_xlabel()
    assert whiskers(ax) == pytest.approx(table[["low", "high"]].to_numpy().ravel().tolist())
    legend = ax.get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == set(table["type"])


def test_top_three(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["actor_frequency"]
    ax = drawn(nk.plot_actor_frequency(table, top=3))
    assert bars(ax) == pytest.approx(table["share"].tolist()[:3])
    assert ax.get_title(loc="left") == f"Mentions by actor, 3 most frequent of {len(table)}"
    assert f"n = {table['n_mentions'].sum()}" in ax.get_xlabel(), "the share is still of all mentions"
    low, high = ax.get_ylim()
    assert low > high, "the most frequent is on top"


def test_bars_are_the_shares_of_tones(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["stance_summary"]
    ax = drawn(nk.plot_stance_summary(table))
    assert bars(ax) == pytest.approx([*(-table["negative"]), *table["positive"]])
    diamonds = next(line for line in ax.lines if line.get_marker() == "D")
    assert np.asarray(diamonds.get_xdata()).tolist() == pytest.approx(table["mean"].tolist())
    assert labels(ax) == [f"{r.target}  ({r.n})" for r in table.itertuples()]
    assert "by the tone model" in ax.get_title(loc="left")
    assert "with the model's known errors" in ax.get_xlabel()
    assert len(bars(drawn(nk.plot_stance_summary(table, top=2)))) == 4


def test_rows_without_an_interval_are_pale_and_have_no_line(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["stance_summary"]
    few = table["low"].isna()
    assert 0 < few.sum() < len(table)
    ax = drawn(nk.plot_stance_summary(table))
    assert whiskers(ax) == pytest.approx(table.loc[~few, ["low", "high"]].to_numpy().ravel().tolist())
    colours: list[Any] = [patch.get_facecolor() for patch in ax.patches[: len(table)]]
    alpha = [colour[3] for colour in colours]
    assert alpha == pytest.approx([0.3 if pale else 0.8 for pale in few])
    assert "pale bars: too few sentences" in ax.get_xlabel()


@pytest.mark.parametrize("name", ["actor_frequency", "stance_summary", "frame_summary"])
def test_no_interval_at_all(tables: dict[str, pd.DataFrame], name: str) -> None:
    ax = drawn(PLOTS[name](tables[name].assign(low=np.nan, high=np.nan)))
    assert "too few sentences for intervals" in ax.get_xlabel()
    assert whiskers(ax) == []
    assert len(bars(ax)) >= len(tables[name])


def test_cells_are_the_rows_of_the_voice_matrix(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["voice_matrix"]
    ax = drawn(nk.plot_voice_matrix(table))
    image: Any = ax.images[0].get_array()
    scores = np.ma.filled(image, np.nan)
    assert scores.shape == (table["speaker"].nunique(), table["target"].nunique())
    assert np.count_nonzero(~np.isnan(scores)) == len(ax.texts) == len(table)
    assert labels(ax)[0] == "the outlet"
    assert labels(ax)[-1] == "unnamed sources"
    targets = [tick.get_text() for tick in ax.get_xticklabels()]
    cells = table.set_index(["speaker", "target"])
    for text in ax.texts:
        column, row = text.get_position()
        cell: Any = cells.loc[(labels(ax)[int(row)], targets[int(column)])]
        assert text.get_text() == str(cell["n"])
        assert scores[int(row), int(column)] == pytest.approx(cell["mean"])


def test_voice_matrix_puts_the_sides_together(corpus: nk.Corpus) -> None:
    table = nk.voice_matrix(corpus.relink(ROOT / "notebooks" / "02_sides.toml"))
    assert set(table.loc[table["target_id"] == "donald-trump", "target_group"]) == {"American side"}
    ax = drawn(nk.plot_voice_matrix(table))
    assert (labels(ax)[0], labels(ax)[-1]) == ("the outlet", "unnamed sources")
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
    assert len(drawn(nk.plot_voice_matrix(table, min_n=2)).texts) == (table["n"] >= 2).sum() > 0
    with pytest.raises(ValueError, match="nothing to draw"):
        nk.plot_voice_matrix(table, min_n=1000)


def test_bars_are_the_shares_of_frames(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["frame_summary"]
    ax = drawn(nk.plot_frame_summary(table))
    assert bars(ax) == pytest.approx(table["share"].tolist())
    assert 0 in bars(ax)
    assert labels(ax) == [f"{r.frame_label}  ({r.n_sentences})" for r in table.itertuples()]
    assert f"{table['n_coded'][0]} coded sentences" in ax.get_xlabel()
    assert "missile_debate" in ax.get_title(loc="left")
    assert ax.get_xlim()[1] >= table["high"].max()


def test_frames_that_no_sentence_has(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["frame_summary"].assign(n_coded=0, n_sentences=0, share=np.nan, low=np.nan, high=np.nan)
    with pytest.raises(ValueError, match=r"nothing to draw.*frame_summary"):
        nk.plot_frame_summary(table)


def test_words_of_both_sides(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["keyness"]
    ax = drawn(nk.plot_keyness(table, top=4))
    shown = pd.concat([table.head(4), table.tail(4)])
    assert bars(ax) == pytest.approx(shown["z"].tolist())
    assert [width > 0 for width in bars(ax)] == [True] * 4 + [False] * 4
    assert labels(ax) == [f"{r.term}  ({r.n_focus} : {r.n_reference})" for r in shown.itertuples()]


def test_words_of_one_side_and_of_none() -> None:
    table = nk.keyness(["war war"], reference=["war peace peace"])
    assert len(bars(drawn(nk.plot_keyness(table[table["z"] > 0])))) == 1
    same = nk.keyness(["war peace"], reference=["war peace"])
    assert (same["z"] == 0).all()
    assert bars(drawn(nk.plot_keyness(same))) == []


def test_marks_stand_where_the_matches_do(small: nk.Corpus) -> None:
    table = nk.concordance(small, "Russia")
    ax = drawn(nk.plot_concordance(table, top=4))
    marks: list[Any] = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert [len(m.get_segments()) for m in marks] == [1] * 4
    assert [m.get_segments()[0][0][0] for m in marks] == pytest.approx(table["position"].tolist()[:4])
    assert labels(ax) == [f"a{i}  (1)" for i in range(4)]
    assert "n = 6 matches" in ax.get_xlabel()
    assert ax.get_title(loc="left") == "Where the words stand, 4 of 6 articles"


@pytest.mark.parametrize("name", ["cost $5_^{ and $6", r"a \frac b", "_hidden", "<b>&amp;"])
def test_a_name_is_shown_as_it_is(tables: dict[str, pd.DataFrame], name: str) -> None:
    """Dollar signs in a name are no formula."""
    assert labels(drawn(nk.plot_concordance(tables["concordance"].assign(article_id=name))))[0].startswith(name)
    assert labels(drawn(nk.plot_actor_frequency(tables["actor_frequency"].assign(actor=name))))[0].startswith(name)
    assert labels(drawn(nk.plot_stance_summary(tables["stance_summary"].assign(target=name))))[0].startswith(name)
    matrix = tables["voice_matrix"].head(1).assign(speaker=name, target=name)
    assert labels(drawn(nk.plot_voice_matrix(matrix))) == [name]


def test_tables_with_several_groups_are_refused(small: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="several rows a actor_id: draw one group"):
        nk.plot_actor_frequency(nk.actor_frequency(small, by="outlet"))
    with pytest.raises(ValueError, match="several rows a target_id: draw one group"):
        nk.plot_stance_summary(nk.stance_summary(small, by="outlet"))
