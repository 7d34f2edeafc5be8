"""The shipped folder from a trained student: 8-bit ONNX, tokenizer, calibration, scores and model card.

    python -m training.tone.ship WORK DATA newskit/resources/models/tone-en --seed 1

Scores and calibration are those of the 8-bit model as shipped, on the development parts in DATA. The temperature is
fitted on one half of the sentences and its calibration error measured on the other, both ways round.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from newskit.annotation.tone.model import TONE_WINDOW, ToneModel
from newskit.resources.onnx import softmax
from training.common.commands import command
from training.common.graph import StudentGraph
from training.common.sentences import LABELS, read_newsmtsc
from training.common.shape import SHARED
from training.common.ship import (
    as_logits,
    best_temperature,
    sha256_of,
    weights_of,
    write_folder,
    write_readme,
)
from training.common.vectors import write_card
from training.tone.scores import calibration_error, report

PARTS = {"rw": "real-world", "mt": "multi-target"}
Logits = dict[str, NDArray[np.floating]]
Gold = dict[str, NDArray[np.int64]]


def logits_of(model: ToneModel, data: Path) -> tuple[Logits, Gold]:
    """Log-probabilities at temperature 1 and labels of each development part."""
    logits: Logits = {}
    gold: Gold = {}
    for name in PARTS:
        sentences = read_newsmtsc(data / f"dev_{name}.jsonl")
        chances = model.probabilities([s.text for s in sentences], [s.spans for s in sentences])
        logits[name] = as_logits(np.concatenate(chances))
        gold[name] = np.array([label for s in sentences for label in s.labels])
    return logits, gold


def held_out_error(logits: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """The calibration error of either half, at the temperature that fits the other one best."""
    halves = [np.arange(len(labels)) % 2 == half for half in (0, 1)]
    errors = []
    for here, there in (halves, halves[::-1]):
        chances = softmax(logits[there] / best_temperature(logits[here], labels[here]))
        errors.append(calibration_error(chances, labels[there].tolist()))
    return float(np.mean(errors))


def measured(logits: Logits, reference: Logits, gold: Gold) -> dict[str, object]:
    """What the card says of the 8-bit model, beside the same weights in fp32 (`reference`)."""
    joined, labels = np.concatenate(list(logits.values())), np.concatenate(list(gold.values()))
    agreement = float((joined.argmax(1) == np.concatenate(list(reference.values())).argmax(1)).mean())
    temperature = best_temperature(joined, labels)
    confusion = np.zeros((3, 3), dtype=int)
    np.add.at(confusion, (labels, joined.argmax(1)), 1)
    return {
        "temperature": round(temperature, 4),
        "labels": list(LABELS),
        "confusion": confusion.tolist(),
        "scores": {name: report(softmax(logits[name] / temperature), gold[name].tolist()) for name in logits},
        "fp32": {name: report(softmax(reference[name] / temperature), gold[name].tolist()) for name in logits},
        "calibration_error_held_out": round(held_out_error(joined, labels), 4),
        "agreement_with_fp32": round(agreement, 4),
    }


def as_rows(scores: dict[str, dict[str, float]], who: str) -> list[str]:
    """Rows of the card's table of scores."""
    kept = ("macro_f1", *LABELS, "accuracy")
    return [
        f"| {who} | {PARTS[part]} | " + " | ".join(f"{100 * of_part[k]:.1f}" for k in kept) + " |"
        for part, of_part in scores.items()
    ]


def rows_of(card: dict[str, Any], logs: list[Path]) -> list[str]:
    """The card's table of scores; those of the teachers are from their logs."""
    rows = as_rows(card["scores"], "**shipped, 8 bit**") + as_rows(card["fp32"], "the same in fp32")
    for log in logs:
        last = {line["part"]: line for line in map(json.loads, log.read_text(encoding="utf-8").splitlines())}
        rows += as_rows(last, log.parent.name.replace("-", " "))
    return rows


def build(a: argparse.Namespace, student: Path, plain: dict[str, object]) -> tuple[ToneModel, ToneModel]:
    """The model in a.folder, with the heads for early exits if there are any, and the same weights in fp32 without."""
    weights = weights_of(student, TONE_WINDOW)
    early = student.with_name("exits.pt")
    heads = torch.load(early, map_location="cpu") if early.exists() else {"weights": {}, "sure": {}}
    with_heads = weights | {name: value.numpy() for name, value in heads["weights"].items()}
    exact = StudentGraph(weights, exact=True).build(SHARED)
    shipped = StudentGraph(with_heads).build(SHARED, heads["sure"])
    exact_folder = write_folder(a.work / "exact" / "model", exact, a.work, plain)
    return ToneModel(write_folder(a.folder, shipped, a.work, plain)), ToneModel(exact_folder)


def main() -> None:
    parser = command(__doc__, "work", "data", "folder")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--version", default="1.0.0")
    a = parser.parse_args()
    path = a.work / f"student-{a.seed}" / "model.pt"
    plain: dict[str, object] = {"name": "tone-en", "version": a.version, "temperature": 1.0}
    model, exact = build(a, path, plain)
    logits, gold = logits_of(model, a.data)
    reference, _ = logits_of(exact, a.data)
    card = model.card | measured(logits, reference, gold)
    card["sha256_student"] = sha256_of(path)
    shutil.rmtree(a.work / "exact")
    print(json.dumps(card, indent=1))
    write_card(a.folder, card)
    logs = sorted(a.work.glob("teacher-*/log.jsonl"))
    write_readme(
        a.folder,
        Path(__file__).with_name("card.md"),
        card,
        scores="\n".join(rows_of(card, logs)),
        seed=a.seed,
        teachers=", ".join(log.parent.name.removeprefix("teacher-") for log in logs),
        confusion=card["confusion"],
    )


if __name__ == "__main__":
    main()
