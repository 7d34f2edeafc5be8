"""Fine-tune MPNet on DSE: both entities are marked in the text, and the classifier sees them and the first token.

    python -m training.directed.teacher WORK DATA --out OUT --seed 1 --epochs 3

WORK/mpnet comes from training.common.encoders, DATA has train.tsv and valid.tsv. Every sentence is read once per epoch,
with its pair in either order. The model goes to OUT/teacher-SEED/model.pt, with log.jsonl beside it; a killed run
resumes from its last checkpoint.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from newskit.annotation.tone.directed import TURNED, cut_around
from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, padded, read_all, seeded
from training.common.sentences import Sentence, names_of, read_dse, sometimes_swapped
from training.directed.made_up import made_up
from training.directed.pairs import CLASSES, distinct, folds, report, turned
from training.tone.teacher import load_mpnet

MARKS = (("[unused0]", "[unused1]"), ("[unused2]", "[unused3]"))
LONGEST = 160
Encoded = tuple[list[int], list[int]]
"""Token ids, and the positions of the four marks."""


class MarkedPair(nn.Module):
    """MPNet with two layers on the first token and the marks that open and close both entities."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.dense = nn.Linear(5 * width, width)
        self.classifier = nn.Linear(width, len(CLASSES))

    def forward(self, ids: torch.Tensor, attention: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state
        asked = torch.cat([torch.zeros_like(ends[:, :1]), ends], dim=1)
        seen = hidden.gather(1, asked[:, :, None].expand(-1, -1, hidden.shape[2])).flatten(1)
        return self.classifier(self.dropout(F.gelu(self.dense(self.dropout(seen)))))


def load_pair_mpnet(work: Path) -> MarkedPair:
    encoder = load_mpnet(work).encoder
    return MarkedPair(encoder, encoder.config.hidden_size)


class PairMarker:
    """Turns sentences with a pair of entities into tensors, windowed around the pair."""

    def __init__(self, work: Path) -> None:
        self.tokenizer = open_tokenizer(work / "mpnet")
        self.tokenizer.add_special_tokens([mark for pair in MARKS for mark in pair])
        self.marks = [int(self.tokenizer.token_to_id(mark) or 0) for pair in MARKS for mark in pair]

    def encode(self, sentence: Sentence) -> Encoded:
        """The tokens of a sentence, or those around its pair if it is too long."""
        text = sentence.text
        # The later span first, so that the offsets of the other stay true.
        for (start, end), (opening, closing) in sorted(zip(sentence.spans, MARKS, strict=True), reverse=True):
            text = f"{text[:start]} {opening} {text[start:end]} {closing} {text[end:]}"
        ids = self.tokenizer.encode(text).ids
        return cut_around(ids, [ids.index(mark) for mark in self.marks], LONGEST)

    def batch(self, encoded: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Token ids and attention, (n, tokens), and the positions of the marks, (n, 4)."""
        ids, attention = padded([tokens for tokens, _ in encoded], filler=1, multiple=8)
        return ids, attention, torch.tensor([ends for _, ends in encoded])


def predict(model: MarkedPair, marker: PairMarker, sentences: Sequence[Sentence]) -> np.ndarray:
    """Logits (n, 5) in the order of `sentences`, each read with its pair in the order given."""
    encoded = [marker.encode(s) for s in sentences]

    def read_rows(rows: list[int]) -> torch.Tensor:
        return model(*marker.batch([encoded[i] for i in rows]))

    logits: np.ndarray = read_all(model, [len(ids) for ids, _ in encoded], len(CLASSES), read_rows).numpy()
    return logits


def both_orders(model: MarkedPair, marker: PairMarker, sentences: Sequence[Sentence]) -> np.ndarray:
    """The mean of the logits of both orders of the pair, (n, 5)."""
    other = predict(model, marker, [turned(s) for s in sentences])[:, list(TURNED)]
    return (predict(model, marker, sentences) + other) / 2


def given_in_epoch(
    train: list[Sentence], names: list[str], a: argparse.Namespace, rng: random.Random
) -> list[Sentence]:
    """The sentences of an epoch: names swapped in some, made-up ones added, half of the pairs turned."""
    given = [sometimes_swapped(s, names, a.swap, rng) for s in train]
    given += made_up(a.made_up, names, rng)
    return [turned(s) if rng.random() < 0.5 else s for s in given]


def train(a: argparse.Namespace, out: Path) -> None:
    """Fine-tune a teacher, and score it on the held-out and the valid part after each epoch."""
    sentences, held = folds(distinct(read_dse(a.data / "train.tsv")), 10, a.held)
    parts = {"held": held, "valid": read_dse(a.data / "valid.tsv")}
    names = names_of(sentences)
    marker = PairMarker(a.work)
    model = load_pair_mpnet(a.work)
    # As in the teacher of tone, the word vectors stay.
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    steps = a.epochs * -(-(len(sentences) + a.made_up) // a.size)
    training = Training(model, a.rate, steps=steps, folder=out)
    state = training.resume().get("state", {"epoch": 0, "done": 0})
    model.train()
    for epoch in range(state["epoch"], a.epochs):
        rng = seeded(a.seed, epoch)
        given = given_in_epoch(sentences, names, a, rng)
        encoded = [marker.encode(s) for s in given]
        batches = batches_by_length([len(ids) for ids, _ in encoded], a.size, rng)
        done = state["done"] if epoch == state["epoch"] else 0
        for number, rows in training.batches(batches, epoch, every=10, begin=done):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                output = model(*marker.batch([encoded[i] for i in rows]))
            labels = torch.tensor([given[i].labels[0] for i in rows])
            training.step(F.cross_entropy(output.float(), labels, label_smoothing=0.1))
            if number % 100 == 99:
                training.keep(state={"epoch": epoch, "done": number + 1})
        torch.save(model.state_dict(), out / "model.pt")
        training.keep(state={"epoch": epoch + 1, "done": 0})
        for name, part in parts.items():
            logits = both_orders(model, marker, part)
            np.save(out / f"{name}-{epoch}.npy", logits)
            training.log(epoch=epoch, part=name, **report(logits, [s.labels[0] for s in part]))
    training.checkpoint.unlink(missing_ok=True)


def main() -> None:
    parser = training_command(__doc__, "work", "data", epochs=3, rate=3e-5, size=32)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--swap", type=float, default=0.15, help="share of sentences with a name swapped")
    parser.add_argument("--made-up", type=int, default=400, help="made-up pairs per epoch")
    parser.add_argument("--held", type=int, default=0, help="the tenth of the sentences that is held out; -1: none")
    a = parser.parse_args()
    train(a, begin(a.out / f"teacher-{a.seed}", a.seed))


if __name__ == "__main__":
    main()
