"""How often frames occur: shares by hand, what must be chosen, comparison, co-occurrence and tone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import newskit as nk
from tests.conftest import declared, dtypes
from tests.summaries import made


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


CODINGS = [
    made.coding(0, 0, "war"),
    made.coding(0, 0, "war"),
    made.coding(0, 0, "peace"),
    made.coding(0, 1, "war"),
    made.coding(1, 0, "war.air"),
    made.coding(1, 0, "peace"),
    made.coding(2, 5, "peace"),
]
NOTE = {
    "codebooks": {
        "book": {
            "frames": {"war": "War", "war.air": "Air war", "peace": "Peace", "talks": "Talks"},
            "top": {"war": "war", "war.air": "war", "peace": "peace", "talks": "talks"},
        }
    }
}


def test_sentences_hits_and_articles_by_hand() -> None:
    corpus = made.corpus(frames=CODINGS, manifest=NOTE)
    columns = ["frame", "frame_label", "n_sentences", "n_hits", "n_articles", "n_coded"]
    assert nk.frame_summary(corpus)[columns].to_numpy().tolist() == [
        ["peace", "Peace", 3, 3, 3, 4],
        ["war", "War", 2, 3, 1, 4],
        ["war.air", "Air war", 1, 1, 1, 4],
        ["talks", "Talks", 0, 0, 0, 4],
    ]
    assert nk.frame_summary(corpus, top_frames=True)[columns].to_numpy().tolist() == [
        ["war", "War", 3, 4, 2, 4],
        ["peace", "Peace", 3, 3, 3, 4],
        ["talks", "Talks", 0, 0, 0, 4],
    ]
    outlets = nk.frame_summary(corpus, by="outlet")
    assert outlets.groupby("outlet")["n_coded"].first().to_dict() == {"East": 3, "West": 1}
    assert nk.frame_summary(corpus, by="month")["n_coded"].tolist() == [2] * 4 + [2] * 4
    assert nk.frame_summary(corpus.with_tables(frames=corpus.frames.iloc[:0]))["n_coded"].tolist() == [0] * 4


def test_frames_of_the_actors_named_in_the_sentence() -> None:
    mentions = [made.mention(0, 0, "ann"), made.mention(0, 0, "ann", "pronoun"), made.mention(0, 0, None)]
    mentions += [made.mention(1, 0, "ann"), made.mention(1, 0, "bob"), made.mention(3, 0, "cid")]
    table = nk.frame_summary(made.corpus(frames=CODINGS, mentions=mentions, manifest=NOTE), by="actor_id")
    some = table[table["n_hits"] > 0]
    assert some[["actor_id", "frame", "n_sentences", "n_hits", "n_coded"]].to_numpy().tolist() == [
        ["ann", "peace", 2, 2, 2],
        ["ann", "war", 1, 2, 2],
        ["ann", "war.air", 1, 1, 2],
        ["bob", "war.air", 1, 1, 1],
        ["bob", "peace", 1, 1, 1],
    ]


def test_a_frame_in_none_or_in_all_sentences_has_no_interval() -> None:
    frames = [made.coding(i, 0, "peace") for i in range(6)] + [made.coding(i, 0, "war") for i in range(3)]
    table = nk.frame_summary(made.corpus(frames=frames, manifest=NOTE)).set_index("frame")
    assert table.loc["peace", "share"] == 1
    assert table[["low", "high"]].notna().any(axis=1).to_dict() == {
        "peace": False,
        "war": True,
        "war.air": False,
        "talks": False,
    }
    draws = np.random.default_rng(1).binomial(6, 0.5, size=50_000) / 6
    assert table[["low", "high"]].to_numpy()[1].tolist() == pytest.approx(np.percentile(draws, [2.5, 97.5]).tolist())


def test_one_of_several_methods_and_versions() -> None:
    frames = [
        *CODINGS,
        made.coding(0, 0, "war", method="embedding"),
        made.coding(4, 0, "war", method="embedding"),
        made.coding(5, 0, "war", method="embedding", version="2.0.0"),
    ]
    corpus = made.corpus(frames=frames, manifest=NOTE)
    with pytest.raises(ValueError, match="several: choose one, method='embedding' or 'lexicon'"):
        nk.frame_summary(corpus)
    with pytest.raises(ValueError, match="several: choose one, version='1"):
        nk.frame_summary(corpus, method="embedding")
    with pytest.raises(ValueError, match="no codings of book with version '3"):
        nk.frame_summary(corpus, method="embedding", version="3.0.0")
    with pytest.raises(ValueError, match="no codings of book with method 'hand'"):
        nk.frame_summary(corpus, method="hand")
    first = nk.frame_summary(corpus, method="embedding", version="1.0.0")
    assert first[["n_hits", "n_coded"]].to_numpy()[0].tolist() == [2, 2]
    assert nk.frame_summary(corpus, method="lexicon")["n_hits"].sum() == len(CODINGS)


def test_a_comparison_says_where_methods_disagree() -> None:
    frames = [made.coding(0, s, "war") for s in range(4)] + [made.coding(1, s, "peace") for s in range(3)]
    frames += [made.coding(1, s, "war", method="embedding") for s in range(2)]
    frames += [made.coding(0, 0, "peace", method="embedding"), made.coding(1, 2, "talks", method="embedding")]
    table = nk.frame_comparison(made.corpus(frames=frames, manifest=NOTE), between="outlet").set_index("frame")
    methods = {"embedding": "float64", "lexicon": "float64"}
    assert (
        dtypes(table.reset_index().astype({"first": object, "second": object}))
        == declared("frame_comparison") | methods
    )
    assert table["first"].unique().tolist() == ["West"], "three codings by terms and three by meaning, against five"
    assert table["second"].unique().tolist() == ["East"]
    assert table["lexicon"].to_dict() == {"war": -1, "war.air": 0, "peace": 1, "talks": 0}
    assert table["embedding"].to_dict() == pytest.approx({"war": 2 / 3, "war.air": 0, "peace": -1, "talks": 1 / 3})
    assert table["changes_sign"].to_dict() == {"war": True, "war.air": False, "peace": True, "talks": False}
    with pytest.raises(ValueError, match="has no value here"):
        nk.frame_comparison(made.corpus(frames=frames, manifest=NOTE), between="language")


def test_cooccurrence_by_hand() -> None:
    table = nk.frame_cooccurrence(made.corpus(frames=CODINGS, manifest=NOTE)).set_index(["frame", "other"])
    assert len(table) == 4 * 3 // 2
    pair: Any = table.loc[("war", "peace")]
    # In four coded sentences war is twice and peace three times, once together.
    assert pair.tolist() == pytest.approx([1, 1, 2 * 3 / 4, 1 / (2 * 3 / 4), 1 / 4])
    again = made.corpus(
        frames=[made.coding(0, i, frame) for i in range(2) for frame in ("war", "peace")], manifest=NOTE
    )
    top = nk.frame_cooccurrence(again).iloc[0]
    assert top[["n_sentences", "n_articles"]].tolist() == [2, 1], "two sentences of one article"
    never: Any = table.loc[("peace", "talks")]
    assert never[["n_sentences", "expected", "jaccard"]].tolist() == [0, 0, 0]
    assert np.isnan(never["lift"])


def test_tone_of_the_sentences_with_a_frame() -> None:
    stances = [made.stance(0, 0, "ann", "positive"), made.stance(0, 1, "ann", "negative")]
    stances += [made.stance(2, 5, "bob", "negative"), made.stance(3, 0, "ann", "negative")]
    corpus = made.corpus(frames=CODINGS, stances=stances, manifest=NOTE)
    table = nk.frame_stance(corpus)
    assert table[["frame", "frame_label", "target", "n", "mean"]].to_numpy().tolist() == [
        ["war", "War", "Ann", 2, 0],
        ["peace", "Peace", "Ann", 1, 1],
        ["peace", "Peace", "Bob", 1, -1],
    ]
    assert nk.frame_stance(corpus, min_n=2)["frame"].tolist() == ["war"]


def test_one_article_counts_as_one() -> None:
    sentences = [{"article_id": "a0", "sentence_id": i} for i in range(6)]
    frames = [made.coding(0, i, "war") for i in range(3)] + [made.coding(0, 5, "peace")]
    corpus = made.corpus(articles=made.ARTICLES[:1], sentences=sentences, frames=frames, manifest=NOTE)
    table = nk.frame_summary(corpus)
    assert table["n_articles"].tolist() == [1, 1, 0, 0]
    assert set(table["resampled"]) == {"sentences"}
