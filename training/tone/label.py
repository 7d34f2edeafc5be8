"""The teachers' logits for the unlabelled sentences, averaged over the teachers.

    python label.py WORK DATA --seeds 1 2
    python label.py WORK DATA --student 7     # or a student's, for another that shall be like it

Writes WORK/logits.npz: `unlabelled`, (targets, 3) in the order of WORK/unlabelled.jsonl, and `sentences`, how many of
its lines they are. The sentences of NewsMTSC are left out: the teachers know their labels by heart. Each teacher's
part is kept, so that a killed run goes on. A student's logits are the mean of those for the sentence as it is and with
a name swapped for another, so that the next student minds names less.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from examples import Sentence, names_swapped, read_newsmtsc, read_unlabelled, single_targets
from graph import StudentGraph
from numpy.typing import NDArray
from scores import report
from ship import weights_of
from student import SCOUT, SHARED
from teacher import Marker, load_mpnet, open_tokenizer, predict
from tokenizers import Tokenizer

from newskit.tone_model import LONGEST, inputs_of, windows

SHARD = 2000


def in_shards(folder: Path, name: str, items: list[Sentence], label: Callable[[list[Sentence]], Any]) -> np.ndarray:
    """The labels of all items, a shard at a time; each shard's are kept in the folder, by what they label."""
    folder.mkdir(exist_ok=True)
    parts = []
    for first in range(0, len(items), SHARD):
        shard = items[first : first + SHARD]
        path = folder / f"{name}-{hashlib.sha256(repr(shard).encode()).hexdigest()[:12]}.npy"
        if not path.exists():
            np.save(path, np.asarray(label(shard)))
            print(folder.parent.name, name, first, "of", len(items), flush=True)
        parts.append(np.load(path))
    return np.concatenate(parts)


def folder_of(teacher: Path) -> Path:
    """Where a teacher's labels are kept: another training of it has another folder."""
    with teacher.open("rb") as file:
        return teacher.parent / f"logits-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"


Read = dict[str, NDArray[np.floating]]


def read_student(path: Path, tokenizer: Tokenizer, sentences: Sequence[Sentence], shown: Sequence[int] = ()) -> Read:
    """What a student in 8 bits, without exits, says of all targets, in their order: `logits` (targets, 3).

    `shown` adds `seen_LAYER` for each of its layers, what a classifier would see after it.
    """
    weights = weights_of(path, LONGEST)
    if SCOUT in shown:
        weights |= {name: value.numpy() for name, value in torch.load(path.with_name("scout.pt")).items()}
    graph = StudentGraph(weights).build(SHARED, shown=shown)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    pieces = [(n, w) for n, s in enumerate(sentences) for w in windows(tokenizer, s.text, s.spans)]
    pieces.sort(key=lambda piece: len(piece[1].ids))
    names = [output.name for output in session.get_outputs()]
    found: dict[str, list[NDArray[np.floating]]] = {name: [] for name in [*names, "target"]}
    first_of = np.cumsum([0, *(len(s.spans) for s in sentences)])
    for first in range(0, len(pieces), 8):
        batch = pieces[first : first + 8]
        for name, values in zip(names, session.run(None, inputs_of([window for _, window in batch])), strict=True):
            found[name].append(values if name == "logits" else values.astype(np.float16))
        found["target"].append(np.array([first_of[n] + t for n, window in batch for t in window.rows]))
        if first % 4000 == 0:
            print(f"read {first} of {len(pieces)} windows", flush=True)
    read = {name: np.concatenate(values) for name, values in found.items()}
    order = read.pop("target").argsort()
    return {name: values[order] for name, values in read.items()}


def student_guesses(path: Path, tokenizer: Tokenizer, sentences: list[Sentence]) -> NDArray[np.floating]:
    """Log-probabilities (targets, 3): the mean of the chances as it is and with a name swapped."""
    both = [sentences, names_swapped(sentences)]
    chances = [torch.from_numpy(read_student(path, tokenizer, part)["logits"]).softmax(1) for part in both]
    guesses: NDArray[np.floating] = ((chances[0] + chances[1]) / 2).log().numpy()
    return guesses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--student", help="the seed of a student to take the logits from, instead of teachers")
    parser.add_argument("--sentences", type=int, default=1_000_000, help="of the unlabelled, at most")
    a = parser.parse_args()

    torch.set_num_threads(2)
    unlabelled = read_unlabelled(a.work / "unlabelled.jsonl", a.sentences)
    if a.student:
        path = a.work / f"student-{a.student}" / "model.pt"
        guesses = student_guesses(path, open_tokenizer(a.work / "minilm"), unlabelled)
        np.savez_compressed(a.work / "logits.npz", unlabelled=guesses, sentences=len(unlabelled))
        return
    marker = Marker(a.work)
    groups: dict[str, list[Sentence]] = {
        "unlabelled": single_targets(unlabelled),
        "rw": single_targets(read_newsmtsc(a.data / "dev_rw.jsonl")),
        "mt": single_targets(read_newsmtsc(a.data / "dev_mt.jsonl")),
    }
    logits: dict[str, list[np.ndarray]] = {name: [] for name in groups}
    for seed in a.seeds:
        path = a.work / f"teacher-{seed}" / "model.pt"
        folder = folder_of(path)
        model = load_mpnet(a.work)
        model.load_state_dict(torch.load(path))
        for name, sentences in groups.items():
            logits[name].append(in_shards(folder, name, sentences, partial(predict, model, marker)))
    mean = {name: np.mean(found, axis=0) for name, found in logits.items()}
    for name in ("rw", "mt"):
        chances = torch.from_numpy(mean[name]).softmax(1).numpy()
        print(json.dumps({"part": name, "teachers": a.seeds, **report(chances, [s.labels[0] for s in groups[name]])}))
    np.savez_compressed(a.work / "logits.npz", unlabelled=mean["unlabelled"], sentences=len(unlabelled))


if __name__ == "__main__":
    main()
