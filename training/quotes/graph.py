"""The tagger as an ONNX graph with 8-bit weights, out of the pieces of the tone model's (training/common/graph.py)."""

import numpy as np
import onnx
from onnx import TensorProto, helper

from newskit.annotation.quotes.model import PART, ROLES
from training.common.graph import StudentGraph, Values

OUTPUTS = {"tags": 3, "asking": len(ROLES) * PART, "asked": len(ROLES) * PART, "alone": len(ROLES)}


class TaggerGraph(StudentGraph):
    """The graph of `tagger.Tagger` from its weights: one window in, its tags and projections out."""

    def build_tagger(self) -> onnx.ModelProto:
        w = self.weights
        x, _, _ = self.start()
        blind = self.const(np.zeros((1, 1, 1, 1)))
        for i in range(self.layers):
            x = self.layer(x, blind, i)
        small = np.concatenate([w["cue.weight"], w["alone.weight"]]).T
        y = self.op("Add", [self.op("MatMul", [x, self.const(small)]), self.const([*w["cue.bias"], *w["alone.bias"]])])
        tags, alone = self.ops("Split", [y, self.const([3, len(ROLES)], np.int64)], 2, axis=-1)
        asking, asked = self.ops("Split", [self.linear(x, ["asking", "asked"])], 2, axis=-1, num_outputs=2)
        for name, value in {"tags": tags, "asking": asking, "asked": asked, "alone": alone}.items():
            self.nodes.append(helper.make_node("Identity", [value], [name]))
        outputs: Values = [(name, TensorProto.FLOAT, ["n", "pieces", width]) for name, width in OUTPUTS.items()]
        return self.model("quotes", [("ids", TensorProto.INT64, ["n", "pieces"])], outputs)
