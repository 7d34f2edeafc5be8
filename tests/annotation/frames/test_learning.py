"""The statistics of `FrameCoder`: weights, regressions, folds, thresholds, scores and curves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from newskit.annotation.frames.learning import (
    calibrated,
    chosen_frames,
    folds_of,
    inverse_frequencies,
    power_law,
    regression,
    scored,
    weighted_counts,
)


def test_the_short_way_gives_the_regression_itself() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    features = sparse.csr_matrix(rng.random((30, 80)))
    coded = rng.random((30, 1)) < 0.4
    model = regression(features, coded, 1.0)
    whole = LogisticRegression(C=1.0, class_weight="balanced", tol=1e-8, max_iter=5000).fit(features, coded[:, 0])
    np.testing.assert_allclose(model(features)[:, 0], whole.decision_function(features), atol=1e-2)


def test_folds_spread_each_frame() -> None:
    coded = np.zeros((50, 2), dtype=bool)
    coded[:10, 0] = coded[5:40, 1] = True
    folds = folds_of(coded, 5)
    assert sorted(i for _, test in folds for i in test) == list(range(50))
    assert all(coded[test, 0].sum() == 2 for _, test in folds)


def test_the_threshold_is_half_of_the_highest_f1_to_be_expected() -> None:
    """Lipton et al. (2014): and coding by it gives that F1, which no other number of texts exceeds."""
    rng = np.random.default_rng(5)
    scores = rng.normal(size=400)
    coded = rng.random(400) < 1 / (1 + np.exp(1 - 1.5 * scores))
    slope, offset, threshold = calibrated(scores, coded)
    assert (slope, offset) == pytest.approx((1.5, -1), abs=0.35)
    chances = 1 / (1 + np.exp(-slope * scores - offset))
    assert chances.mean() == pytest.approx(coded.mean(), abs=0.01)
    likeliest = np.sort(chances)[::-1]
    best = max(2 * likeliest[:n].sum() / (n + chances.sum()) for n in range(1, 401))
    assert threshold == pytest.approx(best / 2)
    chosen = chances >= threshold
    assert 2 * chances[chosen].sum() / (chosen.sum() + chances.sum()) == pytest.approx(best)
    assert 0 < chosen.sum() < 400


def test_each_text_gets_a_frame_if_all_had_one() -> None:
    probabilities = np.array([[0.1, 0.2], [0.9, 0.1], [0.2, 0.3]])
    thresholds = np.array([0.5, 0.5])
    assert chosen_frames(probabilities, thresholds, True).tolist() == [[False, True], [True, False], [False, True]]
    assert chosen_frames(probabilities, thresholds, False).tolist() == [[False, False], [True, False], [False, False]]
    nearest = chosen_frames(probabilities, np.array([0.25, 0.9]), True)
    assert nearest.tolist() == [[True, False], [True, False], [True, False]], "by its own threshold each"


def test_a_curve_goes_on_as_it_began() -> None:
    sizes = np.array([25.0, 50.0, 100.0, 200.0])
    curve = power_law(sizes, 0.8 - 2 * sizes**-0.7)
    assert [curve(n) for n in (30, 400, 800)] == pytest.approx([0.8 - 2 * n**-0.7 for n in (30, 400, 800)], abs=1e-4)


def test_scores_of_frames() -> None:
    coded = np.array([[1, 0], [1, 1], [1, 0], [0, 1]], dtype=bool)
    chosen = np.array([[1, 0], [0, 0], [1, 1], [1, 1]], dtype=bool)
    table = scored(["a", "b"], coded, chosen).set_index("frame")
    assert table["n"].tolist() == [3, 2, 4]
    assert table["precision"].tolist() == pytest.approx([2 / 3, 1 / 2, 7 / 12])
    assert table["recall"].tolist() == pytest.approx([2 / 3, 1 / 2, 7 / 12])
    assert table["f1"].tolist() == pytest.approx([2 / 3, 1 / 2, 7 / 12])
    assert (table["low"] < table["f1"]).all()
    assert (table["f1"] < table["high"]).all()


def test_words_in_few_texts_weigh_more() -> None:
    counts = sparse.csr_matrix(np.array([[1, 3], [1, 0], [1, 0]]))
    idf = inverse_frequencies(counts)
    assert idf.tolist() == pytest.approx([1, np.log(2) + 1])
    row = np.array([1.0, (1 + np.log(3)) * (np.log(2) + 1)])
    weights = weighted_counts(counts, idf).toarray()
    assert weights.tolist() == [pytest.approx((row / np.linalg.norm(row)).tolist()), [1, 0], [1, 0]]
