"""A corpus and the others that it returns."""

from __future__ import annotations

import pandas as pd
import pytest

import newskit as nk
from newskit.schema import columns


def test_stories_of_a_corpus_on_disk(stored: nk.Corpus, whole: nk.Corpus) -> None:
    there, here = stored.find_stories(), whole.find_stories()
    pd.testing.assert_series_equal(there.articles["story_id"], here.articles["story_id"])
    for summary in (nk.actor_frequency, nk.stance_summary):
        pd.testing.assert_frame_equal(summary(there, count="stories"), summary(here, count="stories"))
    assert there.sql("select count(distinct story_id) as n from articles")["n"].item() == here.manifest["stories"]["n"]
    pd.testing.assert_frame_equal(
        nk.actor_frequency(there.relink("world"), count="stories"),
        nk.actor_frequency(here.relink("world"), count="stories"),
    )
    assert stored.articles["story_id"].isna().all()


def test_a_corpus_equals_itself_alone(whole: nk.Corpus, stored: nk.Corpus) -> None:
    for corpus in (whole, stored):
        assert corpus == corpus
        assert corpus != corpus.with_tables()
        assert len({corpus, corpus}) == 1


@pytest.mark.parametrize("on_disk", [False, True])
def test_select_counts_the_actors_that_are_left(stored: nk.Corpus, whole: nk.Corpus, on_disk: bool) -> None:
    corpus = stored if on_disk else whole
    one = corpus.select(["a0", "not there"])
    assert one.articles["article_id"].tolist() == ["a0"]
    assert one.manifest["articles"] == {"in": 1, "annotated": 1, "skipped": 0, "failed": 0}
    there = one.mentions[one.mentions["kind"] != "apposition"]["actor_id"].dropna()
    assert one.actors.set_index("actor_id")["n_mentions"].to_dict() == there.value_counts().to_dict()
    assert (one.actors["n_articles"] == 1).all()
    assert list(one.actors.columns) == columns("actors")
    known = corpus.actors.set_index("actor_id")
    for row in one.actors.to_dict("records"):
        assert (row["label"], row["type"]) == tuple(known.loc[row["actor_id"], ["label", "type"]])
    assert len(one.actors) < len(corpus.actors)
    pd.testing.assert_frame_equal(corpus.select(corpus.articles["article_id"]).actors, corpus.actors)
