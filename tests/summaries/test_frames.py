"""How often frames occur: shares by hand, what must be chosen, comparison, co-occurrence and tone."""

from __future__ import annotations

from typing import Any

import pytest

import newskit as nk


@pytest.mark.parametrize("by", [(), "voice"])
def test_frame_summary_has_every_frame_and_opens(corpus: nk.Corpus, by: str) -> None:
    table = nk.frame_summary(corpus, codebook="missile_debate", by=by)
    frames = set(nk.load_codebook("missile_debate").labels())
    for _, group in table.groupby(by) if by else [("all", table)]:
        assert set(group["frame"]) == frames
        assert len(group) == len(frames)
        assert (group["n_sentences"] == 0).any()
    assert table["n_hits"].sum() == (corpus.frames["codebook"] == "missile_debate").sum()
    assert table["share"].tolist() == pytest.approx((table["n_sentences"] / table["n_coded"]).tolist())
    for _, row in table.iterrows():
        rows = corpus.evidence("frames", row)
        assert len(rows) == row["n_hits"]
        assert rows["sentence_id"].nunique() == row["n_sentences"]


def test_frame_shares_by_hand(corpus: nk.Corpus) -> None:
    hits = corpus.frames[corpus.frames["codebook"] == "missile_debate"]
    table = nk.frame_summary(corpus, codebook="missile_debate").set_index("frame")
    assert set(table["n_coded"]) == {hits["sentence_id"].nunique()}
    never: Any = table.loc["civilian_harm"]
    assert never[["n_sentences", "n_hits", "n_articles", "share"]].tolist() == [0, 0, 0, 0]
    assert table.loc["capability", "n_sentences"] == hits.query("frame == 'capability'")["sentence_id"].nunique() == 3
    often: Any = table.loc["capability"]
    assert often["low"] < often["share"] < often["high"]
    assert table["high"].max() <= 1


def test_a_codebook_must_be_chosen(corpus: nk.Corpus, empty: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="choose a codebook: 'missile_debate', 'news_frames'"):
        nk.frame_summary(corpus)
    with pytest.raises(ValueError, match="not coded with 'mine'; the corpus has missile_debate, news_frames"):
        nk.frame_summary(corpus, codebook="mine")
    frames = corpus.frames[corpus.frames["codebook"] == "news_frames"]
    one = nk.Corpus(corpus.tables.replaced({"frames": frames}))
    assert nk.frame_summary(one)["codebook"].unique().tolist() == ["news_frames"]
    none = nk.frame_summary(empty, codebook="news_frames")
    assert none["n_sentences"].tolist() == [0] * 5
    assert none[["share", "low", "high"]].isna().all(axis=None)
    assert nk.frame_summary(empty, codebook="news_frames", by="outlet").empty


def test_cooccurrence_and_stance_of_frames(corpus: nk.Corpus) -> None:
    pairs = nk.frame_cooccurrence(corpus, codebook="missile_debate")
    names = [frame.name for frame in nk.load_codebook("missile_debate").frames]
    assert len(pairs) == len(names) * (len(names) - 1) // 2
    top = pairs.iloc[0]
    hits = corpus.frames[corpus.frames["codebook"] == "missile_debate"]
    having = [set(hits.loc[hits["frame"] == top[side], "sentence_id"]) for side in ("frame", "other")]
    assert top["n_sentences"] == len(having[0] & having[1]) > 0
    table = nk.frame_stance(corpus, codebook="missile_debate")
    assert {"frame", "target", "mean", "n"} <= set(table.columns)
    by_actor = nk.frame_summary(corpus, codebook="missile_debate", by="actor_id")
    assert by_actor["actor_id"].notna().all()
