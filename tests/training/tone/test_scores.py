"""Scores of tone, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.tone.scores import calibration_error, class_errors, least_sure, report, report_weighted

CHANCES = np.array([[0.9, 0.1, 0.0], [0.6, 0.4, 0.0], [0.0, 0.8, 0.2], [0.1, 0.2, 0.7]])


def test_calibration_error() -> None:
    # Each guess has a bin of its own: 0.1, 0.4, 0.2 and 0.3 off if all are right.
    assert calibration_error(CHANCES, [0, 0, 1, 2]) == pytest.approx(0.25)
    # The second is wrong: 0.6 off.
    assert calibration_error(CHANCES, [0, 1, 1, 2]) == pytest.approx(0.3)
    # In one bin a guess too sure and one too unsure make up for one another.
    together = np.array([[0.55, 0.45, 0.0], [0.55, 0.45, 0.0]])
    assert calibration_error(together, [0, 1]) == pytest.approx(0.05)


def test_a_guess_of_one_falls_into_the_last_bin() -> None:
    certain = np.array([[1.0, 0.0, 0.0]])
    assert (calibration_error(certain, [0]), calibration_error(certain, [1])) == (0, 1)


def test_report() -> None:
    found = report(CHANCES, [0, 1, 1, 2])
    assert found["accuracy"] == 0.75
    assert (found["negative"], found["neutral"], found["positive"]) == (0.6667, 0.6667, 1.0)
    assert found["macro_f1"] == 0.7778
    assert found["calibration_error"] == 0.3


def test_the_least_sure_guess_that_may_stop() -> None:
    chances = np.array([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.7, 0.3, 0], [0.6, 0.4, 0]])
    assert least_sure(chances, np.array([0, 0, 1, 0]), 1.0) == pytest.approx(0.8)
    assert least_sure(chances, np.array([0, 0, 1, 0]), 0.75) == pytest.approx(0.6)
    assert least_sure(chances, np.array([1, 1, 1, 1]), 0.5) == 1.0


def test_a_sample_is_scored_for_all_rows() -> None:
    # Drawn with other chances: the second row stands for five.
    weights = np.array([1.0, 5.0, 1.0, 1.0])
    found = report_weighted(CHANCES, [0, 1, 1, 2], weights, ("a", "b", "c"))
    assert (found["a_pr"], found["b_pr"], found["c_pr"]) == ("0.167 / 1.000", "1.000 / 0.167", "1.000 / 1.000")
    assert found["b_shares"].startswith("0.750 / 0.125 / 0.38")
    assert found["macro_f1"] == pytest.approx((2 / 7 + 2 / 7 + 1) / 3, abs=1e-4)
    decided = report_weighted(CHANCES, [0, 1, 1, 2], weights, ("a", "b", "c"), predicted=np.array([0, 1, 1, 2]))
    assert decided["macro_f1"] == 1


def test_calibration_of_each_code() -> None:
    chances = np.array([[0.25, 0.75], [0.25, 0.75], [0.95, 0.05], [0.95, 0.05]])
    found = class_errors(chances, np.array([0, 1, 0, 0]), np.array([1.0, 3.0, 2.0, 2.0]), ("a", "b"))
    # Of the first two, a quarter by weight is "a", as said; of the others all are.
    assert found == {"a": 0.025, "b": 0.025}
