"""Weigh the likenesses from which a probability comes, on codebooks that the reader was not taught.

    python -m training.definitions.mixture WORK CODED --halves 21 22 --seed 11

The readers of --halves were each taught without one half of the codebooks (training.definitions.train --half): their
likenesses in that half show what a codebook of one's own is like, where all sentences are near to all definitions since
they share a topic. A logistic regression on these gives the weights. The reader of --seed, which was taught all, is
surer; so slope and offset come from the chance sentences of the development part. Writes WORK/reader-SEED/mixture.json.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from newskit.annotation.frames.definitions import likenesses
from training.common.commands import command
from training.definitions.gold import half_of
from training.definitions.reader import Reader
from training.definitions.train import Reading, labels_of, vectors_of

SUBSETS = 4
"""How often a codebook is read: whole, and with some of its frames and examples."""
Likeness = tuple[NDArray[np.float32], NDArray[np.bool_]]


class Likenesses:
    """What a trained reader makes of the sentences of a codebook."""

    def __init__(self, work: Path, seed: str) -> None:
        self.model = Reader(work)
        self.model.load_state_dict(torch.load(work / f"reader-{seed}" / "model.pt"))
        self.reading = Reading(work, self.model)

    def read(
        self, rows: list[dict[str, Any]], frames: dict[str, Any], rng: np.random.Generator | None = None
    ) -> Likeness:
        """Likenesses and codes of each sentence and frame; with `rng`, of some frames and examples only."""
        chosen = dict(frames)
        if rng is not None:
            count = int(rng.integers(2, len(frames) + 1))
            kept = sorted(rng.choice(len(frames), count, replace=False))
            chosen = {name: frames[name] for name in [list(frames)[i] for i in kept]}
            for name, frame in chosen.items():
                some = rng.permutation(len(frame["examples"]))[: rng.integers(0, len(frame["examples"]) + 1)]
                chosen[name] = {**frame, "examples": [frame["examples"][i] for i in some]}
        texts = [frame["definition"] for frame in chosen.values()]
        examples = [text for frame in chosen.values() for text in frame["examples"]]
        with torch.inference_mode():
            sentences = vectors_of(self.model, self.reading, [row["sentence"] for row in rows]).numpy()
            said = vectors_of(self.model, self.reading, texts + examples).numpy()
        ends = np.cumsum([len(frame["examples"]) for frame in chosen.values()])
        split = np.split(said[len(texts) :], ends[:-1])
        found = likenesses(sentences, said[: len(texts)], split, np.zeros(2, dtype=np.float32))
        gold = np.array([labels_of(row, chosen) for row in rows], dtype=bool)
        return found.reshape(-1, found.shape[-1]), gold.ravel()


def joined(parts: list[Likeness]) -> Likeness:
    """Several of them as one."""
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def main() -> None:
    parser = command(__doc__, "work", "coded")
    parser.add_argument("--halves", nargs=2, required=True, help="the readers without the one half, and the other")
    parser.add_argument("--seed", required=True)
    a = parser.parse_args()
    books = json.loads((a.coded / "books.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (a.coded / "frames.jsonl").open(encoding="utf-8")]
    rng = np.random.default_rng(1)
    parts = []
    for half, seed in enumerate(a.halves):
        reader = Likenesses(a.work, seed)
        for name, book in books.items():
            own = [r for r in rows if r["codebook"] == name and r["part"] in {"train", "dev"}]
            if own and half_of(name) == half:
                parts += [reader.read(own, book["frames"], rng if n else None) for n in range(SUBSETS)]
    x, y = joined(parts)
    weighed = LogisticRegression(C=100, max_iter=5000).fit(x, y)
    whole = Likenesses(a.work, a.seed)
    by_chance = [r for r in rows if r["part"] == "dev" and r["drawn"] == "random"]
    dev = {name: [r for r in by_chance if r["codebook"] == name] for name in books}
    chance, gold = joined([whole.read(own, books[name]["frames"]) for name, own in dev.items() if own])
    surer = LogisticRegression(C=1e6).fit(weighed.decision_function(chance)[:, None], gold)
    slope = float(surer.coef_[0, 0])
    found = {
        "weights": [round(float(w) * slope, 4) for w in weighed.coef_[0]],
        "offset": round(float(weighed.intercept_[0]) * slope + float(surer.intercept_[0]), 4),
        "alone": [round(float(v), 4) for v in x[:, 3:].mean(axis=0)],
    }
    (a.work / f"reader-{a.seed}" / "mixture.json").write_text(json.dumps(found), encoding="utf-8")
    print(json.dumps(found), "slope", round(slope, 3), len(y), "judgments")


if __name__ == "__main__":
    main()
