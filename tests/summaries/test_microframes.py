"""Microframes: which side of an axis texts lean to, and what is refused."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

import newskit as nk
from tests.conftest import declared, dtypes


def test_microframes_lean_where_the_words_do() -> None:
    crime = ["criminals broke the law with fraud", "the criminals and their fraud", "fraud by criminals again"] * 4
    court = ["a lawful permit was granted", "lawful rights and a permit", "the permit is lawful"] * 4
    axes = {"illegal – legal": ("illegal", "legal")}
    table = nk.microframes(crime, reference=court, axes=axes, resamples=200)
    assert dtypes(table) == declared("microframes")
    row = table.iloc[0]
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
    with pytest.raises(TypeError, match="takes several texts"):
        nk.microframes("the law and the courts", reference=court)
    assert nk.plot_microframes(nk.microframes(crime, reference=court, axes=axes, resamples=50)).get_title(loc="left")
    plt.close()
