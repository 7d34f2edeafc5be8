from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import newskit as nk
from tests.conftest import declared, dtypes
from tests.validation.test_analysis import answers, coded


def test_a_plan_by_hand(debates: nk.Corpus) -> None:
    """Without a pilot: the standard deviation of the measure, and Cochran's formula."""
    plan = nk.plan_codings(debates, half_width=0.1, by="outlet")
    assert dtypes(plan.drop(columns="outlet")) == declared("plan_codings")
    rows = nk.to_analysis(debates)
    outlet = rows["outlet"].fillna("none")
    for row in plan.fillna({"outlet": "none"}).to_dict("records"):
        own = rows[outlet == row["outlet"]]
        sd = max(own["tone"].std(ddof=0), 0.3)
        many = (1.959964 * sd / 0.1) ** 2
        assert row["population"] == len(own)
        assert row["n"] == row["more"] == np.ceil(many / (1 + many / len(own)))
        assert (row["source"], row["measure"], row["n_coded"]) == ("model", "tone", 0)
    assert plan["half_width"].isna().all()


def test_narrower_intervals_need_more_rows(debates: nk.Corpus) -> None:
    counts = [int(nk.plan_codings(debates, half_width=width)["n"].iloc[0]) for width in (0.3, 0.1, 0.03, 1e-9)]
    assert counts == sorted(counts)
    assert counts[-1] == len(nk.to_analysis(debates))


def test_what_is_planned_comes_true(debates: nk.Corpus) -> None:
    """A pilot of 60 rows plans; so many rows then give about the width that was asked for."""
    pilot = coded(debates, n=60, seed=5)
    plan = nk.plan_codings(debates, half_width=0.04, pilot=pilot)
    assert plan["source"].tolist() == ["pilot"]
    assert plan["n_coded"].tolist() == [60]
    n = int(plan["n"].iloc[0])
    assert plan["more"].iloc[0] == n - 60 > 0
    means = []
    every = nk.draw_sample(debates, "stances", n=10**6).predictions["tone"].sort_index()
    every.iloc[::3] = "neutral"
    for seed in range(12):
        sample = nk.draw_sample(debates, "stances", n=n, seed=seed)
        codings = answers(sample, every[sample.rows["row_id"]].to_frame("tone"))
        means.append(nk.to_analysis(debates, codings=codings)["tone_adjusted"].mean())
    assert 1.96 * np.std(means, ddof=1) == pytest.approx(0.04, rel=0.5)


def test_a_good_model_saves_coding(debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=80, by="outlet", seed=2)
    said = sample.predictions[["tone"]]
    good = answers(sample, said)
    shuffled = said.assign(tone=said["tone"].sample(frac=1, random_state=1).to_numpy())
    bad = answers(sample, shuffled)
    needed = [int(nk.plan_codings(debates, half_width=0.05, pilot=one)["n"].iloc[0]) for one in (good, bad)]
    assert needed[0] < needed[1] / 2


def test_rare_codes_need_enough_cases(debates: nk.Corpus) -> None:
    pilot = coded(debates, "frames", n=60, codebook="words")
    plan = nk.plan_codings(debates, half_width=0.5, pilot=pilot)
    shares = nk.to_analysis(debates, codings=pilot)[["attack", "offer", "plan"]].mean()
    assert plan["measure"].iloc[0] == shares.idxmin()
    assert plan["n"].iloc[0] == pytest.approx(8 / shares.min(), rel=0.3)


def test_groups_by_month_and_some_rows(debates: nk.Corpus) -> None:
    plan = nk.plan_codings(debates, half_width=0.2, by="month", measure="negative", target_id="russia")
    assert plan["population"].sum() == len(nk.to_analysis(debates, target_id="russia"))
    assert plan["month"].dropna().is_unique


def test_what_cannot_be_planned(debates: nk.Corpus) -> None:
    with pytest.raises(ValueError, match="half_width is above 0, not 0"):
        nk.plan_codings(debates, half_width=0)
    with pytest.raises(ValueError, match=r"half_width=5 is wider than the scale: tone goes from -1 to 1.* at most 1"):
        nk.plan_codings(debates, half_width=5)
    with pytest.raises(ValueError, match=r"at most 0\.5"):
        nk.plan_codings(debates, half_width=0.6, measure="negative")
    with pytest.raises(ValueError, match=r"no stances with target_id='rusia' \(did you mean 'russia'\?\)$"):
        nk.plan_codings(debates, target_id="rusia")
    with pytest.raises(ValueError, match="no measure 'love'; there are target_ok, tone, negative"):
        nk.plan_codings(debates, measure="love")
    with pytest.raises(ValueError, match="the table has no column 'paper'"):
        nk.plan_codings(debates, by="paper")
    with pytest.raises(nk.errors.CodingsError, match="the codings are of stances, not of frames"):
        nk.plan_codings(debates, of="frames", pilot=coded(debates, n=20))


def test_a_pilot_without_errors_does_not_mean_that_there_are_none(debates: nk.Corpus) -> None:
    """With no error in 30 rows three in thirty can be there: a standard deviation of the square root of 0.1."""
    sample = nk.draw_sample(debates, "stances", n=30)
    nobody = answers(sample, pd.DataFrame({"target_ok": "no"}, index=sample.predictions.index))
    plan = nk.plan_codings(debates, half_width=0.05, pilot=nobody).iloc[0]
    assert plan["sd"] == pytest.approx(np.sqrt(3 / 30))
    many = (1.959964 * plan["sd"] / 0.05) ** 2
    assert plan["n"] == np.ceil(many / (1 + many / plan["population"]))
    assert plan["more"] == plan["n"] - 30 > 0
    assert plan["note"] == "few errors among 30 coded rows: sd as if 3 were wrong"


def test_more_rows_than_the_width_needs_are_explained(debates: nk.Corpus) -> None:
    pilot = coded(debates, "frames", n=60, codebook="words")
    assert "for 8 cases of the rarer code" in nk.plan_codings(debates, half_width=0.5, pilot=pilot)["note"].iloc[0]
    assert nk.plan_codings(debates, half_width=0.1, measure="tone")["note"].isna().all()
