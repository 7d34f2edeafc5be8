"""Fine-tune MPNet on NewsMTSC and on rows coded by newskit's codebook.

The target is marked in the text, and one classifier for all heads (training.tone.codes) sees it and the first token.

    python -m training.tone.teacher WORK DATA --coded CODED --seed 1 --epochs 1
    python -m training.tone.teacher WORK DATA --coded CODED --seed 2 --epochs 2 --begin 1 --newsmtsc 0.3

DATA has train.jsonl, dev_rw.jsonl and dev_mt.jsonl; CODED comes from data/gold/tone/texts.py. WORK/mpnet comes from
training.common.encoders. The model goes to WORK/teacher-SEED/model.pt, with log.jsonl beside it; a killed run resumes
from its last checkpoint.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F
from transformers import MPNetConfig, MPNetModel

from newskit.annotation.tone.accurate import CLOSE, OPEN, marked_tokens
from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, padded, read_all, seeded
from training.common.sentences import Sentence, names_of, read_newsmtsc, single_targets, sometimes_swapped
from training.tone.codes import COLUMNS, HEADS, LOGITS, by_newsmtsc, chances_of, read_coded
from training.tone.scores import report, report_weighted

Encoded = tuple[list[int], int, int]
"""Token ids, and the positions of the two marks."""


class MarkedTarget(torch.nn.Module):
    """An encoder with a linear layer on the first token and the mean of the marked target."""

    def __init__(self, encoder: torch.nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = torch.nn.Dropout(0.1)
        self.classifier = torch.nn.Linear(2 * width, LOGITS)

    def forward(self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.dropout(self.pooled(ids, attention, target)))

    def pooled(self, ids: torch.Tensor, attention: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """What the classifier sees: the vectors of the first token and of the target, (n, 2 * width)."""
        hidden = self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state
        weights = (target / target.sum(1, keepdim=True)).unsqueeze(1).to(hidden.dtype)
        return torch.cat([hidden[:, 0], (weights @ hidden).squeeze(1)], dim=1)


def load_mpnet(work: Path) -> MarkedTarget:
    config = MPNetConfig.from_json_file(work / "mpnet" / "config.json")
    encoder = MPNetModel(config, add_pooling_layer=False)
    weights = load_file(work / "mpnet" / "model.safetensors")
    missing, _ = encoder.load_state_dict({k.removeprefix("mpnet."): v for k, v in weights.items()}, strict=False)
    if [name for name in missing if "position_ids" not in name]:
        raise SystemExit(f"the encoder lacks {missing}")
    return MarkedTarget(encoder, config.hidden_size)


class Marker:
    """Turns sentences with one target into tensors, windowed around the target."""

    def __init__(self, work: Path) -> None:
        self.tokenizer = open_tokenizer(work / "mpnet")
        self.tokenizer.add_special_tokens([OPEN, CLOSE])
        self.open, self.close = (int(self.tokenizer.token_to_id(t) or 0) for t in (OPEN, CLOSE))

    def encode(self, sentence: Sentence) -> Encoded:
        """The tokens of a sentence, or those around its target if it is too long."""
        ((start, end),) = sentence.spans
        return marked_tokens(self.tokenizer, sentence.text, (start, end))

    def batch(self, encoded: list[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Token ids, attention, and 1 for the tokens from one mark to the other: (n, tokens) each."""
        ids, attention = padded([tokens for tokens, _, _ in encoded], filler=1, multiple=8)
        target = torch.zeros(ids.shape)
        for row, (_, first, last) in enumerate(encoded):
            target[row, first : last + 1] = 1
        return ids, attention, target


