"""The figure of sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from tests.output import figures


def made(groups: int = 1) -> pd.DataFrame:
    """An invented table of source_summary, by outlet if there are several groups."""
    rows = [
        {
            "outlet": f"Outlet {group}",
            "speaker_id": "ann",
            "speaker": "Ann",
            "sourcing": "named",
            "n_quotes": 6,
            "share": 0.6,
        }
        for group in range(groups)
    ]
    rows += [
        {**row, "speaker_id": None, "speaker": "unnamed officials", "sourcing": "unnamed", "n_quotes": 4, "share": 0.4}
        for row in rows
    ]
    table = pd.DataFrame(rows).assign(
        n_all=10, low=0.2, high=0.8, share_words=[0.9, 0.1] if groups == 1 else 0.5, share_words_low=0.05,
        share_words_high=0.95, direct=0.5, mixed=0.25, indirect=0.25, resampled="articles",
    )  # fmt: skip
    return table if groups > 1 else table.drop(columns="outlet")


def test_bars_are_divided_by_how_a_source_is_quoted() -> None:
    ax = figures.drawn(nk.plot_source_summary(made()))
    assert figures.labels(ax) == ["Ann  (6)", "unnamed officials  (4)"]
    assert figures.bars(ax) == pytest.approx([0.3, 0.2, 0.15, 0.1, 0.15, 0.1])
    assert figures.whiskers(ax) == pytest.approx([0.2, 0.8] * 2)
    assert ax.get_xlabel().startswith("share of all quotations (n = 10)")
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["direct", "mixed", "indirect"]


def test_words() -> None:
    ax = figures.drawn(nk.plot_source_summary(made(), of="words", top=1))
    assert sum(figures.bars(ax)) == pytest.approx(0.9)
    assert ax.get_title(loc="left") == "Sources, 1 most quoted of 2"
    assert ax.get_xlabel().startswith("share of all words (of n = 10 quotations)")
    with pytest.raises(ValueError, match="of is 'quotations' or 'words', not 'letters'"):
        nk.plot_source_summary(made(), of="letters")  # type: ignore[arg-type]


def test_groups_have_a_mark_each() -> None:
    ax = figures.drawn(nk.plot_source_summary(made(3)))
    assert figures.labels(ax) == ["Ann  (18)", "unnamed officials  (12)"]
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [f"Outlet {n} (n = 10)" for n in range(3)]
    assert "share of the quotations in the group" in ax.get_xlabel()


@pytest.mark.parametrize(
    ("each", "among"), [("sourcing", "quotations ("), ("gender", "quotations of people quoted by name (")]
)
def test_what_the_shares_are_of(corpus: nk.Corpus, each: str, among: str) -> None:
    table = nk.source_summary(corpus, each=each)
    ax = figures.drawn(nk.plot_source_summary(table))
    assert f"share of all {among}" in ax.get_xlabel().replace("\n", " ")
    assert f"n = {table['n_all'].iloc[0]})" in ax.get_xlabel().replace("\n", " ")


def test_over_time_and_in_tables(small: nk.Corpus) -> None:
    table = nk.source_summary(small, by="month", each="sourcing")
    ax = figures.drawn(nk.plot_timeline(table))
    assert ax.get_title(loc="left").startswith("Quotations by month")
    shown = nk.format_table(nk.source_summary(small)).text
    assert "speaker id" not in shown
    assert "Not validated on this corpus." in shown
    assert np.isfinite(table["share"]).all()
