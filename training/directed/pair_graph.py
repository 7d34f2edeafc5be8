"""The model of directed tone as an ONNX graph with 8-bit weights, built as that of tone (training/tone/graph.py)."""

import numpy as np
import onnx
from graph import StudentGraph
from onnx import TensorProto, helper


class PairGraph(StudentGraph):
    """The graph of `student_pairs.Directed` from its weights (names as in its state_dict)."""

    def entities(self, place: str) -> list[str]:
        """For each entity 1 at its tokens and 0 elsewhere, (n, words, 1)."""
        ends = self.ops("Split", ["ends"], 4, axis=1, num_outputs=4)
        found = []
        for first, last in (ends[:2], ends[2:]):
            after, before = self.op("GreaterOrEqual", [place, first]), self.op("LessOrEqual", [place, last])
            inside = self.op("Cast", [self.op("And", [after, before])], to=TensorProto.FLOAT)
            found.append(self.op("Unsqueeze", [inside, self.const([2], np.int64)]))
        return found

    def marked_pair(self, x: str, entities: list[str], where: int) -> str:
        """The tokens of each entity with its learned vector of that place added."""
        for entity, vector in zip(entities, self.weights["marks"][where], strict=True):
            x = self.op("Add", [x, self.op("Mul", [entity, self.const(vector)])])
        return x

    def build_pairs(self, again: int) -> onnx.ModelProto:
        """The whole graph; the marks are added to the words, and once more before layer `again`."""
        w = self.weights
        layers = len({name.split(".")[1] for name in w if name.startswith("layers.")})
        length = self.op("Shape", ["ids"], start=1, end=2)
        zero, one = (self.const(n, np.int64) for n in (0, 1))
        place = self.op("Range", [zero, self.op("Squeeze", [length]), one])
        x = self.op("Add", [self.embed("ids"), self.op("Gather", [self.const(w["positions.weight"]), place])])
        x = self.norm(x, "norm")
        entities = self.entities(place)
        x = self.marked_pair(x, entities, 0)
        for i in range(layers - 1):
            x = self.layer(self.marked_pair(x, entities, 1) if i == again else x, "bias", i)
        first = self.op("Mul", [self.op("Slice", ["ends", *(self.const([n], np.int64) for n in (0, 1, 1))]), zero])
        asked = self.op("Unsqueeze", [self.op("Concat", [first, "ends"], axis=1), self.const([2], np.int64)])
        x = self.layer(x, "bias", layers - 1, asked=self.op("GatherND", [x, asked], batch_dims=1))
        x = self.op("Reshape", [x, self.const([0, 5 * self.width], np.int64)])
        y = self.op("MatMul", [x, self.const(w["classifier.weight"].T)])
        y = self.op("Add", [y, self.const(w["classifier.bias"])])
        self.nodes.append(helper.make_node("Identity", [y], ["logits"]))
        inputs = [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "words"]),
            helper.make_tensor_value_info("bias", TensorProto.FLOAT, ["n", 1, 1, "words"]),
            helper.make_tensor_value_info("ends", TensorProto.INT64, ["n", 4]),
        ]
        output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 5])
        graph = helper.make_graph(self.nodes, "directed tone", inputs, [output], self.constants)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)
