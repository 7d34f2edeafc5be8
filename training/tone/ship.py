"""The shipped folder from a trained student: 8-bit ONNX, tokenizer, calibration, scores and model card.

    python -m training.tone.ship WORK DATA newskit/resources/models/tone-en --coded CODED --seed 1

Scores and calibration are those of the 8-bit model as shipped. The heads of the codebook are calibrated on the coded
rows of the development part, weighted so that they stand for news as it comes; that of NewsMTSC on its development
parts. The rows of the test part of CODED, whose articles no training saw, are scored last and decide nothing.
"""

import argparse
import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize

from newskit.annotation.tone.model import TONE_WINDOW, ToneModel
from newskit.resources.onnx import softmax
from training.common.commands import command
from training.common.graph import StudentGraph, Sure
from training.common.sentences import Sentence, read_newsmtsc
from training.common.shape import SHARED
from training.common.ship import as_logits, best_temperature, sha256_of, weights_of, write_folder, write_readme
from training.common.vectors import write_card
from training.tone.codes import COLUMNS, HEADS, SURE, by_newsmtsc, read_coded
from training.tone.scores import class_errors, report, report_weighted

PARTS = {"rw": "real-world", "mt": "multi-target"}
CODEBOOK = "tone 1.2"
Calibration = tuple[float, list[float]]
CLOSE = 0.03
"""How far the share of a code among the labels may be from the coded one."""


def logits_of(model: ToneModel, sentences: list[Sentence], head: str) -> NDArray[np.float64]:
    """Log-probabilities of a head, uncalibrated, for all targets in order."""
    texts, spans = [s.text for s in sentences], [s.spans for s in sentences]
    return as_logits(np.concatenate(model.probabilities(texts, spans, head=head)))


def labels_of(sentences: list[Sentence], head: str) -> NDArray[np.int64]:
    """The labels of a head for all targets in order."""
    return np.array([label[list(HEADS).index(head)] for s in sentences for label in s.labels])


def best_calibration(
    logits: NDArray[np.floating], gold: NDArray[np.int64], weights: NDArray[np.float64]
) -> Calibration:
    """The temperature and the offsets of the codes with the least negative log-likelihood of weighted rows.

    Vector scaling (Guo et al. 2017) with one temperature; a small penalty keeps the offsets of rare codes near zero.
    """
    weights = weights / weights.sum()

    def loss(given: NDArray[np.float64]) -> float:
        chances = softmax(logits / np.exp(given[0]) + given[1:])
        fit = -(weights * np.log(chances[np.arange(len(gold)), gold] + 1e-12)).sum()
        return float(fit + 1e-3 * (given**2).sum())

    found = minimize(loss, np.zeros(1 + logits.shape[1]), method="L-BFGS-B").x
    return round(float(np.exp(found[0])), 4), [round(float(x), 4) for x in found[1:] - found[1:].mean()]


def calibration_of(model: ToneModel, a: argparse.Namespace) -> dict[str, Calibration]:
    """Temperature and offsets of each head, for a model that has none yet."""
    coded, weights = read_coded(a.coded, "dev")
    found: dict[str, Calibration] = {
        head: best_calibration(logits_of(model, coded, head), labels_of(coded, head), weights) for head in SURE
    }
    published = [s for name in PARTS for s in by_newsmtsc(read_newsmtsc(a.data / f"dev_{name}.jsonl"))]
    temperature = best_temperature(logits_of(model, published, "newsmtsc"), labels_of(published, "newsmtsc"))
    return {**found, "newsmtsc": (round(temperature, 4), [0.0] * len(HEADS["newsmtsc"]))}


def best_bonus(chances: NDArray[np.floating], gold: NDArray[np.int64], weights: NDArray[np.float64]) -> list[float]:
    """What to multiply the probabilities of each code with, so that the code with the most has the best macro-F1.

    Among those with which the share of each code is within three points of the coded one; the commonest code has 1.
    """
    coded = np.bincount(gold, weights, chances.shape[1]) / weights.sum()
    grid = [[1.0] if at == coded.argmax() else np.geomspace(0.5, 8, 25).round(3).tolist() for at in range(len(coded))]
    best, most = [1.0] * len(coded), -1.0
    for bonus in map(list, itertools.product(*grid)):
        predicted = (chances * bonus).argmax(1)
        said = np.bincount(predicted, weights, len(coded)) / weights.sum()
        both = np.bincount(gold[predicted == gold], weights[predicted == gold], len(coded)) / weights.sum()
        macro = float(np.mean(2 * both / (said + coded)))
        if macro > most and np.abs(said - coded).max() <= CLOSE:
            best, most = bonus, macro
    return best


def bonus_of(model: ToneModel, a: argparse.Namespace) -> dict[str, list[float]]:
    """The bonus of each code of each head, for a calibrated model; none for NewsMTSC's."""
    coded, weights = read_coded(a.coded, "dev")
    found = {h: best_bonus(np.exp(logits_of(model, coded, h)), labels_of(coded, h), weights) for h in SURE}
    return {**found, "newsmtsc": [1.0] * len(HEADS["newsmtsc"])}


