"""The teachers' logits for DSE's train part and for unlabelled pairs, averaged over the teachers.

    python -m training.directed.label WORK DATA --out OUT --seeds 1

Reads OUT/teacher-SEED/model.pt and OUT/pairs.jsonl, writes OUT/logits.npz: `train` in the order of the distinct pairs,
`pairs` in that of the file. Each teacher's part is kept, so that a killed run goes on.
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import torch

from training.common.shards import folder_of, in_shards
from training.directed.pairs import distinct, read_dse, read_pairs
from training.directed.teacher import PairMarker, load_pair_mpnet, predict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    a = parser.parse_args()

    torch.set_num_threads(2)
    marker = PairMarker(a.work)
    groups = {"train": distinct(read_dse(a.data / "train.tsv")), "pairs": read_pairs(a.out / "pairs.jsonl")}
    logits: dict[str, list[np.ndarray]] = {name: [] for name in groups}
    for seed in a.seeds:
        path = a.out / f"teacher-{seed}" / "model.pt"
        folder = folder_of(path)
        model = load_pair_mpnet(a.work)
        model.load_state_dict(torch.load(path))
        for name, pairs in groups.items():
            logits[name].append(in_shards(folder, name, pairs, partial(predict, model, marker)))
    np.savez_compressed(a.out / "logits.npz", **{name: np.mean(found, axis=0) for name, found in logits.items()})


if __name__ == "__main__":
    main()
