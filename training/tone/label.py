"""The teachers' logits for the unlabelled sentences, averaged over the teachers, and a student's.

    python label.py WORK DATA --seeds 1 2
    python label.py WORK DATA --seeds 1 --sentences 15000 --student 9  # those of teachers, then a student's
    python label.py WORK DATA --seeds --student 7                      # a student's only

Writes WORK/logits.npz: `unlabelled`, (targets, 3) in the order of WORK/unlabelled.jsonl; `sentences`, how many of its
lines they are; `seen`, (targets, 1536), what the first teacher's classifier sees, for those that teachers labelled;
and `train`, the same for the targets of NewsMTSC, where the logits are left out: the teachers know the labels by heart.
Each teacher's part is kept, so that a killed run goes on. A student's logits are the mean of those for the sentence as
it is and with a name swapped for another, so that the next student minds names less.
"""

import argparse
import hashlib
import json
import sys
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
from teacher import MarkedTarget, Marker, load_mpnet, open_tokenizer, read
from tokenizers import Tokenizer

from newskit.tone_model import LONGEST, inputs_of, windows

SHARD = 2000
SEEN_BY_TEACHER = 2 * 768
"""Numbers that the classifier of an MPNet sees."""


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


def teach(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> NDArray[np.float16]:
    found: NDArray[np.float16] = read(model, marker, sentences).numpy().astype(np.float16)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1], help="of the teachers")
    parser.add_argument("--sentences", type=int, default=1_000_000, help="of the unlabelled for the teachers, at most")
    parser.add_argument("--student", help="the seed of a student to take the logits of the other sentences from")
    a = parser.parse_args()

    if not a.seeds and not a.student:
        parser.error("nobody to ask: give the --seeds of teachers, or a --student, or both")
    torch.set_num_threads(2)
    unlabelled = read_unlabelled(a.work / "unlabelled.jsonl", sys.maxsize)
    first, rest = (unlabelled[: a.sentences], unlabelled[a.sentences :]) if a.seeds else ([], unlabelled)
    marker = Marker(a.work)
    groups: dict[str, list[Sentence]] = {
        "rw": single_targets(read_newsmtsc(a.data / "dev_rw.jsonl")),
        "mt": single_targets(read_newsmtsc(a.data / "dev_mt.jsonl")),
        "train": single_targets(read_newsmtsc(a.data / "train.jsonl")),
        "unlabelled": single_targets(first),
    }
    found: dict[str, list[NDArray[np.float16]]] = {name: [] for name in groups}
    for seed in a.seeds:
        path = a.work / f"teacher-{seed}" / "model.pt"
        model = load_mpnet(a.work)
        model.load_state_dict(torch.load(path))
        for name, sentences in groups.items():
            found[name].append(in_shards(folder_of(path), name, sentences, partial(teach, model, marker)))
    logits = {name: np.mean([f[:, :3] for f in of_part], 0, np.float32) for name, of_part in found.items() if of_part}
    for name in ("rw", "mt") if a.seeds else ():
        chances = torch.from_numpy(logits[name]).softmax(1).numpy()
        print(json.dumps({"part": name, "teachers": a.seeds, **report(chances, [s.labels[0] for s in groups[name]])}))
    taught = [logits["unlabelled"]] if a.seeds else []
    if a.student:
        path = a.work / f"student-{a.student}" / "model.pt"
        taught.append(student_guesses(path, open_tokenizer(a.work / "minilm"), rest))
    count = len(first) + (len(rest) if a.student else 0)
    seen, train = (
        found[name][0][:, 3:] if a.seeds else np.zeros((0, SEEN_BY_TEACHER), np.float16)
        for name in ("unlabelled", "train")
    )
    unlabelled_logits = np.concatenate(taught)
    np.savez(a.work / "logits.npz", unlabelled=unlabelled_logits, sentences=np.array(count), seen=seen, train=train)


if __name__ == "__main__":
    main()
