"""Boilerplate: precision and recall of what is marked, against lines labelled by hand.

    python benchmarks/boilerplate.py ARTICLES.jsonl.gz

ARTICLES has the fields `id`, `source`, `authors`, `title` and `text` a line. `data/gold/boilerplate.csv` has the labels
of 40 of them, by offsets, and `data/gold/boilerplate_lines.csv` those of 248 more, of whole lines only. Lines count as
found if more than nine tenths of them are marked; characters as they are. Repeated lines are learned from all of
ARTICLES.
"""

import argparse
import csv
import gzip
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from newskit import Article
from newskit.reading.article import find_blocks
from newskit.reading.boilerplate import mark_boilerplate
from newskit.reading.repeated_lines import OutletLines

GOLD = Path(__file__).parent.parent / "data" / "gold"


def lines_of(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for raw in text.split("\n"):
        line = raw.strip()
        if any(map(str.isalpha, line)):
            start = at + raw.index(line)
            found.append((start, start + len(line)))
        at += len(raw) + 1
    return found


def below_headline(record: dict[str, str]) -> Article:
    """An article whose headline stands above its text, as in a table: no line of the text is taken for it."""
    above = "Headline\n\n"
    blocks = find_blocks(above + record["text"])[1:]
    moved = [replace(block, start=block.start - len(above), end=block.end - len(above)) for block in blocks]
    return Article(
        record["id"],
        record["text"],
        title=record["title"],
        outlet=record["source"],
        author=record["authors"] or None,
        blocks=tuple(moved),
    )


def score(right: int, wrong: int, missed: int) -> str:
    return f"precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f} ({right + missed} labelled)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    labels: dict[str, dict[str, list[tuple[int, int, str]]]] = defaultdict(lambda: defaultdict(list))
    for name, part in (("boilerplate.csv", "half"), ("boilerplate_lines.csv", "sample")):
        with (GOLD / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                given = labels[f"{row[part]} {part}"][row["article_id"]]
                if row["kind"] != "none":
                    given.append((int(row["start"]), int(row["end"]), row["kind"]))
    wanted = {key for half in labels.values() for key in half}
    texts, lines = {}, OutletLines()
    with gzip.open(parser.parse_args().articles, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            lines.add(record["source"], record["text"])
            if record["id"] in wanted:
                texts[record["id"]] = below_headline(record)
    for half, articles in labels.items():
        by_line, by_character = [0, 0, 0], [0, 0, 0]
        for key, given in articles.items():
            article = lines.marked(texts[key])
            blocks = mark_boilerplate(article.text, article.blocks, outlet=article.outlet, author=article.author)
            marked = {i for b in blocks if b.part == "boilerplate" for i in range(b.start, b.end)}
            gold = {i for start, end, _ in given for i in range(start, end)}
            whole = {(start, end) for start, end, kind in given if kind == "line"}
            unsure = {(start, end) for start, end, kind in given if kind == "unsure"}
            for start, end in lines_of(article.text):
                if (start, end) in unsure:
                    continue
                mine = sum(i in marked for i in range(start, end)) > 0.9 * (end - start)
                true = (start, end) in whole
                for n, counts in enumerate((mine and true, mine and not true, true and not mine)):
                    by_line[n] += counts
            for n, found in enumerate((marked & gold, marked - gold, gold - marked)):
                by_character[n] += len(found)
        characters = f"; characters: {score(*by_character)}" if half.endswith("half") else ""
        print(f"{half}: lines: {score(*by_line)}{characters}")


if __name__ == "__main__":
    main()
