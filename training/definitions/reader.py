"""The reader of definitions in torch: MiniLM, which reads sentences, definitions and examples into one space."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.common.minilm import MiniLM, Student, bias_of
from training.common.shape import LAYERS, WIDTH
from training.tone.teacher import load_mpnet

FAST = 20.0
"""How much faster the few numbers of the mixture learn than the encoder's weights."""


@dataclass(frozen=True)
class Texts:
    """The vectors of the texts of some categories."""

    definitions: Tensor
    """(categories, WIDTH)"""
    examples: Tensor
    """(examples, WIDTH)"""
    owners: Tensor
    """The category of each example: (examples,)"""


class Mixture(nn.Module):  # type: ignore[misc]
    """How surely a sentence puts each of some definitions into words, from the vectors of all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.tensor([0.5, 0.3, 0.2, -0.2]) / FAST)
        """Of likeness to the definition, the nearest example, the mean of the examples, and the whole codebook."""
        self.scale, self.offset = nn.Parameter(torch.tensor(2.3) / FAST), nn.Parameter(torch.tensor(-4.0) / FAST)

    def forward(self, sentences: Tensor, texts: Texts) -> Tensor:
        """Logits (sentences, categories) from vectors of sentences and of the categories of one codebook."""
        count = len(texts.definitions)
        to_definitions = sentences @ texts.definitions.T
        to_examples = sentences @ texts.examples.T
        owned = F.one_hot(texts.owners, count).to(to_examples)
        number = owned.sum(0)
        mean = (to_examples @ owned) / number.clamp(min=1)
        far = to_examples[:, :, None].masked_fill(owned[None] == 0, -2.0)
        nearest = far.amax(1) if len(texts.examples) else mean
        none = (number == 0)[None]
        mean, nearest = torch.where(none, to_definitions, mean), torch.where(none, to_definitions, nearest)
        whole = to_definitions.mean(1, keepdim=True).expand_as(to_definitions)
        parts = torch.stack([to_definitions, nearest, mean, whole], -1)
        return (parts @ self.weights * FAST) * (self.scale * FAST).exp() + self.offset * FAST

    def told(self) -> list[float]:
        """Its weights, scale and offset."""
        values = [*(self.weights * FAST).tolist(), (self.scale * FAST).exp().item(), (self.offset * FAST).item()]
        return [round(value, 3) for value in values]


def mean_of(hidden: Tensor, attention: Tensor) -> Tensor:
    """The mean of the tokens' vectors, of length 1: (n, width)."""
    return F.normalize((hidden.float() * attention[:, :, None]).sum(1), dim=-1)


class Reader(MiniLM):
    """The student: MiniLM."""

    folder, filler, width = "minilm", 0, WIDTH

    def __init__(self, work: Path) -> None:
        super().__init__()
        self.mixture = Mixture()
        whole = Student()
        whole.load_minilm(work / "minilm")
        own = {k: v for k, v in whole.state_dict().items() if not k.startswith(("mark", "classifier"))}
        self.load_state_dict(own, strict=False)
        # The words stay as they are: other models have the same file of them.
        self.words.weight.requires_grad_(False)

    def vectors(self, ids: Tensor, attention: Tensor) -> Tensor:
        """A vector of length 1 for each text: (n, WIDTH)."""
        bias = bias_of(attention)
        x = self.dropout(self.norm(self.words(ids) + self.positions(torch.arange(ids.shape[1]))))
        for i in range(LAYERS):
            x = self.layers[i](x, x, bias)
        return mean_of(x, attention)


class Teacher(nn.Module):  # type: ignore[misc]
    """The same with MPNet as the encoder."""

    folder, filler, width = "mpnet", 1, 768

    def __init__(self, work: Path) -> None:
        super().__init__()
        self.mixture = Mixture()
        self.encoder = load_mpnet(work).encoder
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    def vectors(self, ids: Tensor, attention: Tensor) -> Tensor:
        """A vector of length 1 for each text: (n, 768)."""
        return mean_of(self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state, attention)
