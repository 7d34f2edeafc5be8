"""The student: MiniLM, whose lower layers read a sentence once and whose upper layers read it once for each target.

The lower layers see plain words. Then a learned vector is added to the tokens of the target, and the upper layers, the
last of them for three tokens only (the first one, and the target's first and last), work out the tone toward it. What
the model says of one target does not depend on the others.

    python -m training.tone.student WORK DATA --coded CODED --seed 1 --epochs 4

One classifier serves all heads (training.tone.codes). It learns from the labels of NewsMTSC, from the coded rows of
CODED and from the teachers' logits (WORK/logits.npz, by training.tone.label) for both and for WORK/unlabelled.jsonl,
and from what the teacher's classifier sees there (hints, Romero et al. 2015). One in twenty of the unlabelled
sentences is held out: the part `taught` of the scores. Writes WORK/student-SEED/model.pt and log.jsonl; resumes from
its checkpoint.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from newskit.annotation.tone.model import tone_windows
from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, distillation_loss, padded, seeded
from training.common.minilm import Layer, Student, ends_of
from training.common.sentences import LABELS, Sentence, names_of, read_newsmtsc, read_unlabelled, sometimes_swapped
from training.common.shape import LAYERS, SEEN, SHARED, WIDTH
from training.tone.codes import (
    COLUMNS,
    HEADS,
    LOGITS,
    UNCODED,
    Label,
    by_newsmtsc,
    chances_of,
    read_coded,
    uncoded,
)
from training.tone.scores import report_weighted

SCOUT = SHARED - 1
"""The layer after which the scout looks: the last that all targets share."""
NOTHING_SEEN: NDArray[np.float16] = np.zeros((0, 1), np.float16)
"""What the teachers' classifier sees, where no teacher was asked."""
HIDDEN = 256
"""Width of a head for early exits."""


class Head(nn.Module):
    """Logits from what a classifier sees, for early exits (training.tone.exits)."""

    def __init__(self) -> None:
        super().__init__()
        self.dense, self.out = nn.Linear(SEEN * WIDTH, HIDDEN), nn.Linear(HIDDEN, LOGITS)
        self.dropout = nn.Dropout(0.1)

    def forward(self, seen: Tensor) -> Tensor:
        return self.out(self.dropout(F.gelu(self.dense(self.dropout(seen)))))


class Supervised(nn.Module):
    """A student with heads that learn what it learns, so that few layers come to know much (deep supervision).

    A head sits after each of `layers`. The one after the last layer that all targets share asks the scout: a layer for
    only the tokens that a classifier sees, which look at what is shared. Without that head there is no scout.
    """

    def __init__(self, student: Student, layers: Sequence[int], hint: int) -> None:
        super().__init__()
        self.student = student
        self.hint = nn.Linear(SEEN * WIDTH, hint)
        self.heads = nn.ModuleDict({str(i): Head() for i in layers})
        self.scout = Layer() if SCOUT in layers else None
        if self.scout:
            self.scout.load_state_dict(student.layers[SHARED].state_dict())

    def forward(self, ids: Tensor, attention: Tensor, rows: Tensor, targets: Tensor) -> tuple[list[Tensor], Tensor]:
        """Logits (targets, LOGITS) of each head and of the student, and its guess of what the teacher sees."""
        x, bias = self.student.shared(ids, attention)
        seen = {}
        if self.scout:
            around = x[rows]
            seen[SCOUT] = self.scout(around.gather(1, ends_of(targets)), around, bias[rows]).flatten(1)
        seen |= dict(self.student.seen(x, bias, rows, targets))
        found = [head(seen[int(i)]) for i, head in self.heads.items()]
        last = self.student.dropout(seen[LAYERS - 1])
        return [*found, self.student.classifier(last)], self.hint(last)

    def scout_weights(self) -> dict[str, Tensor]:
        return {name: value for name, value in self.state_dict().items() if name.startswith("scout.")}


@dataclass
class Item:
    """An encoded sentence: token ids, targets, and for each target the label of each head and the teachers' logits.

    `hints` is what the teacher's classifier sees of each target, if that is known.
    """

    ids: list[int]
    targets: list[tuple[int, int]]
    labels: list[Label]
    logits: np.ndarray
    hints: np.ndarray | None = None


