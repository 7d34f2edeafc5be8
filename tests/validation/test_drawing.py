from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import newskit as nk


def test_the_same_rows_in_memory_and_on_disk(debates: nk.Corpus, stored_debates: Path) -> None:
    stored = nk.open_corpus(stored_debates)
    here = nk.draw_sample(debates, "stances", n=30, by="outlet", strata="tone", seed=4)
    there = nk.draw_sample(stored, "stances", n=30, by="outlet", strata="tone", seed=4)
    assert here.id == there.id
    pd.testing.assert_frame_equal(here.rows, there.rows)
    pd.testing.assert_frame_equal(here.predictions, there.predictions)
    assert {*stored.tables._whole} <= {"actors"}  # type: ignore[attr-defined]


def test_another_seed_draws_other_rows(debates: nk.Corpus) -> None:
    one, two = (nk.draw_sample(debates, "stances", n=20, seed=seed) for seed in (1, 2))
    assert {*one.rows["row_id"]} != {*two.rows["row_id"]}
    assert one.id != two.id


def test_rows_show_what_coders_need_and_nothing_of_the_model(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=40, by=["outlet", "voice"], strata="tone")
    texts = debates.articles.set_index("article_id")["text"]
    for row in sample.rows.to_dict("records"):
        whole, at = texts[row["article_id"]], row["sentence_start"]
        assert row["text"] == whole[row["start"] : row["end"]]
        assert row["sentence"] == whole[at : at + len(row["sentence"])]
        assert at <= row["start"] < row["end"] <= at + len(row["sentence"])
        assert whole[:at].endswith(row["before"])
        assert whole[at + len(row["sentence"]) :].startswith(row["after"])
    assert not {*sample.rows.columns} & {"tone", "voice", "score", "label", "method", "doubt", "p_negative"}
    assert sample.predictions.index.tolist() == sample.rows["row_id"].tolist()
    assert sample.predictions["voice"].isin(["outlet", "named", "unnamed"]).all()


def test_frequencies_are_the_probabilities_and_totals_unbiased(debates: nk.Corpus) -> None:
    """Drawn 80 times, each row comes as often as its probability says; Horvitz-Thompson totals hit the truth."""
    kept: dict[str, float] = {}
    counts: dict[str, int] = {}
    totals = []
    for seed in range(80):
        sample = nk.draw_sample(debates, "stances", n=30, by="outlet", strata="tone", allocation="equal", seed=seed)
        ids, probability = sample.rows["row_id"], sample.rows["probability"]
        kept |= dict(zip(ids, probability, strict=True))
        for one in ids:
            counts[one] = counts.get(one, 0) + 1
        totals.append((sample.rows["start"] / probability).sum())
    every = nk.draw_sample(debates, "stances", n=10**6, by="outlet")
    assert (every.rows["probability"] == 1).all()
    assert {*kept} == {*every.rows["row_id"]}
    wanted = np.array(list(kept.values()))
    spread = np.maximum(np.sqrt(wanted * (1 - wanted) / 80), 1e-9)
    z = (np.array([counts[one] for one in kept]) / 80 - wanted) / spread
    assert np.abs(z).max() < 4.5
    assert z.std() == pytest.approx(1, abs=0.25)
    error = np.mean(totals) - every.rows["start"].sum()
    assert abs(error) < 4 * np.std(totals) / np.sqrt(80)


def test_a_row_counts_what_the_summary_counts(debates: nk.Corpus) -> None:
    every = nk.draw_sample(debates, "stances", n=10**6)
    summary = nk.stance_summary(debates)
    assert len(every.rows) == summary["n"].sum()
    counted = every.rows["target_id"].value_counts()
    assert counted.to_dict() == summary.set_index("target_id")["n"].to_dict()


def test_what_cannot_be_drawn(debates: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="cannot draw 'words'; the units are stances"):
        nk.draw_sample(debates, "words", n=5)
    with pytest.raises(nk.errors.SampleError, match="n=2 is too small for"):
        nk.draw_sample(debates, "stances", n=2, by="outlet")
    with pytest.raises(nk.errors.SampleError, match="no stances with"):
        nk.draw_sample(debates, "stances", n=2, target_id="nobody")
    with pytest.raises(ValueError, match="cannot group by 'paper'"):
        nk.draw_sample(debates, "stances", n=2, by="paper")
    with pytest.raises(nk.errors.SampleError, match="at least 1"):
        nk.draw_sample(debates, "stances", n=0)


def test_where_keeps_to_some_rows(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=12, target_id=["russia"], outlet=["Daily Example", None])
    assert {*sample.rows["target_id"]} == {"russia"}
    assert {*sample.rows["outlet"].fillna("none")} == {"Daily Example", "none"}
    assert sample.design["population"] == len(
        nk.draw_sample(debates, "stances", n=10**6, target_id="russia").rows[
            lambda rows: rows["outlet"].isna() | (rows["outlet"] == "Daily Example")
        ]
    )


def test_a_share_of_rows_goes_to_a_second_coder(debates: nk.Corpus) -> None:
    for share in (0.0, 0.5, 1.0):
        assert nk.draw_sample(debates, "stances", n=20, second=share).rows["second"].sum() == 20 * share
