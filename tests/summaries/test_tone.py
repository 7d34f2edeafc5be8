"""How actors are portrayed and by whom: means and shares by hand, and every row back to its sentences."""

from __future__ import annotations

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.schema import LABELS
from newskit.summaries.intervals import MIN_UNITS
from tests.summaries import made


@pytest.mark.parametrize("by", [(), "voice", "article_id"])
def test_stance_summary_adds_up(corpus: nk.Corpus, by: str) -> None:
    table = nk.stance_summary(corpus, by=by)
    assert table[["negative", "neutral", "positive"]].sum(axis=1).tolist() == pytest.approx([1] * len(table))
    observations = corpus.stances[["sentence_id", "target_id", "voice"]].drop_duplicates()
    assert table["n"].sum() == len(observations)
    known = table.dropna(subset="low")
    assert len(known) > 1
    assert (known["n"] >= MIN_UNITS).all()
    for value, low, high in [("mean", "low", "high"), *((x, f"{x}_low", f"{x}_high") for x in LABELS)]:
        within = known.dropna(subset=low)
        varied = known[value].between(0, 1, inclusive="neither") if value in LABELS else known[value].notna()
        assert set(within.index) >= set(known.index[varied])
        assert len(within) or value == "positive", "the report has too little praise for an interval"
        assert (within[low] <= within[value] + 1e-9).all()
        assert (within[value] <= within[high] + 1e-9).all()
    assert (table["method"] == "model").all()
    at_least = nk.stance_summary(corpus, by=by, min_n=4)
    pd.testing.assert_frame_equal(at_least, table[table["n"] >= 4].reset_index(drop=True))


def test_an_observation_is_a_target_in_a_sentence_in_a_voice(corpus: nk.Corpus) -> None:
    """Two mentions in one sentence are averaged, two voices in one are two observations."""
    stances = corpus.stances[corpus.stances["method"] == "model"].iloc[:4]
    stances = stances.assign(
        sentence_id=[0, 0, 0, 1],
        target_id="putin",
        voice=["outlet", "outlet", "nato", "outlet"],
        score=[1.0, 0.0, -1.0, 0.5],
        label=["positive", "neutral", "negative", "positive"],
    )
    row = nk.stance_summary(corpus.with_tables(stances=stances)).iloc[0]
    assert row["n"] == 3
    assert row["mean"] == pytest.approx((0.5 - 1.0 + 0.5) / 3)
    assert row[["negative", "neutral", "positive"]].tolist() == pytest.approx([1 / 3, 0.5 / 3, 1.5 / 3])


def test_mean_of_one_actor_by_hand(corpus: nk.Corpus) -> None:
    rows = corpus.evidence("stances", target_id="vladimir-putin", method="model")
    assert not rows.duplicated(["sentence_id", "voice"]).any()
    table = nk.stance_summary(corpus).set_index("target_id")
    assert table.loc["vladimir-putin", "mean"] == pytest.approx(rows["score"].mean())
    assert table.loc["vladimir-putin", "positive"] == pytest.approx((rows["label"] == "positive").mean())
    assert table.loc["vladimir-putin", "target"] == "Vladimir Putin"


def test_the_model_is_the_method_unless_another_is_named(corpus: nk.Corpus) -> None:
    pd.testing.assert_frame_equal(nk.stance_summary(corpus), nk.stance_summary(corpus, method="model"))
    assert (nk.stance_summary(corpus, method="textblob")["method"] == "textblob").all()
    with pytest.raises(ValueError, match="no stances by method 'vader'; the corpus has model, textblob"):
        nk.stance_summary(corpus, method="vader")