def encode(tokenizer: Tokenizer, sentence: Sentence, logits: np.ndarray, hints: np.ndarray | None = None) -> Item:
    """One item; for a sentence longer than the window, the window around its first target."""
    ids, places, rows = tone_windows(tokenizer, sentence.text, sentence.spans)[0]
    labels = [sentence.labels[r] for r in rows]
    return Item(ids, places, labels, logits[list(rows)], None if hints is None else hints[list(rows)])


def collate(items: list[Item]) -> tuple[tuple[Tensor, Tensor, Tensor, Tensor], Tensor, Tensor]:
    """The inputs of the model, and the labels and logits of the targets."""
    ids, attention = padded([item.ids for item in items])
    rows = torch.tensor([row for row, item in enumerate(items) for _ in item.targets])
    targets = torch.tensor([target for item in items for target in item.targets])
    labels = torch.tensor([label for item in items for label in item.labels])
    logits = torch.from_numpy(np.concatenate([item.logits for item in items]))
    return (ids, attention, rows, targets), labels, logits


class Hints:
    """What the teacher's classifier sees, each number with mean 0 and variance 1, and how far a guess is from it."""

    def __init__(self, seen: NDArray[np.float16]) -> None:
        self.width = seen.shape[1]
        self.mean, self.scale = (
            torch.from_numpy(of(seen, axis=0, dtype=np.float32)) if len(seen) else torch.ones(self.width)
            for of in (np.mean, np.std)
        )

    def loss_of(self, output: Tensor, items: list[Item]) -> Tensor:
        """The mean squared error, over the items that have hints."""
        known = torch.tensor([item.hints is not None for item in items for _ in item.targets])
        given = [item.hints for item in items if item.hints is not None]
        if not given:
            return output.new_zeros(())
        goal = (torch.from_numpy(np.concatenate(given)).float() - self.mean) / self.scale
        return F.mse_loss(output[known].float(), goal)


@dataclass
class Lesson:
    """Sentences to learn from, what the teachers say of their targets, and the sentences held out."""

    sentences: list[Sentence]
    logits: list[np.ndarray]
    hints: list[np.ndarray | None]
    held: list[Item]
    seen: Hints

    def always(self) -> NDArray[np.bool_]:
        """Which sentences every epoch reads: those with labels, and those with an evaluation or divided targets."""
        pairs = zip(self.sentences, self.logits, strict=True)
        return np.array([any(label != UNCODED for label in s.labels) or is_hard(logits) for s, logits in pairs])


def read_lesson(a: argparse.Namespace, tokenizer: Tokenizer) -> Lesson:
    """NewsMTSC, the coded rows and the unlabelled sentences; logits are NaN where no teacher was asked."""
    coded, _ = read_coded(a.coded, "train")
    published = by_newsmtsc(read_newsmtsc(a.data / "train.jsonl"))
    if a.alone:
        sentences = [*published, *(coded * a.repeat)]
        return Lesson(sentences, unknown(sentences), [None] * len(sentences), [], Hints(NOTHING_SEEN))
    with np.load(a.work / "logits.npz") as arrays:
        saved = dict(arrays)
    more = uncoded(read_unlabelled(a.work / "unlabelled.jsonl", int(saved["sentences"])))
    lesson = Lesson([], [], [], [], Hints(saved["unlabelled"][:, LOGITS:]))
    groups = (("train", published, 1), ("coded", coded, a.repeat), ("unlabelled", more, 1))
    for name, sentences, times in groups:
        ends = np.cumsum([len(s.spans) for s in sentences])
        for number, (sentence, read) in enumerate(zip(sentences, np.split(saved[name], ends[:-1]), strict=True)):
            logits, hints = read[:, :LOGITS].astype(np.float32), read[:, LOGITS:]
            if name == "unlabelled" and number % 20 == 0:
                lesson.held.append(encode(tokenizer, as_taught(sentence, logits), logits))
                continue
            for _ in range(times):
                lesson.sentences.append(sentence)
                lesson.logits.append(logits)
                lesson.hints.append(hints)
    return lesson


