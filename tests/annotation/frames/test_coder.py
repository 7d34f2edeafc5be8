"""FrameCoder: learning, scores on held-out texts, keeping, refusals."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import newskit as nk
from newskit.annotation.frames.learning import calibrated, chosen_frames, folds_of, regression

MONEY = ["The tariffs will cost {} millions.", "Prices and wages in {} rose again.", "{} cut its budget and taxes."]
FIGHT = ["Rivals in {} condemned the plan.", "{} accused its critics of lying.", "The two camps of {} clashed again."]
PLACES = ["Oslo", "Lima", "Quito", "Turin", "Porto", "Sofia", "Accra", "Dakar"]


def sample() -> tuple[list[str], list[set[str]]]:
    texts, labels = [], []
    for place in PLACES:
        for money, fight in zip(MONEY, FIGHT, strict=True):
            texts += [money.format(place), fight.format(place), f"{money.format(place)} {fight.format(place)}"]
            labels += [{"economic"}, {"conflict"}, {"economic", "conflict"}]
    return texts, labels


@pytest.fixture(scope="module")
def coder() -> nk.FrameCoder:
    return nk.FrameCoder().fit(*sample())


def test_it_learns(coder: nk.FrameCoder) -> None:
    coded = coder.predict(["Higher taxes will cost the port millions.", "The opposition condemned its rivals."])
    assert coded == [{"economic"}, {"conflict"}]
    assert coder.predict([]) == []
    table = coder.predict_proba(["Taxes rose.", "They clashed."])
    assert list(table.columns) == ["conflict", "economic"]
    assert table["economic"].tolist() == sorted(table["economic"], reverse=True)


def test_a_saved_coder_is_the_same(coder: nk.FrameCoder, tmp_path: Path) -> None:
    texts = ["Taxes rose in Oslo.", "They clashed.", "It rained."]
    again = nk.FrameCoder.load(coder.save(tmp_path / "mine"))
    pd.testing.assert_frame_equal(coder.predict_proba(texts), again.predict_proba(texts))
    assert coder.predict(texts) == again.predict(texts)
    other = tmp_path / "other.npz"
    np.savez(other, x=np.zeros(2))
    with pytest.raises(ValueError, match="no saved FrameCoder"):
        nk.FrameCoder.load(other)


def test_labels_that_mean_nothing_score_low_and_real_ones_high() -> None:
    texts, labels = sample()
    good = nk.FrameCoder().cross_validate(texts, labels, folds=3).set_index("frame")
    assert good["f1"].to_dict()["macro"] > 0.9
    assert (good["low"] <= good["f1"]).all()
    assert (good["f1"] <= good["high"]).all()
    rng = np.random.default_rng(1)
    mixed = [labels[i] for i in rng.permutation(len(labels))]
    poor = nk.FrameCoder().cross_validate(texts, mixed, folds=3).set_index("frame")
    assert poor["f1"].to_dict()["macro"] < 0.85


def test_learning_curve() -> None:
    table = nk.FrameCoder().learning_curve(*sample(), sizes=[20, 30, 54], repeats=2)
    assert table["kind"].tolist() == ["measured"] * 3 + ["projected"] * 2
    assert table["f1"].between(0, 1).all()
    assert nk.plot_learning_curve(table).get_xlabel().startswith("coded texts")
    plt.close()


def test_refusals() -> None:
    texts, labels = sample()
    with pytest.raises(ValueError, match="too few"):
        nk.FrameCoder().fit(texts[:5], labels[:5])
    with pytest.raises(ValueError, match="label sets"):
        nk.FrameCoder().fit(texts, labels[:-1])
    with pytest.raises(ValueError, match="'rare' is in 1 of"):
        nk.FrameCoder().fit(texts, [{"rare"}, *labels[1:]])
    with pytest.raises(TypeError, match="not a string"):
        nk.FrameCoder().fit(texts, ["economic"] * len(texts))
    with pytest.raises(ValueError, match="has not learned yet"):
        nk.FrameCoder().predict(["A text."])
    with pytest.raises(ValueError, match="folds must lie"):
        nk.FrameCoder().cross_validate(texts, labels, folds=1)


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


def test_threshold_is_half_of_the_expected_f1_and_every_text_gets_a_frame_if_all_had_one() -> None:
    scores = np.linspace(-3, 3, 60)
    _, _, threshold = calibrated(scores, scores > 0.2)
    assert 0 < threshold <= 0.5
    probabilities = np.array([[0.1, 0.2], [0.9, 0.1]])
    assert chosen_frames(probabilities, np.array([0.5, 0.5]), True).tolist() == [[False, True], [True, False]]
    assert chosen_frames(probabilities, np.array([0.5, 0.5]), False).tolist() == [[False, False], [True, False]]
