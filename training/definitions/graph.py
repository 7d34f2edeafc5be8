"""The reader of definitions as an ONNX graph with 8-bit weights, built as that of tone (training/common/graph.py)."""

import onnx
from onnx import TensorProto, helper

from training.common.graph import StudentGraph, Values


class ReaderGraph(StudentGraph):
    """The graph of `reader.Reader` from its weights (names as in its state_dict)."""

    def build_reader(self) -> onnx.ModelProto:
        """The whole graph: the vectors of all tokens, whose mean is that of the text."""
        x, _, _ = self.start()
        for i in range(self.layers):
            x = self.layer(x, "bias", i)
        self.nodes.append(helper.make_node("Identity", [x], ["hidden"]))
        inputs: Values = [
            ("ids", TensorProto.INT64, ["n", "words"]),
            ("bias", TensorProto.FLOAT, ["n", 1, 1, "words"]),
        ]
        return self.model("definitions", inputs, [("hidden", TensorProto.FLOAT, ["n", "words", self.width])])
