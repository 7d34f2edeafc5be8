"""Near-duplicates, and counting stories instead of placements."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.corpus.views import one_per_story
from newskit.reading.stories import StoryIndex, shingles
from tests.reading.layouts import BODIES

WORDS = [f"w{i}" for i in range(4000)]


def jaccard(first: str, second: str) -> float:
    a, b = set(shingles(first).tolist()), set(shingles(second).tolist())
    return len(a & b) / len(a | b)


def ids(*texts: str, threshold: float = 0.5) -> list[str]:
    articles = [nk.Article(article_id=str(i), text=text) for i, text in enumerate(texts)]
    return nk.story_ids(articles, threshold=threshold).tolist()


def test_reprints_are_one_story_and_reports_of_one_event_are_not() -> None:
    shorter = "\n\n".join(BODIES[0].split("\n\n")[:2])
    shouted = BODIES[0].upper().replace(",", " ")
    other = "Harbour talks in Tarn Bay failed on Monday. Both sides blamed each other, and the docks may close in May."
    assert ids(BODIES[0], BODIES[1], shorter, shouted, other, BODIES[1] + " More follows.") == list("010041")


def test_texts_without_words_and_short_ones() -> None:
    assert ids("", "", "…", "One line", "one LINE!", "Two") == list("012335")
    assert nk.story_ids([]).empty


@given(st.lists(st.sampled_from(["", "a b", "a b c d e f g", "g f e d c b a h", *BODIES]), max_size=8))
def test_a_story_is_named_after_its_first_article(texts: list[str]) -> None:
    found = ids(*texts)
    assert len(found) == len(texts)
    assert all(found[int(story)] == story for story in found)
    assert all(int(story) <= i for i, story in enumerate(found))


def test_the_estimate_follows_the_share_of_common_runs() -> None:
    """Pairs with 70 % common runs are found at a threshold of 0.5, pairs with 30 % are not, whatever the words."""
    rng = random.Random(0)
    for share, expected in ((0.82, 1), (0.46, 2)):  # of the words at one end; Jaccard about 0.7 and 0.3
        hits = 0
        for _ in range(50):
            words = rng.sample(WORDS, 600)
            kept = int(share * 300)
            first, second = " ".join(words[:300]), " ".join(words[300 - kept : 300] + words[300 : 600 - kept])
            assert abs(jaccard(first, second) - (0.7 if expected == 1 else 0.3)) < 0.03
            hits += len(set(ids(first, second))) == expected
        assert hits >= 49


def test_shingles_are_of_the_words_in_order() -> None:
    assert len(shingles("one two three four five six")) == 2
    assert not np.intersect1d(shingles("one two three four five"), shingles("five four three two one")).size
    assert (shingles("One, two; THREE four five") == shingles("one two three four five")).all()
    assert len(np.unique(np.concatenate([shingles(" ".join(WORDS[i : i + 5])) for i in range(3000)]))) == 3000


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.5])
def test_threshold(threshold: float) -> None:
    with pytest.raises(ValueError, match="above 0 and up to 1"):
        StoryIndex().story_ids(threshold=threshold)


def test_find_stories_changes_nothing_else(small: nk.Corpus) -> None:
    """Articles 0 and 3, 1 and 4, 2 and 5 have the same words; the outlets alternate."""
    before = small.articles.copy()
    corpus = small.find_stories(threshold=0.9)
    pd.testing.assert_frame_equal(small.articles, before)
    assert corpus.articles["story_id"].tolist() == ["a0", "a1", "a2", "a0", "a1", "a2"]
    assert corpus.manifest["stories"] == {"threshold": 0.9, "n": 3}
    assert corpus.articles.dtypes["story_id"] == before.dtypes["story_id"]
    pd.testing.assert_frame_equal(corpus.mentions, small.mentions)


def test_counting_stories(small: nk.Corpus) -> None:
    corpus = small.find_stories(threshold=0.9)
    placements = nk.actor_frequency(corpus).set_index("actor_id")
    stories = nk.actor_frequency(corpus, count="stories").set_index("actor_id")
    assert (placements["n_mentions"] == 2 * stories["n_mentions"].reindex(placements.index)).all()
    assert "count" not in placements.columns
    assert set(stories["count"]) == {"stories"}
    by_outlet = nk.actor_frequency(corpus, by="outlet", count="stories")
    assert by_outlet["n_mentions"].sum() == placements["n_mentions"].sum()
    pd.testing.assert_frame_equal(
        by_outlet.drop(columns=["count", "low", "high"]),
        nk.actor_frequency(corpus, by="outlet").drop(columns=["low", "high"]),
    )
    by_year = nk.stance_summary(corpus, by="year", count="stories")
    assert 2 * by_year["n"].sum() == nk.stance_summary(corpus, by="year")["n"].sum()
    voices = nk.voice_matrix(corpus, count="stories")
    assert 2 * voices["n"].sum() == nk.voice_matrix(corpus)["n"].sum()


def test_every_number_of_stories_opens_to_its_sentences(small: nk.Corpus) -> None:
    corpus = small.find_stories(threshold=0.9)
    for by in ([], ["outlet"]):
        for _, row in nk.actor_frequency(corpus, by=by, count="stories").iterrows():
            assert len(corpus.evidence("mentions", row)) == row["n_mentions"]


def test_the_first_published_counts_and_a_missing_date_is_the_last(small: nk.Corpus) -> None:
    corpus = small.find_stories(threshold=0.9)
    corpus.articles.loc[0, "published"] = pd.NaT
    corpus.articles.loc[1, "published"] = pd.Timestamp(2030, 1, 1)
    assert one_per_story(corpus.tables)["article_id"].tolist() == ["a2", "a3", "a4"]
    with pytest.raises(ValueError, match="'placements' or 'stories'"):
        nk.actor_frequency(corpus, count="story")
    with pytest.raises(ValueError, match="find_stories"):
        nk.frame_summary(small, codebook="missile_debate", count="stories")


def test_frames_by_story(small: nk.Corpus) -> None:
    corpus = small.find_stories(threshold=0.9)
    for codebook in ("news_frames", "missile_debate"):
        placements = nk.frame_summary(corpus, codebook=codebook).set_index("frame")
        stories = nk.frame_summary(corpus, codebook=codebook, count="stories").set_index("frame")
        assert (placements["n_sentences"] == 2 * stories["n_sentences"].reindex(placements.index)).all()
    pairs = nk.frame_cooccurrence(corpus, codebook="news_frames")
    assert (
        pairs["n_sentences"].sum()
        == 2 * nk.frame_cooccurrence(corpus, codebook="news_frames", count="stories")["n_sentences"].sum()
    )
    tones = nk.frame_stance(corpus, codebook="news_frames")
    assert tones["n"].sum() == 2 * nk.frame_stance(corpus, codebook="news_frames", count="stories")["n"].sum()
