"""The accurate model of tone: a teacher (training.tone.teacher) in few bits, as the package newskit-accurate ships it.

    python -m training.tone.accurate WORK DATA models/newskit-accurate/newskit_accurate --coded CODED --seed 5

Weights are rounded by GPTQ (training.common.fewbits), which looks at what the layers see of training sentences. Of the
targets of the development part, those of whose tone tone-en is least sure, `--share` of them by weight, set the doubt:
how sure tone-en must be for this model not to be asked when newskit annotates. Temperature, offsets and bonus are
fitted as those of tone-en (training.tone.ship). The test part is scored last and decides nothing.
"""

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

from newskit.annotation.tone.accurate import SUMMED, WINDOW, AccurateModel
from newskit.annotation.tone.model import ToneModel, load_tone_model
from training.common.commands import command
from training.common.fewbits import Moments, gptq, plain
from training.common.graph import Graph
from training.common.sentences import Sentence, read_newsmtsc, single_targets
from training.common.ship import as_logits, best_temperature, sha256_of, write_readme
from training.common.vectors import write_card
from training.tone.codes import COLUMNS, HEADS, SURE, by_newsmtsc, read_coded
from training.tone.scores import class_errors, report, report_weighted
from training.tone.ship import CODEBOOK, PARTS, best_bonus, best_calibration, labels_of, table_of
from training.tone.teacher import MarkedTarget, Marker, load_mpnet

BLOCK, LEVELS, WORD_LEVELS = 64, 7, 7
"""Weights that share a scale, and the highest level of weights and of word vectors."""
ATTENTION, PART = 12, 64
"""Heads of the attention, and the width of each."""
PADDING = 2
"""MPNet counts positions from here."""
ENCODER = "encoder.encoder."
Arrays = dict[str, NDArray[Any]]


