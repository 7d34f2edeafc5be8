"""The shipped folder from a trained student: 8-bit ONNX, tokenizer, temperature, scores and model card.

    python -m training.directed.ship WORK DATA newskit/resources/models/directed-en --out OUT --seed 1

The temperature is fitted on the tenth of DSE's train part that was held out; the valid part only measures. Scores are
those of the 8-bit model as shipped.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newskit.annotation.tone.directed import DirectedModel
from newskit.annotation.tone.model import TONE_WINDOW
from training.common.commands import command
from training.common.sentences import Sentence, read_dse
from training.common.ship import (
    as_logits,
    best_temperature,
    sha256_of,
    weights_of,
    write_folder,
    write_readme,
)
from training.common.vectors import write_card
from training.directed.graph import PairGraph
from training.directed.pairs import CLASSES, distinct, folds, report
from training.directed.student import MARKED_AGAIN


def logits_of(model: DirectedModel, sentences: list[Sentence]) -> NDArray[np.float64]:
    """Log-probabilities at temperature 1."""
    pairs = [(s.spans[0], s.spans[1]) for s in sentences]
    return as_logits(model.probabilities([s.text for s in sentences], pairs))


def measured(model: DirectedModel, exact: DirectedModel, parts: dict[str, list[Sentence]]) -> dict[str, Any]:
    """What the card says of the 8-bit model, beside the same weights in fp32 (`exact`)."""
    gold = {name: np.array([s.labels[0] for s in part]) for name, part in parts.items()}
    logits = {name: logits_of(model, part) for name, part in parts.items()}
    reference = logits_of(exact, parts["valid"])
    agreement = float((logits["valid"].argmax(1) == reference.argmax(1)).mean())
    return {
        "temperature": round(best_temperature(logits["held"], gold["held"]), 4),
        "classes": list(CLASSES),
        "scores": {name: report(logits[name], gold[name].tolist()) for name in parts},
        "fp32": {"valid": report(reference, gold["valid"].tolist())},
        "agreement_with_fp32": round(agreement, 4),
    }


def rows_of(card: dict[str, Any]) -> list[str]:
    """The card's table of scores."""
    names = [("**shipped, 8 bit**", "valid", "scores"), ("the same in fp32", "valid", "fp32")]
    names += [("shipped, 8 bit", "held out", "scores")]
    return [row_of(who, part, card[kind][part.split()[0]]) for who, part, kind in names]


def row_of(who: str, part: str, scores: dict[str, Any]) -> str:
    per_class = " | ".join(f"{100 * f1:.1f}" for f1 in scores["per_class"])
    return f"| {who} | {part} | {100 * scores['macro_f1']:.1f} | {per_class} | {100 * scores['accuracy']:.1f} |"


def main() -> None:
    parser = command(__doc__, "work", "data", "folder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--held", type=int, default=0)
    parser.add_argument("--version", default="1.0.0")
    a = parser.parse_args()
    path = a.out / f"directed-{a.seed}" / "model.pt"
    weights = weights_of(path, TONE_WINDOW)
    plain: dict[str, Any] = {"name": "directed-en", "version": a.version, "temperature": 1.0}
    exact_graph = PairGraph(weights, exact=True).build_pairs(MARKED_AGAIN)
    exact = DirectedModel(write_folder(a.out / "exact" / "model", exact_graph, a.work, plain))
    model = DirectedModel(write_folder(a.folder, PairGraph(weights).build_pairs(MARKED_AGAIN), a.work, plain))
    _, held = folds(distinct(read_dse(a.data / "train.tsv")), 10, a.held)
    card = model.card | measured(model, exact, {"held": held, "valid": read_dse(a.data / "valid.tsv")})
    card["sha256_student"] = sha256_of(path)
    shutil.rmtree(a.out / "exact")
    print(json.dumps(card, indent=1))
    write_card(a.folder, card)
    template = Path(__file__).with_name("card.md")
    write_readme(a.folder, template, card, scores="\n".join(rows_of(card)), seed=a.seed)


if __name__ == "__main__":
    main()
