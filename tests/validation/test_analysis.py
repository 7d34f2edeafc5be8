from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

import newskit as nk
from tests.corpus.byhand import debate, in_memory
from tests.validation.test_drawing import ISSUE


def answers(sample: nk.Sample, codes: pd.DataFrame) -> nk.Codings:
    """Codings from a table of codes by row_id, a column per variable; missing codes are not coded."""
    long = codes.rename_axis("row_id").reset_index().melt("row_id", var_name="variable", value_name="code").dropna()
    return nk.load_codings(long.assign(coder="ann"), sample=sample)


def coded(corpus: nk.Corpus, unit: str = "stances", **options: Any) -> nk.Codings:
    """A sample coded as newskit has it, but for every third row, which is neutral."""
    sample = nk.draw_sample(corpus, unit, **options)
    codes = sample.predictions[[one.name for one in sample.variables if one.name in sample.predictions]].copy()
    if "tone" in codes:
        codes.iloc[::3, codes.columns.get_loc("tone")] = "neutral"  # type: ignore[index]
    return answers(sample, codes)


def test_the_table_has_metadata_and_measures(debates: nk.Corpus) -> None:
    table = nk.to_analysis(debates)
    assert len(table) == nk.stance_summary(debates)["n"].sum()
    assert table["row_id"].is_unique
    means = table.groupby("target_id")[["tone", "negative", "neutral", "positive"]].mean()
    wanted = nk.stance_summary(debates).set_index("target_id").rename(columns={"mean": "tone"})
    pd.testing.assert_frame_equal(means, wanted.loc[means.index, list(means.columns)])
    outlets = debates.articles.set_index("article_id")["outlet"]
    assert table["outlet"].equals(table["article_id"].map(outlets).rename("outlet"))
    assert table["cluster"].equals(table["article_id"].rename("cluster"))
    assert not {*table.columns} & {"text", "status", "tone_adjusted", "probability"}
    russia = nk.to_analysis(debates, target_id="russia", outlet="Daily Example")
    assert {*russia["target_id"]} == {"russia"}
    assert {*russia["outlet"]} == {"Daily Example"}


def test_with_all_rows_coded_the_adjusted_outcome_is_the_code(debates: nk.Corpus) -> None:
    codings = coded(debates, n=10**6, by="outlet")
    table = nk.to_analysis(debates, codings=codings).set_index("row_id")
    assert table["sampled"].all()
    assert (table["probability"] == 1).all()
    tone = codings.values("tone").map({"negative": -1.0, "neutral": 0.0, "positive": 1.0})
    np.testing.assert_allclose(table["tone_adjusted"], tone.reindex(table.index))
    np.testing.assert_allclose(table["negative_adjusted"], (tone.reindex(table.index) == -1).astype(float))


def test_the_mean_is_right_on_average(debates: nk.Corpus) -> None:
    """Half of what the model calls negative is positive; coders see it."""
    every = nk.draw_sample(debates, "stances", n=10**6)
    ids = every.rows["row_id"].sort_values()
    said = every.predictions["tone"]
    truth = said.where(~(said.index.isin({*ids[::2]}) & (said == "negative")), "positive")
    numbers = truth.map({"negative": -1.0, "neutral": 0.0, "positive": 1.0})
    found = []
    for seed in range(10):
        sample = nk.draw_sample(debates, "stances", n=70, by="outlet", strata="tone", seed=seed)
        codings = answers(sample, truth[sample.rows["row_id"]].to_frame("tone"))
        found.append(nk.to_analysis(debates, codings=codings)["tone_adjusted"].mean())
    assert abs(np.mean(found) - numbers.mean()) < 3 * np.std(found) / np.sqrt(len(found))
    assert abs(every.predictions["score"].mean() - numbers.mean()) > 4 * np.std(found) / np.sqrt(len(found))


def test_sentences_and_articles_have_means(debates: nk.Corpus) -> None:
    codings = coded(debates, n=60, by="outlet")
    rows = nk.to_analysis(debates, codings=codings)
    articles = nk.to_analysis(debates, unit="article", codings=codings)
    assert articles["article_id"].is_unique
    assert articles["n"].sum() == len(rows)
    assert articles["n_sampled"].sum() == 60
    wanted = rows.groupby("article_id")["tone_adjusted"].mean()
    np.testing.assert_allclose(articles.set_index("article_id")["tone_adjusted"], wanted)
    assert {"outlet", "published", "cluster"} <= {*articles.columns}
    assert "voice" not in articles
    by_voice = nk.to_analysis(debates, unit="sentence", by="voice")
    assert not by_voice.duplicated(["article_id", "sentence_id", "voice"]).any()
    assert by_voice["n"].sum() == len(rows)


def test_one_story_is_one_cluster(debates: nk.Corpus) -> None:
    """Copies of an article are in the cluster of the first."""
    stories = debates.articles["article_id"].str[:2].where(debates.articles["article_id"] != "a1")
    corpus = debates.with_tables(articles=debates.articles.assign(story_id=stories))
    table = nk.to_analysis(corpus, codings=coded(corpus, n=60, by="outlet"))
    assert {*table["cluster"]} == {"a1"} | {*table["article_id"].str[:2]}
    assert table.loc[table["article_id"] == "a12", "cluster"].eq("a1").all()


