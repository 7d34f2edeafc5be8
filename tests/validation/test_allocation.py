from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newskit.validation.allocation import allocate, weights_of

SIZES = st.lists(st.integers(1, 10_000), min_size=1, max_size=12)


def test_proportional_equal_and_neyman_by_hand() -> None:
    sizes, groups, doubt = np.array([600, 300, 100]), np.array([0, 0, 1]), np.array([0.1, 0.2, 0.6])
    wanted = {"proportional": [60, 30, 10], "equal": [33, 17, 50], "neyman": [33, 33, 33]}
    for allocation, counts in wanted.items():
        weights = weights_of(allocation, sizes, groups, doubt)
        found = allocate(sum(counts), sizes, weights=weights)
        assert found.tolist() == counts, allocation


def test_what_a_small_stratum_lacks_goes_to_the_others() -> None:
    assert allocate(60, [1000, 1000, 5], weights=[1, 1, 1]).tolist() == [28, 27, 5]


@given(SIZES, st.integers(1, 5000), st.integers(0, 3), st.data())
def test_sum_and_bounds(sizes: list[int], n: int, at_least: int, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(0, 1e6), min_size=len(sizes), max_size=len(sizes)))
    least = np.minimum(sizes, at_least)
    assume(min(n, sum(sizes)) >= least.sum())
    found = allocate(n, sizes, weights=weights, at_least=at_least)
    assert found.sum() == min(n, sum(sizes))
    assert (found >= least).all()
    assert (found <= sizes).all()


def test_too_few_rows_for_the_strata() -> None:
    with pytest.raises(ValueError, match="n=3 is too small for 2 strata with at least 2 rows each: draw at least n=4"):
        allocate(3, [10, 10], weights=[1, 1], at_least=2)
    with pytest.raises(ValueError, match="allocation is proportional, equal, neyman, not 'optimal'"):
        weights_of("optimal", np.array([1]), np.array([0]), np.array([1.0]))
