"""What the models that ship with newskit have in common: a folder with a graph and a card, and the files they share."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession, OrtValue
    from tokenizers import Tokenizer

SHARED: Final = "shared"
"""The folder, beside those of the models, with what several of them read."""
WORDS: Final = "words"
"""The input of a graph that takes the word vectors, and the entry of a card that names their file."""
_BLIND: Final = -10_000.0
"""Added to the attention to a token that is only there to fill the batch."""

Span = tuple[int, int]


def open_session(path: Path, *, threads: int = 1, external: Sequence[tuple[str, OrtValue]] = ()) -> InferenceSession:
    """The model in a file, on the processor and so many threads; `external` are constants that the file lacks."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # The arena would keep what the longest text once took; without it the models are as fast, unless the C library
    # gives memory back at once, as Dask tells its workers to: then they are half as fast.
    options.enable_cpu_mem_arena = "MALLOC_TRIM_THRESHOLD_" in os.environ
    if external:
        options.add_external_initializers([name for name, _ in external], [value for _, value in external])
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class FolderModel:
    """The model in a folder: `model.onnx` and `card.json` (name, version and what it needs).

    The folder `shared` beside it has the tokenizer of all models and, in the file that the card names, the word
    vectors: half of a model's size, and the same in models that were taught by one another. It runs on one
    thread by default, so that several processes can share a machine. Raises `FileNotFoundError` if a file is
    missing and `ValueError` if the model or the word vectors are not those that the card was written for.
    """

    what: ClassVar[str]
    """What it is called in a message."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        shared = folder.parent / SHARED
        self._require(folder / "model.onnx", folder / "card.json", shared / "tokenizer.json")
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        self.tokenizer = _tokenizer(shared / "tokenizer.json")
        self._words: dict[str, NDArray[np.int8]] = {}
        if WORDS in self.card:
            self._require(shared / self.card[WORDS])
            self._words[WORDS] = _word_vectors(shared / self.card[WORDS])
        if model_hash(folder) != self.card.get("sha256"):
            raise damaged(self._altered(folder), "newskit")
        self._session = open_session(folder / "model.onnx", threads=threads)

    def _require(self, *files: Path) -> None:
        missing = [file for file in files if not file.is_file()]
        if missing:
            raise FileNotFoundError(f"{self.what} is incomplete: {missing[0]} is missing; reinstall newskit")

    def _altered(self, folder: Path) -> Path:
        """The file that is not what the card says: the word vectors have the start of their hash in their name."""
        words = folder.parent / SHARED / self.card.get(WORDS, "")
        known = words.stem.rpartition("-")[2]
        return words if WORDS in self.card and not file_hash(words).startswith(known) else folder / "model.onnx"

    def run(self, given: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """The outputs of the graph for its inputs, the word vectors left out."""
        outputs: list[NDArray[Any]] = self._session.run(None, {**given, **self._words})
        return outputs


@functools.cache
def _tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in a file, read once for all models."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


@functools.cache
def _word_vectors(path: Path) -> NDArray[np.int8]:
    """The word vectors in a file, mapped into memory: models and processes that use them share their pages.

    They are an input of the graph because the other ways were worse. ONNX Runtime reads external data only from
    the folder of the model itself, so that each model would need its own copy. Initializers that are handed to a
    session (`add_external_initializers`) are copied into it: with all four models loaded, a process took 15 MB more
    than with the vectors inside each model. As an input they take 40 MB less. Speed is the same in all three.
    """
    try:
        vectors: NDArray[np.int8] = np.load(path, mmap_mode="r").view(np.ndarray)
    except (ValueError, EOFError) as problem:
        raise ValueError(f"{path} is damaged ({problem}); reinstall newskit") from problem
    return vectors


def damaged(path: Path, package: str) -> ValueError:
    """The error of a file of a model that is not the one that its card was written for: it must not be loaded."""
    return ValueError(f"{path} is damaged (its SHA-256 is not the one in card.json); reinstall {package}")


def file_hash(*files: Path) -> str:
    """SHA-256 of files, one after another; computed once per process unless a file changes."""
    told = [path.stat() for path in files]
    return _file_hash(files, tuple((one.st_size, one.st_mtime_ns) for one in told))


@functools.cache
def _file_hash(files: tuple[Path, ...], stamps: tuple[tuple[int, int], ...]) -> str:
    digest, part = hashlib.sha256(), memoryview(bytearray(2**18))  # read in parts: the files are big
    for path in files:
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(part):
                digest.update(part[:size])
    return digest.hexdigest()


def model_hash(folder: Path) -> str:
    """SHA-256 of a model: of `model.onnx`, followed by the file with its word vectors."""
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    words = [folder.parent / SHARED / card[WORDS]] if WORDS in card else []
    return file_hash(folder / "model.onnx", *words)


def token_ends(offsets: Sequence[Span], span: Span) -> Span:
    """The first and last token of a span of characters, by the characters of each token.

    A span of nothing but unknown characters has no token: the text as a whole (0, 0) stands for it.
    """
    start, end = span
    inside = [i for i, (a, b) in enumerate(offsets) if a < end and start < b]
    return (inside[0], inside[-1]) if inside else (0, 0)


def batch_of(texts: Sequence[Sequence[int]]) -> dict[str, NDArray[Any]]:
    """Token ids of several texts as the models take them: `ids` (texts, length) and the `bias` of the attention."""
    length = max(map(len, texts))
    ids = np.zeros((len(texts), length), dtype=np.int64)
    bias = np.full((len(texts), 1, 1, length), _BLIND, dtype=np.float32)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        bias[row, 0, 0, : len(text)] = 0
    return {"ids": ids, "bias": bias}


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Probabilities of each row; `ValueError` if the model gave no number, since each comparison with NaN is false."""
    if not np.isfinite(logits).all():
        raise ValueError("a model gave no number (NaN): leave the text out, and report it as an error of newskit")
    chances: NDArray[np.floating] = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    return chances
