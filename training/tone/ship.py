"""The shipped folder from a trained student: 8-bit ONNX, tokenizer, calibration, scores and model card.

    python -m training.tone.ship WORK DATA newskit/models/tone-en --seed 1

Scores and calibration are of the 8-bit model as shipped, on the development parts in DATA. The temperature is fitted
on one half of the sentences and its calibration error measured on the other, both ways round.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from newskit.annotation.tone.model import LONGEST, ToneModel
from newskit.resources.onnx import softmax
from training.common.graph import StudentGraph
from training.common.minilm import SHARED
from training.common.sentences import LABELS, read_newsmtsc
from training.common.ship import best_temperature, weights_of, write_folder
from training.tone.scores import calibration_error, report

PARTS = {"rw": "real-world", "mt": "multi-target"}


def logits_of(model: ToneModel, data: Path) -> tuple[dict[str, NDArray[np.floating]], dict[str, NDArray[np.int64]]]:
    """Log-probabilities at temperature 1 (as good as logits) and labels of each development part."""
    logits, gold = {}, {}
    for name in ("rw", "mt"):
        sentences = read_newsmtsc(data / f"dev_{name}.jsonl")
        chances = np.concatenate(model.probabilities([s.text for s in sentences], [s.spans for s in sentences]))
        logits[name] = np.log(np.maximum(chances, 1e-12))
        gold[name] = np.array([label for s in sentences for label in s.labels])
    return logits, gold


def as_rows(scores: dict[str, dict[str, float]], who: str) -> list[str]:
    """Rows of the card's table of scores."""
    kept = ("macro_f1", *LABELS, "accuracy")
    return [
        f"| {who} | {PARTS[part]} | " + " | ".join(f"{100 * of_part[k]:.1f}" for k in kept) + " |"
        for part, of_part in scores.items()
    ]


def readme(card: dict[str, Any], work: Path, seed: str) -> str:
    """The model card, from card.md and what was measured; the teachers' scores are from their logs."""
    rows = as_rows(card["scores"], "**shipped, 8 bit**") + as_rows(card["fp32"], "the same in fp32")
    for log in sorted(work.glob("teacher-*/log.jsonl")):
        last = {line["part"]: line for line in map(json.loads, log.read_text(encoding="utf-8").splitlines())}
        rows += as_rows(last, log.parent.name.replace("-", " "))
    seeds = ", ".join(log.parent.name.removeprefix("teacher-") for log in sorted(work.glob("teacher-*/log.jsonl")))
    template = Template((Path(__file__).with_name("card.md")).read_text(encoding="utf-8"))
    numbers = {key: value for key, value in card.items() if not isinstance(value, dict | list)}
    return template.substitute(numbers, scores="\n".join(rows), seed=seed, teachers=seeds, confusion=card["confusion"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--version", default="1.0.0")
    a = parser.parse_args()

    path = a.work / f"student-{a.seed}" / "model.pt"
    weights = weights_of(path, LONGEST)
    early = path.with_name("exits.pt")
    heads = torch.load(early, map_location="cpu") if early.exists() else {"weights": {}, "sure": {}}
    with_heads = weights | {name: value.numpy() for name, value in heads["weights"].items()}
    plain: dict[str, object] = {"name": "tone-en", "version": a.version, "temperature": 1.0}
    exact = ToneModel(write_folder(a.work / "exact", StudentGraph(weights, exact=True).build(SHARED), a.work, plain))
    model = ToneModel(write_folder(a.folder, StudentGraph(with_heads).build(SHARED, heads["sure"]), a.work, plain))

    logits, gold = logits_of(model, a.data)
    reference, _ = logits_of(exact, a.data)
    joined, labels = np.concatenate(list(logits.values())), np.concatenate(list(gold.values()))
    agreement = float((joined.argmax(1) == np.concatenate(list(reference.values())).argmax(1)).mean())
    temperature = best_temperature(joined, labels)
    halves = [np.arange(len(labels)) % 2 == half for half in (0, 1)]
    error = float(np.mean([
        calibration_error(softmax(joined[there] / best_temperature(joined[here], labels[here])), labels[there].tolist())
        for here, there in (halves, halves[::-1])
    ]))  # fmt: skip
    confusion = np.zeros((3, 3), dtype=int)
    np.add.at(confusion, (labels, joined.argmax(1)), 1)
    card: dict[str, object] = {
        **plain,
        "temperature": round(temperature, 4),
        "labels": list(LABELS),
        "confusion": confusion.tolist(),
        "scores": {name: report(softmax(logits[name] / temperature), gold[name].tolist()) for name in logits},
        "fp32": {name: report(softmax(reference[name] / temperature), gold[name].tolist()) for name in logits},
        "calibration_error_held_out": round(error, 4),
        "agreement_with_fp32": round(agreement, 4),
        "sha256": hashlib.sha256((a.folder / "model.onnx").read_bytes()).hexdigest(),
        "sha256_student": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (a.folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    (a.folder / "README.md").write_text(readme(card, a.work, a.seed), encoding="utf-8")
    shutil.rmtree(a.work / "exact")
    print(json.dumps(card, indent=1))
    print(f"{sum(f.stat().st_size for f in a.folder.iterdir()) / 1e6:.1f} MB in {a.folder}")


if __name__ == "__main__":
    main()
