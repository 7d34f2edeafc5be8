"""Models whose word vectors lie in a file beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from newskit.resources.onnx import SHARED, WORDS
from training.common.vectors import load_whole, remove_unnamed, write_card, write_model


def test_a_card_has_one_line_per_entry(tmp_path: Path) -> None:
    card = {"name": "tone-en", "temperature": 1.25, "scores": {"rw": {"accuracy": 0.9}, "mt": {}}}
    write_card(tmp_path, card)
    written = (tmp_path / "card.json").read_text(encoding="utf-8")
    assert json.loads(written) == card
    assert written.count("\n") == len(card) + 2


def test_word_vectors_go_with_the_last_card_that_names_them(tmp_path: Path) -> None:
    (tmp_path / SHARED).mkdir()
    kept, left = (tmp_path / SHARED / f"{WORDS}-{name}.npy" for name in ("11111111", "22222222"))
    for path in (kept, left):
        path.write_bytes(b"")
    (tmp_path / "tone-en").mkdir()
    write_card(tmp_path / "tone-en", {WORDS: kept.name})
    remove_unnamed(tmp_path)
    assert [path.name for path in (tmp_path / SHARED).iterdir()] == [kept.name]


@pytest.fixture
def model() -> Any:
    """Looks up whole numbers in a table of 8-bit words."""
    onnx = pytest.importorskip("onnx")
    helper, numbers = onnx.helper, onnx.TensorProto
    table = onnx.numpy_helper.from_array(np.arange(-6, 6, dtype=np.int8).reshape(4, 3), "c0")
    graph = helper.make_graph(
        [helper.make_node("Gather", ["c0", "ids"], ["found"])],
        "words",
        [helper.make_tensor_value_info("ids", numbers.INT64, ["n"])],
        [helper.make_tensor_value_info("found", numbers.INT8, ["n", 3])],
        [table],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def test_a_model_taken_apart_and_put_together_says_the_same(model: Any, tmp_path: Path) -> None:
    def said(graph: Any, **more: np.ndarray) -> list[list[int]]:
        session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
        found: list[list[int]] = session.run(None, {"ids": np.array([2, 0]), **more})[0].tolist()
        return found

    before = said(model)
    tokenizer = b'{"truncation": {"max_length": 256}, "padding": {}, "model": {}}'
    file = write_model(tmp_path / "one", model, {"name": "one"}, tokenizer)[WORDS]
    assert said(model, **{WORDS: np.load(tmp_path / SHARED / file)}) == before == [[0, 1, 2], [-6, -5, -4]]
    whole = load_whole(tmp_path / "one")
    assert said(whole) == before
    assert write_model(tmp_path / "two", whole, {"name": "two"}, tokenizer)[WORDS] == file
    assert sorted(path.name for path in (tmp_path / SHARED).iterdir()) == ["tokenizer.json", file]
    plain = json.loads((tmp_path / SHARED / "tokenizer.json").read_text(encoding="utf-8"))
    assert plain == {"truncation": None, "padding": None, "model": {}}
