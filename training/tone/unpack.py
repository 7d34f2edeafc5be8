"""The weights of a trained model, recovered from its shipped folder, to continue from where they are not at hand.

    python -m training.tone.unpack newskit/resources/models/tone-en WORK/student-shipped/model.pt

Works for tone-en (without its exits and their scout, which training.tone.student and training.tone.exits make anew),
directed-en and quotes-en (without the distances, which are in its card). The weights are those in 8 bits: shipping them
again gives the same bytes, and the same scales but for rounding. Positions beyond the window are zero.
"""

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from training.common.commands import command
from training.common.shape import HEADS, POSITIONS
from training.common.vectors import load_whole

Array = NDArray[np.float32]


class Reader:
    """A graph's operators, and the constants that go into them."""

    def __init__(self, model: onnx.ModelProto) -> None:
        self.nodes = list(model.graph.node)
        self.constants = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
        self.fed = {name: node for node in reversed(self.nodes) for name in node.input}

    def all(self, kind: str) -> list[onnx.NodeProto]:
        return [node for node in self.nodes if node.op_type == kind]

    def constant(self, node: onnx.NodeProto) -> Array:
        """The last constant that goes into an operator."""
        return np.asarray(next(self.constants[n] for n in reversed(node.input) if n in self.constants))

    def after(self, node: onnx.NodeProto, steps: int = 1) -> onnx.NodeProto:
        """The first operator that its first result goes into, or the one that many steps further on."""
        for _ in range(steps):
            node = self.fed[node.output[0]]
        return node

    def products(self) -> list[tuple[Array, Array]]:
        """Weight and bias of each 8-bit product, in order."""
        found = []
        for node in self.all("MatMulIntegerToFloat"):
            weight = self.constants[node.input[1]].astype(np.float32) * self.constants[node.input[3]]
            found.append((weight.T, self.constant(self.after(node, 2))))
        return found

    def dense(self) -> list[tuple[Array, Array]]:
        """Weight and bias of each product in 32 bits."""
        nodes = [node for node in self.all("MatMul") if node.input[1] in self.constants]
        return [(self.constant(node).T, self.constant(self.after(node))) for node in nodes]

    def marks(self) -> Array:
        """The vectors added to the tokens of a target, or of both, in order."""
        inside = {node.output[0] for node in self.all("Unsqueeze")}
        return np.stack([self.constant(node) for node in self.all("Mul") if node.input[0] in inside])


def encoder_weights(reader: Reader) -> tuple[dict[str, Array], list[tuple[Array, Array]]]:
    """Words, positions and layers by their names in `minilm.MiniLM`, and the products that are left over."""
    tables = [reader.constants[n.input[0]] for n in reader.all("Gather") if n.input[0] in reader.constants]
    words, scale, positions = tables[:3]
    width = positions.shape[1]
    more = np.zeros((POSITIONS - len(positions), width), dtype=np.float32)
    found = {"words.weight": words.astype(np.float32) * scale, "positions.weight": np.concatenate([positions, more])}
    norms, products = reader.all("LpNormalization"), reader.products()
    layers = len(norms) // 2
    names = [f"layers.{i}" for i in range(layers)]
    if (at := scout_of(products, layers, width)) is not None:
        names = [*names[:at], "scout", *names[at : layers - 1]]
    for name, node in zip(["norm", *(f"{name}.norm{n}" for name in names for n in (1, 2))], norms, strict=True):
        found[f"{name}.weight"] = reader.constant(reader.after(node)) / width**0.5
        found[f"{name}.bias"] = reader.constant(reader.after(node, 2))
    for layer in names:
        joined = joined_in(products, width)
        weight, bias = (np.concatenate(part) for part in zip(*products[:joined], strict=True))
        # The graph has the query scaled for the attention.
        by = np.float32((width // HEADS) ** 0.5)
        split = zip(np.split(weight, 3), np.split(bias, 3), (by, 1, 1), strict=True)
        parts = {n: (w * f, b * f) for n, (w, b, f) in zip(("query", "key", "value"), split, strict=True)}
        parts |= dict(zip(("out", "up", "down"), products[joined : joined + 3], strict=True))
        products = products[joined + 3 :]
        for name, (w, b) in parts.items():
            found[f"{layer}.{name}.weight"], found[f"{layer}.{name}.bias"] = w, b
    kept = {name: value for name, value in found.items() if not name.startswith("scout.")}
    return kept, products


def joined_in(products: list[tuple[Array, Array]], width: int) -> int:
    """How many products make query, key and value in the first layer: two if it is for a few tokens only."""
    return 1 if len(products[0][0]) == 3 * width else 2


def scout_of(products: list[tuple[Array, Array]], layers: int, width: int) -> int | None:
    """The number of the layer below the last that is for a few tokens only: that of the early exits."""
    for i in range(layers - 1):
        joined = joined_in(products, width)
        if joined == 2:
            return i
        products = products[joined + 3 :]
    return None


def weights_in(model: onnx.ModelProto) -> dict[str, Array]:
    """The weights by their names in the student of tone, that of directed tone, or the tagger."""
    reader = Reader(model)
    found, left = encoder_weights(reader)
    weight, bias = reader.dense()[-1]
    if model.graph.name == "quotes":
        ((both, offsets),) = left
        for name, w, b in zip(("asking", "asked"), np.split(both, 2), np.split(offsets, 2), strict=True):
            found[f"{name}.weight"], found[f"{name}.bias"] = w, b
        for name, rows in {"cue": slice(0, 3), "alone": slice(3, None)}.items():
            found[f"{name}.weight"], found[f"{name}.bias"] = weight[rows], bias[rows]
        return found
    found["classifier.weight"], found["classifier.bias"] = weight, bias
    marks = reader.marks()
    if model.graph.name == "tone":
        found["mark"] = marks[0]
    else:
        found["marks"] = marks.reshape(2, 2, -1)
    return found


def main() -> None:
    a = command(__doc__, "folder", "file").parse_args()

    weights = weights_in(load_whole(a.folder))
    a.file.parent.mkdir(parents=True, exist_ok=True)
    torch.save({name: torch.from_numpy(np.array(value)) for name, value in weights.items()}, a.file)
    print(f"{len(weights)} arrays in {a.file}")


if __name__ == "__main__":
    main()
