"""Summaries: the counts by hand, the intervals against SciPy, and every number back to its sentences."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from spacy.language import Language

import newskit as nk
from newskit.schema import ACTING, LABELS, TABLES
from newskit.summaries.intervals import MIN_UNITS, ratio_intervals, tone_intervals
from tests.conftest import ROOT, SEED

TEXT = SEED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def empty(nlp: Language) -> nk.Corpus:
    return nk.annotate([], nlp=nlp)


# --- who ---------------------------------------------------------------------------------------------


def test_frequencies_are_those_counted_by_hand(corpus: nk.Corpus) -> None:
    gold = pd.read_csv(ROOT / "data" / "gold" / "trump-putin-budapest.mentions.csv")
    by_hand = gold.loc[gold["kind"] == "name", "actor_id"].value_counts().to_dict()
    table = nk.actor_frequency(corpus, kinds=["name"])
    assert table.set_index("actor_id")["n_mentions"].to_dict() == by_hand
    assert table["n_mentions"].is_monotonic_decreasing


def test_frequencies_count_every_mention_once(corpus: nk.Corpus) -> None:
    table = nk.actor_frequency(corpus).set_index("actor_id")
    mentions = corpus.mentions[corpus.mentions["kind"].isin(ACTING)]
    assert table["n_mentions"].to_dict() == mentions["actor_id"].value_counts().to_dict()
    assert table["share"].sum() == pytest.approx(1)
    trump = corpus.evidence("mentions", actor_id="donald-trump", kind=list(ACTING))
    assert table.loc["donald-trump", "n_sentences"] == trump["sentence_id"].nunique() < len(trump)
    assert table.loc["donald-trump", "share"] == pytest.approx(len(trump) / len(mentions))
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert (table["low"] < table["high"]).all()


def test_kinds_add_up(corpus: nk.Corpus) -> None:
    both, names, pronouns = (
        nk.actor_frequency(corpus, kinds=kinds).set_index("actor_id")["n_mentions"]
        for kinds in (["name", "pronoun"], ["name"], ["pronoun"])
    )
    assert pronouns.to_dict() == {"donald-trump": 4, "volodymyr-zelenskyy": 3, "ukraine": 1}
    assert names.add(pronouns, fill_value=0).to_dict() == both.to_dict()
    with pytest.raises(ValueError, match="kind 'noun' is none of name, nominal, pronoun"):
        nk.actor_frequency(corpus, kinds=["name", "noun"])


def test_frequency_by_outlet(small: nk.Corpus) -> None:
    table = nk.actor_frequency(small, by="outlet")
    assert table.columns[0] == "outlet"
    assert table.groupby("outlet")["share"].sum().tolist() == pytest.approx([1, 1])
    outlet = small.articles.set_index("article_id")["outlet"]
    mentions = small.mentions[small.mentions["kind"].isin(ACTING)]
    expected = Counter(zip(mentions["article_id"].map(outlet), mentions["actor_id"], strict=True))
    assert table.set_index(["outlet", "actor_id"])["n_mentions"].to_dict() == dict(expected)
    assert (table["n_articles"] == 3).all()


def test_frequency_by_period_and_by_two(small: nk.Corpus) -> None:
    months = nk.actor_frequency(small, by="month")
    assert months["month"].unique().tolist() == [f"2025-0{i}" for i in range(1, 7)]
    assert months["n_mentions"].sum() == small.mentions["kind"].isin(ACTING).sum()
    assert nk.actor_frequency(small, by="year")["year"].unique().tolist() == ["2025"]
    both = nk.actor_frequency(small, by=["outlet", "kind"])
    assert both.groupby(["outlet", "kind"]).ngroups == 4
    with pytest.raises(ValueError, match=r"cannot group by 'colour'; known: .*month"):
        nk.actor_frequency(small, by="colour")


def test_what_is_resampled(corpus: nk.Corpus, small: nk.Corpus) -> None:
    assert set(nk.actor_frequency(corpus)["resampled"]) == {"sentences"}
    assert set(nk.actor_frequency(small)["resampled"]) == {"articles"}
    table = nk.actor_frequency(small)
    # Every article names the actors equally often, so no resample of articles can change a share.
    assert table["low"].tolist() == pytest.approx(table["share"].tolist())
    assert table["high"].tolist() == pytest.approx(table["share"].tolist())


@pytest.mark.parametrize("by", [(), "outlet", ["voice", "month"]])
def test_an_empty_corpus_gives_empty_tables(small: nk.Corpus, empty: nk.Corpus, by: str | list[str]) -> None:
    both: list[Callable[..., pd.DataFrame]] = [nk.stance_summary, nk.actor_frequency]
    summaries = both[:1] if isinstance(by, list) else both
    for summary in summaries:
        none = summary(empty, by=by)
        assert none.empty
        assert none.columns.tolist() == summary(small, by=by).columns.tolist()
    assert nk.voice_matrix(empty).columns.tolist() == nk.voice_matrix(small).columns.tolist()


# --- intervals ---------------------------------------------------------------------------------------


def test_intervals_agree_with_scipy() -> None:
    rng = np.random.default_rng(3)
    below = rng.integers(1, 9, size=40).astype(float)
    above = rng.binomial(below.astype(int), 0.3).astype(float)
    low, high = ratio_intervals(
        above, below, units=np.arange(40), n_units=40, groups=np.zeros(40, dtype=int), n_groups=1
    )
    expected = stats.bootstrap(
        (above, below),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=9999,
        rng=np.random.default_rng(4),
    ).confidence_interval
    assert low[0] == pytest.approx(expected.low, abs=0.02)
    assert high[0] == pytest.approx(expected.high, abs=0.02)
    assert high[0] - low[0] > 0.1


def test_intervals_of_shares_agree_with_scipy() -> None:
    """Three actors over thirty articles: the denominator of a share is all mentions of the resampled articles."""
    counts = np.random.default_rng(5).poisson([4, 2, 1], size=(30, 3)).astype(float)
    units, groups = (axis.ravel() for axis in np.indices(counts.shape))
    flat = counts.ravel()
    low, high = ratio_intervals(flat, flat, units=units, n_units=30, groups=groups, n_groups=3, shared_denominator=True)
    for group in range(3):
        expected = stats.bootstrap(
            (counts[:, group], counts.sum(axis=1)),
            lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
            paired=True,
            method="percentile",
            n_resamples=9999,
            rng=np.random.default_rng(6),
        ).confidence_interval
        assert (low[group], high[group]) == pytest.approx((expected.low, expected.high), abs=0.02)


@pytest.mark.parametrize("shared", [False, True])
def test_too_few_units_give_no_interval(shared: bool) -> None:
    for n, missing in ((MIN_UNITS - 1, True), (MIN_UNITS, False)):
        low, high = ratio_intervals(
            np.arange(n, dtype=float),
            np.ones(n),
            units=np.arange(n),
            n_units=50,
            groups=np.zeros(n, dtype=int),
            n_groups=1,
            shared_denominator=shared,
        )
        assert np.isnan([low[0], high[0]]).tolist() == [missing, missing]


def test_same_input_same_output_and_nothing_is_changed(corpus: nk.Corpus) -> None:
    before = {name: getattr(corpus, name).copy(deep=True) for name in TABLES}

    def run() -> list[pd.DataFrame]:
        return [
            nk.actor_frequency(corpus, by="kind"),
            nk.stance_summary(corpus, by="voice"),
            nk.voice_matrix(corpus),
            nk.frame_summary(corpus, codebook="missile_debate", by="voice"),
            nk.keyness(corpus.sentences, reference=corpus.mentions),
            nk.concordance(corpus, "missile*"),
        ]

    for one, two in zip(run(), run(), strict=True):
        pd.testing.assert_frame_equal(one, two)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(corpus, name), before[name])


# --- how portrayed, and by whom ------------------------------------------------------------------------


@pytest.mark.parametrize("by", [(), "voice", "article_id"])
def test_stance_summary_adds_up(corpus: nk.Corpus, by: str) -> None:
    table = nk.stance_summary(corpus, by=by)
    assert table[["negative", "neutral", "positive"]].sum(axis=1).tolist() == pytest.approx([1] * len(table))
    observations = corpus.stances[["sentence_id", "target_id", "voice"]].drop_duplicates()
    assert table["n"].sum() == len(observations)
    known = table.dropna(subset="low")
    assert len(known) > 1
    assert (known["n"] >= MIN_UNITS).all()
    for value, low, high in [("mean", "low", "high"), *((x, f"{x}_low", f"{x}_high") for x in LABELS)]:
        assert (known[low] <= known[value] + 1e-9).all()
        assert (known[value] <= known[high] + 1e-9).all()
    assert (table["method"] == "model").all()
    at_least = nk.stance_summary(corpus, by=by, min_n=4)
    pd.testing.assert_frame_equal(at_least, table[table["n"] >= 4].reset_index(drop=True))


def test_an_observation_is_a_target_in_a_sentence_in_a_voice(corpus: nk.Corpus) -> None:
    """Two mentions in one sentence are averaged, two voices in one are two observations."""
    stances = corpus.stances[corpus.stances["method"] == "model"].iloc[:4]
    stances = stances.assign(
        sentence_id=[0, 0, 0, 1],
        target_id="putin",
        voice=["outlet", "outlet", "nato", "outlet"],
        score=[1.0, 0.0, -1.0, 0.5],
        label=["positive", "neutral", "negative", "positive"],
    )
    row = nk.stance_summary(corpus.with_tables(stances=stances)).iloc[0]
    assert row["n"] == 3
    assert row["mean"] == pytest.approx((0.5 - 1.0 + 0.5) / 3)
    assert row[["negative", "neutral", "positive"]].tolist() == pytest.approx([1 / 3, 0.5 / 3, 1.5 / 3])


def test_mean_of_one_actor_by_hand(corpus: nk.Corpus) -> None:
    rows = corpus.evidence("stances", target_id="vladimir-putin", method="model")
    assert not rows.duplicated(["sentence_id", "voice"]).any()
    table = nk.stance_summary(corpus).set_index("target_id")
    assert table.loc["vladimir-putin", "mean"] == pytest.approx(rows["score"].mean())
    assert table.loc["vladimir-putin", "positive"] == pytest.approx((rows["label"] == "positive").mean())
    assert table.loc["vladimir-putin", "target"] == "Vladimir Putin"


def test_the_model_is_the_method_unless_another_is_named(corpus: nk.Corpus) -> None:
    pd.testing.assert_frame_equal(nk.stance_summary(corpus), nk.stance_summary(corpus, method="model"))
    assert (nk.stance_summary(corpus, method="textblob")["method"] == "textblob").all()
    with pytest.raises(ValueError, match="no stances by method 'vader'; the corpus has model, textblob"):
        nk.stance_summary(corpus, method="vader")


def test_several_other_methods_must_be_chosen_from(corpus: nk.Corpus) -> None:
    words = corpus.stances[corpus.stances["method"] == "textblob"]
    other = words.assign(method="other", score=-1.0, label="negative")
    both = corpus.with_tables(stances=pd.concat([words, other], ignore_index=True))
    with pytest.raises(ValueError, match="method='other' or 'textblob'"):
        nk.stance_summary(both)
    with pytest.raises(ValueError, match="method='other' or 'textblob'"):
        nk.voice_matrix(both)
    pd.testing.assert_frame_equal(
        nk.stance_summary(both, method="textblob"), nk.stance_summary(corpus.with_tables(stances=words))
    )
    assert (nk.voice_matrix(both, method="other")["mean"] == -1).all()


def misread(n: int, confusion: np.ndarray, seed: int, share: np.ndarray) -> tuple[pd.DataFrame, float]:
    """A table of predicted labels of one target, an article each, and the true mean score behind it."""
    rng = np.random.default_rng(seed)
    true = rng.choice(3, size=n, p=share)
    chances = confusion / confusion.sum(axis=1, keepdims=True)
    predicted = np.array([rng.choice(3, p=chances[t]) for t in true])
    joint = share[:, None] * chances  # calibrated scores: what the true label is worth, given the predicted one
    values = (np.array([-1.0, 0.0, 1.0]) @ joint) / joint.sum(axis=0)
    rows = pd.DataFrame({"score": values[predicted]} | {m: (predicted == i) * 1.0 for i, m in enumerate(LABELS)})
    return rows, float(share @ [-1, 0, 1])


def test_intervals_carry_the_errors_of_the_classifier() -> None:
    """They hold the true mean 95 times in 100, where those of the scores alone hold it far less often."""
    truth = np.array([[80, 15, 5], [20, 60, 20], [5, 15, 80]], dtype=float)
    share = np.array([0.5, 0.3, 0.2])
    held = {True: 0, False: 0}
    wide = {True: 0.0, False: 0.0}
    n, runs = 60, 120
    for seed in range(runs):
        rows, mean = misread(n, truth, seed, share)
        counts = np.random.default_rng(seed).multinomial(400, (share[:, None] * truth / 100).ravel()).reshape(3, 3)
        units, groups = np.arange(n), np.zeros(n, dtype=int)
        for carried in (True, False):
            low, high = tone_intervals(
                rows, units=units, n_units=n, groups=groups, n_groups=1, confusion=counts if carried else None
            )["mean"]
            held[carried] += int(low[0] <= mean <= high[0])
            wide[carried] += high[0] - low[0]
    assert 0.92 <= held[True] / runs <= 1
    assert held[False] < held[True]
    assert wide[False] < wide[True]


def test_a_classifier_without_errors_adds_nothing() -> None:
    rows, _ = misread(40, np.eye(3), 1, np.array([0.5, 0.3, 0.2]))
    options = dict(units=np.arange(40), n_units=40, groups=np.zeros(40, dtype=int), n_groups=1)
    exact = tone_intervals(rows, confusion=None, **options)  # type: ignore[arg-type]
    carried = tone_intervals(rows, confusion=np.eye(3) * 1e7, **options)  # type: ignore[arg-type]
    for name, (low, high) in exact.items():
        assert [low[0], high[0]] == pytest.approx([end[0] for end in carried[name]], abs=0.01)


def test_voices_are_the_outlet_actors_or_unnamed(corpus: nk.Corpus) -> None:
    table = nk.voice_matrix(corpus)
    assert set(table["voice"]) <= {"outlet", "unnamed source", *corpus.actors["actor_id"]}
    names = table.set_index("voice")["speaker"].to_dict()
    assert names["outlet"] == "the outlet"
    assert names["unnamed source"] == "unnamed sources"
    assert names["dmitry-peskov"] == "Dmitry Peskov"
    assert table["speaker"].notna().all()
    assert table["target"].notna().all()
    assert not table.duplicated(["voice", "target_id"]).any()


def test_every_row_of_the_voice_matrix_opens(corpus: nk.Corpus) -> None:
    for _, row in nk.voice_matrix(corpus).iterrows():
        rows = corpus.evidence("stances", row)
        assert rows[["article_id", "sentence_id"]].drop_duplicates().shape[0] == row["n"], row
        assert set(zip(rows["voice"], rows["target_id"], strict=True)) == {(row["voice"], row["target_id"])}
        assert rows.groupby("sentence_id")["score"].mean().mean() == pytest.approx(row["mean"])
        assert rows["sentence"].notna().all()


# --- how framed ------------------------------------------------------------------------------------------


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


# --- words -----------------------------------------------------------------------------------------------

FOCUS, REFERENCE = ["war " * 10 + "peace " * 60, "peace " * 30], ["war " * 5 + "peace " * 195]


def test_g2_by_hand() -> None:
    table = nk.keyness(FOCUS, reference=REFERENCE).set_index("term")
    # observed 10, 5, 90, 195; 15 of 300 words are "war", so expected are 5, 10, 95, 190
    by_hand = 2 * (10 * math.log(2) + 5 * math.log(1 / 2) + 90 * math.log(90 / 95) + 195 * math.log(195 / 190))
    assert table.loc["war", "g2"] == pytest.approx(by_hand)
    assert table.loc["peace", "g2"] == pytest.approx(-by_hand)
    war: Any = table.loc["war"]
    assert war[["n_focus", "n_reference"]].tolist() == [10, 5]
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
    assert set(nk.keyness(texts, reference=other)["term"]) == {"the", "tomahawk’s", "range"}
    every = set(nk.keyness(texts, reference=other, min_count=1)["term"])
    assert every == {"the", "tomahawk’s", "range", "and", "u.s", "in", "peace-talks"}
    stopped = nk.keyness(texts, reference=other, stopwords=["The"]).set_index("term")
    assert set(stopped.index) == {"tomahawk’s", "range"}
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


# --- concordance -----------------------------------------------------------------------------------------


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
