"""What the teachers say of all that a student learns from, averaged over the teachers.

    python -m training.tone.label WORK DATA --coded CODED --seeds 1 2 --newsmtsc shipped

Writes WORK/logits.npz: for NewsMTSC's train part (`train`), the coded rows of the train part (`coded`) and
WORK/unlabelled.jsonl (`unlabelled`), the logits of all heads (training.tone.codes) and, after them, what the first
teacher's classifier sees: (targets, LOGITS + 1536), in their order; and `sentences`, how many are unlabelled. Each
teacher's part is kept, so that a killed run resumes. With --newsmtsc an earlier student speaks for NewsMTSC's head
instead, so that the next one does not forget what it knew (Li and Hoiem 2016, Learning without Forgetting).
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from newskit.annotation.tone.model import TONE_WINDOW, inputs_of, tone_windows
from training.common.batches import open_tokenizer
from training.common.commands import command
from training.common.graph import StudentGraph
from training.common.sentences import Sentence, read_newsmtsc, read_unlabelled, single_targets
from training.common.shape import SHARED
from training.common.shards import Teacher, ask_each
from training.common.ship import weights_of
from training.tone.codes import COLUMNS, LOGITS, read_coded
from training.tone.student import SCOUT
from training.tone.teacher import MarkedTarget, Marker, load_mpnet, read

Read = dict[str, NDArray[np.floating]]


def read_student(path: Path, tokenizer: Tokenizer, sentences: Sequence[Sentence], shown: Sequence[int] = ()) -> Read:
    """What a student in 8 bits, without exits, says of all targets, in their order: `logits` (targets, LOGITS).

    For each layer in `shown` there is also `seen_LAYER`, what a classifier would see after it.
    """
    weights = weights_of(path, TONE_WINDOW)
    if SCOUT in shown:
        weights |= {name: value.numpy() for name, value in torch.load(path.with_name("scout.pt")).items()}
    graph = StudentGraph(weights).build(SHARED, shown=shown)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    pieces = [(n, w) for n, s in enumerate(sentences) for w in tone_windows(tokenizer, s.text, s.spans)]
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


def teach(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> NDArray[np.float16]:
    """What `teacher.read` returns, in half the bytes."""
    found: NDArray[np.float16] = read(model, marker, sentences).numpy().astype(np.float16)
    return found


def open_teacher(work: Path, marker: Marker, path: Path) -> Teacher:
    """A trained teacher, by the file of its weights."""
    model = load_mpnet(work)
    model.load_state_dict(torch.load(path))
    return partial(teach, model, marker)


def ask_teachers(a: argparse.Namespace, unlabelled: list[Sentence]) -> Read:
    """What is saved, by the name of the group."""
    groups = {
        "train": single_targets(read_newsmtsc(a.data / "train.jsonl")),
        "coded": read_coded(a.coded, "train")[0],
        "unlabelled": single_targets(unlabelled),
    }
    paths = [a.work / f"teacher-{seed}" / "model.pt" for seed in a.seeds]
    saved: Read = {}
    for name, found in ask_each(paths, groups, partial(open_teacher, a.work, Marker(a.work))).items():
        logits = np.stack([f[:, :LOGITS] for f in found]).mean(0, np.float32).astype(np.float16)
        saved[name] = np.concatenate([logits, found[0][:, LOGITS:]], axis=1)
    if a.newsmtsc:
        tokenizer = open_tokenizer(a.work / "minilm")
        for name, sentences in groups.items():
            earlier = read_student(a.work / f"student-{a.newsmtsc}" / "model.pt", tokenizer, sentences)["logits"]
            # A student of tone-en 1.x knows NewsMTSC's polarity only.
            known = earlier[:, COLUMNS["newsmtsc"]] if earlier.shape[1] == LOGITS else earlier
            saved[name][:, COLUMNS["newsmtsc"]] = known
    return saved


def main() -> None:
    parser = command(__doc__, "work", "data")
    parser.add_argument("--coded", type=Path, required=True, help="rows coded by the codebook, with their texts")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="of the teachers")
    parser.add_argument("--sentences", type=int, default=1_000_000, help="of the unlabelled, at most")
    parser.add_argument("--newsmtsc", help="the student (its seed) that speaks for NewsMTSC's head")
    a = parser.parse_args()
    torch.set_num_threads(2)
    unlabelled = read_unlabelled(a.work / "unlabelled.jsonl", a.sentences)
    saved = ask_teachers(a, unlabelled)
    np.savez(a.work / "logits.npz", sentences=np.array(len(unlabelled)), **saved)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