def moments_of(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> dict[str, torch.Tensor]:
    """What the linear layers see of sentences; the three that read the same are counted once."""
    linear = {n: m for n, m in model.encoder.encoder.named_modules() if isinstance(m, torch.nn.Linear)}
    moments = Moments({n: m for n, m in linear.items() if not n.endswith((".k", ".v"))})
    encoded = sorted((marker.encode(s) for s in sentences), key=lambda tokens: len(tokens[0]))
    model.eval()
    with torch.inference_mode():
        for first in range(0, len(encoded), 16):
            ids, attention, target = marker.batch(encoded[first : first + 16])
            moments.kept = attention.bool()
            model(ids, attention, target)
    return {n: moments.of[n[:-1] + "q" if n.endswith((".k", ".v")) else n] for n in linear}


def stored_weights(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> Arrays:
    """The weights as they are stored: integers, and scales ending in .scale; queries, keys and values together."""
    moments = moments_of(model, marker, sentences)
    layers = dict(model.encoder.encoder.named_modules())
    small = {n: gptq(layers[n].weight.data, m, BLOCK, LEVELS) for n, m in moments.items()}
    found: Arrays = {}
    for name in small:
        if name.endswith((".k", ".v")):
            continue
        parts = [name[:-1] + end for end in "qkv"] if name.endswith(".q") else [name]
        found[name] = torch.cat([small[p][0] for p in parts]).numpy()
        found[f"{name}.scale"] = torch.cat([small[p][1] for p in parts]).numpy()
    words = model.encoder.embeddings.word_embeddings.weight.detach().clone()
    unused = [id_ for token, id_ in marker.tokenizer.get_vocab().items() if token.startswith("[unused")]
    words[[id_ for id_ in unused if id_ not in (marker.open, marker.close)]] = 0
    codes, scales = plain(words, BLOCK, WORD_LEVELS)
    return found | {"words": codes.numpy(), "words.scale": scales.numpy()}


class TeacherGraph(Graph):
    """The graph of a teacher, for one target at a time; the weights of its linear layers are left out of the file."""

    def __init__(self, weights: Arrays, stored: Arrays) -> None:
        super().__init__()
        self.weights, self.stored = weights, stored
        self.width = ATTENTION * PART
        self.zero, self.middle = self.const(0, np.int8), self.const(128, np.uint8)
        self.step, self.tiny = self.const(1 / 127), self.const(1e-9)

    def outside(self, name: str, kind: int, shape: tuple[int, ...]) -> str:
        """A constant that is handed to the session."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="weights")
        self.constants.append(tensor)
        return name

    def linear(self, x: str, name: str, biases: list[str] | None = None) -> str:
        """x W^T + b; the activations in 8 bits, each token with its own scale. Without `biases` that of the layer."""
        out, width = self.stored[name].shape
        top = self.op("ReduceMax", [self.op("Abs", [x]), self.const([-1], np.int64)], keepdims=1)
        top = self.op("Max", [top, self.tiny])
        small = self.op("QuantizeLinear", [self.op("Div", [x, top]), self.step, self.middle])
        weight = self.outside(name, TensorProto.INT8, (width, out))
        scale = self.outside(f"{name}.scale", TensorProto.FLOAT, (out,))
        y = self.op("MatMulIntegerToFloat", [small, weight, self.step, scale, self.middle, self.zero])
        names = [f"{name}.bias"] if biases is None else biases
        y = self.op("Mul", [y, top])
        offset = [self.weights[ENCODER + n] for n in names]
        return self.op("Add", [y, self.const(np.concatenate(offset))]) if names else y

    def norm(self, x: str, name: str) -> str:
        scale, offset = (self.const(self.weights[f"{name}.{end}"]) for end in ("weight", "bias"))
        return self.op("LayerNormalization", [x, scale, offset], axis=-1, epsilon=1e-5)

    def heads(self, x: str, turned: bool = False) -> str:
        """(words, width) as (heads, words, part), or (heads, part, words)."""
        shaped = self.op("Reshape", [x, self.const([-1, ATTENTION, PART], np.int64)])
        return self.op("Transpose", [shaped], perm=[1, 2, 0] if turned else [1, 0, 2])

    def layer(self, x: str, bias: str, number: int) -> str:
        at = f"layer.{number}."
        joined = self.linear(x, f"{at}attention.attn.q", [f"{at}attention.attn.{end}.bias" for end in "qkv"])
        q, k, v = self.ops("Split", [joined], 3, axis=-1, num_outputs=3)
        scores = self.op("MatMul", [self.heads(q), self.heads(k, turned=True)])
        scores = self.op("Add", [self.op("Mul", [scores, self.const(PART**-0.5)]), bias])
        mixed = self.op("MatMul", [self.op("Softmax", [scores], axis=-1), self.heads(v)])
        mixed = self.op("Transpose", [mixed], perm=[1, 0, 2])
        mixed = self.linear(
            self.op("Reshape", [mixed, self.const([-1, self.width], np.int64)]), f"{at}attention.attn.o"
        )
        x = self.norm(self.op("Add", [mixed, x]), f"{ENCODER}{at}attention.LayerNorm")
        up = self.linear(x, f"{at}intermediate.dense", [])
        grown = self.op("BiasGelu", [up, self.const(self.weights[f"{ENCODER}{at}intermediate.dense.bias"])])
        return self.norm(self.op("Add", [self.linear(grown, f"{at}output.dense"), x]), f"{ENCODER}{at}output.LayerNorm")

    def far(self, place: str) -> str:
        """What each head adds to the attention between words for their distance: (heads, words, words)."""
        distances = torch.arange(1 - WINDOW, WINDOW).view(1, -1)
        bucket = MPNetEncoder.relative_position_bucket(distances, num_buckets=32).view(-1).numpy()
        table = self.weights[f"{ENCODER}relative_attention_bias.weight"][bucket].T
        row, column = (self.op("Unsqueeze", [place, self.const([axis], np.int64)]) for axis in (0, 1))
        distance = self.op("Add", [self.op("Sub", [row, column]), self.const(WINDOW - 1, np.int64)])
        return self.op("Gather", [self.const(np.ascontiguousarray(table)), distance], axis=1)

    def build(self) -> onnx.ModelProto:
        """From the vectors of the words, and the weights of the target's words in their mean, to the logits."""
        length = self.op("Squeeze", [self.op("Shape", ["words"], start=0, end=1)])
        place = self.op("Range", [self.const(0, np.int64), length, self.const(1, np.int64)])
        positions = self.weights["encoder.embeddings.position_embeddings.weight"][PADDING : PADDING + WINDOW]
        x = self.op("Add", ["words", self.op("Gather", [self.const(positions), place])])
        x, bias = self.norm(x, "encoder.embeddings.LayerNorm"), self.far(place)
        for number in range(12):
            x = self.layer(x, bias, number)
        first = self.op("Slice", [x, *(self.const([n], np.int64) for n in (0, 1, 0))])
        seen = self.op("Concat", [first, self.op("MatMul", ["target", x])], axis=1)
        y = self.op("MatMul", [seen, self.const(self.weights["classifier.weight"].T)])
        y = self.op("Add", [y, self.const(self.weights["classifier.bias"])])
        self.nodes.append(helper.make_node("Identity", [y], ["logits"]))
        inputs: Any = [("words", TensorProto.FLOAT, ["n", self.width]), ("target", TensorProto.FLOAT, [1, "n"])]
        given = [helper.make_tensor_value_info(*value) for value in inputs]
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(self.weights["classifier.bias"])])
        graph = helper.make_graph(self.nodes, "tone", given, [logits], self.constants)
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def build(a: argparse.Namespace, plain_card: dict[str, Any]) -> None:
    """Write the files of the model."""
    marker, model = Marker(a.work), load_mpnet(a.work)
    model.load_state_dict(torch.load(a.work / f"teacher-{a.seed}" / "model.pt"))
    coded, _ = read_coded(a.coded, "train")
    published = by_newsmtsc(single_targets(read_newsmtsc(a.data / "train.jsonl")))
    rng = random.Random(1)
    stored = stored_weights(
        model, marker, rng.sample(coded, a.sentences * 2 // 3) + rng.sample(published, a.sentences // 3)
    )
    weights = {name: value.float().numpy() for name, value in model.state_dict().items()}
    a.folder.mkdir(parents=True, exist_ok=True)
    (a.folder / "model.onnx").write_bytes(TeacherGraph(weights, stored).build().SerializeToString())
    np.savez_compressed(a.folder / "weights.npz", **stored)  # type: ignore[arg-type]
    own = json.loads((a.work / "mpnet" / "tokenizer.json").read_text(encoding="utf-8"))
    text = json.dumps(own | {"truncation": None, "padding": None}, ensure_ascii=False)
    (a.folder / "tokenizer.json").write_text(text, encoding="utf-8")
    write_card(a.folder, plain_card | sums_of(a.folder))


def sums_of(folder: Path) -> dict[str, str]:
    """The entries of the card that the files are compared with before they are loaded."""
    return {f"sha256_{name.split('.')[0]}": sha256_of(folder / name) for name in SUMMED}


def read_part(model: AccurateModel, sentences: list[Sentence]) -> NDArray[np.float64]:
    """Probabilities of all heads of sentences with one target each."""
    return model.probabilities([s.text for s in sentences], [s.spans[0] for s in sentences])


def fit(model: AccurateModel, a: argparse.Namespace) -> None:
    """Calibrate the model on the development parts, and find its bonus and the doubt at which it is asked."""
    coded, weights = read_coded(a.coded, "dev")
    raw = as_logits(read_part(model, coded))
    found: dict[str, Any] = {h: best_calibration(raw[:, COLUMNS[h]], labels_of(coded, h), weights) for h in SURE}
    published = [s for name in PARTS for s in by_newsmtsc(single_targets(read_newsmtsc(a.data / f"dev_{name}.jsonl")))]
    logits = as_logits(read_part(model, published))[:, COLUMNS["newsmtsc"]]
    found["newsmtsc"] = (round(best_temperature(logits, labels_of(published, "newsmtsc")), 4), [0.0] * 3)
    model.card["calibration"] = found
    chances = model._calibrated(raw)
    bonus = {h: best_bonus(chances[:, COLUMNS[h]], labels_of(coded, h), weights) for h in SURE}
    model.card["bonus"] = {**bonus, "newsmtsc": [1.0] * 3}
    sure = sureness(load_tone_model(), coded)
    order = np.argsort(sure)
    asked = weights[order].cumsum() / weights.sum() <= a.share
    model.card["doubt"] = round(float(sure[order][asked][-1]), 4)


def sureness(model: ToneModel, sentences: list[Sentence]) -> NDArray[np.float64]:
    """How sure tone-en is of the tone of each target."""
    given = model.all_probabilities([s.text for s in sentences], [s.spans for s in sentences])
    return model.sureness(np.concatenate(given))


def scores_of(model: AccurateModel, a: argparse.Namespace) -> dict[str, Any]:
    """Scores on coded rows, of this model alone and asked in doubt only, and on NewsMTSC's development parts."""
    found: dict[str, Any] = {}
    fast = load_tone_model()
    for part in ("test", "headlines", "dev"):
        coded, weights = read_coded(a.coded, part)
        own = read_part(model, coded)
        quick = np.concatenate(fast.all_probabilities([s.text for s in coded], [s.spans for s in coded]))
        asked = fast.sureness(quick) < model.card["doubt"]
        found[f"{part} asked"] = round(float(weights[asked].sum() / weights.sum()), 4)
        for head in SURE:
            gold, bonus = labels_of(coded, head), np.asarray(model.card["bonus"][head])
            decided = (own[:, COLUMNS[head]] * bonus).argmax(1)
            before = (quick[:, fast.columns[head]] * np.asarray(fast.card["bonus"][head])).argmax(1)
            mixed = np.where(asked[:, None], own, quick)[:, COLUMNS[head]]
            both = (("all", own[:, COLUMNS[head]], decided), ("doubtful", mixed, np.where(asked, decided, before)))
            for name, chances, codes in both:
                scores = report_weighted(chances, gold.tolist(), weights, HEADS[head], predicted=codes)
                found[f"{part}, {name} {head}"] = scores | {
                    "calibration": class_errors(chances, gold, weights, HEADS[head])
                }
    for name in PARTS:
        published = by_newsmtsc(single_targets(read_newsmtsc(a.data / f"dev_{name}.jsonl")))
        chances = read_part(model, published)[:, COLUMNS["newsmtsc"]]
        found[f"newsmtsc {name}"] = report(chances, labels_of(published, "newsmtsc").tolist())
    return found


def main() -> None:
    parser = command(__doc__, "work", "data", "folder")
    parser.add_argument("--coded", type=Path, required=True, help="rows coded by the codebook, with their texts")
    parser.add_argument("--seed", default="1", help="of the teacher")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--sentences", type=int, default=900, help="that the rounding looks at")
    parser.add_argument("--share", type=float, default=0.3, help="of the targets that this model is asked about")
    parser.add_argument("--keep", action="store_true", help="the weights that are there: only fit and score again")
    a = parser.parse_args()
    torch.manual_seed(1)
    raw = {head: (1.0, [0.0] * len(codes)) for head, codes in HEADS.items()}
    name = {"name": "tone-accurate-en", "version": a.version, "codebook": CODEBOOK, "heads": HEADS}
    if not a.keep:
        build(a, {**name, "calibration": raw})
    model = AccurateModel(a.folder, threads=2)
    model.card = {**name, "calibration": raw}
    fit(model, a)
    scores = scores_of(model, a)
    card = model.card | {"scores": scores} | sums_of(a.folder)
    print(json.dumps(card, indent=1))
    write_card(a.folder, card)
    of_heads = {name: s for name, s in scores.items() if isinstance(s, dict)}
    write_readme(a.folder, Path(__file__).with_name("accurate.md"), card, scores=table_of(of_heads), seed=a.seed)


if __name__ == "__main__":
    main()
