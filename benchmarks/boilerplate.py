"""Boilerplate: precision and recall of what is marked, against lines labelled by hand.

    python benchmarks/boilerplate.py ARTICLES.jsonl.gz

ARTICLES has the fields `id`, `source` and `text` a line; `data/gold/boilerplate.csv` has the labels of 40 of them, by
offsets. Lines count as found if more than nine tenths of them are marked; characters as they are. Repeated lines are
learned from all of ARTICLES.
"""

import argparse
import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path

from newskit import Article
from newskit.reading.boilerplate import OutletLines, mark_boilerplate

LABELS = Path(__file__).parent.parent / "data" / "gold" / "boilerplate.csv"


def lines_of(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for raw in text.split("\n"):
        line = raw.strip()
        if any(map(str.isalpha, line)):
            start = at + raw.index(line)
            found.append((start, start + len(line)))
        at += len(raw) + 1
    return found


def score(right: int, wrong: int, missed: int) -> str:
    return f"precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f} ({right + missed} labelled)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    labels: dict[str, dict[str, list[tuple[int, int, str]]]] = defaultdict(lambda: defaultdict(list))
    with LABELS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            given = labels[row["half"]][row["article_id"]]
            if row["kind"] != "none":
                given.append((int(row["start"]), int(row["end"]), row["kind"]))
    wanted = {key for half in labels.values() for key in half}
    texts, lines = {}, OutletLines()
    with gzip.open(parser.parse_args().articles, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            lines.add(record["source"], record["text"])
            if record["id"] in wanted:
                texts[record["id"]] = Article(record["id"], record["text"], outlet=record["source"])
    for half, articles in labels.items():
        by_line, by_character = [0, 0, 0], [0, 0, 0]
        for key, given in articles.items():
            article = lines.marked(texts[key])
            blocks = mark_boilerplate(article.text, article.blocks, outlet=article.outlet)
            marked = {i for b in blocks if b.part == "boilerplate" for i in range(b.start, b.end)}
            gold = {i for start, end, _ in given for i in range(start, end)}
            whole = {(start, end) for start, end, kind in given if kind == "line"}
            for start, end in lines_of(article.text):
                mine = sum(i in marked for i in range(start, end)) > 0.9 * (end - start)
                true = (start, end) in whole
                for n, counts in enumerate((mine and true, mine and not true, true and not mine)):
                    by_line[n] += counts
            for n, found in enumerate((marked & gold, marked - gold, gold - marked)):
                by_character[n] += len(found)
        print(f"{half}: lines: {score(*by_line)}; characters: {score(*by_character)}")


if __name__ == "__main__":
    main()
