"""The ranker of antecedents: a conditional logit over what a pronoun may stand for, and the answer nobody."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from newskit.annotation.actors.antecedents import FEATURES, NOBODY, Choices, Option
from newskit.resources.files import model_folder
from newskit.resources.onnx import damaged, file_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Token

PRONOUNS: Final = "pronouns-en"
FORMS: Final = {"m": "person", "f": "person", "thing": "thing", "group": "group"}
"""The weights for each kind of pronoun."""


class Chooser(Protocol):
    """Whatever chooses among the options of a pronoun."""

    def choose(self, pronoun: Token, form: str, choices: Choices) -> Option | None:
        """The option that the pronoun stands for; None if nobody stands out."""


@dataclass(frozen=True)
class Weights:
    """The weights for one kind of pronoun; an option must be as likely as `least` to be chosen."""

    option: NDArray[np.float64]
    nobody: NDArray[np.float64]
    least: float

    def likely(self, choices: Choices) -> NDArray[np.float64]:
        """The probability of each option and, last, of nobody."""
        scores = np.array([option.features for option in choices.options]) @ self.option
        return chances_of(np.append(scores, np.array(choices.nobody) @ self.nobody))


class Ranker:
    """Chooses the likeliest actor among the options by the weights of `pronouns-en`, trained by `training.actors`."""

    def __init__(self, folder: Path) -> None:
        file = folder / "weights.json"
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        if file_hash(file) != card["sha256"]:
            raise damaged(file, "newskit")
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["features"] != list(FEATURES) or data["nobody"] != list(NOBODY):
            raise ValueError(f"{file} has other features than this version of newskit; reinstall newskit")
        self.weights = {
            form: Weights(np.array(told["option"]), np.array(told["nobody"]), told["least"])
            for form, told in data["weights"].items()
        }

    def choose(self, pronoun: Token, form: str, choices: Choices) -> Option | None:
        """The likeliest actor; None if a described noun or nobody is likelier, or none is likely enough."""
        if not choices.options:
            return None
        weights = self.weights[FORMS[form]]
        likely = weights.likely(choices)[:-1]
        best = int(np.argmax(likely))
        option = choices.options[best]
        return option if option.noun.candidate is not None and likely[best] >= weights.least else None


def chances_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities of answers, from their scores."""
    powers: NDArray[np.float64] = np.exp(scores - scores.max())
    powers /= powers.sum()
    return powers


@functools.cache
def shipped_ranker() -> Ranker:
    """The ranker that ships with newskit."""
    return Ranker(model_folder(PRONOUNS))
