"""Fine-tune MPNet on NewsMTSC: the target is marked in the text, the classifier sees it and the first token.

    python -m training.tone.teacher WORK DATA --seed 1 --epochs 3

DATA has train.jsonl, dev_rw.jsonl and dev_mt.jsonl. WORK/mpnet comes from encoders.py. The model goes to
WORK/teacher-SEED/model.pt, with log.jsonl beside it; a killed run goes on from its last checkpoint.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional as F
from transformers import MPNetConfig, MPNetModel

from training.common.loop import Training, batches_by_length, open_tokenizer
from training.common.sentences import Sentence, names_of, read_newsmtsc, single_targets, swap_one_name
from training.tone.scores import report

OPEN, CLOSE = "[unused0]", "[unused1]"
LONGEST = 160


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

    def encode(self, sentence: Sentence) -> tuple[list[int], int, int]:
        """The token ids, and the positions of the two marks."""
        ids = self.tokenizer.encode(mark(sentence)).ids
        first, last = ids.index(self.open), ids.index(self.close)
        if len(ids) > LONGEST:
            spare = max(LONGEST - 2 - (last + 1 - first), 0)
            start = min(max(1, first - spare // 2), len(ids) - 1 - (LONGEST - 2))
            ids = [ids[0], *ids[start : start + LONGEST - 2], ids[-1]]
            first, last = ids.index(self.open), ids.index(self.close) if self.close in ids else LONGEST - 2
        return ids, first, last

    def batch(self, encoded: list[tuple[list[int], int, int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        longest = max(len(ids) for ids, _, _ in encoded)
        longest += -longest % 8
        ids = torch.ones(len(encoded), longest, dtype=torch.long)
        attention = torch.zeros(len(encoded), longest)
        target = torch.zeros(len(encoded), longest)
        for row, (tokens, first, last) in enumerate(encoded):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            attention[row, : len(tokens)] = 1
            target[row, first : last + 1] = 1
        return ids, attention, target


@torch.inference_mode()
def read(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> torch.Tensor:
    """In the order of `sentences` the three logits, and after them what the classifier sees: (n, 3 + 2 * width)."""
    model.eval()
    encoded = [marker.encode(s) for s in sentences]
    found = torch.zeros(len(sentences), 3 + model.classifier.in_features)
    for rows in batches_by_length([len(e[0]) for e in encoded], 64, None):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pooled = model.pooled(*marker.batch([encoded[i] for i in rows]))
            found[rows] = torch.cat([model.classifier(pooled), pooled], 1).float()
    model.train()
    return found


def predict(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> torch.Tensor:
    """Logits (n, 3) in the order of `sentences`."""
    return read(model, marker, sentences)[:, :3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--swap", type=float, default=0.15, help="share of training targets whose name is swapped")
    parser.add_argument("--size", type=int, default=32)
    a = parser.parse_args()

    torch.manual_seed(a.seed)
    torch.set_num_threads(2)
    out = a.work / f"teacher-{a.seed}"
    out.mkdir(exist_ok=True)
    train = single_targets(read_newsmtsc(a.data / "train.jsonl"))
    parts = {name: single_targets(read_newsmtsc(a.data / f"dev_{name}.jsonl")) for name in ("rw", "mt")}
    names = names_of(train)
    marker = Marker(a.work)
    model = load_mpnet(a.work)
    # The word vectors stay: training them costs a third of a step and 9,000 sentences say little about 30,000 words.
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    training = Training(model, a.rate, steps=a.epochs * -(-len(train) // a.size), checkpoint=out / "checkpoint.pt")
    state = training.resume().get("state", {"epoch": 0, "done": 0})
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    model.train()
    began = time.time()
    for epoch in range(state["epoch"], a.epochs):
        rng = random.Random(f"{a.seed} {epoch}")
        swapped = [swap_one_name(s, names, rng) if rng.random() < a.swap else s for s in train]
        encoded = [marker.encode(s) for s in swapped]
        batches = batches_by_length([len(e[0]) for e in encoded], a.size, rng)
        done = state["done"] if epoch == state["epoch"] else 0
        torch.manual_seed(a.seed * 100 + epoch)
        for number in range(done, len(batches)):
            rows = batches[number]
            labels = torch.tensor([train[i].labels[0] for i in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*marker.batch([encoded[i] for i in rows]))
            loss = F.cross_entropy(logits.float(), labels, label_smoothing=0.05)
            training.step(loss)
            if number % 10 == 9:
                print(
                    f"epoch {epoch} batch {number + 1}/{len(batches)} loss {loss.item():.3f} "
                    f"{time.time() - began:.0f} s",
                    flush=True,
                )
            if number % 100 == 99:
                state = {"epoch": epoch, "done": number + 1}
                training.keep(state=state)
        for name, part in parts.items():
            scored = report(predict(model, marker, part).softmax(1).numpy(), [s.labels[0] for s in part])
            line = json.dumps({"epoch": epoch, "part": name, **scored})
            print(line, file=log, flush=True)
            print(line, flush=True)
        torch.save(model.state_dict(), out / "model.pt")
    (out / "checkpoint.pt").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
