"""Heads that let the model of tone stop early where a few layers can already tell, as in BERxiT (Xin et al. 2021).

    python -m training.tone.exits WORK --coded CODED --seed 9 --layers 1 3 --agreement 0.99 0.985 0.985

After each of the layers named (the first is 0) a small head learns the model's own probabilities from what the
classifier would see there; the student's weights stay as they are. Each sentence is read as it is and with a name
swapped for another, and the mean of both is learned for both, so that the heads are no quicker to judge a name than
the whole model. A target whose guess is sure enough goes no further. The thresholds are chosen so that, of held-out
targets that stop, the share --agreement gets the label that the whole model gives, head by head: tone, fate, speaks
(NewsMTSC's polarity, which is asked for alone, takes no exit). Labels are those that newskit gives, by calibrated
probabilities times a bonus, both fitted on the development rows of CODED (training.tone.ship). Reads
WORK/student-SEED/model.pt and the last sentences of WORK/unlabelled.jsonl, which must be sentences as they come: of
sentences chosen for being hard, fewer would stop. Writes WORK/student-SEED/exits.pt, which training.tone.ship takes
along; seen-….npz beside it keeps what was read, so that another call with another share takes a minute.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from newskit.resources.onnx import softmax
from training.common.batches import open_tokenizer
from training.common.commands import command
from training.common.sentences import names_swapped, read_unlabelled
from training.tone.codes import COLUMNS, LOGITS, SURE, read_coded
from training.tone.label import Read, read_student
from training.tone.scores import least_sure
from training.tone.ship import best_bonus, best_calibration, labels_of
from training.tone.student import SCOUT, Head

Weighing = dict[str, tuple[float, list[float]]]


def chances_of_heads(logits: torch.Tensor) -> torch.Tensor:
    """The probabilities of each head's codes, side by side."""
    return torch.cat([logits[:, columns].softmax(1) for columns in COLUMNS.values()], 1)


def divergence(logits: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    """From the probabilities of the whole model, summed over the heads."""
    kept = [COLUMNS[head] for head in SURE]
    return sum(
        (F.kl_div(logits[:, at].log_softmax(1), goal[:, at], reduction="batchmean") for at in kept),
        start=logits.new_zeros(()),
    )


def learn(seen: torch.Tensor, goal: torch.Tensor, epochs: int, size: int = 128) -> Head:
    """A head with the least divergence from the probabilities of the whole model."""
    head = Head()
    steps = epochs * -(-len(seen) // size)
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-3, total_steps=steps)
    for _ in range(epochs):
        for rows in torch.randperm(len(seen)).split(size):
            loss = divergence(head(seen[rows].float()), goal[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    head.eval()
    return head


def read_layers(folder: Path, a: argparse.Namespace) -> Read:
    """What the student says and what its layers show, for the sentences as they are and then with a name swapped.

    `sentence` has the number of the sentence of each target.
    """
    asked = f"{a.layers} {a.sentences}".encode() + (folder / "model.pt").read_bytes()
    kept = folder / f"seen-{hashlib.sha256(asked).hexdigest()[:12]}.npz"
    if not kept.exists():
        sentences = read_unlabelled(a.work / "unlabelled.jsonl")[-a.sentences :]
        number = np.repeat(np.arange(len(sentences)), [len(s.spans) for s in sentences])
        tokenizer = open_tokenizer(a.work / "minilm")
        read = read_student(folder / "model.pt", tokenizer, [*sentences, *names_swapped(sentences)], a.layers)
        draft = kept.with_suffix(".tmp.npz")
        np.savez(draft, sentence=np.tile(number, 2), **read)  # type: ignore[arg-type]
        draft.rename(kept)
    with np.load(kept) as arrays:
        return dict(arrays)


def weighing(folder: Path, a: argparse.Namespace) -> Weighing:
    """For each head the factor and the shift of logits with which the likeliest code is the one that newskit gives."""
    coded, weights = read_coded(a.coded, "dev")
    logits = read_student(folder / "model.pt", open_tokenizer(a.work / "minilm"), coded)["logits"].astype(np.float64)
    found = {}
    for head in SURE:
        own, gold = logits[:, COLUMNS[head]], labels_of(coded, head)
        temperature, offsets = best_calibration(own, gold, weights)
        bonus = best_bonus(softmax(own / temperature + offsets), gold, weights)
        found[head] = (1 / temperature, (np.asarray(offsets) + np.log(bonus)).tolist())
    return found


def weighed(logits: NDArray[np.floating], head: str, weigh: Weighing) -> NDArray[np.floating]:
    """The shares of a head's codes by which newskit decides."""
    factor, shift = weigh[head]
    return softmax(logits[:, COLUMNS[head]].astype(np.float64) * factor + shift)


def main() -> None:
    parser = command(__doc__, "work")
    parser.add_argument("--coded", type=Path, required=True, help="rows coded by the codebook, with their texts")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--layers", type=int, nargs="+", default=[1, 3])
    parser.add_argument("--agreement", type=float, nargs=3, default=[0.99, 0.985, 0.985], help="for tone, fate, speaks")
    parser.add_argument("--sentences", type=int, default=8000)
    parser.add_argument("--epochs", type=int, default=10)
    a = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(2)
    folder = a.work / f"student-{a.seed}"
    read = read_layers(folder, a)
    goal = chances_of_heads(torch.from_numpy(read["logits"])).view(2, -1, LOGITS).mean(0).repeat(2, 1)
    weigh = weighing(folder, a)
    labels = {head: weighed(read["logits"], head, weigh).argmax(1) for head in SURE}
    held = read["sentence"] % 5 == 0
    weights = torch.load(folder / "scout.pt") if SCOUT in a.layers else {}
    sure: dict[int, list[float]] = {}
    left = held.copy()
    for layer in a.layers:
        seen = torch.from_numpy(read[f"seen_{layer}"])
        head = learn(seen[~held], goal[~held], a.epochs)
        weights |= {f"exits.{layer}.{name}": value for name, value in head.state_dict().items()}
        with torch.inference_mode():
            guesses = head(seen.float()).numpy()
        done, right = left.copy(), {}
        sure[layer] = []
        for name, agreement in zip(SURE, a.agreement, strict=True):
            guess = weighed(guesses, name, weigh)
            # Each threshold is chosen on the targets that the layers below left.
            sure[layer].append(least_sure(guess[left], labels[name][left], agreement))
            done &= guess.max(1) >= sure[layer][-1]
            right[name] = guess.argmax(1) == labels[name]
        print(json.dumps({
            "layer": layer, "sure": sure[layer], "done": float(done.sum() / held.sum()),
            "agreement": {name: float(of[done].mean()) for name, of in right.items()},
        }), flush=True)  # fmt: skip
        left &= ~done
    torch.save({"weights": weights, "sure": sure, "weigh": weigh}, folder / "exits.pt")


if __name__ == "__main__":
    main()
