"""What holds for all figures: the given table is drawn on the given Axes, with labels and without side effects."""

from __future__ import annotations

import inspect

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import newskit as nk
from tests.output import figures


@pytest.mark.parametrize("name", figures.PLOTS)
def test_a_plot_has_a_title_and_a_label_and_leaves_no_trace(tables: dict[str, pd.DataFrame], name: str) -> None:
    table, before, settings = tables[name], tables[name].copy(deep=True), mpl.rcParams.copy()
    ax = figures.drawn(figures.PLOTS[name](table))
    assert ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert len(figures.labels(ax)) > 0
    assert mpl.rcParams == settings
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", figures.PLOTS)
@pytest.mark.parametrize("rows", [1, 100])
def test_nothing_is_cut_off(tables: dict[str, pd.DataFrame], name: str, rows: int) -> None:
    ax = figures.drawn(figures.PLOTS[name](tables[name].head(rows)))
    outside, inside = ax.figure.bbox, ax.get_tightbbox()
    assert inside is not None
    assert inside.x0 >= outside.x0 - 1
    assert inside.y0 >= outside.y0 - 1
    assert inside.x1 <= outside.x1 + 1
    assert inside.y1 <= outside.y1 + 1


@pytest.mark.parametrize("name", figures.PLOTS)
def test_a_plot_draws_where_it_is_told(tables: dict[str, pd.DataFrame], name: str) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 8), layout="constrained")
    assert figures.drawn(figures.PLOTS[name](tables[name], ax=right)) is right
    assert right.has_data()
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("name", figures.PLOTS)
def test_a_plot_refuses_another_and_an_empty_table(tables: dict[str, pd.DataFrame], name: str) -> None:
    with pytest.raises(ValueError, match=rf"the table has no column '\w+': it must come from [\w().]*{name}\("):
        figures.PLOTS[name](pd.DataFrame({"colour": ["red"]}))
    with pytest.raises(ValueError, match=rf"nothing to draw.*{name}\("):
        figures.PLOTS[name](tables[name].head(0))
    assert not plt.get_fignums(), "a refused table leaves no figure behind"


@pytest.mark.parametrize("name", ["actor_frequency", "stance_summary", "source_summary", "frame_summary"])
def test_no_interval_at_all(tables: dict[str, pd.DataFrame], name: str) -> None:
    ax = figures.drawn(figures.PLOTS[name](tables[name].assign(low=np.nan, high=np.nan)))
    assert "too few sentences for intervals" in ax.get_xlabel()
    assert figures.whiskers(ax) == []
    assert len(figures.bars(ax)) >= len(tables[name])


@pytest.mark.parametrize("name", ["cost $5_^{ and $6", r"a \frac b", "_hidden", "<b>&amp;"])
def test_a_name_is_shown_as_it_is(tables: dict[str, pd.DataFrame], name: str) -> None:
    """Dollar signs in a name are no formula."""
    assert figures.labels(figures.drawn(nk.plot_concordance(tables["concordance"].assign(article_id=name))))[
        0
    ].startswith(name)
    assert figures.labels(figures.drawn(nk.plot_actor_frequency(tables["actor_frequency"].assign(actor=name))))[
        0
    ].startswith(name)
    assert figures.labels(figures.drawn(nk.plot_stance_summary(tables["stance_summary"].assign(target=name))))[
        0
    ].startswith(name)
    matrix = tables["voice_matrix"].head(1).assign(speaker=name, target=name)
    assert figures.labels(figures.drawn(nk.plot_voice_matrix(matrix))) == [name]


@pytest.mark.parametrize("name", ["actor_frequency", "stance_summary", "source_summary"])
def test_several_rows_of_one_actor_without_a_group_are_refused(tables: dict[str, pd.DataFrame], name: str) -> None:
    with pytest.raises(ValueError, match=r"several rows per \w+: draw one group"):
        figures.PLOTS[name](pd.concat([tables[name], tables[name]]))


@pytest.mark.parametrize("name", figures.PLOTS)
def test_what_is_no_table_and_no_number_of_rows(tables: dict[str, pd.DataFrame], name: str) -> None:
    with pytest.raises(TypeError, match=rf"expected the table from [\w().]*{name}\(…\), got list"):
        figures.PLOTS[name]([1, 2])
    if "top" in inspect.signature(figures.PLOTS[name]).parameters:
        with pytest.raises(ValueError, match="top must be at least 1, got 0"):
            figures.PLOTS[name](tables[name], top=0)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", ["actor_frequency", "stance_summary", "source_summary", "frame_summary"])
def test_a_figure_of_stories_says_so(tables: dict[str, pd.DataFrame], name: str) -> None:
    table = tables[name]
    assert "story" not in figures.PLOTS[name](table).get_xlabel()
    assert "each story counted once" in figures.PLOTS[name](table.assign(count="stories")).get_xlabel()
