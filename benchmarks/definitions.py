"""How well frames are coded by terms and by definitions, on sentences of news coded by reading (`data/gold/framing/`).

    python benchmarks/definitions.py ARTICLES [--part held test] [--method definition lexicon] [--misses 20]

ARTICLES is a gzipped JSON Lines file with `id` and `text` of the articles of Article-Bias-Prediction. Only chance
sentences count (`drawn` is random). The debates of the part `held` were never taught to the model of definitions, nor
were the articles of `test`. Debates have no terms: `lexicon` reads the shipped codebooks only.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

import newskit as nk
from newskit.annotation.frames.codebook import Codebook, Frame

GOLD = Path(__file__).parent.parent / "data" / "gold" / "framing"
RUNS = 1000


def codebooks() -> dict[str, Codebook]:
    """The debates as codebooks without terms, and the shipped codebooks that were coded."""
    found = {}
    for name, debate in tomllib.loads((GOLD / "debates.toml").read_text(encoding="utf-8")).items():
        frames = tuple(
            Frame(key, label, definition, (), matches=tuple(examples))
            for key, (label, definition, *examples) in debate["frames"].items()
        )
        found[name] = Codebook(name, "1.0.0", "en", debate["title"], "", frames)
    return found | {name: nk.load_codebook(name) for name in ("policy_frames", "news_frames")}


def interval(right: list[int], of: list[int], articles: list[str]) -> tuple[float, float]:
    """95 % bootstrap interval of a share, articles drawn with replacement."""
    rng, groups = np.random.default_rng(1), np.unique(articles, return_inverse=True)[1]
    r, n = np.bincount(groups, right), np.bincount(groups, of)
    drawn = rng.integers(len(r), size=(RUNS, len(r)))
    low, high = np.nanquantile(r[drawn].sum(1) / np.maximum(n[drawn].sum(1), 1), [0.025, 0.975])
    return round(float(low), 2), round(float(high), 2)


def report(label: str, rows: list[dict[str, str]], given: list[set[str]], gold: list[set[str]]) -> None:
    """Print precision and recall with their intervals."""
    articles = [row["article_id"] for row in rows]
    right = [len(g & c) for g, c in zip(given, gold, strict=True)]
    n_given, n_gold = [len(g) for g in given], [len(c) for c in gold]
    precision, recall = sum(right) / max(sum(n_given), 1), sum(right) / max(sum(n_gold), 1)
    print(
        f"{label:38} {len(rows):4} sentences: precision {precision:.2f} {interval(right, n_given, articles)} of "
        f"{sum(n_given)}, recall {recall:.2f} {interval(right, n_gold, articles)} of {sum(n_gold)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--part", nargs="+", default=["held", "test"], choices=["held", "test", "dev", "train"])
    parser.add_argument("--method", nargs="+", default=["definition", "lexicon"])
    parser.add_argument("--misses", type=int, default=0, help="print so many of the sentences coded otherwise")
    a = parser.parse_args()
    with gzip.open(a.articles, "rt", encoding="utf-8") as file:
        texts = {row["id"]: row["text"] for row in map(json.loads, file)}
    with (GOLD / "frames.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["drawn"] == "random" and r["frames"] != "no sentence"]
    books = codebooks()
    for row in rows:
        if hashlib.sha1(texts[row["article_id"]].encode()).hexdigest()[:12] != row["text_sha1"]:
            raise SystemExit(f"{row['article_id']}: not the text that was coded")
    for part in a.part:
        for method in a.method:
            whole: dict[tuple[str, str], list[Any]] = defaultdict(list)
            for name, book in books.items():
                own = [row for row in rows if row["part"] == part and row["codebook"] == name]
                if not own or (method == "lexicon" and not book.frames[0].include):
                    continue
                sentences = [texts[row["article_id"]][int(row["start"]) : int(row["end"])] for row in own]
                given = nk.code_frames(sentences, book, method=method)
                gold = [set(filter(None, row["frames"].split(";"))) for row in own]
                report(f"{part} {method} {name}", own, given, gold)
                kind = "shipped" if book.frames[0].include else "debates"
                for key, values in (("rows", own), ("given", given), ("gold", gold)):
                    whole[kind, key] += values
                for sentence, g, c in zip(sentences, given, gold, strict=True):
                    if g != c and a.misses:
                        a.misses -= 1
                        print("  +", sorted(g - c), "-", sorted(c - g), "|", " ".join(sentence.split())[:150])
            for kind in ("debates", "shipped"):
                if whole[kind, "rows"]:
                    report(f"{part} {method} all {kind}", *(whole[kind, key] for key in ("rows", "given", "gold")))


if __name__ == "__main__":
    main()
