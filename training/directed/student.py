"""The model of directed tone: MiniLM with a learned vector added to the tokens of each of the two entities.

The vectors enter with the words and once more above the first layer; the last layer is worked out for five tokens only
(the first one, and the first and last of each entity). It starts from the model of tone, which knows a mark already.

    python -m training.directed.student WORK DATA --out OUT --tone shipped --seed 1 --epochs 3

It learns from the labels of DSE and from the teachers' logits (OUT/logits.npz, by training.directed.label) on DSE and
on OUT/pairs.jsonl. WORK has minilm/tokenizer.json and the student of tone. Writes OUT/directed-SEED/model.pt, the
weights averaged over the last steps, and log.jsonl. A killed run resumes from its last epoch.
"""

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from newskit.annotation.tone.directed import TURNED, pair_window
from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, distillation_loss, padded, read_all, seeded
from training.common.minilm import MiniLM, bias_of
from training.common.sentences import Sentence, names_of, read_dse, sometimes_swapped
from training.common.shape import WIDTH
from training.directed.made_up import made_up
from training.directed.pairs import CLASSES, distinct, folds, read_pairs, report, turned

MARKED_AGAIN = 1
"""The layer before which the marks are added a second time, where the student of tone added its own mark once."""

Given = tuple[Tensor, Tensor, Tensor]


class Directed(MiniLM):
    """Logits (pairs, 5) from ids and attention (pairs, words), and the ends (pairs, 4) of the two entities."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = nn.Parameter(torch.randn(2, 2, WIDTH) * 0.1)  # (where, which entity, width)
        self.classifier = nn.Linear(5 * WIDTH, 5)

    def load_tone(self, path: Path) -> None:
        """Take the weights of a student of tone; its mark is added to both marks above the first layer."""
        given = torch.load(path, map_location="cpu")
        with torch.no_grad():
            self.marks[1] += given.pop("mark")
        own = {name: value for name, value in given.items() if not name.startswith("classifier.")}
        missing, extra = self.load_state_dict(own, strict=False)
        if set(missing) != {"marks", "classifier.weight", "classifier.bias"} or extra:
            raise SystemExit(f"the model of tone does not fit: missing {missing}, unknown {extra}")

    def forward(self, ids: Tensor, attention: Tensor, ends: Tensor) -> Tensor:
        place = torch.arange(ids.shape[1])
        bias = bias_of(attention)
        inside = [(place >= ends[:, i, None]) & (place <= ends[:, i + 1, None]) for i in (0, 2)]
        entities = torch.stack(inside, dim=2).float()
        x = self.norm(self.words(ids) + self.positions(place))
        x = self.dropout(x + entities @ self.marks[0])
        for i, layer in enumerate(self.layers[:-1]):
            x = layer(x + entities @ self.marks[1] if i == MARKED_AGAIN else x, x, bias)
        asked = torch.cat([torch.zeros_like(ends[:, :1]), ends], dim=1)
        x_asked = x.gather(1, asked[:, :, None].expand(-1, -1, WIDTH))
        return self.classifier(self.dropout(self.layers[-1](x_asked, x, bias).flatten(1)))


Item = tuple[list[int], list[int], int]


def encode(tokenizer: Tokenizer, s: Sentence) -> Item:
    """Token ids, the ends of both entities, and the label."""
    ids, ends = pair_window(tokenizer, s.text, s.spans)
    return ids, ends, s.labels[0]


def collate(items: list[Item]) -> Given:
    """The inputs of the model."""
    ids, attention = padded([tokens for tokens, _, _ in items])
    return ids, attention, torch.tensor([ends for _, ends, _ in items])


def predict(model: Directed, items: list[Item]) -> np.ndarray:
    """Logits (n, 5), in the order of the items."""

    def read_rows(rows: list[int]) -> Tensor:
        return model(*collate([items[i] for i in rows]))

    logits: np.ndarray = read_all(model, [len(item[0]) for item in items], len(CLASSES), read_rows).numpy()
    return logits


@dataclass(frozen=True)
class Taught:
    """A pair with the teachers' logits: NaN for a pair that they have not seen."""

    sentence: Sentence
    logits: tuple[float, ...]

    def turned(self) -> "Taught":
        """The same with the entities in the other order."""
        return Taught(turned(self.sentence), tuple(self.logits[n] for n in TURNED))


