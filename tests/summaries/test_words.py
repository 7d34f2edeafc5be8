"""Keyness by hand and against SciPy, dispersion, and concordances of words, lemmas and regular expressions."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import newskit as nk
from tests.conftest import SEED

TEXT = SEED.read_text(encoding="utf-8")
FOCUS, REFERENCE = ["war " * 10 + "peace " * 60, "peace " * 30], ["war " * 5 + "peace " * 195]


def test_g2_by_hand() -> None:
    table = nk.keyness(FOCUS, reference=REFERENCE).set_index("term")
    # observed 10, 5, 90, 195; 15 of 300 words are "war", so expected are 5, 10, 95, 190
    by_hand = 2 * (10 * math.log(2) + 5 * math.log(1 / 2) + 90 * math.log(90 / 95) + 195 * math.log(195 / 190))
    assert table.loc["war", "g2"] == pytest.approx(by_hand)
    assert table.loc["peace", "g2"] == pytest.approx(-by_hand)
    war: Any = table.loc["war"]
    assert war[["n_focus", "n_reference", "texts_focus", "texts_reference"]].tolist() == [10, 5, 1, 1]
    assert war[["per_1000_focus", "per_1000_reference"]].tolist() == [100, 25]


def test_g2_agrees_with_scipy(corpus: nk.Corpus) -> None:
    bodies = corpus.sentences["text"]
    table = nk.keyness(bodies[:14], reference=bodies[14:], min_count=1)
    n = table["n_focus"].sum(), table["n_reference"].sum()
    assert len(table) > 100
    for row in table.to_dict("records"):
        cells = [[row["n_focus"], n[0] - row["n_focus"]], [row["n_reference"], n[1] - row["n_reference"]]]
        expected = stats.chi2_contingency(cells, lambda_="log-likelihood", correction=False)
        assert abs(row["g2"]) == pytest.approx(expected.statistic, abs=1e-8)
        assert row["p"] == pytest.approx(expected.pvalue)
    assert table["q"].tolist() == pytest.approx(stats.false_discovery_control(table["p"]).tolist())


def test_log_odds_by_hand() -> None:
    """Monroe, Colaresi and Quinn (2008), equations 16 and 20, for "war" with a prior of 60 words."""
    row = nk.keyness(FOCUS, reference=REFERENCE, prior=60.0).set_index("term").loc["war"]
    alpha = 60 * 15 / 300
    delta = math.log((10 + alpha) / (100 + 60 - 10 - alpha)) - math.log((5 + alpha) / (200 + 60 - 5 - alpha))
    assert row["log_odds"] == pytest.approx(delta)
    assert row["z"] == pytest.approx(delta / math.sqrt(1 / (10 + alpha) + 1 / (5 + alpha)))


def test_swapping_the_sides_changes_the_signs(corpus: nk.Corpus) -> None:
    one, two = corpus.sentences.iloc[:14], corpus.sentences.iloc[14:]
    forth = nk.keyness(one, reference=two).set_index("term").sort_index()
    back = nk.keyness(two, reference=one).set_index("term").sort_index()
    for column in ("log_odds", "z", "g2"):
        assert forth[column].tolist() == pytest.approx((-back[column]).tolist()), column
    assert forth["n_focus"].tolist() == back["n_reference"].tolist()
    assert (np.sign(forth["z"]) == np.sign(forth["g2"])).all()


@given(st.lists(st.sampled_from(["ab", "cd", "ef", "gh"]), min_size=1), st.lists(st.sampled_from(["ab", "cd", "ij"])))
def test_counts_add_up(focus: list[str], reference: list[str]) -> None:
    reference = [*reference, "cd", "ab"]
    table = nk.keyness([" ".join(focus)], reference=[" ".join(reference)], min_count=1, prior=10)
    assert dict(zip(table["term"], table["n_focus"] + table["n_reference"], strict=True)) == Counter(focus + reference)
    assert table["z"].is_monotonic_decreasing
    assert table["p"].between(0, 1).all()


def test_words_that_keyness_leaves_out() -> None:
    texts, other = ["The Tomahawk’s range and the U.S. in 2025", "the peace-talks"], ["the tomahawk’s range"]
    assert set(nk.keyness(texts, reference=other)["term"]) == {"the", "tomahawk's", "range"}
    every = set(nk.keyness(texts, reference=other, min_count=1)["term"])
    assert every == {"the", "tomahawk's", "range", "and", "u.s", "in", "peace-talks"}
    stopped = nk.keyness(texts, reference=other, stopwords=["The"]).set_index("term")
    assert set(stopped.index) == {"tomahawk's", "range"}
    assert stopped.loc["range", "per_1000_reference"] == pytest.approx(1000 / 3), "stop words are words of the total"
    none = nk.keyness(texts, reference=other, min_count=9)
    assert none.empty
    assert none.columns.tolist() == stopped.reset_index().columns.tolist()


def test_what_keyness_refuses() -> None:
    with pytest.raises(ValueError, match="the focus has no words"):
        nk.keyness([], reference=["war"])
    with pytest.raises(ValueError, match="the reference has no words"):
        nk.keyness(["war"], reference=["2025 !"])
    with pytest.raises(TypeError, match="takes several texts"):
        nk.keyness("war and peace", reference=["war"])
    with pytest.raises(TypeError, match="takes several texts"):
        nk.keyness(["war"], reference="war and peace")


def check(table: pd.DataFrame, corpus: nk.Corpus) -> None:
    texts = corpus.articles.set_index("article_id")["text"]
    sentences = corpus.sentences.set_index(["article_id", "sentence_id"])
    for row in table.to_dict("records"):
        text, start = texts[row["article_id"]], row["start"]
        assert text[start : row["end"]] == row["text"]
        assert row["position"] == pytest.approx(start / len(text))
        if row["text"][0].strip():
            sentence = sentences.loc[(row["article_id"], row["sentence_id"])]
            assert sentence["start"] <= start < sentence["end"], row
    assert table["start"].groupby(table["article_id"]).is_monotonic_increasing.all()


def test_concordance_of_a_word(corpus: nk.Corpus) -> None:
    table = nk.concordance(corpus, "missiles", window=20)
    check(table, corpus)
    assert len(table) == len(re.findall("missiles", TEXT, re.IGNORECASE))
    first = TEXT.index("missiles")
    assert table[["start", "left", "right"]].to_numpy()[0].tolist() == [
        first,
        "including Tomahawk",
        "capable of striking",
    ]
    assert table["left"].str.len().max() <= 20
    assert not table["left"].str.contains("\n").any()


def test_concordance_takes_whole_words_and_stars(corpus: nk.Corpus) -> None:
    assert nk.concordance(corpus, "missil").empty
    stars = nk.concordance(corpus, "missile*")
    check(stars, corpus)
    assert set(stars["text"].str.lower()) == {"missile", "missiles"}
    assert len(stars) == len(re.findall("missile", TEXT, re.IGNORECASE))
    talks = nk.concordance(corpus, "peace  TALK*")
    assert talks["text"].str.lower().unique().tolist() == ["peace talks"]
    assert not nk.concordance(corpus, "U.S.").empty
    assert nk.concordance(corpus, "U.S.")["text"].unique().tolist() == ["U.S."], "a dot is no wildcard"


def test_concordance_by_regular_expression(corpus: nk.Corpus) -> None:
    table = nk.concordance(corpus, r"\d+ (?:drones|missiles)", regex=True)
    check(table, corpus)
    assert table["text"].tolist() == ["300 drones", "37 missiles"]
    assert nk.concordance(corpus, r"\d+ (?:drones|missiles)").empty


def test_concordance_of_nothing(corpus: nk.Corpus) -> None:
    none = nk.concordance(corpus, "zebra")
    assert none.empty
    assert none.columns.tolist() == nk.concordance(corpus, "Putin").columns.tolist()
    assert nk.concordance(corpus, "(?=a)", regex=True).empty, "matches of no characters are none"


@pytest.mark.parametrize(
    ("pattern", "regex", "message"),
    [
        ("", False, "the pattern is empty"),
        (" \n", False, "the pattern is empty"),
        ("", True, "the pattern is empty"),
        ("(", True, "'\\(' is not a valid regular expression"),
        ("a{99999999999999}", True, "is not a valid regular expression"),
    ],
)
def test_what_concordance_refuses(corpus: nk.Corpus, pattern: str, regex: bool, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nk.concordance(corpus, pattern, regex=regex)


def test_concordance_goes_through_the_articles_in_order(small: nk.Corpus) -> None:
    table = nk.concordance(small, "Novak")
    check(table, small)
    assert table["article_id"].tolist() == small.articles["article_id"].tolist()
    assert (table["sentence_id"] == 1).all()


@settings(max_examples=30)
@given(word=st.sampled_from(sorted({w for w in re.findall("[A-Za-z]+", TEXT) if len(w) > 1})), cut=st.integers(1, 4))
def test_concordance_finds_every_word_of_the_text(corpus: nk.Corpus, word: str, cut: int) -> None:
    table = nk.concordance(corpus, word)
    check(table, corpus)
    tokens = [token.lower() for token in re.split(r"\W+", TEXT)]
    assert len(table) == tokens.count(word.lower())
    starred = nk.concordance(corpus, word[:cut] + "*")
    check(starred, corpus)
    assert set(table["start"]) <= set(starred["start"])


@given(pattern=st.text(alphabet="ae .*+?()[]\\|^$'’–-U", min_size=1, max_size=6))
def test_concordance_of_any_pattern(corpus: nk.Corpus, pattern: str) -> None:
    if not pattern.strip():
        return
    check(nk.concordance(corpus, pattern), corpus)


def test_dispersion_by_hand() -> None:
    table = nk.keyness(["aaa b b b", "b b b b"], reference=["b c"], min_count=1).set_index("term")
    # "aaa" is once, in the first of two texts of equal length: half of (|1 - 0.5| + |0 - 0.5|).
    assert table.loc["aaa", "dp_focus"] == pytest.approx(0.5)
    assert table.loc["b", "dp_focus"] == pytest.approx((abs(3 / 7 - 0.5) + abs(4 / 7 - 0.5)) / 2)
    assert math.isnan(table["dp_reference"].to_dict()["aaa"])


def test_concordance_on_lemmas_and_sorted(small: nk.Corpus) -> None:
    found = nk.concordance(small, "say", on="lemma")
    assert set(found["text"]) == {"said"}
    assert len(nk.concordance(small, r"lose\b", on="lemma", regex=True)) == 6
    both = nk.concordance(small, "anna novak say", on="lemma")
    assert set(both["text"]) == {"Anna Novak said"}
    texts = small.articles.set_index("article_id")["text"]
    assert all(texts[r["article_id"]][r["start"] : r["end"]] == r["text"] for r in both.to_dict("records"))
    left = nk.concordance(small, "president", sort="left")["left"].str.split().str[-1].str.strip(".").tolist()
    assert left == sorted(left)
    with pytest.raises(ValueError, match="sort 'size' is not one of"):
        nk.concordance(small, "x", sort="size")  # type: ignore[arg-type]


def test_stop_words_by_the_name_of_their_language() -> None:
    table = nk.keyness(["The war and the plan"], reference=["a plan of the port"], stopwords="english", min_count=1)
    assert {*table["term"]} == {"war", "plan", "port"}
    with pytest.raises(TypeError, match='"english" or a collection'):
        nk.keyness(["war"], reference=["peace"], stopwords="german")
