from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import newskit as nk
from newskit.validation.strata import Plan, listed, pick, stratify
from newskit.validation.unit_queries import Asked
from newskit.validation.units import population

DRAWS = 100


@pytest.mark.parametrize("allocation", ["proportional", "equal", "neyman"])
def test_frequencies_are_the_probabilities_and_totals_unbiased(debates: nk.Corpus, allocation: str) -> None:
    """Drawn again and again, each row comes as often as its probability says; Horvitz-Thompson totals hit the truth."""
    everything = population(debates, Asked("stances"), by=["outlet", "tone"])
    table = stratify(everything, Plan(("outlet",), ("tone",), allocation, n=40, at_least=2))
    units = everything.frame()
    counts: Counter[str] = Counter()
    known: dict[str, float] = {}
    totals = []
    for seed in range(DRAWS):
        drawn = pick(everything, table, np.random.default_rng(seed))
        assert len(drawn) == 40
        known |= dict(zip(drawn["row_id"], drawn["probability"], strict=True))
        counts.update(drawn["row_id"])
        totals.append((drawn["start"] / drawn["probability"]).sum())
    assert {*known} == {*units["row_id"]}
    wanted = np.array([*known.values()])
    spread = np.maximum(np.sqrt(wanted * (1 - wanted) / DRAWS), 1e-9)
    z = (np.array([counts[one] for one in known]) / DRAWS - wanted) / spread
    assert np.abs(z).max() < 4.5
    assert z.std() == pytest.approx(1, abs=0.25)
    assert abs(np.mean(totals) - units["start"].sum()) < 4 * np.std(totals) / np.sqrt(DRAWS)


def test_rows_without_a_value_make_a_stratum(debates: nk.Corpus) -> None:
    everything = population(debates, Asked("stances"), by=["outlet"])
    plan = Plan(("outlet",), (), "equal", n=30, at_least=2)
    strata = listed(stratify(everything, plan), plan)
    assert [one["outlet"] for one in strata] == ["Daily Example", 'Evening\'s "Example"', None]
    assert sum(one["population"] for one in strata) == everything.n
    assert all(one["probability"] == one["sampled"] / one["population"] for one in strata)


def test_any_column_of_articles_makes_strata(debates: nk.Corpus) -> None:
    """Numbers with gaps, truth values, days, and names that tables of newskit have too."""
    articles = debates.articles
    n = np.arange(len(articles))
    articles = articles.assign(score=np.where(n % 2, 1.5, np.nan), flag=n % 3 == 0, number=n % 2, place="here")
    corpus = debates.with_tables(articles=articles)
    for by in (["score", "number"], ["flag", "place"], ["published"]):
        sample = nk.draw_sample(corpus, "mentions", n=160, by=by)
        assert (1 / sample.rows["probability"]).sum() == pytest.approx(sample.design["population"])
        known = sample.rows["article_id"].map(articles.set_index("article_id")[by[0]])
        assert known.equals(sample.rows[by[0]].rename("article_id"))
        assert len(sample.design["strata"]) == len(sample.rows[by].drop_duplicates())
    with pytest.raises(ValueError, match="a column to draw by cannot be called stratum: give it another name"):
        nk.draw_sample(corpus.with_tables(articles=articles.assign(stratum=1)), "mentions", n=9, by="stratum")
