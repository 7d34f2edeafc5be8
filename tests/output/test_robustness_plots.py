"""The specification curve: colours by conclusion, one mark per estimate and choice, the usual one by a diamond."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

import newskit as nk
from newskit.output.style import TONE_COLOURS
from newskit.schema import result_table
from tests.output import figures

USUAL = {"finding": "tone toward Ann", "method": "model", "count": "placements", "headlines": "with"}
USUAL |= {"pronouns": "with", "own_words": "with", "corrected": "no"}


def test_conclusions_and_choices_are_drawn() -> None:
    rows = [
        {"min_score": 0.5, "estimate": -0.1, "low": -0.3, "high": 0.1, "conclusion": "open", "flips": True},
        {"min_score": 0.0, "estimate": 0.2, "low": 0.1, "high": 0.3, "conclusion": "above 0", "usual": True},
        {"min_score": 0.0, "method": "textblob", "estimate": 0.4, "low": 0.2, "high": 0.6, "conclusion": "above 0"},
    ]
    more = {"usual": False, "flips": False, "n": 9, "n_articles": 9}
    ax = figures.drawn(nk.plot_robustness(result_table("robustness", [{**USUAL, **more, **row} for row in rows])))
    assert ax.get_title(loc="left") == "Tone toward Ann\nopen in 1, above 0 in 2 of 3 estimates"
    points = ax.collections[0]
    grey, blue = TONE_COLOURS["neutral"].lower(), TONE_COLOURS["positive"].lower()
    assert [to_hex(colour) for colour in np.asarray(points.get_facecolor())] == [grey, blue, blue]
    diamonds = [line for line in ax.lines if line.get_marker() == "D"]
    assert [np.asarray(line.get_xydata()).tolist() for line in diamonds] == [[[1.0, 0.2]]]
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["tone by the tone model", "tone by TextBlob", "all scores as they are", "scores below 0.5 are 0"]
    marks = [np.asarray(line.get_xdata()).tolist() for line in ax.lines if line.get_marker() == "|"]
    assert marks == [[1], [0], [2], [1, 2], [0]]