def test_several_other_methods_must_be_chosen_from(corpus: nk.Corpus) -> None:
    words = corpus.stances[corpus.stances["method"] == "textblob"]
    other = words.assign(method="other", score=-1.0, label="negative")
    both = corpus.with_tables(stances=pd.concat([words, other], ignore_index=True))
    with pytest.raises(ValueError, match="method='other' or 'textblob'"):
        nk.stance_summary(both)
    with pytest.raises(ValueError, match="method='other' or 'textblob'"):
        nk.voice_matrix(both)
    pd.testing.assert_frame_equal(
        nk.stance_summary(both, method="textblob"), nk.stance_summary(corpus.with_tables(stances=words))
    )
    assert (nk.voice_matrix(both, method="other")["mean"] == -1).all()


def test_voices_are_the_outlet_actors_or_unnamed(corpus: nk.Corpus) -> None:
    table = nk.voice_matrix(corpus)
    assert set(table["voice"]) <= {"outlet", "unnamed source", *corpus.actors["actor_id"]}
    names = table.set_index("voice")["speaker"].to_dict()
    assert names["outlet"] == "the outlet"
    assert names["unnamed source"] == "unnamed sources"
    assert names["dmitry-peskov"] == "Dmitry Peskov"
    assert table["speaker"].notna().all()
    assert table["target"].notna().all()
    assert not table.duplicated(["voice", "target_id"]).any()


def test_every_row_of_the_voice_matrix_opens(corpus: nk.Corpus) -> None:
    for _, row in nk.voice_matrix(corpus).iterrows():
        rows = corpus.evidence("stances", row)
        assert rows[["article_id", "sentence_id"]].drop_duplicates().shape[0] == row["n"], row
        assert set(zip(rows["voice"], rows["target_id"], strict=True)) == {(row["voice"], row["target_id"])}
        assert rows.groupby("sentence_id")["score"].mean().mean() == pytest.approx(row["mean"])
        assert rows["sentence"].notna().all()


def test_stances_toward_nobody_or_in_no_voice_do_not_count() -> None:
    stances = [
        made.stance(0, 0, "ann", "positive"),
        made.stance(1, 0, "ann", "negative"),
        made.stance(2, 0, None, "negative"),
        made.stance(3, 0, "ann", "negative", voice=None),
        made.stance(4, 0, "ann", "negative", method="other"),
    ]
    row = nk.stance_summary(made.corpus(stances=stances)).iloc[0]
    assert row[["target_id", "target", "n", "n_articles", "mean", "method"]].tolist() == [
        "ann",
        "Ann",
        2,
        2,
        0,
        "model",
    ]
    assert row[["low", "high", "positive_low"]].isna().all(), "two articles are too few"
    other = nk.stance_summary(made.corpus(stances=stances), method="other")
    assert other[["n", "mean", "method"]].to_numpy().tolist() == [[1, -1, "other"]]


def test_min_n_keeps_rows_of_just_as_many_observations() -> None:
    stances = [made.stance(i, 0, "ann", "neutral") for i in range(3)] + [made.stance(0, 1, "bob", "neutral")]
    corpus = made.corpus(stances=stances)
    assert nk.stance_summary(corpus)["target_id"].tolist() == ["ann", "bob"]
    assert nk.stance_summary(corpus, min_n=3)["target_id"].tolist() == ["ann"]
    assert nk.stance_summary(corpus, min_n=4).empty


def test_rows_without_a_value_of_the_grouping_are_left_out() -> None:
    corpus = made.corpus(stances=[made.stance(i, 0, "ann", "neutral") for i in range(6)])
    assert nk.stance_summary(corpus, by="month")["n"].sum() == 5
    assert nk.stance_summary(corpus, by=["outlet", "year"])[["outlet", "year", "n"]].to_numpy().tolist() == [
        ["East", "2025", 2],
        ["West", "2025", 2],
        ["East", "2024", 1],
    ]
    for by in ("target_id", ["method"], ["outlet", "outlet"]):
        with pytest.raises(ValueError, match="cannot group by"):
            nk.stance_summary(corpus, by=by)