def as_taught(sentence: Sentence, logits: np.ndarray) -> Sentence:
    """The sentence with the likeliest codes of the teachers as its labels."""
    codes = np.stack([logits[:, columns].argmax(1) for columns in COLUMNS.values()], 1)
    return Sentence(sentence.text, sentence.spans, tuple(map(tuple, codes.tolist())))


def unknown(sentences: Sequence[Sentence]) -> list[np.ndarray]:
    """Logits of sentences about which no teacher was asked."""
    return [np.full((len(s.spans), LOGITS), np.nan, dtype=np.float32) for s in sentences]


def is_hard(logits: np.ndarray) -> bool:
    """Whether the teachers see an evaluation in a sentence, by the codebook."""
    return bool((logits[:, COLUMNS["tone"]].argmax(1) != LABELS.index("neutral")).any())


def loss_of_taught(output: Tensor, labels: Tensor, logits: Tensor, a: argparse.Namespace) -> Tensor:
    """The sum of the heads' losses, with labels and teachers; that of a head that nothing is known of is zero."""
    total = output.new_zeros(())
    for at, (name, columns) in enumerate(COLUMNS.items()):
        own, given = labels[:, at], logits[:, columns]
        if (own >= 0).any() or not given[:, 0].isnan().all():
            of_head = distillation_loss(output[:, columns], own, given, a.heat, a.weight)
            total = total + of_head * (1.0 if name == "tone" else a.others_weight)
    return total


@torch.inference_mode()
def predict(model: Student, items: list[Item]) -> Tensor:
    """Logits of all targets, in order."""
    model.eval()
    found: list[Tensor] = [torch.empty(0)] * len(items)
    for rows in batches_by_length([len(i.ids) for i in items], 64, None):
        given, _, _ = collate([items[i] for i in rows])
        output = model(*given).split([len(items[row].targets) for row in rows])
        for row, of_row in zip(rows, output, strict=True):
            found[row] = of_row
    model.train()
    return torch.cat(found)


def options() -> argparse.ArgumentParser:
    parser = training_command(__doc__, "work", "data", epochs=4, rate=1e-4, size=32)
    add = parser.add_argument
    add("--swap", type=float, default=0.25, help="share of sentences with a target's name swapped")
    add("--heat", type=float, default=2.0, help="temperature of the distillation")
    add("--weight", type=float, default=2.0, help="weight of a label beside a teachers' guess")
    others = "share of the unlabelled sentences whose targets the teachers label alike, drawn anew each epoch; "
    add("--others", type=float, default=1.0, help=others + "where they differ, all are used")
    add("--begin", help="go on from that student (its seed), not from MiniLM")
    add("--heads", type=int, nargs="*", default=[], help="layers after which a head learns too, for exits")
    add("--head-weight", type=float, default=0.4, help="of each head beside the student's own classifier")
    add("--hint", type=float, default=0.5, help="weight of what the teacher's classifier sees")
    add("--alone", action="store_true", help="without teachers: labels only")
    add("--coded", type=Path, required=True, help="rows coded by the codebook, with their texts")
    add("--repeat", type=int, default=1, help="how often an epoch reads each coded row")
    add("--others-weight", type=float, default=0.5, help="of each head but that of tone")
    add("--minutes", type=float, default=1e9, help="stop after so many; the next call resumes")
    return parser


def new_model(a: argparse.Namespace, hint: int) -> Supervised:
    """The student that a training begins with, in its heads; `hint` is the width of what the teacher sees."""
    student = Student(LOGITS)
    student.load_minilm(a.work / "minilm")
    begun = a.work / f"student-{a.begin}"
    if a.begin:
        student.load_state_dict(with_all_heads(torch.load(begun / "model.pt"), student))
    # The word vectors stay: training them costs a sixth of a step, and there are few sentences for 30,000 words.
    student.words.weight.requires_grad_(False)
    model = Supervised(student, a.heads, hint)
    if a.begin and model.scout and (begun / "scout.pt").exists():
        model.load_state_dict(torch.load(begun / "scout.pt"), strict=False)
    return model


def with_all_heads(weights: dict[str, Tensor], student: Student) -> dict[str, Tensor]:
    """Weights of a student; one that knows NewsMTSC's polarity only begins the two heads of tone with it."""
    if len(weights["classifier.bias"]) == LOGITS:
        return weights
    grown = {name: value.detach().clone() for name, value in student.classifier.state_dict().items()}
    for end in ("weight", "bias"):
        for head in ("tone", "newsmtsc"):
            grown[end][COLUMNS[head]] = weights[f"classifier.{end}"]
    return weights | {f"classifier.{end}": value for end, value in grown.items()}


