"""The word vectors that shipped models share: out of each graph, into a file that several can read.

    python -m training.common.vectors newskit/resources/models

Models that began from one another have the same 8-bit table of words, which is half of their size. Here it becomes an
input of the graph, and a file in the folder `shared` beside those of the models. The file is named by its hash: equal
tables are one file, and training a model anew changes no other. The card names the file.

The command does this for all models in a folder (it took those of newskit apart, each of which had a tokenizer as well)
and removes vectors that no card names any more. The steps that ship models write them this way.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from newskit.resources.onnx import SHARED, WORDS, model_hash
from training.common.commands import command

if TYPE_CHECKING:
    import onnx

Table = NDArray[np.int8]


def take_out(model: onnx.ModelProto) -> Table | None:
    """Make the 8-bit table of words an input of the graph, and return it; None if there is no such table."""
    from onnx import TensorProto, helper, numpy_helper

    looked_up = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}
    for constant in model.graph.initializer:
        if constant.data_type == TensorProto.INT8 and constant.name in looked_up:
            table: Table = numpy_helper.to_array(constant)
            _rename(model, constant.name)
            model.graph.initializer.remove(constant)
            model.graph.input.append(helper.make_tensor_value_info(WORDS, TensorProto.INT8, table.shape))
            return table
    return None


def _rename(model: onnx.ModelProto, name: str) -> None:
    """Let the operators that read `name` read the word vectors."""
    for node in model.graph.node:
        node.input[:] = [WORDS if one == name else one for one in node.input]


def load_whole(folder: Path) -> onnx.ModelProto:
    """The graph of a model with its word vectors inside."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(folder / "model.onnx")
    inputs = [value for value in model.graph.input if value.name == WORDS]
    for value in inputs:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        table = np.load(folder.parent / SHARED / card[WORDS])
        model.graph.input.remove(value)
        model.graph.initializer.append(numpy_helper.from_array(table, WORDS))
    return model


def write_model(folder: Path, model: onnx.ModelProto, card: Mapping[str, Any], tokenizer: bytes) -> dict[str, Any]:
    """Write the files of a model and, beside its folder, what models share; the card as written.

    The card gets the file of the word vectors and the hash of both. The tokenizer is MiniLM's; it is written without
    padding and truncation.
    """
    shared = folder.parent / SHARED
    for path in (folder, shared):
        path.mkdir(parents=True, exist_ok=True)
    table = take_out(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    plain = json.loads(tokenizer) | {"truncation": None, "padding": None}
    _write(shared / "tokenizer.json", json.dumps(plain, ensure_ascii=False).encode())
    named = {**card, WORDS: _write_table(shared, table)} if table is not None else dict(card)
    write_card(folder, named)
    named["sha256"] = model_hash(folder)
    write_card(folder, named)
    return named


def _write_table(shared: Path, table: Table) -> str:
    """Write word vectors under a name that has their hash; the name."""
    with io.BytesIO() as file:
        np.save(file, table)
        content = file.getvalue()
    name = f"{WORDS}-{hashlib.sha256(content).hexdigest()[:8]}.npy"
    _write(shared / name, content)
    return name


def _write(path: Path, content: bytes) -> None:
    """Write a file unless it is there already: another process may have mapped it into memory."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write the card of a model, one line per entry."""
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in card.items()]
    (folder / "card.json").write_text("{\n " + ",\n ".join(lines) + "\n}\n", encoding="utf-8")


def take_apart(folder: Path) -> None:
    """Bring a model with everything in its own folder into the form above; its README gets the new hash."""
    old = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    card = {"name": folder.name, "version": "1.0.0"}
    if (folder / "card.json").exists():
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    own = folder / "tokenizer.json"
    tokenizer = (own if own.exists() else folder.parent / SHARED / own.name).read_bytes()
    card = write_model(folder, load_whole(folder), card, tokenizer)
    own.unlink(missing_ok=True)
    readme = folder / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace(old, card["sha256"]), encoding="utf-8")


def remove_unnamed(models: Path) -> None:
    """Remove word vectors that no card names."""
    named = {json.loads(card.read_text(encoding="utf-8")).get(WORDS) for card in models.glob("*/card.json")}
    for file in (models / SHARED).glob(f"{WORDS}-*.npy"):
        if file.name not in named:
            file.unlink()


def main() -> None:
    models = command(__doc__, "models").parse_args().models
    for graph in sorted(models.glob("*/model.onnx")):
        take_apart(graph.parent)
    remove_unnamed(models)
    for file in sorted(path for path in models.rglob("*") if path.is_file()):
        print(f"{file.stat().st_size:10,}  {file}")


if __name__ == "__main__":
    main()