def test_intervals_know_nothing_of_errors_and_the_row_says_so() -> None:
    labels = ["negative", "neutral", "positive"] * 2
    stances = [made.stance(i, 0, "ann", labels[i], method=m) for i in range(6) for m in ("model", "textblob")]
    told = made.corpus(stances=stances, manifest={"tone": {"confusion": [[80, 15, 5], [20, 60, 20], [5, 15, 80]]}})
    row, other = (nk.stance_summary(told, method=method).iloc[0] for method in ("model", "textblob"))
    assert row[["low", "high"]].tolist() == other[["low", "high"]].tolist()
    assert row["estimate"] == "model alone, not validated on this corpus"


def test_a_voice_matrix_of_groups_opens_too(nlp: Language) -> None:
    texts = ['"The plan of NATO is terrible," Putin said.', "NATO praised Putin. Ukraine met Putin."]
    articles = [nk.Article(str(n), texts[n % 2], outlet="AB"[n % 3 == 0]) for n in range(6)]
    corpus = nk.annotate(articles, nlp=nlp)
    table = nk.voice_matrix(corpus, by="outlet")
    assert table["n"].sum() == nk.voice_matrix(corpus)["n"].sum()
    assert {*table["outlet"]} == {"A", "B"}
    for _, row in table.iterrows():
        rows = corpus.evidence(row)
        assert len(rows.drop_duplicates(["article_id", "sentence_id"])) == row["n"]
        assert {"AB"[int(one) % 3 == 0] for one in rows["article_id"]} == {row["outlet"]}


def test_sides_and_names_of_the_voice_matrix() -> None:
    stances = [
        made.stance(0, 0, "ann", "positive", voice="cid"),
        made.stance(1, 0, "ann", "positive", voice="cid"),
        made.stance(2, 0, "cid", "negative", voice="bob"),
    ]
    table = nk.voice_matrix(made.corpus(stances=stances))
    assert table[["voice", "speaker", "target_id", "target", "n", "mean"]].to_numpy().tolist() == [
        ["cid", "Cid", "ann", "Ann", 2, 1],
        ["bob", "Bob", "cid", "Cid", 1, -1],
    ]
    assert table["voice_group"].fillna("-").tolist() == ["-", "Blue"]
    assert table["target_group"].fillna("-").tolist() == ["Blue", "-"]
    namesakes = [{**actor, "label": "Ann"} for actor in made.ACTORS[:2]]
    twice = made.corpus(stances=[made.stance(0, 0, one, "neutral") for one in ("ann", "bob")], actors=namesakes)
    assert nk.stance_summary(twice)["target"].tolist() == ["Ann (ann)", "Ann (bob)"]


def test_what_an_actor_says_of_itself_can_be_left_out(corpus: nk.Corpus) -> None:
    stances = corpus.stances[corpus.stances["method"] == "model"].iloc[:3]
    stances = stances.assign(
        sentence_id=[0, 1, 2],
        target_id="putin",
        voice=["outlet", "putin", "nato"],
        score=[0.0, 1.0, -1.0],
        label=["neutral", "positive", "negative"],
    )
    changed = corpus.with_tables(stances=stances)
    with_own, without = (nk.stance_summary(changed, own_words=own).iloc[0] for own in (True, False))
    assert (with_own["n"], with_own["mean"], with_own["positive"]) == (3, 0.0, pytest.approx(1 / 3))
    assert (without["n"], without["mean"], without["positive"]) == (2, -0.5, 0.0)
    assert set(nk.voice_matrix(changed, own_words=False)["voice"]) == {"outlet", "nato"}


def test_the_share_that_evaluates_is_what_is_not_neutral(corpus: nk.Corpus) -> None:
    table = nk.stance_summary(corpus, min_n=MIN_UNITS)
    assert table["evaluated"].tolist() == pytest.approx((table["negative"] + table["positive"]).tolist())
    known = table.dropna(subset="neutral_low")
    assert len(known)
    assert known["evaluated_low"].tolist() == pytest.approx((1 - known["neutral_high"]).tolist())
    assert (known["evaluated_low"] <= known["evaluated"] + 1e-9).all()
