"""MiniLM in torch: its layers, and the student of tone, from which the other students begin."""

from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from training.common.shape import HEADS, LAYERS, POSITIONS, SHARED, WIDTH, WORDS


class Layer(nn.Module):
    """A BERT layer: the tokens `x` look at the tokens `around`, with the bias given."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, around: Tensor, bias: Tensor) -> Tensor:
        q, k, v = heads_of(self.query(x)), heads_of(self.key(around)), heads_of(self.value(around))
        weights = self.dropout((q @ k.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + bias).softmax(-1))
        attended = (weights @ v).transpose(1, 2).reshape(x.shape)
        x = self.norm1(x + self.dropout(self.out(attended)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


def heads_of(x: Tensor) -> Tensor:
    """(n, words, width) as (n, heads, words, part)."""
    return x.view(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)


def bias_of(attention: Tensor) -> Tensor:
    """What is added to the scores of attention, so that the filler of a batch gets none: (n, 1, 1, words)."""
    return ((1 - attention) * -10_000.0)[:, None, None, :]


class MiniLM(nn.Module):
    """The encoder's words, positions and layers, for models that add marks and a head of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(WORDS, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))


class Student(MiniLM):
    """Logits (targets, `logits`) from ids and attention (n, words), and each target's row in them and its two ends."""

    def __init__(self, logits: int = 3) -> None:
        super().__init__()
        self.mark = nn.Parameter(torch.randn(WIDTH) * 0.3)
        self.classifier = nn.Linear(3 * WIDTH, logits)

    def load_minilm(self, folder: Path) -> None:
        """Take the encoder's weights from the folder that training.common.encoders unpacked."""
        given = load_file(folder / "model.safetensors")
        own = {"words.weight": given["embeddings.word_embeddings.weight"]}
        # There is one kind of segment, so its vector goes into the positions.
        kind = given["embeddings.token_type_embeddings.weight"][0]
        own["positions.weight"] = given["embeddings.position_embeddings.weight"] + kind
        names = {
            "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
            "out": "attention.output.dense", "norm1": "attention.output.LayerNorm",
            "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
        }  # fmt: skip
        for end in ("weight", "bias"):
            own[f"norm.{end}"] = given[f"embeddings.LayerNorm.{end}"]
            for i in range(LAYERS):
                for mine, theirs in names.items():
                    own[f"layers.{i}.{mine}.{end}"] = given[f"encoder.layer.{i}.{theirs}.{end}"]
        missing, extra = self.load_state_dict(own, strict=False)
        if set(missing) != {"mark", "classifier.weight", "classifier.bias"} or extra:
            raise SystemExit(f"MiniLM does not fit: missing {missing}, unknown {extra}")

    def forward(self, ids: Tensor, attention: Tensor, rows: Tensor, targets: Tensor) -> Tensor:
        *_, (_, last) = self.seen(*self.shared(ids, attention), rows, targets)
        return self.classifier(self.dropout(last))

    def shared(self, ids: Tensor, attention: Tensor) -> tuple[Tensor, Tensor]:
        """What the layers that all targets share make of the words, (n, words, WIDTH), and the bias of attention."""
        bias = bias_of(attention)
        x = self.dropout(self.norm(self.words(ids) + self.positions(torch.arange(ids.shape[1]))))
        for layer in self.layers[:SHARED]:
            x = layer(x, x, bias)
        return x, bias

    def seen(self, x: Tensor, bias: Tensor, rows: Tensor, targets: Tensor) -> Iterator[tuple[int, Tensor]]:
        """After each layer that a target has to itself: its number, and what a classifier sees there."""
        x, bias = x[rows], bias[rows]
        place = torch.arange(x.shape[1])
        inside = (place >= targets[:, :1]) & (place <= targets[:, 1:])
        x = x + inside[:, :, None] * self.mark
        ends = ends_of(targets)
        for i, layer in enumerate(self.layers[SHARED:-1], SHARED):
            x = layer(x, x, bias)
            yield i, x.gather(1, ends).flatten(1)
        yield LAYERS - 1, self.layers[-1](x.gather(1, ends), x, bias).flatten(1)


def ends_of(targets: Tensor) -> Tensor:
    """Where a classifier looks, as an index for `gather`: the first token, and the first and last one of a target."""
    return torch.cat([torch.zeros_like(targets[:, :1]), targets], dim=1)[:, :, None].expand(-1, -1, WIDTH)
