"""Differences of two groups: intervals that cover, and p-values that agree with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind

from newskit.validation.differences import Differences
from newskit.validation.estimation import corrected, model_alone
from newskit.validation.weighing import Coded, Population

PAIR = (np.array([0]), np.array([1]))


def test_of_means_of_articles_it_is_the_t_test() -> None:
    rng = np.random.default_rng(0)
    values = rng.standard_normal(300) + np.repeat([0.0, 0.1], 150)
    population = Population.of(np.repeat([0, 1], 150), np.arange(300), values)
    gap = Differences(model_alone(population, share=False), *PAIR)
    expected = ttest_ind(values[:150], values[150:], equal_var=False)
    assert gap.difference[0] == pytest.approx(values[:150].mean() - values[150:].mean())
    assert gap.p[0] == pytest.approx(expected.pvalue, rel=0.1)
    low, high = gap.interval()
    assert (low[0], high[0]) == pytest.approx(tuple(expected.confidence_interval()), rel=0.02)


@pytest.mark.parametrize("share", [True, False])
def test_the_interval_leaves_zero_out_exactly_if_p_is_below_its_level(share: bool) -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        values = (rng.random(120) < np.repeat([0.45, 0.3], 60)).astype(float)
        population = Population.of(np.repeat([0, 1], 60), np.arange(120) // 2, values)
        gap = Differences(model_alone(population, share=share), *PAIR)
        low, high = gap.interval()
        assert (low[0] > 0 or high[0] < 0) == (gap.p[0] < 0.05)


def test_stories_in_both_groups_make_a_difference_more_certain() -> None:
    values = np.random.default_rng(2).standard_normal(100)
    both = Population.of(np.repeat([0, 1], 100), np.tile(np.arange(100), 2), np.concatenate([values, values + 0.01]))
    apart = Population.of(np.repeat([0, 1], 100), np.arange(200), np.concatenate([values, values + 0.01]))
    close, wide = (Differences(model_alone(one, share=False), *PAIR) for one in (both, apart))
    assert close.correlation[0] == pytest.approx(1)
    assert close.p[0] < 1e-6 < 0.9 < wide.p[0]


def test_a_group_with_few_cases_has_no_difference() -> None:
    none = np.zeros(40, dtype=int)
    group = np.repeat([0, 1], 20)
    codes = np.concatenate([np.arange(20) < 8, np.arange(20) < 3]).astype(float)
    population = Population.of(np.repeat([0, 1], 200), np.arange(400), np.zeros(400))
    coded = Coded(group, np.r_[:20, 200:220], np.zeros(40), codes, np.full(40, 0.1), none)
    gap = Differences(corrected(population, coded, share=True), *PAIR)
    assert gap.difference[0] == pytest.approx(0.25)
    assert np.isnan(gap.interval()[0][0])
    assert np.isnan(gap.p[0])


def test_without_a_difference_one_in_twenty_is_called_significant() -> None:
    rng = np.random.default_rng(12)
    called = []
    for _ in range(500):
        articles = rng.normal(0, 1, 120)
        article = np.repeat(np.arange(120), 4)
        codes = (rng.random(480) < 1 / (1 + np.exp(-articles[article]))).astype(float)
        model = np.clip(codes + (rng.random(480) < 0.3), 0, 1)
        group = (np.arange(120) % 2)[article]
        at = rng.choice(480, 160, replace=False)
        population = Population.of(group, article, model)
        coded = Coded(group[at], article[at], model[at], codes[at], np.full(160, 1 / 3), np.zeros(160, dtype=int))
        called.append(Differences(corrected(population, coded, share=True), *PAIR).p[0] < 0.05)
    assert 0.03 <= np.mean(called) <= 0.07
