"""A tagger of fewer layers that learns from a trained one: from its vectors of each piece, its cues and its pointers.

    python -m training.quotes.distil WORK DATA ARTICLES --from 1 --epoch 3 --seed 4 --keep 0 1 3 5

WORK/tagger-1/model-3.pt is the teacher. The student begins with those of its layers that are named. It reads windows of
ARTICLES (gzipped JSON Lines with `text`) as the teacher does, and those of PolNeAR's train part, with their labels too;
the articles that training.quotes.train holds out are not read. Writes WORK/tagger-SEED/model-EPOCH.pt and log.jsonl;
resumes from its checkpoint after the last whole epoch.
"""

import argparse
import random
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from newskit.annotation.quotes.model import quote_windows
from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, seeded
from training.common.sentences import article_texts
from training.quotes.polnear import Item, blocks_of, hold_out, items_of, read_polnear, varied_items
from training.quotes.tagger import Tagger
from training.quotes.train import collate, held_out_loss, loss_of

CUES = 6
"""Pieces per window, at most, that the teacher takes for cues and points from."""


def student_of(teacher: Tagger, layers: list[int]) -> Tagger:
    """A tagger with those layers of the teacher, and its words and heads."""
    given = teacher.state_dict()
    own = {name: value for name, value in given.items() if not name.startswith("layers.")}
    for mine, theirs in enumerate(layers):
        prefix = f"layers.{theirs}."
        own |= {f"layers.{mine}.{n.removeprefix(prefix)}": v for n, v in given.items() if n.startswith(prefix)}
    student = Tagger(None, len(layers), kept=1)
    student.load_state_dict(own)
    student.freeze()
    return student


def plain_windows(tokenizer: Tokenizer, path: Path, count: int) -> list[Item]:
    """The windows of the first articles of a file, without targets."""
    found = []
    for text in article_texts(path, count):
        found += [
            Item(*window, []) for window in quote_windows(tokenizer, text, blocks_of(text)) if len(window.ids) > 20
        ]
    return found


def likeliest_cues(tags: Tensor, attention: Tensor) -> tuple[Tensor, Tensor]:
    """The pieces of each window that are the likeliest cues, (n, CUES), and which of them are likely enough."""
    chance = (1 - tags.softmax(-1)[..., 0]) * attention
    best, place = chance.topk(min(CUES, chance.shape[1]), dim=1)
    return place, best > 0.25


def taught_loss(student: Tagger, teacher: Tagger, ids: Tensor, attention: Tensor) -> tuple[Tensor, Tensor]:
    """The loss beside the teacher, of the vectors, the cues and what they point to; and the student's vectors."""
    with torch.no_grad():
        theirs = teacher.encoded(ids, attention)
        their_tags = teacher.cue(theirs).float()
        cues, likely = likeliest_cues(their_tags, attention)
        their_scores = teacher.scores(theirs, attention, cues)[likely]
    x = student.encoded(ids, attention)
    real = attention.bool()
    loss = 4 * F.mse_loss(x[real].float(), theirs[real].float())
    tags = student.cue(x).float().log_softmax(-1)
    loss = loss + 8 * F.kl_div(tags[real], their_tags[real].softmax(-1), reduction="batchmean")
    if likely.any():
        scores = student.scores(x, attention, cues)[likely]
        for role in (0, 1, 3, 4):
            goal = their_scores[:, role].softmax(-1)
            loss = loss + F.kl_div(scores[:, role].log_softmax(-1), goal, reduction="batchmean") / 2
        seen = real[:, None].expand(-1, cues.shape[1], -1)[likely].float()
        for role in (2, 5):
            piece = F.binary_cross_entropy_with_logits(
                scores[:, role], their_scores[:, role].sigmoid(), reduction="none"
            )
            loss = loss + 2 * (piece * seen).sum() / seen.sum()
    return loss, x


def step_loss(student: Tagger, teacher: Tagger, items: list[Item], weight: float) -> Tensor:
    """The loss of a batch; the labels of PolNeAR count with `weight`."""
    (ids, attention, cues), labels, real, ends = collate(items)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss, x = taught_loss(student, teacher, ids, attention)
        labelled = torch.tensor([bool(item.targets) for item in items])
        if weight and labelled.any():
            scores = student.scores(x, attention, cues)[real]
            tags = student.cue(x[labelled]).float()
            loss = loss + weight * loss_of(tags, scores, labels[labelled], ends)
    return loss


def open_teacher(path: Path) -> Tagger:
    """A trained tagger that does not learn any more."""
    teacher = Tagger(None)
    teacher.load_state_dict(torch.load(path))
    teacher.eval().requires_grad_(False)
    return teacher


def train(a: argparse.Namespace, out: Path) -> None:
    """Train the smaller tagger; each epoch leaves a model, and its loss on the held-out articles in the log."""
    tokenizer = open_tokenizer(a.work / "minilm")
    learned, held = hold_out(read_polnear(a.data / "train"))
    kept = [item for article in held for item in items_of(tokenizer, article)]
    more = plain_windows(tokenizer, a.articles, a.count)
    teacher = open_teacher(a.work / f"tagger-{a.teacher}" / f"model-{a.epoch}.pt")
    student = student_of(teacher, a.keep)
    # Another part of the articles in each epoch.
    each = len(more) // a.epochs
    per_epoch = -(-(each + sum(1 for article in learned for _ in items_of(tokenizer, article))) // a.size)
    print(f"{len(more)} windows without labels, {per_epoch} steps per epoch", flush=True)
    training = Training(student, a.rate, steps=a.epochs * per_epoch + 2, folder=out)
    start = training.resume().get("epoch", 0)
    random.Random(a.seed).shuffle(more)
    for epoch in range(start, a.epochs):
        student.train()
        rng = seeded(a.seed, epoch)
        items = more[epoch * each : (epoch + 1) * each] + varied_items(tokenizer, learned, rng)
        batches = batches_by_length([len(i.ids) for i in items], a.size, rng)[:per_epoch]
        for _, rows in training.batches(batches, epoch, every=20):
            training.step(step_loss(student, teacher, [items[i] for i in rows], a.weight))
        training.log(epoch=epoch, held_out_loss=held_out_loss(student, kept))
        torch.save(student.state_dict(), out / f"model-{epoch + 1}.pt")
        training.keep(epoch=epoch + 1)


def main() -> None:
    parser = training_command(__doc__, "work", "data", "articles", seed=4, epochs=2, rate=2e-4, size=12)
    parser.add_argument("--from", dest="teacher", default="1", help="the teacher (its seed)")
    parser.add_argument("--epoch", type=int, default=3, help="of the teacher's training")
    parser.add_argument("--keep", type=int, nargs="+", default=[0, 1, 3, 5], help="the teacher's layers to begin with")
    parser.add_argument("--count", type=int, default=5000, help="articles without labels")
    parser.add_argument("--weight", type=float, default=0.3, help="of PolNeAR's labels beside the teacher")
    a = parser.parse_args()
    train(a, begin(a.work / f"tagger-{a.seed}", a.seed, threads=None))


if __name__ == "__main__":
    main()
