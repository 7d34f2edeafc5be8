"""The shipped folder from a trained reader: 8-bit ONNX, tokenizer, mixture, threshold, scores and model card.

    python -m training.definitions.ship WORK CODED newskit/resources/models/definitions-en --seed 3

The threshold is the one with the best F1 on the chance sentences of the development part, among those with a precision
of at least 0.65; held-out debates and test articles only measure. Scores are those of the 8-bit model.
"""

import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from newskit.annotation.frames import definitions
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.frames.definitions import MAX_TOKENS, DefinitionCoder, DefinitionReader
from training.common.commands import command
from training.common.ship import sha256_of, weights_of, write_folder, write_readme
from training.common.vectors import write_card
from training.definitions.gold import SHIPPED
from training.definitions.graph import ReaderGraph

LEAST_PRECISION = 0.65
Judged = tuple[NDArray[np.float64], NDArray[np.bool_]]


def codebook_of(name: str, book: dict[str, Any]) -> Codebook:
    """Categories as a codebook without terms."""
    frames = tuple(
        Frame(key, key, frame["definition"], (), matches=tuple(frame["examples"]))
        for key, frame in book["frames"].items()
    )
    return Codebook(name, "1.0.0", "en", book["title"], "", frames)


def judged(rows: list[dict[str, Any]], books: dict[str, Any], reader: DefinitionReader) -> dict[str, Judged]:
    """Probabilities and codes by part, codebook, and how the rows were drawn."""
    groups: dict[str, tuple[list[float], list[bool]]] = defaultdict(lambda: ([], []))
    definitions.definition_reader = lambda: reader  # type: ignore[assignment]
    for name, book in books.items():
        own = [row for row in rows if row["codebook"] == name]
        if not own:
            continue
        coder = DefinitionCoder(codebook_of(name, book))
        for row, chances in zip(own, coder.scores([row["sentence"] for row in own]).tolist(), strict=True):
            gold = [frame in row["frames"] for frame in coder.names]
            for group in {row["part"], f"{row['part']} {row['drawn']}", f"{row['part']} {row['drawn']} {name}"}:
                groups[group][0].extend(chances)
                groups[group][1].extend(gold)
    return {name: (np.array(chances), np.array(gold)) for name, (chances, gold) in groups.items()}


def at(threshold: float, judged_: Judged) -> dict[str, float]:
    """Precision, recall and F1 at a threshold, and average precision."""
    chances, gold = judged_
    given = chances >= threshold
    right = float((given & gold).sum())
    precision, recall = right / max(given.sum(), 1), right / max(gold.sum(), 1)
    return {
        "judgments": len(gold),
        "coded": int(gold.sum()),
        "average_precision": round(float(average_precision_score(gold, chances)), 3) if gold.any() else 0.0,
        "precision": round(float(precision), 3),
        "recall": round(float(recall), 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
    }


def best_threshold(judged_: Judged) -> float:
    """The threshold with the best F1 among those that are precise enough."""
    steps = np.round(np.arange(0.1, 0.9, 0.01), 2)
    scores = {float(step): at(float(step), judged_) for step in steps}
    precise = [step for step, score in scores.items() if score["precision"] >= LEAST_PRECISION]
    return max(precise or scores, key=lambda step: scores[step]["f1"])


def main() -> None:
    parser = command(__doc__, "work", "coded", "folder")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--version", default="1.0.0")
    a = parser.parse_args()
    path = a.work / f"reader-{a.seed}" / "model.pt"
    weights = weights_of(path, MAX_TOKENS)
    weights = {name: value for name, value in weights.items() if not name.startswith("mixture.")}
    mixture = json.loads((path.parent / "mixture.json").read_text(encoding="utf-8"))
    plain: dict[str, Any] = {
        "name": "definitions-en", "version": a.version, "mixture": mixture, "threshold": 0.5,
        "width": weights["positions.weight"].shape[1],
    }  # fmt: skip
    exact_graph = ReaderGraph(weights, exact=True).build_reader()
    exact = DefinitionReader(write_folder(a.work / "exact" / "model", exact_graph, a.work, plain))
    reader = DefinitionReader(write_folder(a.folder, ReaderGraph(weights).build_reader(), a.work, plain))
    books = json.loads((a.coded / "books.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (a.coded / "frames.jsonl").open(encoding="utf-8")]
    groups, reference = judged(rows, books, reader), judged(rows, books, exact)
    threshold = best_threshold(groups["dev random"])
    shutil.rmtree(a.work / "exact")
    card = reader.card | {
        "threshold": threshold,
        "scores": {name: at(threshold, groups[name]) for name in sorted(groups) if shown(name)},
        "agreement_with_fp32": round(
            float(((groups["held"][0] >= threshold) == (reference["held"][0] >= threshold)).mean()), 4
        ),
        "sha256_student": sha256_of(path),
    }
    print(json.dumps(card, indent=1))
    write_card(a.folder, card)
    lines = [row_of(name, card["scores"][name]) for name in card["scores"] if not name.startswith("train")]
    write_readme(a.folder, Path(__file__).with_name("card.md"), card, scores="\n".join(lines), seed=a.seed)


def shown(name: str) -> bool:
    """Whether the card tells of a group: chance sentences, in all or of what was not taught or is shipped."""
    part, _, rest = name.partition(" random")
    return name.endswith("random") or (part == "held" and bool(rest)) or rest.strip() in SHIPPED


def row_of(name: str, scores: dict[str, float]) -> str:
    """A row of the card's table."""
    shown = (scores[key] for key in ("judgments", "coded", "average_precision", "precision", "recall"))
    return (
        f"| {name} | "
        + " | ".join(f"{value:.2f}" if isinstance(value, float) else str(value) for value in shown)
        + " |"
    )


if __name__ == "__main__":
    main()
