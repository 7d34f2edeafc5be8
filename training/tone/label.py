"""The teachers' logits for the unlabelled sentences, averaged over the teachers.

    python label.py WORK DATA --seeds 1 2

Writes WORK/logits.npz: `unlabelled`, (targets, 3) in the order of WORK/unlabelled.jsonl, and `sentences`, how many of
its lines they are. The sentences of NewsMTSC are left out: the teachers know their labels by heart. Each teacher's
part is kept, so that a killed run goes on.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from examples import Sentence, read_newsmtsc, read_unlabelled, single_targets
from scores import report
from teacher import Marker, load_mpnet, predict

SHARD = 2000


def in_shards(folder: Path, name: str, items: list[Sentence], label: Callable[[list[Sentence]], Any]) -> np.ndarray:
    """The labels of all items, worked out a shard at a time; each shard's are kept in the folder."""
    parts = []
    for first in range(0, len(items), SHARD):
        shard = items[first : first + SHARD]
        path = folder / f"{name}-{first}.npy"
        if not path.exists() or len(np.load(path)) != len(shard):
            np.save(path, np.asarray(label(shard)))
            print(folder.parent.name, name, first, "of", len(items), flush=True)
        parts.append(np.load(path))
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--sentences", type=int, default=1_000_000, help="of the unlabelled, at most")
    a = parser.parse_args()

    torch.set_num_threads(2)
    marker = Marker(a.work)
    unlabelled = read_unlabelled(a.work / "unlabelled.jsonl", a.sentences)
    groups: dict[str, list[Sentence]] = {
        "unlabelled": single_targets(unlabelled),
        "rw": single_targets(read_newsmtsc(a.data / "dev_rw.jsonl")),
        "mt": single_targets(read_newsmtsc(a.data / "dev_mt.jsonl")),
    }
    logits: dict[str, list[np.ndarray]] = {name: [] for name in groups}
    for seed in a.seeds:
        folder = a.work / f"teacher-{seed}" / "logits"
        folder.mkdir(exist_ok=True)
        model = load_mpnet(a.work)
        model.load_state_dict(torch.load(folder.parent / "model.pt"))
        for name, sentences in groups.items():
            logits[name].append(in_shards(folder, name, sentences, partial(predict, model, marker)))
    mean = {name: np.mean(found, axis=0) for name, found in logits.items()}
    for name in ("rw", "mt"):
        chances = torch.from_numpy(mean[name]).softmax(1).numpy()
        print(json.dumps({"part": name, "teachers": a.seeds, **report(chances, [s.labels[0] for s in groups[name]])}))
    np.savez_compressed(a.work / "logits.npz", unlabelled=mean["unlabelled"], sentences=len(unlabelled))


if __name__ == "__main__":
    main()
