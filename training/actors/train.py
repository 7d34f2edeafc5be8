"""Train the ranker of antecedents: a conditional logit for each kind of pronoun.

    python -m training.actors.train ARTICLES COREF

ARTICLES is the file that `data/gold/actors/links.csv` points into (gzip, `id` and `text` a line), COREF a folder with
`gum_other.jsonl` and `gap_development.tsv`. Trains on the links of the part train, four genres of GUM that are not news
and 700 passages of GAP; the penalty and the least probability were chosen on the links of the part dev. Prints
precision and recall on the part test, and writes `newskit/resources/models/pronouns-en/`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import newskit as nk
from newskit.annotation.actors.antecedents import FEATURES, NOBODY
from newskit.annotation.actors.ranker import FORMS, chances_of
from newskit.resources.files import model_folder
from training.actors.examples import Example, examples_of, from_gap, from_gum, from_links
from training.common.commands import command
from training.common.ship import sha256_of

PENALTY = 1.0
"""Of 0.3, 1, 3 and 10 none was better on the links of the part dev by more than chance."""
LEAST = {"person": 0.6, "thing": 0.2, "group": 0.5}
"""The least probability of an answer: by the links of the part dev and the half dev of `benchmarks/mentions.py`."""
GAP_PASSAGES = 700


class Scores(NamedTuple):
    """How many pronouns were linked, how many of them rightly, and how many stand for an actor that was found."""

    linked: int
    right: int
    wanted: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(self.linked + self.wanted, 1)


def fit(examples: Sequence[Example], penalty: float) -> NDArray[np.float64]:
    """The weights of the options, followed by those of nobody, with the least penalised loss."""
    n, m = len(FEATURES), len(NOBODY)
    arrays = [_rows(example) for example in examples]
    targets = [_right(example) for example in examples]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = penalty * float(weights @ weights) / 2, penalty * weights
        for example, rows, right in zip(examples, arrays, targets, strict=True):
            chances = chances_of(rows @ weights)
            of_right = float(chances[right].sum())
            total -= example.weight * float(np.log(of_right + 1e-12))
            among = np.where(right, chances, 0.0) / (of_right + 1e-12)
            slope = slope + example.weight * ((chances - among) @ rows)
        return total, slope

    found = minimize(loss, np.zeros(n + m), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    weights: NDArray[np.float64] = found.x
    return weights


def _rows(example: Example) -> NDArray[np.float64]:
    """The features of the options and, last, of nobody, each in columns of their own."""
    rows = np.zeros((len(example.options) + 1, len(FEATURES) + len(NOBODY)))
    rows[:-1, : len(FEATURES)] = example.options
    rows[-1, len(FEATURES) :] = example.nobody
    return rows


def _right(example: Example) -> NDArray[np.bool_]:
    """Which answers are right: the option or, if it is nobody, nobody and whatever is only described."""
    right = np.array([*example.described, True])
    if example.right is not None:
        right = np.arange(len(right)) == example.right
    return right


def score(examples: Sequence[Example], weights: NDArray[np.float64], least: float) -> Scores:
    """What the weights choose."""
    linked = right = 0
    for example in examples:
        likely = chances_of(_rows(example) @ weights)[:-1]
        best = int(np.argmax(likely))
        if not example.described[best] and likely[best] >= least:
            linked += 1
            right += best == example.right
    return Scores(linked, right, sum(example.right is not None for example in examples))


def train(learn: Sequence[Example]) -> dict[str, tuple[NDArray[np.float64], float]]:
    """The weights and the least probability for each kind of pronoun."""
    kinds = sorted(set(FORMS.values()))
    return {kind: (fit([e for e in learn if FORMS[e.form] == kind], PENALTY), LEAST[kind]) for kind in kinds}


def write(chosen: dict[str, tuple[NDArray[np.float64], float]], told: dict[str, str]) -> None:
    """Write the model: the weights, their card and the README."""
    folder = model_folder("pronouns-en")
    folder.mkdir(exist_ok=True)
    weights = {
        form: {
            "option": [round(float(w), 4) for w in values[: len(FEATURES)]],
            "nobody": [round(float(w), 4) for w in values[len(FEATURES) :]],
            "least": float(least),
        }
        for form, (values, least) in chosen.items()
    }
    data = {"features": list(FEATURES), "nobody": list(NOBODY), "weights": weights}
    file = folder / "weights.json"
    file.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    card = {"name": "pronouns-en", "version": "1.0.0", "sha256": sha256_of(file)}
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    template = Template((Path(__file__).parent / "card.md").read_text(encoding="utf-8"))
    (folder / "README.md").write_text(template.substitute(card, **told), encoding="utf-8")


def table(chosen: dict[str, tuple[NDArray[np.float64], float]], examples: Sequence[Example]) -> str:
    """Precision and recall by kind of pronoun, as a table in Markdown."""
    rows = ["| pronouns | n | precision | recall |", "| --- | --- | --- | --- |"]
    for form, (weights, least) in chosen.items():
        mine = [e for e in examples if FORMS[e.form] == form]
        found = score(mine, weights, least)
        precision, recall = found.right / max(found.linked, 1), found.right / max(found.wanted, 1)
        rows.append(f"| {form} | {len(mine)} | {precision:.3f} ({found.linked}) | {recall:.3f} ({found.wanted}) |")
    return "\n".join(rows)


def main() -> None:
    args = command(__doc__, "articles", "coref").parse_args()
    nlp = nk.make_nlp()
    for name in ("newskit_quotes", "newskit_tone", "newskit_frames"):
        nlp.remove_pipe(name)
    texts = {part: (from_links(args.articles, part), 1.0) for part in ("train", "dev", "test")}
    texts["gum"] = (from_gum(args.coref / "gum_other.jsonl"), 0.5)
    texts["gap"] = (from_gap(args.coref / "gap_development.tsv", GAP_PASSAGES), 0.3)
    parts = {
        name: [e for answers in given for e in examples_of(nlp, answers, weight)]
        for name, (given, weight) in texts.items()
    }
    chosen = train([example for name in ("train", "gum", "gap") for example in parts[name]])
    told = {part: table(chosen, parts[part]) for part in ("dev", "test")}
    counts = ", ".join(f"{name} {len(examples):,}" for name, examples in parts.items())
    write(chosen, told | {"counts": counts})
    print(told["test"])


if __name__ == "__main__":
    main()
