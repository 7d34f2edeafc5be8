"""Weights in few bits by GPTQ (Frantar et al. 2023), as integers with a scale for each block.

The integers are stored as bytes in a compressed file, so that a file needs about as many bits as they have entropy:
with 15 levels about four.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor, nn

TRIES: Final = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
"""Shares of a block's largest magnitude that the highest level may stand for."""
DAMPING: Final = 0.01
"""Added to the diagonal, as a share of its mean."""
TINY: Final = 1e-7


def best_scale(blocks: Tensor, levels: int) -> Tensor:
    """For blocks (n, size) the scales (n, 1) with the least squared error; whole numbers from -levels to levels."""
    top = blocks.abs().amax(1, keepdim=True)
    scale = error = torch.empty(0)
    for share in TRIES:
        tried = (top * share / levels).half().float().clamp(min=TINY)
        of_tried = ((rounded(blocks, tried, levels) * tried - blocks) ** 2).sum(1, keepdim=True)
        scale = torch.where(of_tried < error, tried, scale) if len(error) else tried
        error = torch.minimum(of_tried, error) if len(error) else of_tried
    return scale


def rounded(values: Tensor, scale: Tensor, levels: int) -> Tensor:
    """The nearest whole numbers of scales."""
    return torch.clamp(torch.round(values / scale), -levels, levels)


def gptq(weight: Tensor, moments: Tensor, block: int, levels: int) -> tuple[Tensor, Tensor]:
    """The integers (out, in) and scales (out, in / block) of a linear layer's weight.

    `moments` is X^T X of what the layer sees, (in, in): what rounding one column does to the output is made good in the
    columns after it.
    """
    weight, width = weight.clone(), weight.shape[1]
    found, scales = torch.zeros_like(weight), torch.zeros(len(weight), width // block)
    damped = moments + torch.eye(width) * DAMPING * moments.diag().mean()
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(damped)), upper=True)
    for begin in range(0, width, block):
        end = begin + block
        here, own = weight[:, begin:end].clone(), inverse[begin:end, begin:end]
        scale = best_scale(here, levels)
        errors = torch.zeros_like(here)
        for at in range(block):
            column = rounded(here[:, at : at + 1], scale, levels)
            found[:, begin + at : begin + at + 1] = column
            error = (here[:, at : at + 1] - column * scale) / own[at, at]
            here[:, at:] -= error @ own[at : at + 1, at:]
            errors[:, at : at + 1] = error
        scales[:, begin // block : begin // block + 1] = scale
        weight[:, end:] -= errors @ inverse[begin:end, end:]
    return found.to(torch.int8), scales.half()


def plain(table: Tensor, block: int, levels: int) -> tuple[Tensor, Tensor]:
    """The integers (n, width) and scales (n, width / block) of a table of vectors, each number rounded by itself."""
    blocks = table.reshape(-1, block)
    scale = best_scale(blocks, levels)
    shape = (len(table), -1)
    return rounded(blocks, scale, levels).to(torch.int8).reshape(table.shape), scale.half().reshape(shape)


class Moments:
    """Collects X^T X of what linear layers see, while a model reads; `kept` says which tokens count."""

    def __init__(self, layers: Mapping[str, nn.Module]) -> None:
        self.of: dict[str, Tensor] = {}
        self.kept = torch.empty(0, dtype=torch.bool)
        for name, layer in layers.items():
            layer.register_forward_pre_hook(self._hook(name))

    def _hook(self, name: str):  # type: ignore[no-untyped-def]
        def look(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            seen = given[0][self.kept].float()
            self.of[name] = self.of.get(name, torch.zeros(())) + seen.T @ seen

        return look
