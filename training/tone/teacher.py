"""Fine-tune MPNet on NewsMTSC: the target is marked in the text, and the classifier sees it and the first token.

    python -m training.tone.teacher WORK DATA --seed 1 --epochs 3

DATA has train.jsonl, dev_rw.jsonl and dev_mt.jsonl. WORK/mpnet comes from training.common.encoders. The model goes to
WORK/teacher-SEED/model.pt, with log.jsonl beside it; a killed run resumes from its last checkpoint.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import MPNetConfig, MPNetModel

from training.common.batches import batches_by_length, open_tokenizer
from training.common.commands import training_command
from training.common.loop import Training, begin, padded, read_all, seeded
from training.common.sentences import Sentence, names_of, read_newsmtsc, single_targets, sometimes_swapped
from training.tone.scores import report

OPEN, CLOSE = "[unused0]", "[unused1]"
LONGEST = 160
Encoded = tuple[list[int], int, int]
"""Token ids, and the positions of the two marks."""


class MarkedTarget(torch.nn.Module):
    """An encoder with a linear layer on the first token and the mean of the marked target."""

    def __init__(self, encoder: torch.nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = torch.nn.Dropout(0.1)
        self.classifier = torch.nn.Linear(2 * width, 3)

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


def mark(sentence: Sentence) -> str:
    ((start, end),) = sentence.spans
    return f"{sentence.text[:start]} {OPEN} {sentence.text[start:end]} {CLOSE} {sentence.text[end:]}"


class Marker:
    """Turns sentences with one target into tensors, windowed around the target."""

    def __init__(self, work: Path) -> None:
        self.tokenizer = open_tokenizer(work / "mpnet")
        self.tokenizer.add_special_tokens([OPEN, CLOSE])
        self.open, self.close = (int(self.tokenizer.token_to_id(t) or 0) for t in (OPEN, CLOSE))

    def encode(self, sentence: Sentence) -> Encoded:
        """The tokens of a sentence, or those around its target if it is too long."""
        ids = self.tokenizer.encode(mark(sentence)).ids
        first, last = ids.index(self.open), ids.index(self.close)
        if len(ids) > LONGEST:
            spare = max(LONGEST - 2 - (last + 1 - first), 0)
            start = min(max(1, first - spare // 2), len(ids) - 1 - (LONGEST - 2))
            ids = [ids[0], *ids[start : start + LONGEST - 2], ids[-1]]
            first, last = ids.index(self.open), ids.index(self.close) if self.close in ids else LONGEST - 2
        return ids, first, last

    def batch(self, encoded: list[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Token ids, attention, and 1 for the tokens from one mark to the other: (n, tokens) each."""
        ids, attention = padded([tokens for tokens, _, _ in encoded], filler=1, multiple=8)
        target = torch.zeros(ids.shape)
        for row, (_, first, last) in enumerate(encoded):
            target[row, first : last + 1] = 1
        return ids, attention, target


def read(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> torch.Tensor:
    """In the order of `sentences` the three logits, and after them what the classifier sees: (n, 3 + 2 * width)."""
    encoded = [marker.encode(s) for s in sentences]

    def read_rows(rows: list[int]) -> torch.Tensor:
        pooled = model.pooled(*marker.batch([encoded[i] for i in rows]))
        return torch.cat([model.classifier(pooled), pooled], 1)

    return read_all(model, [len(e[0]) for e in encoded], 3 + model.classifier.in_features, read_rows)


def predict(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> torch.Tensor:
    """Logits (n, 3) in the order of `sentences`."""
    return read(model, marker, sentences)[:, :3]


def train(a: argparse.Namespace, out: Path) -> None:
    """Fine-tune a teacher, and score it on the development parts after each epoch."""
    sentences = single_targets(read_newsmtsc(a.data / "train.jsonl"))
    parts = {name: single_targets(read_newsmtsc(a.data / f"dev_{name}.jsonl")) for name in ("rw", "mt")}
    names = names_of(sentences)
    marker = Marker(a.work)
    model = load_mpnet(a.work)
    # The word vectors stay: training them costs a third of a step and 9,000 sentences say little about 30,000 words.
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    training = Training(model, a.rate, steps=a.epochs * -(-len(sentences) // a.size), folder=out)
    state = training.resume().get("state", {"epoch": 0, "done": 0})
    model.train()
    for epoch in range(state["epoch"], a.epochs):
        rng = seeded(a.seed, epoch)
        encoded = [marker.encode(sometimes_swapped(s, names, a.swap, rng)) for s in sentences]
        batches = batches_by_length([len(e[0]) for e in encoded], a.size, rng)
        done = state["done"] if epoch == state["epoch"] else 0
        for number, rows in training.batches(batches, epoch, every=10, begin=done):
            labels = torch.tensor([sentences[i].labels[0] for i in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*marker.batch([encoded[i] for i in rows]))
            training.step(F.cross_entropy(logits.float(), labels, label_smoothing=0.05))
            if number % 100 == 99:
                training.keep(state={"epoch": epoch, "done": number + 1})
        for name, part in parts.items():
            chances = predict(model, marker, part).softmax(1).numpy()
            training.log(epoch=epoch, part=name, **report(chances, [s.labels[0] for s in part]))
        torch.save(model.state_dict(), out / "model.pt")
    training.checkpoint.unlink(missing_ok=True)


def main() -> None:
    parser = training_command(__doc__, "work", "data", epochs=3, rate=3e-5, size=32)
    parser.add_argument("--swap", type=float, default=0.15, help="share of training targets whose name is swapped")
    a = parser.parse_args()
    train(a, begin(a.work / f"teacher-{a.seed}", a.seed))


if __name__ == "__main__":
    main()
