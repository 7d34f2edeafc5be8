"""Twenty processes are killed at moments drawn by chance while they annotate into one folder after another.

    python benchmarks/kills.py [seed]

A moment is one of the writes of a corpus (tables of a shard, its marker, links, actors, catalogue, manifest), before
it, half-way through it or after it, or some time after the start. The same call goes on each time; at the end its
tables and files are compared with those of a run that nobody disturbed. Needs fork, so it does not run on Windows.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import newskit as nk
from newskit.corpus.folder import Folder
from newskit.resources.files import whole_file
from newskit.schema import TABLES

if TYPE_CHECKING:
    from spacy.language import Language

KILLS = 20
ARTICLES = [
    nk.Article(f"k{i}", f"Envoy Tuva Lie praised Norway in Bergen on day {i}. Sweden rejected the plan.")
    for i in range(6)
]
WRITES = ("mentions/", "sentences/", "shards/", "links.parquet", "actors.parquet", "catalog.json", "manifest.json")
PHASES = ("before", "half", "after")


def annotated(place: Path, nlp: Language) -> nk.Corpus:
    """The one call that is made again and again."""
    return nk.annotate(ARTICLES, out=place, nlp=nlp, shard_size=2, progress=False)


def die() -> None:
    """End at once, as by the system."""
    os.kill(os.getpid(), signal.SIGKILL)


def child(place: Path, nlp: Language, of: str, phase: str, skip: int) -> None:
    """Annotate until the write that begins with `of`, after `skip` others of its kind, and die there."""
    original, left = Folder.write, skip

    def write(self: Folder, name: str, data: bytes) -> None:
        nonlocal left
        if not name.startswith(of) or left > 0:
            left -= name.startswith(of)
            original(self, name, data)
            return
        if phase == "half":
            with whole_file(self.path(name)) as part:
                part.write_bytes(data[: len(data) // 2])
                die()
        if phase == "after":
            original(self, name, data)
        die()

    Folder.write = write  # type: ignore[method-assign]
    annotated(place, nlp)


def run(place: Path, nlp: Language, draw: random.Random) -> str | None:
    """Start a process and kill it at a moment drawn by chance: which one; None if it had ended before."""
    of, phase, skip = draw.choice([*WRITES, "time"]), draw.choice(PHASES), draw.randrange(3)
    wait = draw.uniform(0.05, 2.0)
    pid = os.fork()
    if pid == 0:
        try:
            child(place, nlp, of, phase, skip if "/" in of else 0)
        finally:
            os._exit(0)
    if of == "time":
        time.sleep(wait)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status)
    return (f"{of} {phase}" if of != "time" else "time") if killed else None


def differences(place: Path, undisturbed: nk.Corpus) -> list[str]:
    """The tables that differ from those of the undisturbed run, and what was left lying about."""
    corpus = nk.open_corpus(place)
    corpus.verify()
    found = []
    for table in TABLES:
        try:
            pd.testing.assert_frame_equal(corpus.table(table), undisturbed.table(table))
        except AssertionError:
            found.append(table)
    return [*found, *(path.name for path in place.rglob(".*"))]


def main() -> int:
    """Kill, go on, compare; the number of corpora that differ."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    draw, nlp, moments, wrong, n_corpora = random.Random(seed), nk.make_nlp(), Counter[str](), 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        undisturbed = annotated(Path(temporary, "undisturbed"), nlp)
        while sum(moments.values()) < KILLS:
            n_corpora += 1
            place = Path(temporary, f"corpus {n_corpora}")
            for _ in range(draw.randrange(1, 6)):
                if (moment := run(place, nlp, draw)) is not None:
                    moments[moment] += 1
            annotated(place, nlp)
            if found := differences(place, undisturbed):
                wrong += 1
                print(f"corpus {n_corpora} differs: {', '.join(found)}")
    print(f"{sum(moments.values())} kills on {n_corpora} corpora (seed {seed}), {wrong} differ; by moment:")
    for moment, n in sorted(moments.items()):
        print(f"  {n:3} {moment}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
