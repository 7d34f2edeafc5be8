"""The ranker of antecedents: what it chooses, and what it refuses to load."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from newskit.annotation.actors.antecedents import FEATURES, NOBODY, Choices, Noun, Option
from newskit.annotation.actors.candidates import Candidate
from newskit.annotation.actors.ranker import FORMS, Ranker, Weights, shipped_ranker
from newskit.resources.files import model_folder

FOLDER = model_folder("pronouns-en")


def option(doc: Doc, salience: float, *, described: bool = False) -> Option:
    candidate = None if described else Candidate(0, 3, "ann", "", "person", 0, name="Ann")
    noun = Noun(doc[0], 0, "ann", "person", None, candidate)
    return Option(noun, 0, features=[salience, *[0.0] * (len(FEATURES) - 1)])


@pytest.mark.parametrize(
    ("saliences", "described", "chosen"),
    [([3.0, 1.0], False, 0), ([1.0, 3.0], False, 1), ([1.0, 1.1], False, None), ([3.0], True, None), ([], False, None)],
    ids=["first", "second", "too close", "only described", "none"],
)
def test_the_likeliest_is_chosen(saliences: list[float], described: bool, chosen: int | None) -> None:
    doc = Doc(Vocab(), words=["Ann", "left", "."])
    ranker = Ranker(FOLDER)
    ranker.weights = {"person": Weights(np.eye(1, len(FEATURES))[0] * 2, np.zeros(len(NOBODY)), least=0.6)}
    options = [option(doc, salience, described=described) for salience in saliences]
    found = ranker.choose(doc[1], "m", Choices(options, [1.0, *[0.0] * (len(NOBODY) - 1)]))
    assert found is (None if chosen is None else options[chosen])


@pytest.mark.parametrize(
    ("second", "back", "chosen"),
    [(5.0, 0, True), (7.0, 0, False), (5.0, 1, False)],
    ids=["leads in salience", "does not lead", "not in the sentence"],
)
def test_salience_decides_between_two_who_are_as_likely(second: float, back: int, chosen: bool) -> None:
    doc = Doc(Vocab(), words=["Ann", "left", "."])
    ranker = Ranker(FOLDER)
    ranker.weights = {"person": Weights(np.zeros(len(FEATURES)), np.eye(1, len(NOBODY))[0] * -2, least=0.6)}
    options = [option(doc, 1.0), option(doc, 1.0)]
    for each, salience in zip(options, (6.0, second), strict=True):
        each.salience, each.is_known, each.back = salience, True, back
    found = ranker.choose(doc[1], "f", Choices(options, [1.0, *[0.0] * (len(NOBODY) - 1)]))
    assert (found is options[0]) is chosen


def test_the_shipped_weights_fit_the_features() -> None:
    for kind in set(FORMS.values()):
        weights = shipped_ranker().weights[kind]
        assert (len(weights.option), len(weights.nobody)) == (len(FEATURES), len(NOBODY))
        assert 0 < weights.least < 1


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pronouns-en"
    shutil.copytree(FOLDER, folder)
    data = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    data["weights"]["person"]["least"] = 0.0
    (folder / "weights.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match=r"weights\.json is damaged"):
        Ranker(folder)
