"""What every training loop needs: a tokenizer, batches of like lengths, and an optimizer that can be resumed."""

import random
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer


def open_tokenizer(folder: Path) -> Tokenizer:
    """An encoder's tokenizer without limits."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def batches_by_length(lengths: list[int], size: int, rng: random.Random | None) -> list[list[int]]:
    """Batches of like lengths: shuffled, then sorted inside chunks of 50 batches, then shuffled again."""
    order = list(range(len(lengths)))
    if rng:
        rng.shuffle(order)
    chunk = size * 50 if rng else max(len(order), 1)
    order = [i for c in range(0, len(order), chunk) for i in sorted(order[c : c + chunk], key=lengths.__getitem__)]
    batches = [order[b : b + size] for b in range(0, len(order), size)]
    if rng:
        rng.shuffle(batches)
    return batches


class Training:
    """AdamW with a linear warm-up and decay of the rate over `steps`, and a checkpoint to go on from."""

    def __init__(self, model: torch.nn.Module, rate: float, *, steps: int, checkpoint: Path) -> None:
        self.model, self.checkpoint = model, checkpoint
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

    def step(self, loss: torch.Tensor) -> None:
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)

    def resume(self) -> dict[str, Any]:
        """Take up the checkpoint, if there is one, and return what was kept in it."""
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
