"""Rates with a base of their own, and groups without a mention."""

from __future__ import annotations

import pytest

import newskit as nk
from newskit.schema import ACTING
from tests.conftest import declared, dtypes
from tests.summaries import made


def test_every_group_has_every_actor_also_with_no_mention(small: nk.Corpus) -> None:
    table = nk.actor_rates(small, by=["outlet", "month"], actors=["russia", "anna-novak", "boris-weiss"])
    assert len(table) == 6 * 3, "six articles in as many months, three actors"
    few = small.with_tables(mentions=small.mentions[small.mentions["article_id"] != "a0"])
    none = nk.actor_rates(few, by="month", actors="russia").set_index("month").loc["2025-01"]
    assert (none["n_mentions"], none["n_articles"], none["articles"], none["article_share"]) == (0, 0, 1, 0)
    assert none["low"] == 0 < none["high"]


def test_the_bases_are_the_articles_and_words_of_the_group(small: nk.Corpus) -> None:
    for row in nk.actor_rates(small, by="outlet").to_dict("records"):
        articles = small.articles[small.articles["outlet"] == row["outlet"]]
        mentions = small.mentions[
            (small.mentions["actor_id"] == row["actor_id"])
            & small.mentions["kind"].isin(ACTING)
            & small.mentions["article_id"].isin(articles["article_id"])
        ]
        assert (row["articles"], row["words"]) == (len(articles), articles["n_tokens"].sum())
        assert (row["n_mentions"], row["n_articles"]) == (len(mentions), mentions["article_id"].nunique())
        assert row["per_1000_words"] == pytest.approx(1000 * len(mentions) / articles["n_tokens"].sum())
        assert row["article_share"] == pytest.approx(row["n_articles"] / row["articles"])
        assert row["low"] <= row["article_share"] <= row["high"]


def test_the_same_numbers_as_the_frequencies(small: nk.Corpus) -> None:
    frequency = nk.actor_frequency(small).set_index("actor_id")
    rates = nk.actor_rates(small, top=50).set_index("actor_id")
    assert rates["n_mentions"].to_dict() == frequency["n_mentions"].to_dict()
    assert rates["n_articles"].to_dict() == frequency["n_articles"].to_dict()
    assert list(rates.index[:2]) == list(frequency.index[:2])
    assert len(nk.actor_rates(small, top=2)) == 2


def test_a_misspelled_actor_names_the_nearest(small: nk.Corpus) -> None:
    with pytest.raises(ValueError, match=r"no actor 'rusia' .did you mean 'russia'"):
        nk.actor_rates(small, actors="rusia")
    with pytest.raises(ValueError, match="cannot group by 'outlett'"):
        nk.actor_rates(small, by="outlett")


def test_stories_count_once(small: nk.Corpus) -> None:
    articles = small.articles.assign(story_id=["a0", "a0", "a2", "a3", "a4", "a5"])
    corpus = small.with_tables(articles=articles)
    assert nk.actor_rates(corpus, actors="russia", count="stories")["articles"].tolist() == [5]


def test_frames_in_articles_also_where_there_are_none() -> None:
    frames = [made.coding(0, 0, "war"), made.coding(0, 1, "war"), made.coding(2, 0, "peace"), made.coding(1, 0, "war")]
    corpus = made.corpus(frames=frames)
    table = nk.frame_rates(corpus, by="outlet").set_index(["outlet", "frame"])
    assert dtypes(nk.frame_rates(corpus)) == declared("frame_rates")
    assert table["articles"].tolist() == [3] * 4
    assert table["n_articles"].to_dict() == {
        ("East", "peace"): 1,
        ("East", "war"): 1,
        ("West", "peace"): 0,
        ("West", "war"): 1,
    }
    assert table.loc[("East", "war"), "n_sentences"] == 2
    assert table.loc[("West", "peace"), "low"] == 0
    with pytest.raises(ValueError, match="cannot group by 'voice'"):
        nk.frame_rates(corpus, by="voice")
