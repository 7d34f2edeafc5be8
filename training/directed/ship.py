"""The shipped folder from a trained student: 8-bit ONNX, tokenizer, temperature, scores and model card.

    python -m training.directed.ship WORK DATA newskit/models/directed-en --out OUT --seed 1

The temperature is fitted on the tenth of DSE's train part that was held out; the valid
part only measures. Scores are of the 8-bit model as shipped.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newskit.annotation.tone.directed import DirectedModel
from newskit.annotation.tone.model import LONGEST
from training.common.sentences import Sentence
from training.common.ship import best_temperature, weights_of, write_folder
from training.directed.graph import PairGraph
from training.directed.pairs import CLASSES, distinct, folds, read_dse, report
from training.directed.student import MARKED_AGAIN


def logits_of(model: DirectedModel, sentences: list[Sentence]) -> NDArray[np.float64]:
    """Log-probabilities at temperature 1, as good as logits."""
    pairs = [(s.spans[0], s.spans[1]) for s in sentences]
    return np.log(np.maximum(model.probabilities([s.text for s in sentences], pairs), 1e-12))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--held", type=int, default=0)
    parser.add_argument("--version", default="1.0.0")
    a = parser.parse_args()

    path = a.out / f"directed-{a.seed}" / "model.pt"
    weights = weights_of(path, LONGEST)
    plain: dict[str, Any] = {"name": "directed-en", "version": a.version, "temperature": 1.0}
    exact_graph = PairGraph(weights, exact=True).build_pairs(MARKED_AGAIN)
    exact = DirectedModel(write_folder(a.out / "exact", exact_graph, a.work, plain))
    model = DirectedModel(write_folder(a.folder, PairGraph(weights).build_pairs(MARKED_AGAIN), a.work, plain))

    parts = {
        "held": folds(distinct(read_dse(a.data / "train.tsv")), 10, a.held)[1],
        "valid": read_dse(a.data / "valid.tsv"),
    }
    gold = {name: np.array([s.labels[0] for s in part]) for name, part in parts.items()}
    logits = {name: logits_of(model, part) for name, part in parts.items()}
    reference = logits_of(exact, parts["valid"])
    temperature = best_temperature(logits["held"], gold["held"])
    agreement = float((logits["valid"].argmax(1) == reference.argmax(1)).mean())
    card = {
        **plain,
        "temperature": round(temperature, 4),
        "classes": list(CLASSES),
        "scores": {name: report(logits[name], gold[name].tolist()) for name in parts},
        "fp32": {"valid": report(reference, gold["valid"].tolist())},
        "agreement_with_fp32": round(agreement, 4),
        "sha256": hashlib.sha256((a.folder / "model.onnx").read_bytes()).hexdigest(),
        "sha256_student": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (a.folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (a.folder / "README.md").write_text(readme(card, a.seed), encoding="utf-8")
    shutil.rmtree(a.out / "exact")
    print(json.dumps(card, indent=1))
    print(f"{sum(f.stat().st_size for f in a.folder.iterdir()) / 1e6:.1f} MB in {a.folder}")


def readme(card: dict[str, Any], seed: str) -> str:
    """The model card, from card.md and what was measured."""
    names = [("**shipped, 8 bit**", "valid", "scores"), ("the same in fp32", "valid", "fp32")]
    names += [("shipped, 8 bit", "held out", "scores")]
    rows = [_row(who, part, card[kind][part.split()[0]]) for who, part, kind in names]
    template = Template((Path(__file__).with_name("card.md")).read_text(encoding="utf-8"))
    numbers = {key: value for key, value in card.items() if not isinstance(value, dict | list)}
    return template.substitute(numbers, scores="\n".join(rows), seed=seed)


def _row(who: str, part: str, scores: dict[str, Any]) -> str:
    per_class = " | ".join(f"{100 * f1:.1f}" for f1 in scores["per_class"])
    return f"| {who} | {part} | {100 * scores['macro_f1']:.1f} | {per_class} | {100 * scores['accuracy']:.1f} |"


if __name__ == "__main__":
    main()