def scores_of(model: ToneModel, a: argparse.Namespace) -> dict[str, Any]:
    """What the card says of a calibrated model: on coded rows of the field and on NewsMTSC's development parts."""
    found: dict[str, Any] = {}
    for part in ("test", "headlines", "dev"):
        coded, weights = read_coded(a.coded, part)
        if not coded:
            continue
        for head in SURE:
            chances, gold = np.exp(logits_of(model, coded, head)), labels_of(coded, head)
            decided = chances * np.asarray(model.card["bonus"][head])
            scores = report_weighted(chances, gold.tolist(), weights, HEADS[head], predicted=decided.argmax(1))
            errors = class_errors(chances, gold, weights, HEADS[head])
            found[f"{part} {head}"] = {**scores, "calibration": errors}
    for name in PARTS:
        published = by_newsmtsc(read_newsmtsc(a.data / f"dev_{name}.jsonl"))
        chances, gold = np.exp(logits_of(model, published, "newsmtsc")), labels_of(published, "newsmtsc")
        found[f"newsmtsc {name}"] = report(chances, gold.tolist())
    return found


def agreement(model: ToneModel, exact: ToneModel, a: argparse.Namespace) -> dict[str, float]:
    """How often the shipped model and the same weights in fp32 give the same code, on the development part."""
    coded, _ = read_coded(a.coded, "dev")

    def codes_of(given: ToneModel, head: str) -> NDArray[np.int64]:
        found: NDArray[np.int64] = (np.exp(logits_of(given, coded, head)) * model.card["bonus"][head]).argmax(1)
        return found

    exact.card["calibration"] = model.card["calibration"]
    both = {head: [codes_of(m, head) for m in (model, exact)] for head in HEADS}
    return {head: round(float((one == other).mean()), 4) for head, (one, other) in both.items()}


def build(a: argparse.Namespace, student: Path, plain: dict[str, object]) -> tuple[ToneModel, ToneModel]:
    """The model in a.folder, with the heads for early exits if there are any, and the same weights in fp32 without."""
    weights = weights_of(student, TONE_WINDOW)
    early = student.with_name("exits.pt")
    heads = torch.load(early, map_location="cpu") if early.exists() else {"weights": {}, "sure": {}}
    with_heads = weights | {name: value.numpy() for name, value in heads["weights"].items()}
    exits = {
        i: [Sure(COLUMNS[h], s, *heads["weigh"][h]) for h, s in zip(SURE, sure, strict=True)]
        for i, sure in heads["sure"].items()
    }
    exact = StudentGraph(weights, exact=True).build(SHARED)
    shipped = StudentGraph(with_heads).build(SHARED, exits)
    exact_folder = write_folder(a.work / "exact" / "model", exact, a.work, plain | {"exits": []})
    return ToneModel(write_folder(a.folder, shipped, a.work, plain | {"exits": sorted(exits)})), ToneModel(exact_folder)


def table_of(scores: dict[str, Any]) -> str:
    """The card's tables of scores."""
    rows = ["| rows | head | n | macro-F1 | code | precision / recall | share coded / predicted / mean probability |"]
    rows.append("| --- | --- | --- | --- | --- | --- | --- |")
    for name, of_part in scores.items():
        part, head = name.rsplit(" ", 1)
        for code in HEADS.get(head, ()):
            values = (
                part,
                head,
                of_part["n"],
                of_part["macro_f1"],
                code,
                of_part[f"{code}_pr"],
                of_part[f"{code}_shares"],
            )
            rows.append("| " + " | ".join(map(str, values)) + " |")
    rows += [
        "",
        "| NewsMTSC, development part | macro-F1 | negative | neutral | positive |",
        "| --- | --- | --- | --- | --- |",
    ]
    for part, label in PARTS.items():
        of_part = scores[f"newsmtsc {part}"]
        rows.append(f"| {label} | " + " | ".join(str(of_part[k]) for k in ("macro_f1", *HEADS["newsmtsc"])) + " |")
    return "\n".join(rows)


def main() -> None:
    parser = command(__doc__, "work", "data", "folder")
    parser.add_argument("--coded", type=Path, required=True, help="rows coded by the codebook, with their texts")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--version", default="1.0.0")
    a = parser.parse_args()
    path = a.work / f"student-{a.seed}" / "model.pt"
    raw = {head: (1.0, [0.0] * len(codes)) for head, codes in HEADS.items()}
    plain: dict[str, object] = {
        "name": "tone-en", "version": a.version, "codebook": CODEBOOK, "heads": HEADS, "calibration": raw,
    }  # fmt: skip
    model, exact = build(a, path, plain)
    model.card["calibration"] = calibration_of(model, a)
    model.card["bonus"] = bonus_of(model, a)
    same = agreement(model, exact, a)
    scores = scores_of(model, a)
    card = model.card | {"scores": scores, "agreement_with_fp32": same, "sha256_student": sha256_of(path)}
    shutil.rmtree(a.work / "exact")
    print(json.dumps(card, indent=1))
    write_card(a.folder, card)
    write_readme(a.folder, Path(__file__).with_name("card.md"), card, scores=table_of(scores), seed=a.seed, same=same)


if __name__ == "__main__":
    main()
