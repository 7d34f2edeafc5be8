"""Train the tagger on PolNeAR's train part.

    python -m training.quotes.train WORK DATA --seed 1 --epochs 4

DATA is the folder of PolNeAR with the parts train and dev. WORK/minilm comes from training.common.encoders. Every
twelfth article of the train part is held out, to choose by, unless --all is given. Writes
WORK/tagger-SEED/model-EPOCH.pt and log.jsonl; resumes from its checkpoint.
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, padded, seeded
from training.quotes.polnear import Item, hold_out, items_of, read_polnear, varied_items
from training.quotes.tagger import Tagger


def collate(items: list[Item]) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor, Tensor, Tensor]:
    """The model's inputs; labels of the pieces (n, pieces); which cues are real (n, cues); their ends (real, 4)."""
    ids, attention = padded([item.ids for item in items], multiple=8)
    labels = torch.full(ids.shape, -100)
    most = max(1, *(sum(len(t.cue) for t in item.targets) for item in items))
    cues = torch.zeros(len(items), most, dtype=torch.long)
    real = torch.zeros(len(items), most, dtype=torch.bool)
    ends = []
    for row, item in enumerate(items):
        labels[row, : len(item.ids)] = 0
        pieces = [(piece, n, target) for target in item.targets for n, piece in enumerate(target.cue)]
        for column, (piece, n, target) in enumerate(pieces):
            labels[row, piece] = 1 if n == 0 else 2
            cues[row, column] = piece
            real[row, column] = True
            ends.append((*target.content, *target.source))
    return (ids, attention, cues), labels, real, torch.tensor(ends, dtype=torch.long).view(-1, 4)


def loss_of(tags: Tensor, scores: Tensor, labels: Tensor, ends: Tensor) -> Tensor:
    """Cross-entropy of the cues and of the four ends, and of being inside content and source, piece by piece."""
    loss = F.cross_entropy(tags.flatten(0, 1), labels.flatten(), weight=torch.tensor([1.0, 1.5, 1.5])) * 4
    if not len(ends):
        return loss
    for role, column in ((0, 0), (1, 1), (3, 2), (4, 3)):
        loss = loss + F.cross_entropy(scores[:, role], ends[:, column]) / 2
    place = torch.arange(scores.shape[2])
    real = (scores[:, 2] > -5000).float()
    for role, first, last in ((2, 0, 1), (5, 2, 3)):
        inside = (place >= ends[:, first, None]) & (place <= ends[:, last, None])
        piece = F.binary_cross_entropy_with_logits(scores[:, role], inside.float(), reduction="none")
        loss = loss + 2 * (piece * real).sum() / real.sum() + (piece * real).sum(1).mean() / 40
    return loss


def held_out_loss(model: Tagger, items: list[Item]) -> float:
    """The mean loss per window, without dropout."""
    model.eval()
    total = 0.0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for n in range(0, len(items), 16):
            inputs, labels, real, ends = collate(items[n : n + 16])
            tags, scores = model(*inputs)
            total += float(loss_of(tags, scores[real], labels, ends)) * len(items[n : n + 16])
    return round(total / max(1, len(items)), 4)


def train(a: argparse.Namespace, out: Path) -> None:
    """Train a tagger; each epoch leaves a model, and its loss on the held-out articles in the log."""
    tokenizer = open_tokenizer(a.work / "minilm")
    articles = read_polnear(a.data / "train")[: a.limit]
    learned, held = hold_out(articles)
    learned = articles if a.all else learned
    kept = [item for article in held for item in items_of(tokenizer, article)]
    model = Tagger(a.work / "minilm", a.layers)
    model.freeze()
    per_epoch = -(-sum(1 for article in learned for _ in items_of(tokenizer, article)) // a.size)
    training = Training(model, a.rate, steps=a.epochs * per_epoch + 2, folder=out)
    start = training.resume().get("epoch", 0)
    for epoch in range(start, a.epochs):
        model.train()
        rng = seeded(a.seed, epoch)
        items = varied_items(tokenizer, learned, rng)
        batches = batches_by_length([len(i.ids) for i in items], a.size, rng)[:per_epoch]
        for _, rows in training.batches(batches, epoch, every=20):
            inputs, labels, real, ends = collate([items[i] for i in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                tags, scores = model(*inputs)
            training.step(loss_of(tags, scores[real], labels, ends))
        training.log(epoch=epoch, held_out_loss=held_out_loss(model, kept), seconds=training.seconds)
        torch.save(model.state_dict(), out / f"model-{epoch + 1}.pt")
        training.keep(epoch=epoch + 1)


def main() -> None:
    parser = training_command(__doc__, "work", "data", epochs=4, rate=2e-4, size=12)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--all", action="store_true", help="learn from the held-out articles too")
    parser.add_argument("--limit", type=int, help="articles, for a trial")
    a = parser.parse_args()
    train(a, begin(a.work / f"tagger-{a.seed}", a.seed, threads=None))


if __name__ == "__main__":
    main()
