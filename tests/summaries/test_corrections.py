"""Summaries with codings: right where the model is wrong, and clear about what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.errors import CodingsError, LostRowsWarning
from newskit.schema import LABELS, NOT_VALIDATED, make_table
from tests.validation.spoken import coded, spoken, true_mean


@pytest.fixture(scope="module")
def world() -> tuple[nk.Corpus, pd.DataFrame, nk.Codings]:
    corpus, truth = spoken()
    sample = nk.draw_sample(corpus, "stances", n=300, by="target_id", seed=1)
    return corpus, truth, coded(sample, truth)


def test_without_codings_it_says_that_nothing_is_validated(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    table: Any = nk.stance_summary(world[0], by="outlet")
    assert set(table["estimate"]) == {NOT_VALIDATED}
    assert "uncorrected" not in table


def test_codings_make_right_what_the_model_has_wrong(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    corpus, truth, codings = world
    before: Any = nk.stance_summary(corpus).set_index("target_id")
    after: Any = nk.stance_summary(corpus, codings=codings).set_index("target_id")
    for actor, rows in truth.groupby("target_id"):
        right, model, row = true_mean(rows), before.loc[actor, "mean"], after.loc[actor]
        assert row["low"] < right < row["high"]
        assert not row["low"] < model < row["high"]
        assert row["uncorrected"] == pytest.approx(model)
        assert row["n"] == before.loc[actor, "n"]
        meant = rows[rows["target_ok"] == "yes"]["tone"].value_counts(normalize=True)
        for label in LABELS:
            assert row[f"{label}_low"] < meant[label] < row[f"{label}_high"]
            assert row[f"{label}_uncorrected"] == pytest.approx(before.loc[actor, label])
    assert after.loc["ann", "estimate"] == "corrected with 150 codings"
    assert after.loc["bob", "n_codings"] < 150, "rows that are not of Bob are no codings of him"
    assert (after["worth"] > 150).all()
    assert after["reason"].isna().all()


def test_groups_are_corrected_by_their_own_codings(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    corpus, truth, codings = world
    outlets = corpus.articles.set_index("article_id")["outlet"]
    table: Any = nk.stance_summary(corpus, by="outlet", codings=codings)
    assert table["n_codings"].sum() == nk.stance_summary(corpus, codings=codings)["n_codings"].sum()
    truth = truth.assign(outlet=truth["article_id"].map(outlets))
    errors = [
        row["mean"] - true_mean(truth[(truth["outlet"] == row["outlet"]) & (truth["target_id"] == row["target_id"])])
        for _, row in table.iterrows()
    ]
    assert np.abs(errors).mean() < 0.1 < 0.2 < np.abs(table["mean"] - table["uncorrected"]).mean()
    matrix: Any = nk.voice_matrix(corpus, codings=codings)
    assert matrix["mean"].tolist() == nk.stance_summary(corpus, codings=codings)["mean"].tolist()


def test_everything_coded_gives_what_was_coded(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    corpus, truth, _ = world
    everything = coded(nk.draw_sample(corpus, "stances", n=10_000), truth)
    table: Any = nk.stance_summary(corpus, codings=everything).set_index("target_id")
    for actor, rows in truth.groupby("target_id"):
        assert table.loc[actor, "mean"] == pytest.approx(true_mean(rows))


def test_groups_with_few_codings_stay_as_they_are_and_say_why(
    world: tuple[nk.Corpus, pd.DataFrame, nk.Codings],
) -> None:
    corpus, truth, _ = world
    few = coded(nk.draw_sample(corpus, "stances", n=4, target_id="ann"), truth)
    table: Any = nk.stance_summary(corpus, codings=few).set_index("target_id")
    assert table["reason"].to_dict() == {"ann": "fewer than five coded rows", "bob": "no coded rows"}
    assert set(table["estimate"]) == {NOT_VALIDATED}
    assert table["mean"].tolist() == table["uncorrected"].tolist()
    some = coded(nk.draw_sample(corpus, "stances", n=12, target_id="ann", seed=3), truth)
    row: Any = nk.stance_summary(corpus, codings=some).set_index("target_id").loc["ann"]
    assert row["estimate"] == "corrected with 12 codings"
    assert "fewer than five coded cases: no interval of" in row["reason"]
    without = [label for label in LABELS if label in row["reason"]]
    assert 0 < len(without) < 4
    assert [label for label in LABELS if np.isnan(row[f"{label}_low"])] == without


def test_stories_are_counted_once_and_other_rows_still_count_for_their_stratum(
    world: tuple[nk.Corpus, pd.DataFrame, nk.Codings],
) -> None:
    corpus, truth, codings = world
    articles = corpus.articles
    first = articles["article_id"].iloc[np.arange(len(articles)) // 2 * 2].to_numpy()
    told = corpus.with_tables(articles=articles.assign(story_id=first))
    table: Any = nk.stance_summary(told, codings=codings, count="stories").set_index("target_id")
    right = true_mean(truth[truth["article_id"].isin(first) & (truth["target_id"] == "ann")])
    assert table.loc["ann", "low"] < right < table.loc["ann", "high"]
    assert 50 < table.loc["ann", "n_codings"] < 100
    placements: Any = nk.stance_summary(told, codings=codings).set_index("target_id")
    alone: Any = nk.stance_summary(corpus, codings=codings).set_index("target_id")
    assert placements.loc["ann", "mean"] == pytest.approx(alone.loc["ann", "mean"])
    assert placements.loc["ann", "high"] != alone.loc["ann", "high"], "clustered by story"


def test_rows_that_are_gone_are_reported(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    corpus, _, codings = world
    fewer = corpus.with_tables(stances=corpus.stances[corpus.stances["article_id"] != "a3"])
    with pytest.warns(LostRowsWarning, match="of 300 sampled rows do not hold for the corpus as it is now"):
        nk.stance_summary(fewer, codings=codings)
    other, _ = spoken(5)
    renamed = other.with_tables(
        **{
            name: getattr(other, name).assign(article_id="x" + getattr(other, name)["article_id"])
            for name in ("articles", "sentences", "stances", "mentions")
        }
    )
    with pytest.raises(CodingsError, match="no row of the sample is in the corpus"):
        nk.stance_summary(renamed, codings=codings)


def test_codings_of_other_units_are_refused(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    corpus, truth, _ = world
    mentions = nk.draw_sample(corpus, "mentions", n=30)
    codings = coded(mentions, truth.assign(actor_ok="yes"), ("actor_ok",))
    with pytest.raises(CodingsError, match="the codings are of mentions, not of stances"):
        nk.stance_summary(corpus, codings=codings)


def test_frames_that_newskit_missed_are_counted() -> None:
    """Half of the sentences on money and nearly all on the war are found; the codings tell what is there."""
    rng = np.random.default_rng(4)
    corpus, _ = spoken(100)
    sentences = corpus.sentences
    money, war = rng.random(len(sentences)) < 0.3, rng.random(len(sentences)) < 0.2
    found = {"money": money & (rng.random(len(sentences)) < 0.5), "war": war & (rng.random(len(sentences)) < 0.95)}
    rows = [
        {
            **{str(name): value for name, value in row.items()},
            "codebook": "book",
            "codebook_version": "1",
            "frame": frame,
            "method": "lexicon",
            "voice": "outlet",
        }
        for frame, hits in found.items()
        for row in sentences.loc[hits, ["article_id", "sentence_id", "start", "end", "text"]].to_dict("records")
    ]
    corpus = corpus.with_tables(frames=make_table("frames", rows))
    sample = nk.draw_sample(corpus, "frames", n=350, seed=2)
    truth = sentences[["article_id", "sentence_id"]].assign(
        money=np.where(money, "yes", "no"), war=np.where(war, "yes", "no"), target_id=""
    )
    codings = coded(sample, truth, ("money", "war"))
    table: Any = nk.frame_summary(corpus, codings=codings).set_index("frame")
    for frame, there in (("money", money), ("war", war)):
        right = there.sum() / (money | war).sum()
        assert table.loc[frame, "low"] < right < table.loc[frame, "high"]
        assert table.loc[frame, "uncorrected"] == nk.frame_summary(corpus).set_index("frame").loc[frame, "share"]
    assert table.loc["money", "share"] > table.loc["war", "share"]
    assert table.loc["money", "uncorrected"] < table.loc["war", "uncorrected"]
    by_outlet: Any = nk.frame_summary(corpus, by="outlet", codings=codings)
    assert by_outlet["estimate"].str.startswith("corrected with").all()
    with pytest.raises(ValueError, match="top_frames cannot be corrected"):
        nk.frame_summary(corpus, top_frames=True, codings=codings)


def test_mentions_of_somebody_else_no_longer_count(world: tuple[nk.Corpus, pd.DataFrame, nk.Codings]) -> None:
    corpus, truth, _ = world
    truth = truth.assign(actor_ok=np.where((truth["target_id"] == "bob") & (truth.index % 4 == 0), "no", "yes"))
    codings = coded(nk.draw_sample(corpus, "mentions", n=250, by="outlet"), truth, ("actor_ok",))
    table: Any = nk.actor_frequency(corpus, codings=codings).set_index("actor_id")
    right = (truth["actor_ok"] == "yes")[truth["target_id"] == "ann"].sum() / (truth["actor_ok"] == "yes").sum()
    assert table["uncorrected"].tolist() == [0.5, 0.5]
    assert table.loc["ann", "low"] < right < table.loc["ann", "high"]
    assert table["share"].sum() == pytest.approx(1, abs=0.01)
    assert nk.actor_frequency(corpus, by="outlet", codings=codings)["share"].between(0.3, 0.7).all()
    with pytest.raises(ValueError, match="leave out kinds and sides"):
        nk.actor_frequency(corpus, codings=codings, sides=True)


def test_what_an_actor_says_of_itself_is_left_out_of_codings_too(
    world: tuple[nk.Corpus, pd.DataFrame, nk.Codings],
) -> None:
    corpus, truth, _ = world
    own = (np.arange(len(corpus.stances)) % 3 == 0) & (corpus.stances["target_id"] == "ann")
    stances = corpus.stances.assign(voice=corpus.stances["voice"].mask(own, "ann"))
    changed = corpus.with_tables(stances=stances)
    everything = coded(nk.draw_sample(changed, "stances", n=10_000), truth)
    table: Any = nk.stance_summary(changed, codings=everything, own_words=False).set_index("target_id")
    keys = ["article_id", "sentence_id", "target_id"]
    left = truth.merge(stances.loc[~own, keys], on=keys)
    assert 0 < len(left) < len(truth)
    for actor, rows in left.groupby("target_id"):
        assert table.loc[actor, "mean"] == pytest.approx(true_mean(rows))
    assert table["n_codings"].sum() < everything.sample.rows["row_id"].nunique()


def made_codings(sample: nk.Sample, code: Any) -> nk.Codings:
    told = [
        (row_id, "ann", one.name, code(i, one.name))
        for i, row_id in enumerate(sample.rows["row_id"])
        for one in sample.asked(row_id)
    ]
    return nk.load_codings(pd.DataFrame(told, columns=["row_id", "coder", "variable", "code"]), sample=sample)


def small() -> nk.Corpus:
    texts = [f"Ann Lee met Bob Kay on day {i}. The crisis blamed on Ann Lee cost money." for i in range(8)]
    return nk.annotate(pd.DataFrame({"article_id": [f"a{i}" for i in range(8)], "text": texts}), progress=False)


def test_codings_of_mentions_are_counted_alike_for_all_actors_of_a_group() -> None:
    corpus = small()
    sample = nk.draw_sample(corpus, "mentions", n=1000)
    table = nk.actor_frequency(corpus, codings=made_codings(sample, lambda i, name: "yes" if i else "no"))
    n = len(sample.rows)
    assert n > 10
    assert set(table["n_codings"]) == {n}
    right = table[table["estimate"] != NOT_VALIDATED]
    assert set(right["estimate"]) == {f"corrected with {n} codings"}


def test_sentences_without_a_frame_are_codings_of_frames_too() -> None:
    corpus = small()
    sample = nk.draw_sample(corpus, "frames", n=1000, codebook="news_frames")
    few = made_codings(sample, lambda i, name: "yes" if i < 3 else "no")
    table = nk.frame_summary(corpus, codebook="news_frames", codings=few)
    assert set(table["n_codings"]) == {len(sample.rows)}
    assert set(table["reason"]) == {"fewer than five coded rows with a frame"}


@pytest.mark.parametrize("wrong", ["codings.csv", pd.DataFrame()])
def test_what_is_no_codings_is_refused_everywhere(
    world: tuple[nk.Corpus, pd.DataFrame, nk.Codings], wrong: Any
) -> None:
    corpus = world[0]
    calls: list[Any] = [
        lambda: nk.stance_summary(corpus, codings=wrong),
        lambda: nk.voice_matrix(corpus, codings=wrong),
        lambda: nk.actor_frequency(corpus, codings=wrong),
        lambda: nk.compare(corpus, "tone", between="outlet", codings=wrong),
        lambda: nk.compare(corpus, "mentions", between="outlet", codings=wrong),
        lambda: nk.accuracy(corpus, wrong),
        lambda: nk.plan_codings(corpus, pilot=wrong),
        lambda: nk.robustness(corpus, target="ann", codings=wrong),
        lambda: nk.to_analysis(corpus, codings=wrong),
        lambda: nk.methods_text(corpus, wrong),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"load_codings\(files, sample=sample\)"):
            call()
    with pytest.raises(TypeError, match="min_n is a number"):
        nk.stance_summary(corpus, min_n="3")  # type: ignore[arg-type]