def test_a_regression_of_the_table(debates: nk.Corpus) -> None:
    """With all rows coded it gives to the last digit what the codes give."""
    codings = coded(debates, n=10**6)
    table = nk.to_analysis(debates, codings=codings).dropna(subset="outlet")
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(table["cluster"])[0]}}
    mine, full = (smf.ols(f"{name} ~ outlet", table).fit(**errors) for name in ("tone_adjusted", "tone_coded"))
    np.testing.assert_allclose(mine.params, full.params)
    np.testing.assert_allclose(mine.bse, full.bse)


def test_rows_that_are_no_mention_say_nothing(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=10**6)
    codes = sample.predictions[["tone", "target_ok"]].copy()
    others = codes.index[codes["tone"] == "negative"][:5]
    codes.loc[others, "target_ok"] = "no"
    codes.loc[others[:2], "tone"] = None
    table = nk.to_analysis(debates, codings=answers(sample, codes)).set_index("row_id")
    assert table.loc[others, "tone_coded"].tolist() == [0.0] * 5
    assert table.loc[others, "neutral_coded"].tolist() == [1.0] * 5


@pytest.mark.parametrize(
    ("unit", "options", "outcomes"),
    [
        ("frames", {"codebook": "words"}, {"attack", "offer", "plan"}),
        ("quotes", {}, {"kind_direct", "kind_mixed", "kind_indirect", "speaker_ok", "missed"}),
        ("mentions", {}, {"actor_ok"}),
    ],
)
def test_other_units(debates: nk.Corpus, unit: str, options: dict[str, Any], outcomes: set[str]) -> None:
    codings = coded(debates, unit, n=60, **options)
    table = nk.to_analysis(debates, codings=codings)
    assert {f"{name}_adjusted" for name in outcomes} <= {*table.columns}
    assert len(table) == codings.sample.design["population"]
    for name in outcomes:  # the model is right, so there is nothing to correct
        asked = table[name].notna()
        assert table.loc[asked, f"{name}_adjusted"].mean() == pytest.approx(table.loc[asked, name].mean(), abs=0.03)
        assert table.loc[~asked, f"{name}_adjusted"].isna().all()


def test_codings_correct_another_version_too(debates: nk.Corpus) -> None:
    codings = coded(debates, "frames", n=10**6, codebook="words")
    frames = debates.frames[debates.frames["frame"] != "plan"].assign(codebook_version="2.0.0")
    corpus = debates.with_tables(frames=frames.reset_index(drop=True))
    with pytest.raises(ValueError, match="choose one coding with 'words': method='lexicon', version='2"):
        nk.to_analysis(corpus, codings=codings)
    table = nk.to_analysis(corpus, codings=codings, version="2.0.0")
    assert table["plan"].sum() == 0
    assert table["plan_adjusted"].sum() == pytest.approx(table["plan_coded"].sum()) != 0
    with pytest.raises(nk.errors.CodingsError, match="the codings are of the codebook 'words', not of 'others'"):
        nk.to_analysis(corpus, codings=codings, codebook="others")


def test_positions_and_codings_of_other_units(debates: nk.Corpus) -> None:
    corpus = in_memory(debate(4))
    table = nk.to_analysis(corpus, of="positions", issue=ISSUE)
    assert {"position_support", "position_none"} <= {*table.columns}
    codings = coded(debates, n=30)
    with pytest.raises(nk.errors.CodingsError, match="the codings are of stances, not of frames"):
        nk.to_analysis(debates, codings=codings, of="frames")
    with pytest.raises(nk.errors.CodingsError, match="no row of the sample is in this corpus"):
        nk.to_analysis(in_memory([nk.Article(article_id="z", text="Novak praised Russia.")]), codings=codings)
    with pytest.raises(ValueError, match="unit is article, sentence, observation, not 'paragraph'"):
        nk.to_analysis(debates, unit="paragraph")
    with pytest.raises(ValueError, match="the table has no column 'paper'"):
        nk.to_analysis(debates, paper="x")
    with pytest.raises(ValueError, match="by is for"):
        nk.to_analysis(debates, by="voice")


def test_codings_that_go_on_stand_for_their_strata(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=60, by="outlet")
    first = sample.rows["row_id"][:40]
    codings = answers(sample, sample.predictions.loc[first, ["tone"]])
    table = nk.to_analysis(debates, codings=codings)
    assert table["tone_coded"].notna().sum() == 40
    weights = table.loc[table["tone_coded"].notna()].merge(sample.rows[["row_id", "stratum"]], on="row_id")
    assert len(weights) == 40
    few = answers(sample, sample.predictions.loc[sample.rows.loc[sample.rows["stratum"] == 0, "row_id"], ["tone"]])
    with pytest.warns(UserWarning, match="2 of 3 strata have no coded row of tone"):
        nk.to_analysis(debates, codings=few)
