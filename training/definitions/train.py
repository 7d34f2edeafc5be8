"""Teach MiniLM to read definitions: does a sentence put what a definition says into words?

    python -m training.definitions.train WORK CODED --seed 1 --epochs 6

CODED comes from training.definitions.gold, WORK/minilm from training.common.encoders. The model goes to
WORK/reader-SEED/model.pt, with log.jsonl beside it.
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch import Tensor
from torch.nn import functional as F

from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, padded, read_all, seeded
from training.definitions.gold import half_of
from training.definitions.reader import Reader, Teacher, Texts

Row = dict[str, Any]
Model = Reader | Teacher
LONGEST = 128
ALIKE, ALIKE_WEIGHT = 32, 10.0
"""How many texts are compared with one another at a time, and what their likeness counts."""
SMOOTHING = 0.03


class Reading:
    """The tokens of texts, and the categories of codebooks as vectors."""

    def __init__(self, work: Path, model: Model) -> None:
        self.tokenizer = open_tokenizer(work / model.folder)
        self.filler = model.filler

    def ids(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text).ids
        return found if len(found) <= LONGEST else [*found[: LONGEST - 1], found[-1]]

    def vectors(self, model: Model, texts: list[str]) -> Tensor:
        return model.vectors(*padded([self.ids(text) for text in texts], filler=self.filler))

    def texts(self, model: Model, frames: dict[str, Any], rng: random.Random | None) -> Texts:
        """The vectors of a codebook; with `rng` some examples, or the definition, are left out at random."""
        said, examples, owners = [], [], []
        for at, frame in enumerate(frames.values()):
            chosen = list(frame["examples"])
            if rng:
                chosen = rng.sample(chosen, min(len(chosen), rng.choice([0, 1, 2, 3, 3, 5])))
            said.append(frame["definition"])
            examples += chosen
            owners += [at] * len(chosen)
        vectors = self.vectors(model, said + examples)
        return Texts(vectors[: len(said)], vectors[len(said) :], torch.tensor(owners, dtype=torch.long))


def vectors_of(model: Model, reading: Reading, texts: list[str]) -> Tensor:
    """The vectors of texts, in their order."""
    lengths = [len(text) for text in texts]
    return read_all(model, lengths, model.width, lambda at: reading.vectors(model, [texts[i] for i in at]))


def labels_of(row: Row, frames: dict[str, Any]) -> list[float]:
    """1 for the frames that a sentence has, else 0."""
    return [float(name in row["frames"]) for name in frames]


def some_of(frames: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """All frames of a codebook, or only some, so that a probability does not depend on how many there are."""
    if len(frames) < 3 or rng.random() < 0.6:
        return frames
    kept = set(rng.sample(list(frames), rng.randint(1, len(frames) - 1)))
    return {name: frame for name, frame in frames.items() if name in kept}


def report(chances: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    """Average precision, and the precision where half are found."""
    if not gold.sum():
        return {}
    order = np.argsort(-chances, kind="stable")
    hits = gold[order].cumsum()
    at = int(np.searchsorted(hits, 0.5 * gold.sum())) + 1
    return {
        "n": len(gold),
        "share": round(float(gold.mean()), 3),
        "ap": round(float(average_precision_score(gold, chances)), 3),
        "precision_at_half": round(float(hits[at - 1] / at), 3),
    }


@torch.inference_mode()  # type: ignore[untyped-decorator]
def scored(model: Model, reading: Reading, rows: list[Row], books: dict[str, Any]) -> dict[str, Any]:
    """Average precision by group of codebooks and how rows were drawn."""
    vectors = vectors_of(model, reading, [row["sentence"] for row in rows])
    model.eval()
    groups: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for book, whole in books.items():
        at = [i for i, row in enumerate(rows) if row["codebook"] == book]
        if not at:
            continue
        logits = model.mixture(vectors[at], reading.texts(model, whole["frames"], None))
        for i, line in zip(at, logits.tolist(), strict=True):
            gold = labels_of(rows[i], whole["frames"])
            part = rows[i]["part"]
            for name in {f"{part} all", f"{part} {rows[i]['drawn']}", f"{part} {book}"}:
                groups[name][0].extend(line)
                groups[name][1].extend(gold)
    model.train()
    return {name: report(np.array(c), np.array(g)) for name, (c, g) in sorted(groups.items())}


class Alike:
    """Texts and a teacher's vectors of them: the student learns which texts are alike, whatever they are about."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            self.texts: list[str] = stored["texts"].tolist()
            self.vectors = torch.from_numpy(stored["vectors"].astype(np.float32))

    def loss(self, model: Model, reading: Reading, at: list[int]) -> Tensor:
        """How far the likenesses of some texts are from the teacher's."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            own = reading.vectors(model, [self.texts[i] for i in at]).float()
        return ALIKE_WEIGHT * F.mse_loss(own @ own.T, self.vectors[at] @ self.vectors[at].T)


def coded_loss(model: Model, reading: Reading, rows: list[Row], frames: dict[str, Any], rng: random.Random) -> Tensor:
    """The cross-entropy of sentences of one codebook, whose frames are some of its frames."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        sentences = reading.vectors(model, [row["sentence"] for row in rows])
        texts = reading.texts(model, frames, rng)
    logits = model.mixture(sentences.float(), texts)
    labels = torch.tensor([labels_of(row, frames) for row in rows])
    return F.binary_cross_entropy_with_logits(logits, labels * (1 - 2 * SMOOTHING) + SMOOTHING)


