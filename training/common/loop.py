"""What every training loop needs: batches as tensors, an optimizer, checkpoints, a log, the loss of distillation."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from training.common.batches import batches_by_length


def begin(folder: Path, seed: int, threads: int | None = 2) -> Path:
    """Seed torch, limit its threads, and make the folder of a training, which is returned."""
    torch.manual_seed(seed)
    if threads:
        torch.set_num_threads(threads)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def seeded(seed: int, epoch: int) -> random.Random:
    """Python's generator for an epoch; torch's own is seeded for that epoch as well."""
    torch.manual_seed(seed * 100 + epoch)
    return random.Random(f"{seed} {epoch}")


class Training:
    """AdamW with a linear warm-up and decay of the learning rate over `steps`; checkpoint and log lie in `folder`."""

    def __init__(self, model: torch.nn.Module, rate: float, *, steps: int, folder: Path) -> None:
        self.model = model
        self.checkpoint, self.journal = folder / "checkpoint.pt", folder / "log.jsonl"
        decayed = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
        plain = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
        self.parameters = decayed + plain
        self.optimizer = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=rate, fused=True
        )
        warm = max(steps // 16, 1)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: min((step + 1) / warm, (steps - step) / (steps - warm))
        )
        self.loss, self.began = 0.0, time.time()

    @property
    def seconds(self) -> float:
        """How long this run has lasted."""
        return time.time() - self.began

    def batches(
        self, batches: Sequence[list[int]], epoch: int, *, every: int, begin: int = 0
    ) -> Iterator[tuple[int, list[int]]]:
        """The batches of an epoch from number `begin` on, with their numbers; progress is printed after every few."""
        for number in range(begin, len(batches)):
            yield number, batches[number]
            if number % every == every - 1:
                done = f"epoch {epoch} batch {number + 1}/{len(batches)}"
                print(f"{done} loss {self.loss:.3f} {self.seconds:.0f} s", flush=True)

    def step(self, loss: Tensor) -> None:
        """Learn from the loss of one batch."""
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.loss = loss.item()

    def log(self, **scores: Any) -> None:
        """Print the scores, and append them to the log."""
        line = json.dumps(scores)
        with self.journal.open("a", encoding="utf-8") as file:
            print(line, file=file)
        print(line, flush=True)

    def resume(self) -> dict[str, Any]:
        """Load the checkpoint, if there is one, and return the state that was kept in it."""
        if not self.checkpoint.exists():
            return {}
        saved: dict[str, Any] = torch.load(self.checkpoint, weights_only=False)
        for name in ("model", "optimizer", "schedule"):
            getattr(self, name).load_state_dict(saved.pop(name))
        return saved

    def keep(self, **state: Any) -> None:
        """Write the checkpoint, with `state`, under another name first, so that a killed run leaves a whole one."""
        parts = {name: getattr(self, name).state_dict() for name in ("model", "optimizer", "schedule")}
        draft = self.checkpoint.with_suffix(".tmp")
        torch.save({**parts, **state}, draft)
        draft.rename(self.checkpoint)


def padded(rows: Sequence[Sequence[int]], *, filler: int = 0, multiple: int = 1) -> tuple[Tensor, Tensor]:
    """Token ids filled up to one length, a multiple of `multiple`, and the attention: 1 for tokens, 0 for filler."""
    longest = max(len(tokens) for tokens in rows)
    longest += -longest % multiple
    ids = torch.full((len(rows), longest), filler, dtype=torch.long)
    attention = torch.zeros(len(rows), longest)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        attention[row, : len(tokens)] = 1
    return ids, attention


@torch.inference_mode()
def read_all(model: torch.nn.Module, lengths: list[int], width: int, read: Callable[[list[int]], Tensor]) -> Tensor:
    """What `read` returns for batches of items, by their numbers, put in the order of the items: (items, width).

    The model is in evaluation mode meanwhile.
    """
    model.eval()
    found = torch.zeros(len(lengths), width)
    for rows in batches_by_length(lengths, 64, None):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found[rows] = read(rows).float()
    model.train()
    return found


def distillation_loss(
    output: Tensor, labels: Tensor, logits: Tensor, heat: float, weight: float, smoothing: float = 0.05
) -> Tensor:
    """Cross-entropy with the label, where there is one, and with the teachers' softened distribution, where known."""
    labelled, taught = labels >= 0, ~logits[..., 0].isnan()
    loss = F.cross_entropy(output[labelled], labels[labelled], label_smoothing=smoothing, reduction="sum") * weight
    given, own = (logits[taught] / heat).softmax(-1), (output[taught] / heat).log_softmax(-1)
    loss = loss + F.kl_div(own, given, reduction="sum") * heat**2
    return loss / (labelled.sum() * weight + taught.sum())
