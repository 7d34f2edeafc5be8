"""The training of the ranker, on examples made up."""

from __future__ import annotations

import pytest

from newskit.annotation.actors.antecedents import FEATURES, NOBODY
from training.actors.examples import Example
from training.actors.train import fit, score


def example(saliences: list[float], right: int | None) -> Example:
    options = [[salience, *[0.0] * (len(FEATURES) - 1)] for salience in saliences]
    return Example("m", options, [False] * len(options), [1.0, *[0.0] * (len(NOBODY) - 1)], right, 1.0)


def test_the_more_salient_is_learnt_to_be_right() -> None:
    examples = [example([0.0, 2.0], 1), example([2.0, 0.0], 0), example([0.0, 0.0], None)] * 20
    weights = fit(examples, penalty=0.1)
    assert weights[0] > 1
    found = score(examples, weights, 0.5)
    assert (found.linked, found.right, found.wanted) == (40, 40, 40)
    assert found.f1 == pytest.approx(1)


def test_what_is_only_described_counts_as_nobody() -> None:
    described = example([1.0], None)._replace(described=[True])
    weights = fit([described] * 20, penalty=0.1)
    assert score([described], weights, 0.5).linked == 0
