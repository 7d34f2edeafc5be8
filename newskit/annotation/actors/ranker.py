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
_KNOWN: Final = 1.5
"""How much likelier somebody is whose gender is known to agree than somebody whose gender is unknown."""


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
        """The likeliest actor, or the salient one where the ranker wavers; None if nobody stands out."""
        if not choices.options:
            return None
        weights = self.weights[FORMS[form]]
        likely = weights.likely(choices)[:-1]
        best = int(np.argmax(likely))
        option = choices.options[best]
        if option.noun.candidate is not None and likely[best] >= weights.least:
            return option
        return _salient(form, choices, likely)


def _salient(form: str, choices: Choices, likely: NDArray[np.float64]) -> Option | None:
    """The actor who leads in salience where the ranker does not decide; None if nobody leads by enough.

    A person of known gender in the pronoun's own sentence and voice is chosen if about as likely as the likeliest; what
    "it" may mean, if at least twice as likely as anything else.
    """
    if form == "group":
        return None
    options = choices.options
    saliences = np.array([option.salience * (_KNOWN if option.is_known else 1) for option in options])
    first, *others = np.argsort(-saliences, kind="stable")
    rival = float(max(saliences[others], default=0.0))
    likeliest = float(max(likely[others], default=0.0))
    option, chance = options[first], float(likely[first])
    if form == "thing":
        fits = saliences[first] >= 1.5 * rival and chance >= max(0.15, 2 * likeliest)
    else:
        here = option.back == 0 and option.is_known and option.noun.mark == choices.mark
        fits = here and saliences[first] >= 1.1 * rival and chance >= max(0.4, likeliest - 0.05) and chance < 0.5
    return option if fits and option.noun.candidate is not None else None


def chances_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities of answers, from their scores."""
    powers: NDArray[np.float64] = np.exp(scores - scores.max())
    powers /= powers.sum()
    return powers


@functools.cache
def shipped_ranker() -> Ranker:
    """The ranker that ships with newskit."""
    return Ranker(model_folder(PRONOUNS))