def read(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> torch.Tensor:
    """In the order of `sentences` the logits, and after them what the classifier sees: (n, LOGITS + 2 * width)."""
    encoded = [marker.encode(s) for s in sentences]

    def read_rows(rows: list[int]) -> torch.Tensor:
        pooled = model.pooled(*marker.batch([encoded[i] for i in rows]))
        return torch.cat([model.classifier(pooled), pooled], 1)

    return read_all(model, [len(e[0]) for e in encoded], LOGITS + model.classifier.in_features, read_rows)


def predict(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> torch.Tensor:
    """Logits (n, LOGITS) in the order of `sentences`."""
    return read(model, marker, sentences)[:, :LOGITS]


def loss_of_heads(logits: Tensor, labels: Tensor, smoothing: float = 0.05) -> Tensor:
    """The mean cross-entropy of all labels that there are; logits (n, LOGITS), labels (n, heads)."""
    total, count = logits.new_zeros(()), torch.zeros(())
    for at, columns in enumerate(COLUMNS.values()):
        known = labels[:, at] >= 0
        if known.any():
            own = logits[known, columns]
            total = total + F.cross_entropy(own, labels[known, at], label_smoothing=smoothing, reduction="sum")
            count = count + known.sum()
    return total / count.clamp(min=1) * (count / len(labels))


def scored(model: MarkedTarget, marker: Marker, a: argparse.Namespace, training: Training, epoch: int) -> None:
    """Log the scores on the development parts of NewsMTSC and of the coded rows."""
    for name in ("rw", "mt"):
        part = by_newsmtsc(single_targets(read_newsmtsc(a.data / f"dev_{name}.jsonl")))
        chances = chances_of(predict(model, marker, part).numpy(), "newsmtsc")
        training.log(epoch=epoch, part=name, **report(chances, [s.labels[0][-1] for s in part]))
    part, weights = read_coded(a.coded, "dev")
    logits = predict(model, marker, part).numpy()
    for at, head in enumerate(list(HEADS)[:-1]):
        labels = [s.labels[0][at] for s in part]
        training.log(epoch=epoch, part=head, **report_weighted(chances_of(logits, head), labels, weights, HEADS[head]))


def train(a: argparse.Namespace, out: Path) -> None:
    """Fine-tune a teacher, and score it on the development parts after each epoch."""
    published = by_newsmtsc(single_targets(read_newsmtsc(a.data / "train.jsonl")))
    coded, _ = read_coded(a.coded, "train")
    names = names_of([*published, *coded])
    some = round(a.newsmtsc * len(published))
    count = some + a.repeat * len(coded)
    marker = Marker(a.work)
    model = load_mpnet(a.work)
    if a.begin:
        model.load_state_dict(torch.load(a.work / f"teacher-{a.begin}" / "model.pt"))
    # The word vectors stay: training them costs a third of a step and 9,000 sentences say little about 30,000 words.
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    model.encoder.encoder.layer[: a.frozen].requires_grad_(False)
    training = Training(model, a.rate, steps=a.epochs * -(-count // a.size), folder=out)
    state = training.resume().get("state", {"epoch": 0, "done": 0})
    model.train()
    for epoch in range(state["epoch"], a.epochs):
        rng = seeded(a.seed, epoch)
        sentences = [*rng.sample(published, some), *(coded * a.repeat)]
        encoded = [marker.encode(sometimes_swapped(s, names, a.swap, rng)) for s in sentences]
        batches = batches_by_length([len(e[0]) for e in encoded], a.size, rng)
        done = state["done"] if epoch == state["epoch"] else 0
        for number, rows in training.batches(batches, epoch, every=10, begin=done):
            labels = torch.tensor([sentences[i].labels[0] for i in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*marker.batch([encoded[i] for i in rows]))
            training.step(loss_of_heads(logits.float(), labels))
            if number % 100 == 99:
                training.keep(state={"epoch": epoch, "done": number + 1})
        torch.save(model.state_dict(), out / "model.pt")
        scored(model, marker, a, training, epoch)
    training.checkpoint.unlink(missing_ok=True)


def main() -> None:
    parser = training_command(__doc__, "work", "data", epochs=3, rate=3e-5, size=32)
    parser.add_argument("--coded", type=Path, required=True, help="rows coded by the codebook, with their texts")
    parser.add_argument("--swap", type=float, default=0.15, help="share of training targets whose name is swapped")
    parser.add_argument("--begin", help="go on from that teacher (its seed), not from MPNet")
    parser.add_argument(
        "--newsmtsc", type=float, default=1.0, help="share of NewsMTSC in an epoch, drawn anew for each"
    )
    parser.add_argument("--frozen", type=int, default=0, help="lower layers that stay as they are")
    parser.add_argument("--repeat", type=int, default=1, help="how often an epoch reads each coded row")
    a = parser.parse_args()
    train(a, begin(a.work / f"teacher-{a.seed}", a.seed))


if __name__ == "__main__":
    main()
