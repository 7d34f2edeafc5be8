"""How long a million mentions take, grouped by two columns, and how much memory.

    python benchmarks/grouping.py [--mentions 1000000] [--runs 3]

A made-up corpus: twenty thousand articles of twelve outlets and two years, fifty mentions of some of two hundred actors
in each. Prints the median processor time of each summary, beside that of plain pandas (the counts alone, without
intervals), and the peak of memory of the process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pandas as pd

import newskit as nk
from newskit.corpus.corpus import Corpus
from newskit.corpus.tables import FrameTables
from newskit.schema import make_table

PER_ARTICLE, ACTORS, OUTLETS = 50, 200, 12


def made(mentions: int) -> Corpus:
    """The corpus."""
    rng = np.random.default_rng(1)
    n = mentions // PER_ARTICLE
    ids = np.array([f"a{i}" for i in range(n)])
    articles = pd.DataFrame(
        {
            "article_id": ids,
            "text": "x",
            "outlet": [f"Outlet {i % OUTLETS}" for i in range(n)],
            "published": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D"),
            "language": "en",
            "n_tokens": 600,
            "status": "annotated",
        }
    )
    actor = np.minimum(rng.zipf(1.4, mentions) - 1, ACTORS - 1)
    table = pd.DataFrame(
        {
            "article_id": np.repeat(ids, PER_ARTICLE),
            "sentence_id": np.tile(np.arange(PER_ARTICLE) // 2, n),
            "mention_id": np.tile(np.arange(PER_ARTICLE), n),
            "start": 0,
            "end": 1,
            "text": "x",
            "entity_id": 0,
            "actor_id": np.array([f"actor-{i}" for i in range(ACTORS)])[actor],
            "kind": "name",
        }
    )
    known = pd.DataFrame({"actor_id": sorted(table["actor_id"].unique())})
    actors = known.assign(label=known["actor_id"], type="person", n_mentions=0, n_articles=0)
    rows = {"articles": articles, "mentions": table, "actors": actors}
    return Corpus(
        FrameTables(
            {
                name: make_table(name, cast("list[dict[str, Any]]", frame.to_dict("records")))
                for name, frame in rows.items()
            }
        )
    )


def median(task: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median processor and wall time of a task."""
    taken = []
    for _ in range(runs):
        began, wall = time.process_time(), time.perf_counter()
        task()
        taken.append((time.process_time() - began, time.perf_counter() - wall))
    return statistics.median(t for t, _ in taken), statistics.median(w for _, w in taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    a = parser.parse_args()
    corpus = made(a.mentions)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    month = corpus.articles["published"].dt.strftime("%Y-%m")
    about = corpus.articles[["article_id", "outlet"]].assign(month=month)

    def plain() -> pd.Series:
        return corpus.mentions.merge(about, on="article_id").groupby(["outlet", "month", "actor_id"]).size()

    tasks: dict[str, Callable[[], object]] = {
        "pandas, counts alone": plain,
        "actor_frequency": lambda: nk.actor_frequency(corpus, by=["outlet", "month"]),
        "actor_rates, ten actors": lambda: nk.actor_rates(corpus, by=["outlet", "month"]),
    }
    for name, task in tasks.items():
        processor, wall = median(task, a.runs)
        print(f"{name:26} {processor:6.2f} s of processor time, {wall:6.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"memory: {before:.2f} GB with the corpus, peak {peak:.2f} GB")


if __name__ == "__main__":
    main()
