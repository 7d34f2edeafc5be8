"""The estimator by hand, against ppi-python, and in simulations whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from newskit.validation.estimation import Estimates, corrected, model_alone
from newskit.validation.weighing import Coded, Floats, Population, Whole


def simple(model: Floats, at: Whole, codes: Floats, clusters: Whole | None = None) -> tuple[Population, Coded]:
    """A corpus of one group, and a simple random sample of it."""
    n = len(model)
    cluster = np.arange(n) if clusters is None else clusters
    none = np.zeros(n, dtype=int)
    chances = np.full(len(at), len(at) / n)
    return Population.of(none, cluster, model), Coded(none[at], cluster[at], model[at], codes, chances, none[at])


def made(n_units: int = 3000) -> tuple[Floats, Floats]:
    """The same corpus as in `benchmarks/ppi_oracle.py`."""
    state, uniform = 12345, []
    for _ in range(3 * n_units):
        state = (1103515245 * state + 12345) % 2**31
        uniform.append(state / 2**31)
    first, second, third = np.array(uniform).reshape(3, n_units)
    codes = (first < 0.3).astype(float)
    return codes, 0.6 * codes + 0.9 * second - 0.2 * third


# `python benchmarks/ppi_oracle.py` prints them: rows coded, power tuning, mean, interval; by ppi-python 0.2.3.
ORACLE = [
    (150, 0.0, 0.286667, 0.214300, 0.359033),
    (150, 0.5, 0.274638, 0.217869, 0.331407),
    (150, 1.0, 0.262609, 0.206905, 0.318312),
    (400, 0.0, 0.320000, 0.274286, 0.365714),
    (400, 0.5, 0.306472, 0.271968, 0.340976),
    (400, 1.0, 0.292944, 0.258722, 0.327165),
]


@pytest.mark.parametrize(("n", "power", "mean", "low", "high"), ORACLE)
def test_a_simple_random_sample_gives_what_ppi_python_gives(
    n: int, power: float, mean: float, low: float, high: float
) -> None:
    """Its other part of the data is the corpus without the coded rows, so its tuning is ours times (N - n) / N."""
    codes, said = made()
    tuning = power * len(said) / (len(said) - n)
    found = corrected(*simple(said, np.arange(n), codes[:n]), share=False, tuning=tuning)
    assert found.mean[0] == pytest.approx(mean, abs=1e-6)
    # Beside the squares of n - 1 there is the row on which the model is worth nothing.
    assert 1.96 * found.variance[0] ** 0.5 == pytest.approx((high - low) / 2, rel=0.015)


@pytest.mark.parametrize(("n", "mean", "half"), [(150, 0.268380, 0.054074), (400, 0.297376, 0.032872)])
def test_learned_tuning_is_as_good_as_that_of_ppi_python(n: int, mean: float, half: float) -> None:
    codes, said = made()
    found = corrected(*simple(said, np.arange(n), codes[:n]), share=False)
    assert found.mean[0] == pytest.approx(mean, abs=0.003)
    assert 1.96 * found.variance[0] ** 0.5 == pytest.approx(half, rel=0.02)


def test_a_stratified_sample_by_hand() -> None:
    """Two strata of 8 and 4 units, with 4 and 2 coded: weights 2, and the variance of the draw by the textbook."""
    model = np.zeros(12)
    codes = np.array([1.0, 0, 1, 1, 0, 1])
    strata = np.array([0, 0, 0, 0, 1, 1])
    none = np.zeros(6, dtype=int)
    population = Population.of(np.zeros(12, dtype=int), np.arange(12), model)
    coded = Coded(none, np.array([0, 1, 2, 3, 8, 9]), np.zeros(6), codes, np.full(6, 0.5), strata)
    found = corrected(population, coded, share=True, generalize=False, tuning=0)
    assert found.mean[0] == pytest.approx(8 / 12 * 0.75 + 4 / 12 * 0.5)
    textbook = (8 / 12) ** 2 * 0.5 * codes[:4].var(ddof=1) / 4 + (4 / 12) ** 2 * 0.5 * codes[4:].var(ddof=1) / 2
    extra = sum(0.5 * (2 * (codes - found.mean[0]) / 12) ** 2) / 6
    assert found.variance[0] == pytest.approx(textbook + extra)


def test_everything_coded_is_known_of_this_corpus_but_not_of_articles_like_these() -> None:
    codes = np.array([1.0, 0, 0] * 20)
    corpus = simple(np.zeros(60), np.arange(60), codes)
    known = corrected(*corpus, share=True, generalize=False)
    assert (known.mean[0], *(end[0] for end in known.interval())) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    low, high = corrected(*corpus, share=True).interval()
    assert high[0] - low[0] == pytest.approx(2 * 1.96 * (1 / 3 * 2 / 3 / 60) ** 0.5, rel=0.1)


def test_a_good_model_is_worth_many_codings_and_a_useless_one_none() -> None:
    rng = np.random.default_rng(1)
    codes = (rng.random(4000) < 0.3).astype(float)
    at = rng.choice(4000, 300, replace=False)
    said = np.where(rng.random(4000) < 0.07, 1 - codes, codes)
    good = corrected(*simple(said, at, codes[at]), share=True, generalize=False)
    useless = corrected(*simple(rng.random(4000), at, codes[at]), share=True, generalize=False)
    assert 600 < good.worth[0] < 1200
    assert 250 < useless.worth[0] < 315
    assert useless.tuning[0] < 0.15 < 0.7 < good.tuning[0]


def test_a_model_whose_errors_are_not_seen_is_not_trusted() -> None:
    """A hundred codings without an error do not rule out some per cent of errors."""
    codes = np.tile([1.0, 0, 0, 1, 0], 400)
    found = corrected(*simple(codes, np.arange(100), codes[:100]), share=True, generalize=False)
    assert found.tuning[0] < 0.2
    assert found.worth[0] < 150


def test_strata_in_which_no_error_was_seen_are_not_taken_for_faultless() -> None:
    """Strata by what the model says, and it is right in all forty codings: one error in the larger stratum is 4.5 %."""
    said = np.repeat([0.0, 1.0], [900, 100])
    strata = said.astype(int)
    at = np.r_[0:20, 900:920]
    none = np.zeros(40, dtype=int)
    chances = np.where(strata[at] == 0, 20 / 900, 0.2)
    coded = Coded(none, at, said[at], said[at], chances, strata[at])
    population = Population.of(np.zeros(1000, dtype=int), np.arange(1000), said)
    found = corrected(population, coded, share=True, generalize=False)
    assert found.mean[0] == pytest.approx(0.1)
    assert 0.03 < found.variance[0] ** 0.5 < 0.045


def test_rows_that_are_not_meant_are_left_out_of_the_mean() -> None:
    values = np.array([1.0, 1, 1, 0, 0, 0, np.nan, np.nan, 1, 0, 1, 0])
    found = corrected(*simple(np.full(24, 0.9), np.arange(12), values), share=True)
    assert found.mean[0] == pytest.approx(0.5)
    assert found.n_coded.tolist() == [10]


@pytest.mark.parametrize("cases", [0, 4, 5])
def test_fewer_than_five_cases_give_no_interval(cases: int) -> None:
    values = (np.arange(50) < cases).astype(np.float64)
    for codes in (values, np.ones(50) - values):
        low, high = corrected(*simple(np.zeros(500), np.arange(50), codes), share=True).interval()
        assert np.isnan(low[0]) == np.isnan(high[0]) == (cases < 5)


def test_a_group_without_codings_has_no_estimate() -> None:
    population = Population.of(np.array([0, 0, 1]), np.array([0, 1, 2]), np.array([0.2, 0.4, 0.6]))
    none = np.zeros(0, dtype=int)
    found = corrected(population, Coded(none, none, np.zeros(0), np.zeros(0), np.ones(0), none), share=True)
    assert np.isnan(found.mean).all()
    assert found.model.tolist() == pytest.approx([0.3, 0.6])
    assert found.n_coded.tolist() == [0, 0]


def test_the_model_alone_has_the_standard_error_of_a_mean_of_clusters() -> None:
    rng = np.random.default_rng(3)
    values = rng.random(400)
    found = model_alone(Population.of(np.zeros(400, dtype=int), np.arange(400), values), share=False)
    assert found.variance[0] ** 0.5 == pytest.approx(values.std(ddof=1) / 20)
    four = model_alone(Population.of(np.zeros(400, dtype=int), np.arange(400) % 4, values), share=False)
    assert np.isnan(four.interval()[0]).all()


def drawn_corpus(rng: np.random.Generator, world: str) -> tuple[Population, Coded, float, float]:
    """Two strata of units in articles with an inclination, and a sample that takes more of one of them.

    The model misses half of the cases in the first stratum. The last two are the truth of the corpus and of the world.
    """
    n_articles = 150
    inclined = rng.choice([0.05, 0.45], n_articles)
    article = np.repeat(np.arange(n_articles), rng.geometric(0.2, n_articles))
    codes = (rng.random(len(article)) < inclined[article]).astype(float)
    seen = np.where(rng.random(len(article)) < 0.5, 0, codes)
    model = np.clip(seen + (rng.random(len(article)) < 0.1), 0, 1)
    strata = (model > 0.5).astype(int)
    take = {0: 80, 1: 70} if world == "skewed" else {0: 120, 1: 30}
    at = np.concatenate([rng.choice(np.flatnonzero(strata == h), take[h], replace=False) for h in (0, 1)])
    chances = np.array([take[h] / (strata == h).sum() for h in (0, 1)])[strata[at]]
    none = np.zeros(len(article), dtype=int)
    coded = Coded(none[at], article[at], model[at], codes[at], chances, strata[at])
    return Population.of(none, article, model), coded, codes.mean(), 0.25


@pytest.mark.parametrize("world", ["skewed", "even"])
@pytest.mark.parametrize("generalize", [False, True])
def test_nineteen_of_twenty_intervals_cover_the_truth_and_the_variance_is_that_of_the_estimates(
    world: str, generalize: bool
) -> None:
    rng = np.random.default_rng(7)
    covered, errors, variances, naive = [], [], [], []
    for _ in range(600):
        population, coded, of_corpus, of_world = drawn_corpus(rng, world)
        truth = of_world if generalize else of_corpus
        found: Estimates = corrected(population, coded, share=True, generalize=generalize)
        low, high = found.interval()
        covered.append(low[0] <= truth <= high[0])
        errors.append(found.mean[0] - truth)
        variances.append(found.variance[0])
        naive.append(found.model[0] - truth)
    assert 0.93 <= np.mean(covered) <= 0.97
    assert abs(np.mean(errors)) < 0.004 < abs(np.mean(naive))
    assert np.mean(variances) == pytest.approx(np.var(errors), rel=0.12)
