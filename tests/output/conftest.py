"""What the tests of output share: a table for each figure, and no figure left open."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import newskit as nk


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def tables(corpus: nk.Corpus) -> dict[str, pd.DataFrame]:
    """A table for each function of `tests.output.figures.PLOTS`."""
    return {
        "actor_frequency": nk.actor_frequency(corpus),
        "stance_summary": nk.stance_summary(corpus),
        "voice_matrix": nk.voice_matrix(corpus),
        "source_summary": nk.source_summary(corpus),
        "positions": nk.positions(corpus, "missile_transfer"),
        "frame_summary": nk.frame_summary(corpus, codebook="missile_debate"),
        "keyness": nk.keyness(corpus.sentences[:14], reference=corpus.sentences[14:]),
        "concordance": nk.concordance(corpus, "missile*"),
        "learning_curve": pd.DataFrame(
            {
                "kind": ["measured", "measured", "measured", "projected", "projected"],
                "n": [50, 100, 200, 400, 800],
                "f1": [0.4, 0.5, 0.56, 0.6, 0.62],
                "low": [0.3, 0.45, 0.52, None, None],
                "high": [0.5, 0.55, 0.6, None, None],
            }
        ),
        "compare": nk.compare(corpus, "tone", between="voice", min_n=2),
        "robustness": nk.robustness(corpus, target="donald-trump"),
        "microframes": pd.DataFrame(
            {
                "axis": ["war – peace", "weak – strong"],
                "bias_focus": [0.1, -0.04],
                "bias_reference": [-0.05, 0.02],
                "bias_q": [0.01, 0.3],
            }
        ),
    }
