"""The graph of the student says what the student in torch says; needs the extra `train`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
pytest.importorskip("safetensors")

import onnxruntime  # noqa: E402

from training.common.graph import StudentGraph, Sure  # noqa: E402
from training.common.minilm import Student  # noqa: E402
from training.common.shape import SHARED, WIDTH  # noqa: E402
from training.common.ship import weights_of  # noqa: E402
from training.tone.unpack import weights_in  # noqa: E402

LONGEST = 32


@pytest.fixture(scope="module")
def student() -> Any:
    torch.manual_seed(1)
    return Student().eval()


@pytest.fixture(scope="module")
def weights(student: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, np.ndarray]]:
    path: Path = tmp_path_factory.mktemp("student") / "model.pt"
    torch.save(student.state_dict(), path)
    yield weights_of(path, LONGEST)
    path.unlink()


def said(model: Any, ids: np.ndarray, rows: list[int], targets: list[list[int]], *, whole: bool = False) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = {given.name for given in session.get_inputs()}
    given = {
        "ids": ids,
        "bias": np.where(ids == 0, -10_000, 0).astype(np.float32)[:, None, None, :],
        "rows": np.array(rows),
        "targets": np.array(targets),
        "whole": np.array([whole]),
    }
    logits: np.ndarray = session.run(["logits"], {name: value for name, value in given.items() if name in names})[0]
    return logits


@pytest.fixture(scope="module")
def asked() -> tuple[np.ndarray, list[int], list[list[int]]]:
    """Two sentences, one of them shorter, with three targets."""
    ids = np.random.default_rng(1).integers(1, 30_000, (2, 12))
    ids[1, 8:] = 0
    return ids, [0, 0, 1], [[1, 2], [5, 5], [3, 6]]


def test_exact_graph(student: Any, weights: dict[str, np.ndarray], asked: Any) -> None:
    ids, rows, targets = asked
    with torch.no_grad():
        attention = torch.from_numpy((ids > 0).astype(np.float32))
        expected = student(torch.from_numpy(ids), attention, torch.tensor(rows), torch.tensor(targets)).numpy()
    found = said(StudentGraph(weights, exact=True).build(SHARED), ids, rows, targets)
    np.testing.assert_allclose(found, expected, atol=2e-3)


def test_eight_bits_are_close_and_do_not_depend_on_the_batch(weights: dict[str, np.ndarray], asked: Any) -> None:
    ids, rows, targets = asked
    exact = said(StudentGraph(weights, exact=True).build(SHARED), ids, rows, targets)
    graph = StudentGraph(weights).build(SHARED)
    together = said(graph, ids, rows, targets)
    assert np.abs(together - exact).max() < 0.1 * np.abs(exact).max()
    np.testing.assert_array_equal(said(graph, ids[:1], [0], targets[:1]), together[:1])


def test_unpacked_weights_are_those_in_eight_bits(weights: dict[str, np.ndarray]) -> None:
    found = weights_in(StudentGraph(weights).build(SHARED))
    assert set(found) == set(weights)
    for name, value in weights.items():
        unpacked = found[name][:LONGEST] if name == "positions.weight" else found[name]
        assert unpacked.shape == value.shape, name
        assert np.abs(unpacked - value).max() <= np.abs(value).max() / 100, name
    assert not found["positions.weight"][LONGEST:].any()
    assert found["positions.weight"].shape[1] == WIDTH


HEADS = (slice(0, 2), slice(2, 5))


@pytest.fixture(scope="module")
def with_heads(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights of a student with five logits, with a head after the fourth layer."""
    rng = np.random.default_rng(2)
    shapes = {"dense.weight": (8, 3 * WIDTH), "dense.bias": (8,), "out.weight": (5, 8), "out.bias": (5,)}
    heads = {f"exits.3.{name}": rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    classifier = {"classifier.weight": (5, 3 * WIDTH), "classifier.bias": (5,)}
    return weights | heads | {name: rng.normal(size=shape).astype(np.float32) for name, shape in classifier.items()}


@pytest.mark.parametrize(("sure", "stops"), [((0.0, 0.0), True), ((0.0, 1.1), False), ((1.1, 0.0), False)])
def test_a_target_goes_no_further_if_all_questions_are_sure(
    with_heads: dict[str, np.ndarray], asked: Any, sure: tuple[float, float], stops: bool
) -> None:
    full = said(StudentGraph(with_heads).build(SHARED), *asked)
    exits = {3: [Sure(columns, least) for columns, least in zip(HEADS, sure, strict=True)]}
    model = StudentGraph(with_heads).build(SHARED, exits)
    early = said(model, *asked, whole=False)
    assert early.shape == full.shape == (3, 5)
    assert np.allclose(early, full) != stops
    np.testing.assert_allclose(said(model, *asked, whole=True), full)
