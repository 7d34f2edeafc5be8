"""The teachers' logits for the unlabelled sentences, averaged over the teachers, and a student's.

    python -m training.tone.label WORK DATA --seeds 1 2                              # teachers only
    python -m training.tone.label WORK DATA --seeds 1 --sentences 15000 --student 9  # teachers, then a student
    python -m training.tone.label WORK DATA --seeds --student 7                      # a student only

Writes WORK/logits.npz: `unlabelled`, (targets, 3) in the order of WORK/unlabelled.jsonl; `sentences`, how many of its
lines these are; and, where teachers are asked, `seen`, (targets, 1536), what the first one's classifier sees of the
targets they labelled, and `train`, the same for NewsMTSC, whose logits are left out: the teachers know those labels by
heart. Each teacher's part is kept, so that a killed run resumes. A student's logits are the mean of those for the
sentence as it is and with a name swapped for another, so that the next student minds names less.
"""

import json
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
from training.common.sentences import Sentence, names_swapped, read_newsmtsc, read_unlabelled, single_targets
from training.common.shape import SHARED
from training.common.shards import Teacher, ask_each
from training.common.ship import weights_of
from training.tone.scores import report
from training.tone.student import SCOUT
from training.tone.teacher import MarkedTarget, Marker, load_mpnet, read

PUBLISHED = {"rw": "dev_rw", "mt": "dev_mt", "train": "train"}
"""The parts of NewsMTSC that teachers are asked about."""

Read = dict[str, NDArray[np.floating]]


def read_student(path: Path, tokenizer: Tokenizer, sentences: Sequence[Sentence], shown: Sequence[int] = ()) -> Read:
    """What a student in 8 bits, without exits, says of all targets, in their order: `logits` (targets, 3).

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


def student_guesses(path: Path, tokenizer: Tokenizer, sentences: list[Sentence]) -> NDArray[np.floating]:
    """Log-probabilities (targets, 3): of the mean of the chances for each sentence as it is and with a name swapped."""
    both = [sentences, names_swapped(sentences)]
    chances = [torch.from_numpy(read_student(path, tokenizer, part)["logits"]).softmax(1) for part in both]
    guesses: NDArray[np.floating] = ((chances[0] + chances[1]) / 2).log().numpy()
    return guesses


def teach(model: MarkedTarget, marker: Marker, sentences: list[Sentence]) -> NDArray[np.float16]:
    """What `teacher.read` returns, in half the bytes."""
    found: NDArray[np.float16] = read(model, marker, sentences).numpy().astype(np.float16)
    return found


def open_teacher(work: Path, marker: Marker, path: Path) -> Teacher:
    """A trained teacher, by the file of its weights."""
    model = load_mpnet(work)
    model.load_state_dict(torch.load(path))
    return partial(teach, model, marker)


def ask_teachers(work: Path, data: Path, seeds: Sequence[int], unlabelled: list[Sentence]) -> Read:
    """`unlabelled`, `seen` and `train` as they are saved; prints the teachers' scores on the development parts."""
    groups = {name: read_newsmtsc(data / f"{file}.jsonl") for name, file in PUBLISHED.items()}
    items = {name: single_targets(group) for name, group in [*groups.items(), ("unlabelled", unlabelled)]}
    paths = [work / f"teacher-{seed}" / "model.pt" for seed in seeds]
    found = ask_each(paths, items, partial(open_teacher, work, Marker(work)))
    logits: Read = {n: np.stack([f[:, :3] for f in of_part]).mean(0, np.float32) for n, of_part in found.items()}
    for name in ("rw", "mt"):
        chances = torch.from_numpy(logits[name]).softmax(1).numpy()
        print(json.dumps({"part": name, "teachers": seeds, **report(chances, [s.labels[0] for s in items[name]])}))
    seen, train = (found[name][0][:, 3:] for name in ("unlabelled", "train"))
    return {"unlabelled": logits["unlabelled"], "seen": seen, "train": train}


def main() -> None:
    parser = command(__doc__, "work", "data")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1], help="of the teachers")
    parser.add_argument("--sentences", type=int, default=1_000_000, help="of the unlabelled for the teachers, at most")
    parser.add_argument("--student", help="the seed of a student to take the logits of the other sentences from")
    a = parser.parse_args()

    if not a.seeds and not a.student:
        parser.error("nobody to ask: give the --seeds of teachers, or a --student, or both")
    torch.set_num_threads(2)
    unlabelled = read_unlabelled(a.work / "unlabelled.jsonl")
    of_teachers = min(a.sentences, len(unlabelled)) if a.seeds else 0
    saved = ask_teachers(a.work, a.data, a.seeds, unlabelled[:of_teachers]) if a.seeds else {}
    if a.student:
        path = a.work / f"student-{a.student}" / "model.pt"
        guesses = student_guesses(path, open_tokenizer(a.work / "minilm"), unlabelled[of_teachers:])
        saved["unlabelled"] = np.concatenate([saved["unlabelled"], guesses]) if a.seeds else guesses
    count = len(unlabelled) if a.student else of_teachers
    np.savez(a.work / "logits.npz", sentences=np.array(count), **saved)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
