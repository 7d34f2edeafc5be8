"""Directed tone: whose order does not matter, what it refuses, and its rows among the stances."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.tone.directed import DirectedModel, cut_around, load_directed_model
from tests.conftest import check_offsets, declared, dtypes

PAIRS = [
    ("Berlin condemned Moscow for the attack.", "Berlin", "Moscow"),
    ("Johnson praised Sunak as an honest man.", "Johnson", "Sunak"),
    ("Sunak was praised by Johnson as an honest man.", "Sunak", "Johnson"),
    ("Sunak was accused of corruption by Johnson.", "Sunak", "Johnson"),
    ("Johnson met Sunak in London.", "Johnson", "Sunak"),
]
TEXTS = [text for text, _, _ in PAIRS]
FIRST, SECOND = ([(text.index(pair[n]), text.index(pair[n]) + len(pair[n])) for text, *pair in PAIRS] for n in (0, 1))


def test_who_evaluates_whom() -> None:
    table = nk.directed_tone(TEXTS, FIRST, SECOND)
    assert list(zip(table["direction"], table["label"], strict=True)) == [
        ("first_to_second", "negative"),
        ("first_to_second", "positive"),
        ("second_to_first", "positive"),
        ("second_to_first", "negative"),
        ("none", "neutral"),
    ]
    assert dtypes(table) == declared("directed_tone")
    chances = table.filter(like="p_")
    assert chances.sum(axis=1).tolist() == pytest.approx([1] * len(PAIRS))
    assert table["score"].between(-1, 1).all()
    assert (table["score"].iloc[[1, 2]] > 0).all()
    assert (table["score"].iloc[[0, 3]] < 0).all()


def test_the_order_of_the_two_does_not_matter() -> None:
    one, other = nk.directed_tone(TEXTS, FIRST, SECOND), nk.directed_tone(TEXTS, SECOND, FIRST)
    turned = {"first_to_second": "second_to_first", "second_to_first": "first_to_second", "none": "none"}
    assert one["direction"].map(turned).tolist() == other["direction"].tolist()
    assert one["label"].tolist() == other["label"].tolist()
    assert one["score"].tolist() == pytest.approx(other["score"].tolist())
    assert one["p_first_negative"].tolist() == pytest.approx(other["p_second_negative"].tolist())


def test_a_pair_does_not_depend_on_the_others() -> None:
    together = nk.directed_tone(TEXTS, FIRST, SECOND)
    alone = [nk.directed_tone([t], [a], [b]) for t, a, b in zip(TEXTS, FIRST, SECOND, strict=True)]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def test_nothing_is_empty_and_long_or_odd_texts_are_read() -> None:
    assert (
        nk.directed_tone([], [], []).columns.tolist()
        == nk.directed_tone(TEXTS[:1], FIRST[:1], SECOND[:1]).columns.tolist()
    )
    filler = "and so it went on, " * 400
    long = f"Johnson {filler} praised {filler} Sunak \N{GRINNING FACE}"
    at = long.index("Sunak")
    table = nk.directed_tone([long, "\u200b \u200b"], [(0, 7), (0, 1)], [(at, at + 5), (2, 3)])
    assert table.notna().all().all()


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one pair of spans per text: got 1 texts, 0 and 1 spans"):
        nk.directed_tone(["a b"], [], [(0, 1)])
    with pytest.raises(ValueError, match=r"span \(2, 9\) of text 0 is not inside its 3 characters"):
        nk.directed_tone(["a b"], [(0, 1)], [(2, 9)])
    with pytest.raises(ValueError, match="overlap: directed tone takes two separate actors"):
        nk.directed_tone(["a b"], [(0, 3)], [(2, 3)])
    with pytest.raises(TypeError, match="pass a list, even for one"):
        nk.directed_tone("a b", [(0, 1)], [(2, 3)])
    with pytest.raises(FileNotFoundError, match=r"model.onnx is missing; reinstall newskit"):
        DirectedModel(tmp_path)


def test_the_model_has_a_card() -> None:
    assert load_directed_model().note()["name"] == "directed-en"


@pytest.fixture(scope="module")
def directed(article: nk.Article) -> nk.Corpus:
    return nk.annotate(article, nlp=nk.make_nlp(directed=True))


def test_rows_among_the_stances(directed: nk.Corpus, corpus: nk.Corpus) -> None:
    check_offsets(directed)
    rows = directed.stances[directed.stances["method"] == "directed"]
    assert len(rows) > 0
    assert rows["source_mention_id"].notna().all()
    assert (rows["voice"] != rows["target_id"]).all()
    assert set(rows["label"]) <= {"negative", "positive"}
    assert rows[["p_negative", "p_neutral", "p_positive"]].sum(axis=1).tolist() == pytest.approx([1] * len(rows))
    mentions = directed.mentions.set_index("mention_id")
    sources = mentions.loc[rows["source_mention_id"].astype("int64")]
    assert sources["actor_id"].tolist() == rows["voice"].tolist()
    assert sources["sentence_id"].tolist() == rows["sentence_id"].tolist()
    condemned = rows[rows["sentence_id"].isin(directed.sentences.query("text.str.contains('praised')")["sentence_id"])]
    assert ("vladimir-putin", "melania-trump", "positive") in set(
        zip(condemned["voice"], condemned["target_id"], condemned["label"], strict=True)
    )
    assert directed.manifest["directed"]["name"] == "directed-en"
    others = directed.stances[directed.stances["method"] != "directed"].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, corpus.stances)
    assert "directed" not in corpus.manifest


def test_summaries_leave_them_out_unless_asked(directed: nk.Corpus, corpus: nk.Corpus) -> None:
    pd.testing.assert_frame_equal(nk.stance_summary(directed), nk.stance_summary(corpus))
    matrix = nk.voice_matrix(directed, method="directed")
    assert set(matrix["method"]) == {"directed"}
    assert "outlet" not in set(matrix["voice"])
    assert directed.evidence("stances", matrix.iloc[0])["sentence"].notna().all()


def test_relinking_moves_the_evaluating_actor_too(directed: nk.Corpus, nlp: Language) -> None:
    new = directed.relink(nk.ActorCatalog([], name="none"))
    rows = new.stances[new.stances["method"] == "directed"]
    known = new.mentions.set_index("mention_id")["actor_id"]
    assert (
        rows["voice"].tolist() == known.loc[rows["source_mention_id"].astype("int64")].fillna("unnamed source").tolist()
    )


def test_it_is_asked_for_when_the_pipeline_is_made(article: nk.Article, nlp: Language) -> None:
    with pytest.raises(ValueError, match=r"nlp has its own directed: give them to make_nlp"):
        nk.annotate(article, nlp=nlp, directed=True)


def test_a_long_text_is_cut_around_the_pair() -> None:
    ids = list(range(100))
    assert cut_around(ids[:10], [2, 3, 5, 5], 10) == (ids[:10], [2, 3, 5, 5])
    cut = cut_around(ids, [50, 51, 57, 57], 12)
    assert cut.ids == [0, *range(48, 58), 99]
    assert [cut.ids[end] for end in cut.ends] == [50, 51, 57, 57]
    at_the_end = cut_around(ids, [90, 91, 98, 98], 12)
    assert at_the_end.ids == [0, *range(89, 99), 99]
    assert [at_the_end.ids[end] for end in at_the_end.ends] == [90, 91, 98, 98]
    apart = cut_around(ids, [5, 5, 90, 90], 12)
    assert apart.ends == [0, 0, 10, 10], "ends that lie outside are put at the edge"
