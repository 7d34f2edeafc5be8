from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.annotation.frames.issues import Issue, Position
from tests.corpus.byhand import debate, in_memory, on_disk

ISSUE = Issue(
    name="plan",
    version="1.0.0",
    language="en",
    title="the plan",
    source="invented",
    positions=(Position("support", acts=("praise",)), Position("opposition", acts=("condemn",))),
    topic=("plan|attack",),
)


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
    with pytest.raises(ValueError, match="no argument, and no column to choose rows by: 'seeds'; known: "):
        nk.draw_sample(debates, "stances", n=2, seeds=3)
    with pytest.raises(nk.errors.SampleError, match=r"n=1 is too small for min_per_stratum=2.*or give a smaller min"):
        nk.draw_sample(debates, "stances", n=1)
    assert len(nk.draw_sample(debates, "stances", n=1, min_per_stratum=1).rows) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "^n is a whole number, at least 1, not 0$"),
        ({"n": 2.5}, "^n is a whole number, at least 1, not 2.5$"),
        ({"second": 2}, "^second is a share from 0 to 1, not 2$"),
        ({"min_per_stratum": 0}, "^min_per_stratum is a whole number"),
        ({"seed": -1}, "^seed is a whole number, at least 0, not -1$"),
        ({"seed": None}, "^seed is .* not None; without one the same rows could not be drawn again$"),
        ({"codebook": "words"}, "^codebook is for frames; stances have none: leave it out$"),
        ({"version": "1.0.0"}, "^version is for frames"),
        ({"issue": ISSUE}, "^issue is for positions"),
    ],
)
def test_an_argument_that_does_not_fit_is_named(debates: nk.Corpus, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nk.draw_sample(debates, "stances", **{"n": 4, **options})


def test_a_number_of_numpy_can_be_saved(debates: nk.Corpus, tmp_path: Path) -> None:
    drawn = nk.draw_sample(debates, "stances", n=np.int64(4), seed=np.int64(3))  # type: ignore[arg-type]
    assert nk.load_sample(drawn.save(tmp_path / "sample.json")).id == drawn.id


def test_a_date_may_be_a_text(debates: nk.Corpus) -> None:
    day = pd.Timestamp(2025, 1, 28)
    wanted = nk.draw_sample(debates, "stances", n=10**6, published=day)
    for told in ("2025-01-28", "2025-01-28 00:00:00", day.date(), ["2025-01-28", "2099-01-01"]):
        found = nk.draw_sample(debates, "stances", n=10**6, published=told)
        assert {*found.rows["row_id"]} == {*wanted.rows["row_id"]} != set()
    with pytest.raises(nk.errors.SampleError, match="no stances with"):
        nk.draw_sample(debates, "stances", n=4, published="yesterday")


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


UNITS: list[tuple[str, dict[str, Any]]] = [
    ("stances", {"by": "outlet", "strata": "tone"}),
    ("quotes", {"by": "outlet"}),
    ("frames", {"codebook": "words", "strata": ["frame"]}),
    ("mentions", {"by": ["month", "kind"]}),
]


@pytest.mark.parametrize(("unit", "options"), UNITS)
def test_every_unit_is_drawn_alike_in_memory_and_on_disk(
    debates: nk.Corpus, stored_debates: Path, unit: str, options: dict[str, Any]
) -> None:
    stored = nk.open_corpus(stored_debates)
    here, there = (nk.draw_sample(one, unit, n=30, seed=2, **options) for one in (debates, stored))
    pd.testing.assert_frame_equal(here.rows, there.rows)
    pd.testing.assert_frame_equal(here.predictions, there.predictions)
    assert here.rows["row_id"].is_unique
    assert (1 / here.rows["probability"]).sum() == pytest.approx(here.design["population"])
    texts = debates.articles.set_index("article_id")["text"]
    for row in here.rows.to_dict("records"):
        whole, at = texts[row["article_id"]], row["sentence_start"]
        assert row["text"] == whole[row["start"] : row["end"]]
        assert row["sentence"] == whole[at : at + len(row["sentence"])]
        assert row["text"] in row["sentence"]
        assert here.asked(row["row_id"])
    assert {variable.name for variable in here.variables} & {*here.predictions.columns}


def test_quotations_and_sentences_without_any(debates: nk.Corpus) -> None:
    every = nk.draw_sample(debates, "quotes", n=10**6)
    shown = every.rows.set_index("row_id")["shown"]
    assert shown.value_counts()["quotation"] == len(debates.quotes)
    quoted = {(row.article_id, row.sentence_id) for row in debates.quotes.itertuples()}
    rest = every.rows[every.rows["shown"] == "sentence"]
    assert len(rest) == len(debates.sentences) - len(quoted)
    assert not {*zip(rest["article_id"], rest["sentence_id"], strict=True)} & quoted
    asked = {kind: [v.name for v in every.asked(shown[shown == kind].index[0])] for kind in ("quotation", "sentence")}
    assert asked == {"quotation": ["act", "kind", "speaker_ok"], "sentence": ["missed"]}
    unnamed = every.rows[every.rows["target_id"].isna() & (every.rows["shown"] == "quotation")]
    assert {*unnamed["target"]} == {"officials"}


def test_frames_are_coded_of_all_sentences(debates: nk.Corpus) -> None:
    every = nk.draw_sample(debates, "frames", n=10**6, codebook="words")
    assert len(every.rows) == len(debates.sentences)
    coded = debates.frames.drop_duplicates(["article_id", "sentence_id", "frame"])["frame"].value_counts()
    assert (every.predictions[["attack", "offer", "plan"]] == "yes").sum().to_dict() == coded.to_dict()
    assert [variable.name for variable in every.variables] == ["attack", "offer", "plan"]
    few = nk.draw_sample(debates, "frames", n=20, codebook="words")
    hits = few.predictions["hit"]
    assert hits.sum() >= 10  # Neyman: a hit is in doubt more than a sentence without one
    assert [one["hit"] for one in few.design["strata"]] == [False, True]
    with pytest.raises(ValueError, match="choose a codebook that the corpus was coded with: 'words'"):
        nk.draw_sample(debates, "frames", n=5, codebook="news_frames")
    with pytest.raises(ValueError, match="choose one coding with 'words': method='lexicon'"):
        nk.draw_sample(debates, "frames", n=5, codebook="words", method="embedding")


def test_mentions_are_those_that_are_counted(debates: nk.Corpus) -> None:
    every = nk.draw_sample(debates, "mentions", n=10**6)
    assert len(every.rows) == nk.actor_frequency(debates)["n_mentions"].sum()


def test_positions_are_found_shard_by_shard(tmp_path: Path) -> None:
    whole = in_memory(debate(6))
    held = nk.positions(whole, ISSUE)
    here = nk.draw_sample(whole, "positions", n=10**6, issue=ISSUE)
    assert len(here.rows) == len(held) > 0
    assert here.predictions["position"].value_counts().to_dict() == held["position"].value_counts().to_dict()
    there = nk.draw_sample(on_disk(debate(6), tmp_path / "corpus"), "positions", n=10**6, issue=ISSUE)
    pd.testing.assert_frame_equal(here.rows, there.rows)
    with pytest.raises(ValueError, match="positions are on an issue"):
        nk.draw_sample(whole, "positions", n=5)


def test_what_the_model_is_unsure_of_is_drawn_more_often(nlp_free_unsure: nk.Corpus) -> None:
    sample = nk.draw_sample(nlp_free_unsure, "stances", n=30, allocation="neyman")
    strata = sample.design["strata"]
    assert [(one["uncertainty"], one["population"]) for one in strata] == [(1, 100), (2, 100), (3, 100)]
    assert strata[2]["sampled"] > 2 * strata[0]["sampled"]
    few = nk.draw_sample(nlp_free_unsure, "stances", n=10, allocation="neyman")
    assert [one["population"] for one in few.design["strata"]] == [300]  # no room for thirds
    unsure = sample.predictions.assign(probability=sample.rows.set_index("row_id")["probability"])
    assert unsure["probability"].corr(unsure["p_neutral"]) < -0.8