def train(a: argparse.Namespace, out: Path) -> None:
    """Fine-tune a reader, and score it on the parts that it does not learn from after each epoch."""
    books = json.loads((a.coded / "books.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (a.coded / "frames.jsonl").open(encoding="utf-8")]
    for row in rows:
        if a.half is not None and half_of(row["codebook"]) == a.half:
            row["part"] = "held"
    tests = [row for row in rows if row["part"] in {"dev", "held"}]
    model: Model = Teacher(a.work) if a.teacher else Reader(a.work)
    reading = Reading(a.work, model)
    by_book: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["part"] == "train":
            by_book[row["codebook"]].append(row)
    alike = Alike(a.vectors) if a.vectors else None
    number = min(a.sample or 10**9, len(alike.texts)) // ALIKE if alike else 0
    steps = number + a.repeat * sum(-(-len(those) // a.size) for those in by_book.values())
    training = Training(model, a.rate, steps=a.epochs * steps, folder=out)
    training.log(epoch=-1, **scored(model, reading, tests, books))
    for epoch in range(a.epochs):
        rng = seeded(a.seed, epoch)
        batches: list[tuple[str, list[Row]]] = []
        for book, those in by_book.items():
            for _ in range(a.repeat):
                chunks = batches_by_length([len(r["sentence"]) for r in those], a.size, rng)
                batches += [(book, [those[i] for i in at]) for at in chunks]
        batches += [("", [])] * number
        rng.shuffle(batches)
        model.train()
        for book, some in batches:
            if alike and not some:
                training.step(alike.loss(model, reading, rng.sample(range(len(alike.texts)), ALIKE)))
            else:
                training.step(coded_loss(model, reading, some, some_of(books[book]["frames"], rng), rng))
        torch.save(model.state_dict(), out / "model.pt")
        told = {"seconds": round(training.seconds), "mixture": model.mixture.told()}
        training.log(epoch=epoch, **told, **scored(model, reading, tests, books))


def main() -> None:
    parser = training_command(__doc__, "work", "coded", epochs=6, rate=5e-5, size=16)
    parser.add_argument("--half", type=int, choices=[0, 1], help="a half of the codebooks to hold out as well")
    parser.add_argument("--teacher", action="store_true", help="teach MPNet, not MiniLM")
    parser.add_argument("--vectors", type=Path, help="texts that a teacher has read (training.definitions.label)")
    parser.add_argument("--sample", type=int, default=0, help="how many of these an epoch reads, drawn anew for each")
    parser.add_argument("--repeat", type=int, default=1, help="how often an epoch reads each coded row")
    a = parser.parse_args()
    train(a, begin(a.work / f"reader-{a.seed}", a.seed))


if __name__ == "__main__":
    main()
