"""Differences between groups, by hand and where the truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, ttest_ind

import newskit as nk
from newskit.schema import NOT_VALIDATED, make_table
from tests.conftest import declared, dtypes
from tests.summaries import made
from tests.validation.spoken import coded, spoken

World = tuple[nk.Corpus, pd.DataFrame]


@pytest.fixture(scope="module")
def world() -> World:
    return spoken(160, seed=5)


def shifted(world: World, *, misread: float, worse: float) -> World:
    """The same, but in East the model calls more of what is not negative negative, or more is negative."""
    corpus, truth = world
    rng = np.random.default_rng(1)
    east = set(corpus.articles.loc[corpus.articles["outlet"] == "East", "article_id"])
    there = truth["article_id"].isin(east).to_numpy()
    wrong, bad = there & (rng.random(len(truth)) < misread), there & (rng.random(len(truth)) < worse)
    stances = corpus.stances.copy()
    changed = {"label": "negative", "score": -0.7, "p_negative": 0.8, "p_neutral": 0.1, "p_positive": 0.1}
    for name, value in changed.items():
        stances[name] = stances[name].mask(wrong | bad, value)
    return corpus.with_tables(stances=stances), truth.assign(tone=np.where(bad, "negative", truth["tone"]))


def test_the_columns_are_those_of_the_schema(world: World) -> None:
    for measure in ("tone", "negative", "mentions"):
        table = nk.compare(world[0], measure, between="outlet")
        assert dtypes(table) == declared("compare")
        assert table["item_id"].tolist() != []
        assert set(table["estimate"]) == {NOT_VALIDATED}


def test_means_of_articles_are_compared_as_by_a_t_test() -> None:
    """One observation per article: ten of the East against twelve of the West."""
    labels = ["negative", "positive", "neutral", "negative", "negative", "positive"]
    articles = [{**made.ARTICLES[0], "article_id": f"a{i}", "outlet": "East" if i < 10 else "West"} for i in range(22)]
    stances = [made.stance(i, 0, "ann", labels[(i * i) % 6]) for i in range(22)]
    sentences = [{"article_id": f"a{i}", "sentence_id": 0, "text": "x"} for i in range(22)]
    table = nk.compare(made.corpus(articles=articles, stances=stances, sentences=sentences), "tone", between="outlet")
    scores = np.array([stance["score"] for stance in stances])
    expected = ttest_ind(scores[:10], scores[10:], equal_var=False)
    row: Any = table.iloc[0]
    assert (row["first"], row["second"], row["n_first"], row["n_second"]) == ("East", "West", 10, 12)
    assert row["mean_first"] == pytest.approx(scores[:10].mean())
    assert row["difference"] == pytest.approx(scores[:10].mean() - scores[10:].mean())
    assert row["p"] == pytest.approx(expected.pvalue, rel=0.1)
    assert (row["articles_first"], row["largest_second"]) == (pytest.approx(10), pytest.approx(1 / 12))
    assert pd.isna(row["note"])


def test_an_error_that_differs_looks_like_a_difference_until_it_is_corrected(world: World) -> None:
    corpus, truth = shifted(world, misread=0.5, worse=0)
    alone: Any = nk.compare(corpus, "tone", between="outlet").set_index("item_id")
    assert (alone["q"] < 0.001).all()
    codings = coded(nk.draw_sample(corpus, "stances", n=400, by="outlet", seed=2), truth)
    right: Any = nk.compare(corpus, "tone", between="outlet", codings=codings).set_index("item_id")
    assert (right["p"] > 0.05).all()
    assert right["uncorrected"].to_dict() == pytest.approx(alone["difference"].to_dict())
    assert right["estimate"].str.startswith("corrected with").all()
    assert (right["n_codings"] > 50).all()


def test_a_difference_that_is_there_is_found(world: World) -> None:
    corpus, truth = shifted(world, misread=0.0, worse=0.6)
    codings = coded(nk.draw_sample(corpus, "stances", n=400, by="outlet", seed=2), truth)
    for measure, sign in (("tone", -1), ("negative", 1), ("neutral", -1)):
        table: Any = nk.compare(corpus, measure, between="outlet", codings=codings)
        assert table[["first", "second"]].drop_duplicates().to_numpy().tolist() == [["East", "West"]]
        assert (table["q"] < 0.001).all()
        assert (sign * table["low" if sign > 0 else "high"] > 0).all()


def test_p_values_are_corrected_for_the_number_of_rows(world: World) -> None:
    corpus = world[0]
    months = corpus.articles["article_id"].str[1:].astype(int) % 4
    articles = corpus.articles.assign(desk=months.map(str).to_numpy())
    table = nk.compare(corpus.with_tables(articles=articles), "tone", between="desk")
    assert len(table) == 2 * 6
    assert table["q"].tolist() == pytest.approx(false_discovery_control(table["p"]).tolist())
    assert table["p"].is_monotonic_increasing


def test_it_says_when_a_group_is_one_article(world: World) -> None:
    corpus = world[0]
    stances = corpus.stances
    long = pd.concat([stances[stances["article_id"] == "a0"].assign(sentence_id=i) for i in range(10, 400)])
    outlet = corpus.articles.loc[corpus.articles["article_id"] == "a0", "outlet"].iloc[0]
    more = corpus.with_tables(stances=pd.concat([stances, long], ignore_index=True))
    row: Any = nk.compare(more, "tone", between="outlet", of="ann").iloc[0]
    side = "first" if row["first"] == outlet else "second"
    assert row[f"largest_{side}"] > 0.5
    assert row[f"articles_{side}"] < 4
    assert f"of {outlet} is one article" in row["note"]


def test_too_few_articles_have_no_interval() -> None:
    corpus, _ = spoken(9)
    table: Any = nk.compare(corpus, "tone", between="outlet", min_n=1)
    few = corpus.articles["outlet"].value_counts().min() < 5
    assert few
    assert table["low"].isna().all()
    assert table["q"].isna().all()
    assert table["note"].str.endswith("no interval: fewer than five articles").all()
    assert nk.compare(corpus, "tone", between="outlet", min_n=1000).empty


def test_mentions_and_frames_are_compared_by_their_shares(world: World) -> None:
    corpus = world[0]
    outlets = corpus.articles.set_index("article_id")["outlet"]
    mentions = corpus.mentions
    kept = ~(
        (mentions["actor_id"] == "bob") & mentions["article_id"].map(outlets).eq("East") & (mentions.index % 4 < 2)
    )
    fewer = corpus.with_tables(mentions=mentions[kept])
    table: Any = nk.compare(fewer, "mentions", between="outlet").set_index("item_id")
    shares = nk.actor_frequency(fewer, by="outlet").set_index(["actor_id", "outlet"])["share"]
    assert table.loc["bob", "difference"] == pytest.approx(shares["bob", "East"] - shares["bob", "West"])
    assert table.loc["bob", "q"] < 0.001
    hits = corpus.sentences[corpus.sentences["sentence_id"] < 4]
    rows = [
        {
            "article_id": article,
            "sentence_id": sentence,
            "codebook": "book",
            "codebook_version": "1",
            "method": "lexicon",
        }
        | {
            "frame": "war" if outlets[article] == "East" and sentence < 3 else "money",
            "start": 0,
            "end": 1,
            "text": "x",
        }
        for article, sentence in zip(hits["article_id"], hits["sentence_id"], strict=True)
    ]
    framed = corpus.with_tables(frames=make_table("frames", rows))
    table = nk.compare(framed, "frames", between="outlet", min_n=0).set_index("item_id")
    assert table.loc["war", "difference"] == pytest.approx(0.75)
    assert table.loc["money", "difference"] == pytest.approx(-0.75)


def test_what_cannot_be_compared_is_refused(world: World) -> None:
    corpus = world[0]
    with pytest.raises(ValueError, match=r"cannot compare 'tones' .did you mean 'tone'"):
        nk.compare(corpus, "tones", between="outlet")
    with pytest.raises(ValueError, match=r"nothing about 'an' in the corpus .did you mean 'ann'"):
        nk.compare(corpus, "tone", between="outlet", of="an")
    with pytest.raises(ValueError, match="'language' has no value here"):
        nk.compare(corpus, "tone", between="language")
    with pytest.raises(ValueError, match="cannot group by 'papers'"):
        nk.compare(corpus, "tone", between="papers")


def test_too_few_articles_are_named_before_too_few_codings() -> None:
    corpus, truth = spoken(9)
    codings = coded(nk.draw_sample(corpus, "stances", n=1000), truth)
    table: Any = nk.compare(corpus, "tone", between="outlet", min_n=1, codings=codings)
    assert (table["estimate"] != NOT_VALIDATED).any()
    assert table["note"].str.endswith("no interval: fewer than five articles").all()


def test_between_is_one_column_with_two_values(world: World) -> None:
    with pytest.raises(TypeError, match="between is one column"):
        nk.compare(world[0], "tone", between=["outlet", "month"])  # type: ignore[arg-type]
    articles = world[0].articles
    for outlet, told in (("East", "'outlet' has one value only, 'East'"), (None, "'outlet' has no value here")):
        one = world[0].with_tables(articles=articles.assign(outlet=pd.Series(outlet, articles.index, dtype="str")))
        with pytest.raises(ValueError, match=told):
            nk.compare(one, "tone", between="outlet")
