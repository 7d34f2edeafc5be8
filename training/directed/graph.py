"""The model of directed tone as an ONNX graph with 8-bit weights, built as that of tone (training/common/graph.py)."""

import onnx
from onnx import TensorProto

from training.common.graph import StudentGraph, Values


class PairGraph(StudentGraph):
    """The graph of `student.Directed` from its weights (names as in its state_dict)."""

    def marked_pair(self, x: str, entities: list[str], where: int) -> str:
        """The tokens of each entity with its learned vector of that place added."""
        for entity, vector in zip(entities, self.weights["marks"][where], strict=True):
            x = self.op("Add", [x, self.op("Mul", [entity, self.const(vector)])])
        return x

    def build_pairs(self, again: int) -> onnx.ModelProto:
        """The whole graph; the marks are added to the words, and once more before layer `again`."""
        x, place, zero = self.start()
        ends = self.ops("Split", ["ends"], 4, axis=1, num_outputs=4)
        entities = [self.inside(place, first, last) for first, last in (ends[:2], ends[2:])]
        x = self.marked_pair(x, entities, 0)
        for i in range(self.layers - 1):
            x = self.layer(self.marked_pair(x, entities, 1) if i == again else x, "bias", i)
        x = self.layer(x, "bias", self.layers - 1, asked=self.asked(x, "ends", zero))
        self.classify(x, 5)
        inputs: Values = [
            ("ids", TensorProto.INT64, ["n", "words"]),
            ("bias", TensorProto.FLOAT, ["n", 1, 1, "words"]),
            ("ends", TensorProto.INT64, ["n", 4]),
        ]
        return self.model("directed tone", inputs, [("logits", TensorProto.FLOAT, ["n", 5])])
