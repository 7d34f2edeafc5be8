"""Precision and recall by hand, weighted, by group; what is wrong; and the figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

import newskit as nk
from newskit.schema import LABELS, make_table
from tests.conftest import declared, dtypes
from tests.output import figures
from tests.validation.spoken import coded, spoken

World = tuple[nk.Corpus, pd.DataFrame]


@pytest.fixture(scope="module")
def world() -> World:
    return spoken(120, seed=3)


def right(corpus: nk.Corpus, truth: pd.DataFrame) -> pd.DataFrame:
    """Every observation that is meant, with the true code and that of the model."""
    return truth.assign(said=corpus.stances["label"].to_numpy())[truth["target_ok"] == "yes"]


def overall(result: nk.Accuracy) -> Any:
    return result.scores.query("by.isna()").set_index("code")


def test_everything_coded_gives_the_scores_of_scikit_learn(world: World) -> None:
    corpus, truth = world
    result = nk.accuracy(corpus, coded(nk.draw_sample(corpus, "stances", n=10_000), truth))
    rows = right(corpus, truth)
    expected = precision_recall_fscore_support(rows["tone"], rows["said"], labels=LABELS)
    found = overall(result)
    for name, values in zip(("precision", "recall", "f1"), expected[:3], strict=True):
        assert found.loc[list(LABELS), name].tolist() == pytest.approx(values.tolist())
        assert found.loc[list(LABELS), f"{name}_low"].tolist() == pytest.approx(values.tolist()), "nothing is unknown"
    assert found.loc["all", "precision"] == pytest.approx((rows["tone"] == rows["said"]).mean())
    assert found["n_coded"].tolist() == [*expected[3], len(rows)]
    matrix = confusion_matrix(rows["tone"], rows["said"], labels=LABELS)
    assert result.confusion["n"].tolist() == matrix.ravel().tolist()
    assert result.confusion["share"].tolist() == pytest.approx((matrix / len(rows)).ravel().tolist())


def test_rows_count_by_their_weight_and_intervals_hold_the_truth(world: World) -> None:
    """The sample has many rows that newskit calls positive, the corpus few: recall would be wrong without weights."""
    corpus, truth = world
    rows = right(corpus, truth)
    expected = precision_recall_fscore_support(rows["tone"], rows["said"], labels=LABELS)
    covered, recalls, plain = [], [], []
    for seed in range(40):
        sample = nk.draw_sample(corpus, "stances", n=200, strata="tone", min_per_stratum=55, seed=seed)
        result = nk.accuracy(corpus, coded(sample, truth))
        found = overall(result)
        for name, values in zip(("precision", "recall", "f1"), expected[:3], strict=True):
            for label, value in zip(LABELS, values, strict=True):
                covered.append(found.loc[label, f"{name}_low"] <= value <= found.loc[label, f"{name}_high"])
        recalls.append(found.loc["positive", "recall"])
        counts: Any = result.confusion.pivot(index="code", columns="said", values="n")
        plain.append(float(counts.loc["positive", "positive"] / counts.loc["positive"].sum()))
    assert 0.9 <= np.mean(covered) <= 0.99
    assert np.mean(recalls) == pytest.approx(expected[1][2], abs=0.03)
    assert abs(np.mean(plain) - expected[1][2]) > 0.1


def test_scores_are_given_by_what_the_sample_knows(world: World) -> None:
    corpus, truth = world
    codings = coded(nk.draw_sample(corpus, "stances", n=300, by="outlet"), truth)
    result = nk.accuracy(corpus, codings)
    assert dtypes(result.scores) == declared("Accuracy.scores")
    assert dtypes(result.confusion) == declared("Accuracy.confusion")
    assert set(result.scores["by"].dropna()) == {"outlet", "voice", "kind", "part"}
    by_outlet = nk.accuracy(corpus, codings, by="outlet").scores.query("by == 'outlet' and code == 'all'")
    assert by_outlet["n_coded"].sum() == overall(result).loc["all", "n_coded"]
    assert set(by_outlet["group"]) == {"East", "West"}
    with pytest.raises(ValueError, match=r"no column 'outlets' .did you mean 'outlet'"):
        nk.accuracy(corpus, codings, by="outlets")
    with pytest.raises(ValueError, match=r"cannot judge 'tones' .did you mean 'tone'"):
        nk.accuracy(corpus, codings, variable="tones")


def test_fewer_than_five_rows_have_no_interval_and_none_wrong_has_a_wide_one(world: World) -> None:
    corpus, truth = world
    sure = truth.assign(tone=corpus.stances["label"].to_numpy(), target_ok="yes")
    found = overall(nk.accuracy(corpus, coded(nk.draw_sample(corpus, "stances", n=8, seed=1), sure)))
    assert found.loc["all", "precision"] == 1
    assert 0.5 < found.loc["all", "precision_low"] < 0.8
    assert found.loc["all", "precision_high"] == 1
    few = found[found["n_coded"] < 5]
    assert len(few)
    assert few["recall_low"].isna().all()


def test_the_worst_rows_are_wrong_and_the_surest_come_first(world: World) -> None:
    corpus, truth = world
    stances = corpus.stances.assign(p_negative=np.where(corpus.stances["article_id"] == "a7", 0.99, 0.8))
    corpus = corpus.with_tables(stances=stances)
    worst = nk.accuracy(corpus, coded(nk.draw_sample(corpus, "stances", n=10_000), truth)).worst
    assert dtypes(worst) == declared("Accuracy.worst")
    assert len(worst) == 20
    assert (worst["said"] != worst["code"]).all()
    assert worst["article_id"].iloc[0] == "a7"
    assert worst["sure"].is_monotonic_decreasing
    assert worst["sentence"].str.contains("was in the news").all()


def test_sentences_without_a_hit_tell_the_recall_of_frames(world: World) -> None:
    corpus = world[0]
    sentences = corpus.sentences
    there = np.arange(len(sentences)) % 4 == 0
    hits = sentences[there & (np.arange(len(sentences)) % 8 == 0)]
    rows = [
        {**{str(name): value for name, value in row.items()}, "codebook": "book", "codebook_version": "1"}
        | {"frame": "war", "method": "lexicon", "voice": "outlet"}
        for row in hits[["article_id", "sentence_id", "start", "end", "text"]].to_dict("records")
    ]
    framed = corpus.with_tables(frames=make_table("frames", rows))
    truth = sentences[["article_id", "sentence_id"]].assign(war=np.where(there, "yes", "no"), target_id="")
    codings = coded(nk.draw_sample(framed, "frames", n=300, seed=1), truth, ("war",))
    found = overall(nk.accuracy(framed, codings, by=[])).loc["yes"]
    assert found["precision"] == 1
    assert found["recall_low"] < 0.5 < found["recall_high"]
    assert found["recall"] == pytest.approx(0.5, abs=0.12)


def test_sentences_without_a_quotation_tell_the_recall_of_quotations(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "quotes", n=60, seed=1)
    told = []
    for number, row in enumerate(sample.rows.to_dict("records")):
        codes = {"act": "speech", "kind": "direct", "speaker_ok": "yes"}
        if row["shown"] == "sentence":
            codes = {"missed": "yes" if number % 2 else "no"}
        told += [
            {"row_id": row["row_id"], "coder": "ann", "variable": name, "code": code, "unsure": False, "note": ""}
            for name, code in codes.items()
        ]
    result = nk.accuracy(debates, nk.Codings(sample, pd.DataFrame(told)), by="outlet")
    found = overall(result).loc["yes"]
    weight = 1 / sample.rows.set_index("row_id")["probability"]
    quotes = sample.rows.set_index("row_id")["shown"] == "quotation"
    missed = pd.Series([row["code"] == "yes" and row["variable"] == "missed" for row in told])
    ids = [row["row_id"] for row, lost in zip(told, missed, strict=True) if lost]
    assert found["precision"] == 1
    assert found["recall"] == pytest.approx(weight[quotes].sum() / (weight[quotes].sum() + weight[ids].sum()))


def test_the_matrix_is_drawn_with_recall_precision_and_counts(world: World) -> None:
    corpus, truth = world
    result = nk.accuracy(corpus, coded(nk.draw_sample(corpus, "stances", n=200, seed=4), truth))
    ax = figures.drawn(nk.plot_accuracy(result))
    scores = overall(result)
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    counts = result.confusion.set_index(["code", "said"])["n"]
    for at, label in enumerate(LABELS):
        assert cells[(at, at)] == f"{scores.loc[label, 'recall']:.0%}\n({counts[label, label]})"
        assert ax.get_xticklabels()[at].get_text() == f"{label}\nprecision {scores.loc[label, 'precision']:.0%}"
    with pytest.raises(TypeError, match="expected what accuracy"):
        nk.plot_accuracy(result.scores)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'fate' was not judged"):
        nk.plot_accuracy(result, variable="fate")


def test_without_coded_rows_there_is_nothing_to_draw() -> None:
    corpus, _ = spoken()
    sample = nk.draw_sample(corpus, "stances", n=20)
    row = {"row_id": sample.rows["row_id"].iloc[0], "coder": "ann", "variable": "target_ok", "code": "no"}
    none = nk.load_codings(pd.DataFrame([row]), sample=sample)
    with pytest.raises(ValueError, match="no row of the sample is coded"):
        nk.plot_accuracy(nk.accuracy(corpus, none))
