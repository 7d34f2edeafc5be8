"""Precision and recall of the shipped codebooks on sentences coded by hand (`data/gold/*.frames.csv`).

    python benchmarks/codebooks.py --shared ../shared [--method embedding] [--misses]

The files hold places in the articles of Article-Bias-Prediction and no text. `hit` rows were sampled by the hits of
the terms, `chance` rows at random; precision is of all frames given to the sentences, recall of all coded in the
`chance` rows.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from pathlib import Path

import newskit as nk

GOLD = Path(__file__).parent.parent / "data" / "gold"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parent.parent.parent / "shared")
    parser.add_argument("--method", choices=["lexicon", "definition", "embedding"], default="lexicon")
    parser.add_argument("--misses", action="store_true", help="print what was given wrongly (+) or missed (-)")
    arguments = parser.parse_args()
    texts = {}
    with gzip.open(arguments.shared / "data" / "scale" / "articles_5k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            texts[article["id"]] = article["text"]
    for path in sorted(GOLD.glob("*.frames.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        book = nk.load_codebook(path.name.partition(".")[0])
        sentences = [texts[row["article_id"]][int(row["start"]) : int(row["end"])] for row in rows]
        gold = [book.with_parents(row["frames"].split()) for row in rows]
        given = nk.code_frames(sentences, book, method=arguments.method)
        leaves = {frame.name for frame in book.frames if frame.include}
        right = sum(len(g & c & leaves) for g, c in zip(given, gold, strict=True))
        n_given = sum(len(g & leaves) for g in given)
        everywhere = sum(len(c & leaves) for c in gold)
        chance = [
            (g & leaves, c & leaves) for g, c, r in zip(given, gold, rows, strict=True) if r["sampled"] == "chance"
        ]
        coded = sum(len(c) for _, c in chance)
        print(
            f"{book.name:18} {arguments.method}: precision {right / max(n_given, 1):.2f} ({right} of {n_given}); "
            f"recall {right / max(everywhere, 1):.2f} of all, "
            f"{sum(len(g & c) for g, c in chance) / max(coded, 1):.2f} by chance (of {coded}); {len(rows)} sentences"
        )
        for sentence, g, c in zip(sentences, given, gold, strict=True):
            if arguments.misses and (g ^ c) & leaves:
                print(
                    "  +",
                    sorted((g - c) & leaves),
                    "-",
                    sorted((c - g) & leaves),
                    "|",
                    " ".join(sentence.split())[:150],
                )


if __name__ == "__main__":
    main()
