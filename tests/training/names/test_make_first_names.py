"""How first names get their gender."""

from __future__ import annotations

from collections import Counter

import pytest

from training.names.make_first_names import decide, folded


@pytest.mark.parametrize(
    ("name", "plain"), [("José", "jose"), ("Jean-Luc", "jean-luc"), ("Дмитрий", "dmitriy"), ("O'Neal 3", "oneal")]
)
def test_names_are_folded(name: str, plain: str) -> None:
    assert folded(name) == plain


@pytest.mark.parametrize(
    ("men", "women", "gender"), [(10, 2, "m"), (9, 2, "u"), (2, 10, "f"), (3, 0, "m"), (0, 1, "f"), (1, 1, "u")]
)
def test_a_gender_needs_five_times_the_other(men: int, women: int, gender: str) -> None:
    assert decide(Counter(m=men, f=women), 5) == gender
