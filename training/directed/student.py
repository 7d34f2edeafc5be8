"""The model of directed tone: MiniLM with a learned vector added to the tokens of each of the two entities.

The vectors enter with the words and once more above the first layer; the last layer is worked out for five tokens only
(the first one, and the first and last of each entity). It starts from the model of tone, which knows a mark already.

    python -m training.directed.student WORK DATA --out OUT --tone shipped --seed 1 --epochs 3

It learns from the labels of DSE and from the teachers' logits (OUT/logits.npz, by label.py) on DSE and on
OUT/pairs.jsonl. WORK has minilm/tokenizer.json and the student of tone. Writes OUT/directed-SEED/model.pt,
the weights averaged over the last steps, and log.jsonl. A killed run goes on from its last epoch.
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from newskit.annotation.tone.directed import TURNED, pair_window
from training.common.loop import Training, batches_by_length, open_tokenizer
from training.common.minilm import WIDTH, MiniLM, bias_of
from training.common.sentences import Sentence, names_of, swap_one_name
from training.directed.made_up import made_up
from training.directed.pairs import CLASSES, distinct, folds, read_dse, read_pairs, report, turned
from training.tone.student import loss_of

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
    longest = max(len(item[0]) for item in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    attention = torch.zeros(len(items), longest)
    for row, item in enumerate(items):
        ids[row, : len(item[0])] = torch.tensor(item[0])
        attention[row, : len(item[0])] = 1
    return ids, attention, torch.tensor([item[1] for item in items])


@torch.inference_mode()
def predict(model: Directed, items: list[Item]) -> np.ndarray:
    """Logits (n, 5), in the order of the items."""
    model.eval()
    found = np.zeros((len(items), len(CLASSES)), dtype=np.float32)
    for rows in batches_by_length([len(item[0]) for item in items], 64, None):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found[rows] = model(*collate([items[i] for i in rows])).float().numpy()
    model.train()
    return found


@dataclass(frozen=True)
class Taught:
    """A pair with the teachers' logits; nan for a pair that they have not seen."""

    sentence: Sentence
    logits: tuple[float, ...]

    def turned(self) -> "Taught":
        return Taught(turned(self.sentence), tuple(self.logits[n] for n in TURNED))


def an_epoch(labelled: list[Taught], more: list[Taught], a: argparse.Namespace, rng: random.Random) -> list[Taught]:
    """What an epoch reads: names swapped in some sentences, made-up ones added, half of the pairs turned.

    Of the unlabelled pairs come first those that the teachers give a direction, one in six.
    """
    names = names_of([t.sentence for t in labelled])
    mixed = rng.sample(more, len(more))
    given = labelled + sorted(mixed, key=lambda t: t.logits.index(max(t.logits)) == 0)[: a.pairs]
    given = [Taught(swap_one_name(t.sentence, names, rng), t.logits) if rng.random() < a.swap else t for t in given]
    unknown = (float("nan"),) * len(CLASSES)
    given += [Taught(s, unknown) for s in made_up(a.made_up, names, rng)]
    return [t.turned() if rng.random() < 0.5 else t for t in given]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tone", default="1", help="the student of tone to begin with (its seed)")
    parser.add_argument("--begin", help="go on from that student (its seed), not from the model of tone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--swap", type=float, default=0.25, help="share of sentences with a name swapped")
    parser.add_argument("--pairs", type=int, default=20_000, help="unlabelled pairs an epoch")
    parser.add_argument("--made-up", type=int, default=500, help="made-up pairs an epoch")
    parser.add_argument("--heat", type=float, default=1.5, help="temperature of the distillation")
    parser.add_argument("--weight", type=float, default=0.5, help="weight of a label beside the teachers' guess")
    parser.add_argument("--keep", type=float, default=0.995, help="of the averaged weights, how much a step keeps")
    parser.add_argument("--held", type=int, default=0, help="the tenth of the sentences that is held out; -1: none")
    a = parser.parse_args()

    torch.manual_seed(a.seed)
    torch.set_num_threads(2)
    out = a.out / f"directed-{a.seed}"
    out.mkdir(exist_ok=True, parents=True)
    tokenizer = open_tokenizer(a.work / "minilm")
    sentences = distinct(read_dse(a.data / "train.tsv"))
    saved = np.load(a.out / "logits.npz")
    logits = dict(zip(sentences, map(tuple, saved["train"].tolist()), strict=True))
    train, held = folds(sentences, 10, a.held)
    labelled = [Taught(s, logits[s]) for s in train]
    pairs = zip(read_pairs(a.out / "pairs.jsonl"), saved["pairs"].tolist(), strict=True)
    more = [Taught(s, tuple(found)) for s, found in pairs]
    parts = {"held": held, "valid": read_dse(a.data / "valid.tsv")}
    items_of = {name: [encode(tokenizer, s) for s in part] for name, part in parts.items()}

    model = Directed()
    model.load_tone(a.work / f"student-{a.tone}" / "model.pt")
    if a.begin:
        model.load_state_dict(torch.load(a.out / f"directed-{a.begin}" / "model.pt"))
    # The word vectors stay those of the model of tone.
    model.words.weight.requires_grad_(False)
    each = len(labelled) + min(a.pairs, len(more)) + a.made_up
    training = Training(model, a.rate, steps=a.epochs * -(-each // a.size), checkpoint=out / "checkpoint.pt")
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(a.keep))
    saved_state = training.resume()
    start = saved_state.get("epoch", 0)
    if "averaged" in saved_state:
        averaged.load_state_dict(saved_state["averaged"])
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    model.train()
    began = time.time()
    for epoch in range(start, a.epochs):
        rng = random.Random(f"{a.seed} {epoch}")
        torch.manual_seed(a.seed * 100 + epoch)
        given = an_epoch(labelled, more, a, rng)
        items = [encode(tokenizer, t.sentence) for t in given]
        batches = batches_by_length([len(item[0]) for item in items], a.size, rng)
        for number, rows in enumerate(batches):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                output = model(*collate([items[i] for i in rows]))
            labels, taught = torch.tensor([items[i][2] for i in rows]), torch.tensor([given[i].logits for i in rows])
            training.step(loss_of(output.float(), labels, taught, a.heat, a.weight, smoothing=0.1))
            averaged.update_parameters(model)
            if number % 50 == 49:
                print(f"epoch {epoch} batch {number + 1}/{len(batches)} {time.time() - began:.0f} s", flush=True)
        for name, part in parts.items():
            scores = predict(averaged.module, items_of[name])
            line = json.dumps({"epoch": epoch, "part": name, **report(scores, [s.labels[0] for s in part])})
            print(line, file=log, flush=True)
            print(line, flush=True)
        torch.save(averaged.module.state_dict(), out / "model.pt")
        training.keep(epoch=epoch + 1, averaged=averaged.state_dict())


if __name__ == "__main__":
    main()
