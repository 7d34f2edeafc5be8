"""FrameCoder: learning, scores on held-out texts, saving, refusals."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import newskit as nk
from newskit.annotation.frames.learning import power_law
from tests.conftest import declared, dtypes

MONEY = ["The tariffs will cost {} millions.", "Prices and wages in {} rose again.", "{} cut its budget and taxes."]
FIGHT = ["Rivals in {} condemned the plan.", "{} accused its critics of lying.", "The two camps of {} clashed again."]
FRAMES = ["conflict", "economic"]
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
    with pytest.raises(ValueError, match="not a saved FrameCoder"):
        nk.FrameCoder.load(other)


def test_labels_that_mean_nothing_score_low_and_real_ones_high() -> None:
    texts, labels = sample()
    good = nk.FrameCoder().cross_validate(texts, labels, folds=3).set_index("frame")
    assert dtypes(good.reset_index()) == declared("FrameCoder.cross_validate")
    assert good["f1"].to_dict()["macro"] > 0.9
    assert (good["low"] <= good["f1"]).all()
    assert (good["f1"] <= good["high"]).all()
    rng = np.random.default_rng(1)
    mixed = [labels[i] for i in rng.permutation(len(labels))]
    poor = nk.FrameCoder().cross_validate(texts, mixed, folds=3).set_index("frame")
    assert poor["f1"].to_dict()["macro"] < 0.85


def noisy_sample() -> tuple[list[str], list[set[str]]]:
    """The sample with every fifth label given to another text: no coder gets all of them right."""
    texts, labels = sample()
    wrong = labels[::5]
    labels[::5] = [*wrong[1:], wrong[0]]
    return texts, labels


def test_learning_curve_is_what_coders_of_these_sizes_score_on_the_held_out_quarter() -> None:
    texts, labels = noisy_sample()
    table = nk.FrameCoder().learning_curve(texts, labels, sizes=[20, 40, 54], repeats=2, seed=3)
    assert table["kind"].tolist() == ["measured"] * 3 + ["projected"] * 2
    assert table["n"].tolist() == [20, 40, 54, 108, 216]
    assert dtypes(table) == declared("FrameCoder.learning_curve")

    def macro_f1(size: int, seed: int) -> float:
        order = np.random.default_rng(seed).permutation(len(texts))
        test, train = order[:18], order[18 : 18 + size]
        coder = nk.FrameCoder().fit([texts[i] for i in train], [labels[i] for i in train])
        found = coder.predict([texts[i] for i in test])
        pairs = [[(frame in labels[i], frame in got) for i, got in zip(test, found, strict=True)] for frame in FRAMES]
        return float(np.mean([2 * one.count((True, True)) / sum(a + b for a, b in one) for one in pairs]))

    scores = [macro_f1(40, seed) for seed in (3, 4)]
    row = table.iloc[1]
    assert max(scores) < 1
    assert min(scores) != max(scores)
    assert row[["f1", "low", "high"]].tolist() == pytest.approx([np.mean(scores), min(scores), max(scores)])
    curve = power_law(np.array([20.0, 40.0, 54.0]), table["f1"].to_numpy()[:3])
    assert table["f1"].tolist()[3:] == pytest.approx([curve(108), curve(216)])
    assert table[["low", "high"]].iloc[3:].isna().all(axis=None)
    assert nk.plot_learning_curve(table).get_xlabel().startswith("coded texts")
    plt.close()


def test_sizes_that_are_refused() -> None:
    for sizes in ([19, 40], [20, 55]):
        with pytest.raises(ValueError, match="sizes must lie between 20 and 54"):
            nk.FrameCoder().learning_curve(*sample(), sizes=sizes)


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