def items_of_epoch(
    lesson: Lesson, chosen: Sequence[int], names: list[str], swap: float, tokenizer: Tokenizer, rng: random.Random
) -> list[Item]:
    """The chosen sentences, some with a name swapped."""
    items = []
    for i in chosen:
        given = lesson.sentences[i]
        sentence = sometimes_swapped(given, names, swap, rng)
        # What the teacher sees depends on the name, too.
        items.append(encode(tokenizer, sentence, lesson.logits[i], lesson.hints[i] if sentence is given else None))
    return items


def step_loss(model: Supervised, items: list[Item], seen: Hints, a: argparse.Namespace) -> Tensor:
    """The loss of a batch: the student's own, those of its heads, and that of the hints."""
    inputs, labels, given = collate(items)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs, guess = model(*inputs)
    *early, loss = (loss_of_taught(output.float(), labels, given, a) for output in outputs)
    loss = loss + a.head_weight * sum(early)
    return loss + a.hint * seen.loss_of(guess, items) if a.hint else loss


def score(model: Student, lesson: Lesson, a: argparse.Namespace, tokenizer: Tokenizer, training: Training) -> None:
    """Log the scores on what is held out of the teachers' labels, on NewsMTSC's and on the coded development part."""
    parts: dict[str, tuple[list[Item], NDArray[np.float64] | None]] = {}
    if lesson.held:
        parts["taught"] = (lesson.held, None)
    for name in ("rw", "mt"):
        published = by_newsmtsc(read_newsmtsc(a.data / f"dev_{name}.jsonl"))
        parts[name] = ([encode(tokenizer, *given) for given in zip(published, unknown(published), strict=True)], None)
    coded, of_coded = read_coded(a.coded, "dev")
    parts["coded"] = ([encode(tokenizer, *given) for given in zip(coded, unknown(coded), strict=True)], of_coded)
    for name, (items, weights) in parts.items():
        logits = predict(model, items).numpy()
        labels = np.array([label for item in items for label in item.labels])
        for at, (head, codes) in enumerate(HEADS.items()):
            if (labels[:, at] >= 0).all():
                known = np.ones(len(labels)) if weights is None else weights
                scores = report_weighted(chances_of(logits, head), labels[:, at].tolist(), known, codes)
                training.log(part=name, head=head, **scores)


def train(a: argparse.Namespace, out: Path) -> None:
    """Train a student, and score it on the held-out and the development parts after each epoch."""
    tokenizer = open_tokenizer(a.work / "minilm")
    lesson = read_lesson(a, tokenizer)
    names = names_of(lesson.sentences)
    model = new_model(a, lesson.seen.width)
    always = lesson.always()
    kept, rest = np.flatnonzero(always), np.flatnonzero(~always).tolist()
    others = round(a.others * len(rest))
    print(f"an epoch: {len(kept)} labelled or divided sentences and {others} of {len(rest)} others", flush=True)
    training = Training(model, a.rate, steps=a.epochs * -(-(len(kept) + others) // a.size), folder=out)
    start = training.resume().get("epoch", 0)
    model.student.train()
    for epoch in range(start, a.epochs):
        rng = seeded(a.seed, epoch)
        items = items_of_epoch(lesson, sorted([*kept, *rng.sample(rest, others)]), names, a.swap, tokenizer, rng)
        for _, rows in training.batches(batches_by_length([len(i.ids) for i in items], a.size, rng), epoch, every=50):
            training.step(step_loss(model, [items[i] for i in rows], lesson.seen, a))
        score(model.student, lesson, a, tokenizer, training)
        torch.save(model.student.state_dict(), out / "model.pt")
        if model.scout:
            torch.save(model.scout_weights(), out / "scout.pt")
        training.keep(epoch=epoch + 1)
        if training.seconds > a.minutes * 60:
            return


def main() -> None:
    a = options().parse_args()
    train(a, begin(a.work / f"student-{a.seed}", a.seed))


if __name__ == "__main__":
    main()
