"""Labels of figures say what is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.output.drawing import show_percent
from tests.output import figures


@pytest.mark.parametrize(
    ("right", "expected"),
    [(0.13, "0% 2% 4% 6% 8% 10% 12%"), (0.013, "0% 0.2% 0.4% 0.6% 0.8% 1% 1.2%")],
)
def test_ticks_of_shares_are_where_they_say(right: float, expected: str) -> None:
    ax = nk.plot_actor_frequency(figures.shares(1, 3).drop(columns="outlet"))
    ax.set_xlim(0, right)
    show_percent(ax.xaxis)
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= right]
    shown = [str(ax.xaxis.get_major_formatter()(tick, 0)) for tick in ticks]
    assert [float(text.rstrip("%")) / 100 for text in shown] == pytest.approx(ticks)
    assert " ".join(shown) == expected


def test_shares_of_some_actors_are_of_all_mentions() -> None:
    """Of 10 actors with 20 mentions each, 3 are left in the table: their shares are of 200, not of 60."""
    table = figures.shares(1, 10).drop(columns="outlet").head(3)
    assert "n = 200)" in nk.plot_actor_frequency(table).get_xlabel()


def test_observations_are_no_sentences_and_too_few_articles_no_too_few_sentences() -> None:
    table = figures.tones(1, 3).drop(columns="outlet")
    table.loc[1, ["low", "high"]] = float("nan")
    ax = nk.plot_stance_summary(table)
    assert ax.get_title(loc="left").endswith("(n observations)")
    assert "sentence" not in ax.get_xlabel()
    assert "pale bars: too few articles for an interval" in ax.get_xlabel()


def test_few_observations_are_pale() -> None:
    table = figures.voices(2, 2).assign(n=[30, 1, 4, 5])
    ax = figures.drawn(nk.plot_voice_matrix(table))
    opaque = ax.images[0].get_alpha()
    counts = {text.get_text(): text.get_position() for text in ax.texts}
    assert {n: opaque[int(y), int(x)] < 1 for n, (x, y) in counts.items()} == {  # type: ignore[index]
        "30": False, "1": True, "4": True, "5": False,
    }  # fmt: skip
    assert "faint: fewer than 5 observations" in ax.get_xlabel()


def test_a_voice_matrix_shows_the_part_that_matters_and_says_so() -> None:
    ax = figures.drawn(nk.plot_voice_matrix(figures.voices(41, 60)))
    title = ax.get_title(loc="left").replace("\n", " ")
    assert "20 × 20 with most observations, of 41 speakers × 60 actors" in title
    assert figures.labels(ax) == [f"Actor {n}" for n in range(20)]


def test_two_actors_of_one_name_are_told_apart() -> None:
    table = figures.voices(1, 2).assign(target="Ann Lee")
    ax = figures.drawn(nk.plot_voice_matrix(table))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["Ann Lee (t0)", "Ann Lee (t1)"]


def test_groups_have_marks_of_their_own() -> None:
    table = figures.shares(3, 4)
    table.loc[0, ["low", "high"]] = float("nan")
    ax = figures.drawn(nk.plot_actor_frequency(table))
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [f"Outlet {n} (n = 80)" for n in range(3)]
    lines = [line for line in ax.lines if not str(line.get_label()).startswith("_")]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 3
    assert "open marks: too few articles for an interval" in ax.get_xlabel()


def test_a_group_has_one_colour_in_all_figures_and_one_entry_in_each_legend() -> None:
    table = figures.shares(3, 4)
    table.loc[table["outlet"] == "Outlet 1", ["low", "high"]] = float("nan")
    in_time = figures.shares(2, 3, by="month")
    in_time = pd.concat([in_time.assign(outlet=f"Outlet {n}", n_mentions=9 + n) for n in (2, 0, 1)])
    found = []
    for ax in (
        nk.plot_actor_frequency(table),
        nk.plot_actor_frequency(table[::-1].reset_index(drop=True)),
        nk.plot_stance_summary(figures.tones(3, 4)[::-1].reset_index(drop=True)),
        nk.plot_timeline(in_time[["outlet", *[name for name in in_time.columns if name != "outlet"]]]),
    ):
        handles, texts = figures.drawn(ax).get_legend_handles_labels()
        assert len(texts) == 3
        found.append({text[:8]: handle.get_color() for handle, text in zip(handles, texts, strict=True)})  # type: ignore[attr-defined]
    assert all(colours == found[0] for colours in found)


def test_the_legend_of_frames_counts_a_sentence_with_two_frames_once() -> None:
    table = pd.DataFrame({"codebook": "dam", "frame": ["a", "b"] * 2, "frame_label": ["A", "B"] * 2})
    table = table.assign(
        outlet=["X", "X", "Y", "Y"], n_sentences=[6, 5, 3, 1], n_coded=[8, 8, 4, 4], resampled="articles"
    )
    table["share"] = table["n_sentences"] / table["n_coded"]
    ax = figures.drawn(nk.plot_frame_summary(table.assign(low=table["share"] / 2, high=1.0)))
    assert ax.get_legend_handles_labels()[1] == ["X (n = 8)", "Y (n = 4)"]
    never = table.assign(low=table["share"] / 2, high=1.0)
    never.loc[0, ["n_sentences", "share", "low", "high"]] = [0, 0.0, float("nan"), float("nan")]
    label = figures.drawn(nk.plot_frame_summary(never)).get_xlabel().replace("\n", " ")
    assert "or a frame in none or all of the sentences" in label


def test_groups_and_actors_that_are_left_out_are_counted() -> None:
    title = figures.drawn(nk.plot_stance_summary(figures.tones(50, 30), top=5)).get_title(loc="left")
    assert "5 of 30, 8 of 50 groups" in title.replace("\n", " ")


def test_a_timeline_puts_an_event_where_it_happened() -> None:
    table = figures.shares(12, 2, by="month")
    ax = figures.drawn(nk.plot_timeline(table, events={"2000-03-16": "phone call"}))
    (event,) = (line for line in ax.lines if line.get_linestyle() == "--")
    day = float(np.asarray(event.get_xdata())[0])
    first = next(line for line in ax.lines if line.get_label() == "Actor 0")
    assert abs(float(np.asarray(first.get_xdata())[2]) - day) < 3, "the middle of March"
    assert [text.get_text() for text in ax.texts] == ["phone call"]


def test_a_timeline_of_groups_has_a_panel_per_actor_and_breaks_where_nothing_was_printed() -> None:
    table = figures.tones(6, 2, by="month")
    parts = [table.drop(index=4), table.copy()]
    for part, name in zip(parts, "AB", strict=True):
        part.insert(0, "outlet", name)
    table = pd.concat(parts)
    ax = figures.drawn(nk.plot_timeline(table))
    assert ax.figure is not None
    assert [panel.get_title(loc="left").splitlines()[-1] for panel in ax.figure.axes] == ["Actor 1", "Actor 0"]
    values = next(line for line in ax.figure.axes[1].lines if line.get_label() == "A").get_ydata()
    assert pd.isna(pd.Series(values)).tolist() == [False, False, True, False, False, False]


@pytest.mark.parametrize(
    ("table", "events", "message"),
    [
        (figures.shares(2, 2), None, "the table has no period"),
        (figures.shares(2, 2, by="month").assign(month="spring"), None, "'spring' in the column month is no month"),
        (figures.shares(2, 2, by="month"), {"soon": "vote"}, "the event 'vote' has no date: 'soon'"),
        (figures.shares(2, 2, by="month"), {f"2000-01-{d:02d}": "x" for d in range(1, 32)}, "31 events"),
        (pd.DataFrame({"colour": ["red"]}), None, "expected the table from"),
    ],
)
def test_a_timeline_says_what_is_missing(table: pd.DataFrame, events: dict[str, str] | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nk.plot_timeline(table, events=events)


def test_titles_have_words_for_names(tables: dict[str, pd.DataFrame]) -> None:
    assert nk.plot_positions(tables["positions"]).get_title(loc="left").startswith("Positions on missile transfer")


def test_a_position_given_up_is_none_of_today() -> None:
    """Ann was against the toll and is for it now; Ben only was against it."""
    rows = [("Ann", "opposition", "earlier"), ("Ann", "support", "now"), ("Ben", "opposition", "earlier")]
    rows += [("Cem", "opposition", "now")]
    table = pd.DataFrame(rows, columns=["actor", "position", "when"])
    table = table.assign(issue="toll", article_id="a", published=None, sentence_id=range(4))
    assert [label.split("  ")[0] for label in figures.labels(nk.plot_positions(table))] == ["Ann", "Ben", "Cem"]


def test_a_column_added_to_a_summary_makes_no_group() -> None:
    table = figures.shares(1, 3).drop(columns="outlet").assign(note=["a", "b", "c"])
    assert nk.plot_actor_frequency(table).get_title(loc="left") == "Mentions by actor"
