"""The student as an ONNX graph with 8-bit weights, written out operator by operator.

An exported graph would dequantise the whole vocabulary at each call and scale the activations of a batch together,
so that a sentence's numbers would depend on its neighbours. Here the words are looked up as bytes, and every token
has its own scale: the same input gives the same output, whatever the batch.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.common.shape import HEADS, SEEN

LEAST_GELU = -0.17
Values = list[tuple[str, int, list[str | int]]]


class Sure(NamedTuple):
    """How sure a guess must be: the least share of the likeliest code, of the logits of a question once weighed."""

    columns: slice
    least: float
    factor: float = 1.0
    shift: Sequence[float] = (0.0,)
    """Added to the logits times `factor`: what calibrates them, and the logarithms of the bonus of each code."""


Exits = Mapping[int, Sequence[Sure]]
"""Layers after which a head guesses, and how sure it must be of each question."""


class Graph:
    """Collects operators and constants; each method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def const(self, value: Any, kind: Any = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype=kind), name))
        return name

    def op(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        return self.ops(kind, inputs, 1, **attributes)[0]

    def ops(self, kind: str, inputs: Sequence[str], outputs: int, **attributes: Any) -> list[str]:
        names = [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        domain = "com.microsoft" if kind in {"MatMulIntegerToFloat", "BiasGelu", "Gelu"} else ""
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names


def eighths(weight: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric 8-bit weights and their scales, one for each slice across `axis`."""
    largest = np.abs(weight).max(axis=axis, keepdims=True)
    scale: NDArray[np.float32] = np.maximum(largest / 127, 1e-12).astype(np.float32)
    return np.round(weight / scale).astype(np.int8), scale.squeeze(axis)


class StudentGraph(Graph):
    """The graph of `minilm.Student` from its weights (names as in its state_dict)."""

    def __init__(self, weights: dict[str, NDArray[np.float32]], exact: bool = False) -> None:
        super().__init__()
        self.width = weights["positions.weight"].shape[1]
        # Attention is scaled in the query's weights, not in the scores, of which there are many more.
        part = (self.width // HEADS) ** -0.5
        self.weights = {name: w * np.float32(part) if ".query." in name else w for name, w in weights.items()}
        self.exact = exact
        self.layers = len({name.split(".")[1] for name in weights if name.startswith("layers.")})
        self.zero, self.middle = self.const(0, np.int8), self.const(128, np.uint8)
        self.step, self.tiny = self.const(1 / 127), self.const(1e-9)

    def linear(self, x: str, names: Sequence[str], bias: bool = True, least: float | None = None) -> str:
        """x W^T + b with several layers side by side; the activations in 8 bits, each token with its own scale.

        x is nowhere below `least`, if that is given.
        """
        weight = np.concatenate([self.weights[f"{n}.weight"] for n in names]).T
        offset = np.concatenate([self.weights[f"{n}.bias"] for n in names])
        if self.exact:
            y = self.op("MatMul", [x, self.const(weight)])
        else:
            small, top = self.scaled(x, least)
            quantised, scale = eighths(weight, 0)
            factors = [small, self.const(quantised, np.int8), self.step, self.const(scale), self.middle, self.zero]
            y = self.op("MatMulIntegerToFloat", factors)
            y = self.op("Mul", [y, top])
        return self.op("Add", [y, self.const(offset)]) if bias else y

    def scaled(self, x: str, least: float | None) -> tuple[str, str]:
        """x in bytes, and the largest magnitude of each token."""
        size = self.op("Abs", [x]) if least is None else x
        top = self.op("ReduceMax", [size, self.const([-1], np.int64)], keepdims=1)
        top = self.op("Max", [top, self.tiny if least is None else self.const(-least)])
        return self.op("QuantizeLinear", [self.op("Div", [x, top]), self.step, self.middle]), top

    def norm(self, x: str, name: str) -> str:
        """Layer normalisation in five operators: ONNX Runtime's own, fused or not, took 2.7 times as long."""
        scale, offset = (self.weights[f"{name}.{end}"] for end in ("weight", "bias"))
        centred = self.op("Sub", [x, self.op("ReduceMean", [x, self.const([-1], np.int64)], keepdims=1)])
        unit = self.op("LpNormalization", [centred], axis=-1, p=2)
        return self.op("Add", [self.op("Mul", [unit, self.const(scale * self.width**0.5)]), self.const(offset)])

    def embed(self, ids: str) -> str:
        table = self.weights["words.weight"]
        if self.exact:
            return self.op("Gather", [self.const(table), ids])
        quantised, scale = eighths(table, 1)
        rows = self.op("Cast", [self.op("Gather", [self.const(quantised, np.int8), ids])], to=TensorProto.FLOAT)
        return self.op("Mul", [rows, self.op("Gather", [self.const(scale[:, None]), ids])])

    def heads(self, x: str, turned: bool = False) -> str:
        """(n, words, width) as (n, heads, words, part), or (n, heads, part, words)."""
        shape = self.const([0, 0, HEADS, self.width // HEADS], np.int64)
        return self.op("Transpose", [self.op("Reshape", [x, shape])], perm=[0, 2, 3, 1] if turned else [0, 2, 1, 3])

    def layer(self, x: str, bias: str, name: int | str, asked: str | None = None, rows: str | None = None) -> str:
        """A layer, by its number or name; with `asked`, for those tokens only, which look at all of x.

        `rows` says which row of x each row of `asked` looks at.
        """
        at = f"layers.{name}." if isinstance(name, int) else f"{name}."
        if asked is None:
            joined = self.linear(x, [at + n for n in ("query", "key", "value")])
            q, k, v = self.ops("Split", [joined], 3, axis=-1, num_outputs=3)
        else:
            q = self.linear(asked, [at + "query"])
            joined = self.linear(x, [at + "key", at + "value"])
            joined = self.op("Gather", [joined, rows]) if rows else joined
            k, v = self.ops("Split", [joined], 2, axis=-1, num_outputs=2)
            x = asked
        scores = self.op("MatMul", [self.heads(q), self.heads(k, turned=True)])
        weights = self.op("Softmax", [self.op("Add", [scores, bias])], axis=-1)
        mixed = self.op("Transpose", [self.op("MatMul", [weights, self.heads(v)])], perm=[0, 2, 1, 3])
        mixed = self.op("Reshape", [mixed, self.const([0, 0, self.width], np.int64)])
        x = self.norm(self.op("Add", [self.linear(mixed, [at + "out"]), x]), at + "norm1")
        up = self.linear(x, [at + "up"], bias=False)
        grown = self.op("BiasGelu", [up, self.const(self.weights[at + "up.bias"])])
        return self.norm(self.op("Add", [self.linear(grown, [at + "down"], least=LEAST_GELU), x]), at + "norm2")

    def start(self) -> tuple[str, str, str]:
        """The words with their positions, normalised; the places 0, 1, … of the words; and the number 0."""
        length = self.op("Shape", ["ids"], start=1, end=2)
        zero, one = (self.const(n, np.int64) for n in (0, 1))
        place = self.op("Range", [zero, self.op("Squeeze", [length]), one])
        words = self.embed("ids")
        positions = self.op("Gather", [self.const(self.weights["positions.weight"]), place])
        x = self.op("Add", [words, positions])
        return self.norm(x, "norm"), place, zero

    def inside(self, place: str, first: str, last: str) -> str:
        """1 at the tokens from first to last and 0 elsewhere, (n, words, 1)."""
        after, before = self.op("GreaterOrEqual", [place, first]), self.op("LessOrEqual", [place, last])
        inside = self.op("Cast", [self.op("And", [after, before])], to=TensorProto.FLOAT)
        return self.op("Unsqueeze", [inside, self.const([2], np.int64)])

    def asked(self, x: str, ends: str, zero: str) -> str:
        """The first token of each row and those at its ends."""
        first = self.op("Mul", [self.op("Slice", [ends, *(self.const([n], np.int64) for n in (0, 1, 1))]), zero])
        places = self.op("Unsqueeze", [self.op("Concat", [first, ends], axis=1), self.const([2], np.int64)])
        return self.op("GatherND", [x, places], batch_dims=1)

    def flat(self, x: str, tokens: int = SEEN) -> str:
        """The vectors of so many tokens side by side."""
        return self.op("Reshape", [x, self.const([-1, tokens * self.width], np.int64)])

    def dense(self, x: str, name: str) -> str:
        """x W^T + b in 32 bits, for few rows."""
        y = self.op("MatMul", [x, self.const(self.weights[f"{name}.weight"].T)])
        return self.op("Add", [y, self.const(self.weights[f"{name}.bias"])])

    def classify(self, x: str, tokens: int) -> None:
        """The logits, from so many tokens side by side."""
        self.nodes.append(helper.make_node("Identity", [self.dense(self.flat(x, tokens), "classifier")], ["logits"]))

    def model(self, name: str, inputs: Values, outputs: Values) -> onnx.ModelProto:
        """The graph with its inputs and outputs: name, kind of numbers and shape of each."""
        given, found = ([helper.make_tensor_value_info(*value) for value in values] for values in (inputs, outputs))
        graph = helper.make_graph(self.nodes, name, given, found, self.constants)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def build(self, shared: int, exits: Exits | None = None, shown: Sequence[int] = ()) -> onnx.ModelProto:
        """The whole graph; `shared` layers read a sentence once for all its targets.

        After each layer in `exits` a small head guesses; a target whose guesses are all at least so sure is done, and
        the layers above continue with the others, or with all if the input `whole` is true. After the last shared layer
        the head asks the scout, a layer for a target's ends that looks at the sentence as it is shared. What the heads
        after the layers in `shown` would see are further outputs.
        """
        exits = exits or {}
        x, place, zero = self.start()
        for i in range(shared):
            x = self.layer(x, "bias", i)
        rows, targets, guesses, outputs = "rows", "targets", [], []
        scout = shared - 1
        if scout in exits or scout in shown:
            asked = self.asked(self.op("Gather", [x, rows]), targets, zero)
            seen = self.flat(self.layer(x, self.op("Gather", ["bias", rows]), "scout", asked, rows))
            outputs += [(seen, scout)] if scout in shown else []
            if scout in exits:
                guess, left = self.guess(seen, scout, exits)
                guesses.append((guess, left))
                rows, targets = (self.op("Gather", [value, left]) for value in (rows, targets))
        x, bias = (self.op("Gather", [value, rows]) for value in (x, "bias"))
        inside = self.inside(place, *self.ops("Split", [targets], 2, axis=1, num_outputs=2))
        x = self.op("Add", [x, self.op("Mul", [inside, self.const(self.weights["mark"])])])
        for i in range(shared, self.layers - 1):
            x = self.layer(x, bias, i)
            if i in shown:
                outputs.append((self.flat(self.asked(x, targets, zero)), i))
            if i in exits:
                guess, left = self.guess(self.flat(self.asked(x, targets, zero)), i, exits)
                guesses.append((guess, left))
                x, bias, targets = (self.op("Gather", [value, left]) for value in (x, bias, targets))
        x = self.layer(x, bias, self.layers - 1, asked=self.asked(x, targets, zero))
        found = self.dense(self.flat(x), "classifier")
        for guess, left in reversed(guesses):
            found = self.op("ScatterND", [guess, self.op("Unsqueeze", [left, self.const([1], np.int64)]), found])
        return self.tone(found, outputs, bool(exits))

    def tone(self, logits: str, shown: Sequence[tuple[str, int]], exits: bool) -> onnx.ModelProto:
        """The model of tone, whose outputs are the logits, and what a head would see after each layer in `shown`."""
        self.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        inputs: Values = [
            ("ids", TensorProto.INT64, ["n", "words"]),
            ("bias", TensorProto.FLOAT, ["n", 1, 1, "words"]),
            ("rows", TensorProto.INT64, ["targets"]),
            ("targets", TensorProto.INT64, ["targets", 2]),
        ]
        if exits:
            inputs.append(("whole", TensorProto.BOOL, [1]))
        outputs: Values = [("logits", TensorProto.FLOAT, ["targets", len(self.weights["classifier.bias"])])]
        for name, i in shown:
            self.nodes.append(helper.make_node("Identity", [name], [f"seen_{i}"]))
            outputs.append((f"seen_{i}", TensorProto.FLOAT, ["targets", SEEN * self.width]))
        return self.model("tone", inputs, outputs)

    def guess(self, seen: str, i: int, exits: Exits) -> tuple[str, str]:
        """The logits of the head after a layer, and the rows of which it is not sure enough, or all if `whole`."""
        logits = self.head(seen, f"exits.{i}")
        doubts = [self.doubt(logits, sure) for sure in exits[i]]
        doubt = doubts[0]
        for other in [*doubts[1:], "whole"]:
            doubt = self.op("Or", [doubt, other])
        return logits, self.op("Squeeze", [self.op("NonZero", [doubt]), self.const([0], np.int64)])

    def doubt(self, logits: str, sure: Sure) -> str:
        """Of which rows the likeliest code of a question has less than the least share."""
        ends = (sure.columns.start, sure.columns.stop, 1)
        own = self.op("Slice", [logits, *(self.const([n], np.int64) for n in ends)])
        own = self.op("Add", [self.op("Mul", [own, self.const(sure.factor)]), self.const(sure.shift)])
        chance = self.op("ReduceMax", [self.op("Softmax", [own], axis=-1), self.const([-1], np.int64)], keepdims=0)
        return self.op("Less", [chance, self.const(sure.least)])

    def head(self, seen: str, name: str) -> str:
        """Logits from what a head sees, over one hidden layer."""
        return self.dense(self.op("Gelu", [self.dense(seen, f"{name}.dense")]), f"{name}.out")
