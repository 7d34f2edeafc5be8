"""Keyness against other implementations, dispersion, concordance on lemmas, passages of a debate, microframes."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy import stats

import newskit as nk

FOCUS = ["war war peace", "war talks", "the war"]
REFERENCE = ["peace talks talks", "peace the the", "talks"]


def test_g2_is_scipys() -> None:
    table = nk.keyness(FOCUS, reference=REFERENCE, min_count=1).set_index("term")
    for term in ("war", "peace", "talks", "the"):
        a, b = table["n_focus"].to_dict()[term], table["n_reference"].to_dict()[term]
        expected = stats.chi2_contingency([[a, b], [7 - a, 7 - b]], correction=False, lambda_="log-likelihood")
        assert abs(table["g2"].to_dict()[term]) == pytest.approx(expected.statistic)
        assert table.loc[term, "p"] == pytest.approx(expected.pvalue)


def test_log_odds_by_hand() -> None:
    row = nk.keyness(FOCUS, reference=REFERENCE, min_count=1, prior=10).set_index("term").loc["war"]
    prior = 10 * 4 / 14  # 4 of the 14 words are "war"
    odds = math.log((4 + prior) / (7 + 10 - 4 - prior)) - math.log(prior / (7 + 10 - prior))
    assert row["log_odds"] == pytest.approx(odds)
    assert row["z"] == pytest.approx(odds / math.sqrt(1 / (4 + prior) + 1 / prior))


def test_counts_add_up_and_sides_mirror() -> None:
    table = nk.keyness(FOCUS, reference=REFERENCE, min_count=1).set_index("term")
    assert (table["n_focus"].sum(), table["n_reference"].sum()) == (7, 7)
    assert (table["texts_focus"] <= table["n_focus"]).all()
    mirrored = nk.keyness(REFERENCE, reference=FOCUS, min_count=1).set_index("term").loc[table.index]
    np.testing.assert_allclose(table["z"], -mirrored["z"])


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


def test_about_keeps_the_sentences_of_the_debate(small: nk.Corpus) -> None:
    part = nk.about(small, "lose")
    assert len(part.sentences) == 6
    assert part.sentences["text"].str.contains("lose").all()
    assert set(part.mentions["sentence_id"]) == {1}
    assert len(small.sentences) == 18, "the corpus itself stays"
    assert len(nk.about(small, ["lose"], window=1).sentences) == 18
    assert len(nk.about(small, "praise").articles) == 2
    with pytest.raises(ValueError, match="nearly everything"):
        nk.about(small, "*")
    with pytest.raises(ValueError, match="no scope"):
        nk.about(small, nk.load_codebook("news_frames"))


def test_microframes_lean_where_the_words_do() -> None:
    crime = ["criminals broke the law with fraud", "the criminals and their fraud", "fraud by criminals again"] * 4
    court = ["a lawful permit was granted", "lawful rights and a permit", "the permit is lawful"] * 4
    axes = {"illegal – legal": ("illegal", "legal")}
    row = nk.microframes(crime, reference=court, axes=axes, resamples=200).iloc[0]
    assert row["bias"] < 0
    assert row["bias_p"] < 0.05
    assert "fraud" in row["low_words"]
    rng = np.random.default_rng(0)
    mixed = list(rng.permutation(crime + court))
    assert nk.microframes(mixed[::2], reference=mixed[1::2], axes=axes, resamples=200).iloc[0]["bias_p"] > 0.05
    with pytest.raises(ValueError, match="two different words"):
        nk.microframes(crime, reference=court, axes=[("law", "law")])
    with pytest.raises(ValueError, match="at least two texts"):
        nk.microframes(["one"], reference=court)
    assert nk.plot_microframes(nk.microframes(crime, reference=court, axes=axes, resamples=50)).get_title(loc="left")
    plt.close()
