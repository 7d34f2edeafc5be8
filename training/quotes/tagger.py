"""The tagger: MiniLM, which finds the cues of a window and points from each to its content and its source.

For a cue's word piece c and any piece t, each of the six roles (first, last and inner piece of content and of source)
has the score q(c) . k(t) + u(t) + d(t - c): two projections, one number of the piece alone, and one of the distance.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from newskit.annotation.quotes.model import MAX_DISTANCE, PART, ROLES
from training.common.minilm import Layer, Student, bias_of, heads_of
from training.common.shape import HEADS, WIDTH

OUT = len(ROLES) * PART


class Tagger(nn.Module):
    """`layers` of MiniLM; the lowest `kept` and the words stay as they are, which saves a quarter of the time."""

    def __init__(self, minilm: Path | None, layers: int = 6, kept: int = 2) -> None:
        super().__init__()
        self.kept = kept
        base = Student()
        if minilm:
            base.load_minilm(minilm)
        self.words, self.positions, self.norm = base.words, base.positions, base.norm
        self.layers = base.layers[:layers]
        self.dropout = nn.Dropout(0.1)
        self.cue = nn.Linear(WIDTH, 3)
        self.asking, self.asked = nn.Linear(WIDTH, OUT), nn.Linear(WIDTH, OUT)
        self.alone = nn.Linear(WIDTH, len(ROLES))
        self.distance = nn.Parameter(torch.zeros(2 * MAX_DISTANCE + 1, len(ROLES)))

    def freeze(self) -> None:
        """Leave the words and the layers kept out of the training."""
        for part in (self.words, self.positions, self.norm, *self.layers[: self.kept]):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, attention: Tensor, cues: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the pieces, (n, pieces, 3), and of the pieces for each cue, (n, cues, roles, pieces)."""
        x = self.encoded(ids, attention)
        return self.cue(x).float(), self.scores(x, attention, cues)

    def encoded(self, ids: Tensor, attention: Tensor) -> Tensor:
        """What the highest layer says of each piece, (n, pieces, WIDTH)."""
        bias = bias_of(attention)
        place = torch.arange(ids.shape[1])
        with torch.no_grad():
            x = self.dropout(self.norm(self.words(ids) + self.positions(place)))
            for layer in self.layers[: self.kept]:
                x = self.attend(layer, x, bias)
        for layer in self.layers[self.kept :]:
            x = self.attend(layer, x, bias)
        return self.dropout(x)

    def scores(self, x: Tensor, attention: Tensor, cues: Tensor) -> Tensor:
        """How well each piece fits each role for each cue: (n, cues, roles, pieces)."""
        n, most = cues.shape
        chosen = x.gather(1, cues[:, :, None].expand(-1, -1, WIDTH))
        asking = self.asking(chosen).view(n, most, len(ROLES), PART).transpose(1, 2)
        asked = self.asked(x).view(*x.shape[:2], len(ROLES), PART).permute(0, 2, 3, 1)
        scores = (asking @ asked).transpose(1, 2).float() / PART**0.5
        far = (torch.arange(x.shape[1]) - cues[:, :, None]).clamp(-MAX_DISTANCE, MAX_DISTANCE) + MAX_DISTANCE
        scores = scores + self.alone(x).transpose(1, 2)[:, None] + self.distance[far].transpose(2, 3)
        return scores + bias_of(attention)

    def attend(self, layer: Layer, x: Tensor, bias: Tensor) -> Tensor:
        """The tone model's layer, without dropout of the attention weights, which costs more than it helps."""
        q, k, v = heads_of(layer.query(x)), heads_of(layer.key(x)), heads_of(layer.value(x))
        weights = (q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + bias.to(q.dtype)).softmax(-1, dtype=q.dtype)
        mixed = (weights @ v).transpose(1, 2).reshape(x.shape)
        x = layer.norm1(x + self.dropout(layer.out(mixed)))
        return layer.norm2(x + self.dropout(layer.down(F.gelu(layer.up(x)))))
