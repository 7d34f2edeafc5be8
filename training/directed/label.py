"""The teachers' logits for DSE's train part and for unlabelled pairs, averaged over the teachers.

    python -m training.directed.label WORK DATA --out OUT --seeds 1

Reads OUT/teacher-SEED/model.pt and OUT/pairs.jsonl, writes OUT/logits.npz: `train` in the order of the distinct pairs,
`pairs` in that of the file. Each teacher's part is kept, so that a killed run resumes.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.common.commands import command
from training.common.sentences import read_dse
from training.common.shards import Teacher, ask_each
from training.directed.pairs import distinct, read_pairs
from training.directed.teacher import PairMarker, load_pair_mpnet, predict


def open_teacher(work: Path, marker: PairMarker, path: Path) -> Teacher:
    """A trained teacher, by the file of its weights."""
    model = load_pair_mpnet(work)
    model.load_state_dict(torch.load(path))
    return partial(predict, model, marker)


def main() -> None:
    parser = command(__doc__, "work", "data")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    a = parser.parse_args()
    torch.set_num_threads(2)
    groups = {"train": distinct(read_dse(a.data / "train.tsv")), "pairs": read_pairs(a.out / "pairs.jsonl")}
    paths = [a.out / f"teacher-{seed}" / "model.pt" for seed in a.seeds]
    logits = ask_each(paths, groups, partial(open_teacher, a.work, PairMarker(a.work)))
    means: dict[str, Any] = {name: np.mean(found, axis=0) for name, found in logits.items()}
    np.savez_compressed(a.out / "logits.npz", **means)


if __name__ == "__main__":
    main()