def given_in_epoch(
    labelled: list[Taught], more: list[Taught], a: argparse.Namespace, rng: random.Random
) -> list[Taught]:
    """What an epoch reads: names swapped in some sentences, made-up ones added, half of the pairs turned.

    Of the unlabelled pairs come first those to which the teachers give a direction, one in six.
    """
    names = names_of([t.sentence for t in labelled])
    mixed = rng.sample(more, len(more))
    given = labelled + sorted(mixed, key=lambda t: t.logits.index(max(t.logits)) == 0)[: a.pairs]
    given = [Taught(sometimes_swapped(t.sentence, names, a.swap, rng), t.logits) for t in given]
    unknown = (float("nan"),) * len(CLASSES)
    given += [Taught(s, unknown) for s in made_up(a.made_up, names, rng)]
    return [t.turned() if rng.random() < 0.5 else t for t in given]


def read_taught(a: argparse.Namespace) -> tuple[list[Taught], list[Taught], list[Sentence]]:
    """The pairs of DSE to learn from, the unlabelled pairs, and the pairs of DSE held out."""
    sentences = distinct(read_dse(a.data / "train.tsv"))
    saved = np.load(a.out / "logits.npz")
    logits = dict(zip(sentences, map(tuple, saved["train"].tolist()), strict=True))
    train, held = folds(sentences, 10, a.held)
    pairs = zip(read_pairs(a.out / "pairs.jsonl"), saved["pairs"].tolist(), strict=True)
    return [Taught(s, logits[s]) for s in train], [Taught(s, tuple(found)) for s, found in pairs], held


def new_model(a: argparse.Namespace) -> Directed:
    """The model that a training begins with."""
    model = Directed()
    model.load_tone(a.work / f"student-{a.tone}" / "model.pt")
    if a.begin:
        model.load_state_dict(torch.load(a.out / f"directed-{a.begin}" / "model.pt"))
    # The word vectors stay those of the model of tone.
    model.words.weight.requires_grad_(False)
    return model


def step_loss(model: Directed, items: list[Item], given: list[Taught], a: argparse.Namespace) -> Tensor:
    """The loss of a batch, beside the labels and the teachers' logits."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output = model(*collate(items))
    labels, logits = torch.tensor([label for _, _, label in items]), torch.tensor([t.logits for t in given])
    return distillation_loss(output.float(), labels, logits, a.heat, a.weight, smoothing=0.1)


def train(a: argparse.Namespace, out: Path) -> None:
    """Train a student, and score the averaged weights on the held-out and the valid part after each epoch."""
    tokenizer = open_tokenizer(a.work / "minilm")
    labelled, more, held = read_taught(a)
    parts = {"held": held, "valid": read_dse(a.data / "valid.tsv")}
    items_of = {name: [encode(tokenizer, s) for s in part] for name, part in parts.items()}
    model = new_model(a)
    each = len(labelled) + min(a.pairs, len(more)) + a.made_up
    training = Training(model, a.rate, steps=a.epochs * -(-each // a.size), folder=out)
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(a.keep))
    saved: dict[str, Any] = training.resume()
    if "averaged" in saved:
        averaged.load_state_dict(saved["averaged"])
    model.train()
    for epoch in range(saved.get("epoch", 0), a.epochs):
        rng = seeded(a.seed, epoch)
        given = given_in_epoch(labelled, more, a, rng)
        items = [encode(tokenizer, t.sentence) for t in given]
        batches = batches_by_length([len(item[0]) for item in items], a.size, rng)
        for _, rows in training.batches(batches, epoch, every=50):
            training.step(step_loss(model, [items[i] for i in rows], [given[i] for i in rows], a))
            averaged.update_parameters(model)
        for name, part in parts.items():
            scores = predict(averaged.module, items_of[name])
            training.log(epoch=epoch, part=name, **report(scores, [s.labels[0] for s in part]))
        torch.save(averaged.module.state_dict(), out / "model.pt")
        training.keep(epoch=epoch + 1, averaged=averaged.state_dict())


def main() -> None:
    parser = training_command(__doc__, "work", "data", epochs=4, rate=1e-4, size=32)
    add = parser.add_argument
    add("--out", type=Path, required=True)
    add("--tone", default="1", help="the student of tone to begin with (its seed)")
    add("--begin", help="go on from that student (its seed), not from the model of tone")
    add("--swap", type=float, default=0.25, help="share of sentences with a name swapped")
    add("--pairs", type=int, default=20_000, help="unlabelled pairs per epoch")
    add("--made-up", type=int, default=500, help="made-up pairs per epoch")
    add("--heat", type=float, default=1.5, help="temperature of the distillation")
    add("--weight", type=float, default=0.5, help="weight of a label beside the teachers' guess")
    add("--keep", type=float, default=0.995, help="how much of the averaged weights a step keeps")
    add("--held", type=int, default=0, help="the tenth of the sentences that is held out; -1: none")
    a = parser.parse_args()
    train(a, begin(a.out / f"directed-{a.seed}", a.seed))


if __name__ == "__main__":
    main()
