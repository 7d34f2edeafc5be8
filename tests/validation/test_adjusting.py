from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from numpy.typing import NDArray

from newskit.validation.adjusting import adjusted

ARTICLES, EACH, CODED = 300, 6, 500


class World(NamedTuple):
    """Articles of two outlets; the model hardly sees what is good, and sees bad in one outlet where there is none."""

    table: pd.DataFrame
    features: NDArray[np.float64]


def world(rng: np.random.Generator) -> World:
    cluster = np.repeat(np.arange(ARTICLES), EACH)
    west = (cluster % 2).astype(float)
    chance = 0.25 + 0.05 * west + rng.normal(0, 0.1, ARTICLES)[cluster]
    truth = (rng.random(len(cluster)) < chance).astype(float)
    seen = rng.random(len(cluster)) < np.where(truth == 1, 0.7, 0.05 + 0.3 * west)
    table = pd.DataFrame({"cluster": cluster, "west": west, "truth": truth, "model": seen.astype(float)})
    return World(table, np.column_stack([table["model"], table["model"] * west]))


def draw(rng: np.random.Generator, table: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Codes of a stratified sample, and probabilities: twice as likely where the model sees something."""
    codes, probability = np.full(len(table), np.nan), np.full(len(table), np.nan)
    for value, share in ((0.0, 0.4), (1.0, 0.6)):
        there = np.flatnonzero(table["model"] == value)
        n = round(share * CODED)
        picked = rng.choice(there, n, replace=False)
        codes[picked] = table["truth"].to_numpy()[picked]
        probability[picked] = n / len(there)
    return codes, probability


def slope(table: pd.DataFrame, outcome: Any) -> tuple[float, float, float]:
    """The difference of the outlets, with the ends of its interval by errors clustered by article."""
    data = table.assign(outcome=outcome)
    fit = smf.ols("outcome ~ west", data).fit(cov_type="cluster", cov_kwds={"groups": data["cluster"]})
    low, high = fit.conf_int().loc["west"]
    return float(fit.params["west"]), float(low), float(high)


def test_a_regression_recovers_what_full_coding_gives_and_the_model_alone_does_not() -> None:
    found, covered = [], []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        table, features = world(rng)
        codes, probability = draw(rng, table)
        outcome = adjusted(codes, probability, features, table["cluster"].to_numpy(), table["model"].to_numpy()).outcome
        mine, low, high = slope(table, outcome)
        found.append([mine, slope(table, table["truth"])[0], slope(table, table["model"])[0]])
        covered.append(low <= 0.05 <= high)
    mine, full, model = np.array(found).T
    error = (mine - full).std() / np.sqrt(len(mine))
    assert abs((mine - full).mean()) < 3 * error
    assert error < 0.005
    assert abs((model - full).mean()) > 0.15  # the model finds three times the difference
    assert 0.89 <= np.mean(covered) <= 0.99


def test_rows_that_are_not_coded_keep_the_prediction() -> None:
    rng = np.random.default_rng(1)
    table, features = world(rng)
    codes, probability = draw(rng, table)
    prediction, outcome = adjusted(codes, probability, features, table["cluster"].to_numpy(), None)
    coded = ~np.isnan(codes)
    np.testing.assert_array_equal(prediction[~coded], outcome[~coded])
    errors = (codes[coded] - prediction[coded]) / probability[coded]
    np.testing.assert_allclose(outcome[coded], prediction[coded] + errors)
    assert prediction.min() >= 0
    assert prediction.max() <= 1


def test_few_codings_leave_the_model_as_it_is() -> None:
    codes = np.array([1.0, 0.0, np.nan, np.nan])
    model = np.array([0.5, 0.5, 0.25, 0.75])
    prediction, outcome = adjusted(codes, np.full(4, 0.5), model[:, None], np.arange(4), model)
    assert prediction.tolist() == model.tolist()
    assert outcome.tolist() == [1.5, -0.5, 0.25, 0.75]
    assert adjusted(codes, np.full(4, 0.5), model[:, None], np.arange(4), None).outcome.tolist() == [2, 0, 0, 0]


def test_all_rows_coded_give_the_codes() -> None:
    rng = np.random.default_rng(2)
    table, features = world(rng)
    codes = table["truth"].to_numpy()
    outcome = adjusted(codes, np.ones(len(codes)), features, table["cluster"].to_numpy(), None).outcome
    np.testing.assert_allclose(outcome, codes)
