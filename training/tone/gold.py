"""Put the texts back to the coded rows of `data/gold/tone/`, which have none.

    python -m training.tone.gold data/gold/tone CODED ARTICLES TITLES --contrast training/tone/contrast.jsonl

ARTICLES is a gzipped JSON Lines file with `id` and `text` of the articles of Article-Bias-Prediction (Baly et al.
2020), TITLES a text file with a headline a line; a row `title-N` is about line N, from 0. Writes CODED, JSON Lines with
a row's codes, its sentence and the target's place in it. A row whose text is missing or differs (by its hash) stops
the step: the codes are about those words. --contrast adds invented sentences, in pairs that share most of their words
but not their codes, to the part `train`.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from training.common.commands import command

FLAGS = ("speaks", "unsure", "junk")


def texts_in(articles: Path, titles: Path) -> dict[str, str]:
    """The texts by the ids of the rows."""
    found = {f"title-{n}": line.strip() for n, line in enumerate(titles.read_text(encoding="utf-8").split("\n"))}
    with gzip.open(articles, "rt", encoding="utf-8") as file:
        found |= {row["id"]: row["text"] for row in map(json.loads, file)}
    return found


def mark_of(sentence: str) -> str:
    """The hash by which a row knows its sentence."""
    return hashlib.sha1(sentence.encode()).hexdigest()[:12]


def with_text(row: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, object]:
    """A row with its sentence, the target's place in it, and flags and weight as such."""
    first, last, start, end = (int(row[name]) for name in ("sentence_start", "sentence_end", "start", "end"))
    sentence = texts.get(row["article_id"], "")[first:last]
    if mark_of(sentence) != row["sentence_sha1"]:
        raise SystemExit(f"{row['article_id']}: characters {first} to {last} are not the sentence that was coded")
    given = {"sentence": sentence, "target_start": start - first, "target_end": end - first}
    return {**row, **given, **{name: row[name] == "yes" for name in FLAGS}, "weight": float(row["weight"])}


def invented(line: str) -> dict[str, object]:
    """A coded sentence whose target stands in [[ ]], as the rows of CODED have it."""
    row = json.loads(line)
    before, target, after = re.split(r"\[\[|\]\]", row["sentence"])
    place = {"target_start": len(before), "target_end": len(before + target), "sentence": before + target + after}
    return {**row, **place, "speaks": row["speaks"] == "yes", "junk": False, "part": "train", "weight": 1.0}


def main() -> None:
    parser = command(__doc__, "gold", "coded", "articles", "titles")
    parser.add_argument("--contrast", type=Path, help="invented sentences")
    a = parser.parse_args()
    texts = texts_in(a.articles, a.titles)
    with (a.gold / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = [with_text(row, texts) for row in csv.DictReader(file)]
    if a.contrast:
        rows += map(invented, a.contrast.read_text(encoding="utf-8").splitlines())
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    a.coded.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(rows)} rows in {a.coded}")


if __name__ == "__main__":
    main()
