"""Put the texts back to the coded rows of `data/gold/framing/`, which have none.

    python -m training.definitions.gold data/gold/framing CODED ARTICLES

ARTICLES is a gzipped JSON Lines file with `id`, `title` and `text` of the articles of Article-Bias-Prediction (Baly et
al. 2020). Writes CODED/frames.jsonl and CODED/positions.jsonl, with the sentence, the one before and the headline. A
row whose text is missing or differs (by its hash) stops the step.

Of each row the column `part` says whether it is for training, development or testing; it goes by article. The rows of
held-out debates and issues are in the part `held`, whatever their article.
"""

import csv
import gzip
import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.embedding import split_sentences
from training.common.commands import command

SHIPPED = ("policy_frames", "news_frames")
_BEFORE = 400
HALF = frozenset(
    {"immigration", "health_care", "iran", "syria", "voting", "impeachment", "surveillance", "news_frames"}
)
"""A half of the codebooks that are taught, to be read by a reader that was taught the others only."""


def debates_in(gold: Path) -> dict[str, dict[str, Any]]:
    """Categories by codebook: title, whether it is held out, and of each frame the definition and the examples."""
    found: dict[str, dict[str, Any]] = {}
    for name, debate in tomllib.loads((gold / "debates.toml").read_text(encoding="utf-8")).items():
        frames = {key: {"definition": words[1], "examples": words[2:]} for key, words in debate["frames"].items()}
        found[name] = {"title": debate["title"], "held": bool(debate.get("held_out")), "frames": frames}
    for name in SHIPPED:
        book = load_codebook(name)
        frames = {
            f.name: {
                "definition": " ".join(f.definition.split()),
                "examples": list(f.matches),
                "misses": list(f.misses),
            }
            for f in book.frames
        }
        found[name] = {"title": book.title, "held": False, "frames": frames}
    return found


def half_of(codebook: str) -> int:
    """The half of a codebook: 0 or 1."""
    return int(codebook not in HALF)


def rows_of(path: Path, articles: dict[str, dict[str, str]], names: tuple[str, str]) -> Iterator[dict[str, Any]]:
    """Each coded row with its sentence, the sentence before, and the headline."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            article = articles.get(row["article_id"], {"text": "", "title": ""})
            text = article["text"]
            if hashlib.sha1(text.encode()).hexdigest()[:12] != row["text_sha1"]:
                raise SystemExit(f"{row['article_id']}: not the text that was coded")
            start, end = (int(row[name]) for name in names)
            before = split_sentences(text[max(0, start - _BEFORE) : start])
            yield {
                **row,
                "sentence": text[start:end],
                "before": before[-1] if before else "",
                "headline": article["title"],
                "probability": float(row["probability"] or "nan"),
                "from": start,
            }


def main() -> None:
    a = command(__doc__, "gold", "coded", "articles").parse_args()
    with gzip.open(a.articles, "rt", encoding="utf-8") as file:
        articles = {row["id"]: row for row in map(json.loads, file)}
    a.coded.mkdir(parents=True, exist_ok=True)
    books = debates_in(a.gold)
    (a.coded / "books.json").write_text(json.dumps(books, indent=1), encoding="utf-8")
    with (a.coded / "frames.jsonl").open("w", encoding="utf-8") as out:
        for row in rows_of(a.gold / "frames.csv", articles, ("start", "end")):
            if row["frames"] == "no sentence":
                continue
            row["frames"] = [name for name in row["frames"].split(";") if name]
            print(json.dumps(row, ensure_ascii=False), file=out)
    issues = tomllib.loads((a.gold / "issues.toml").read_text(encoding="utf-8"))
    (a.coded / "issues.json").write_text(json.dumps(issues, indent=1), encoding="utf-8")
    with (a.coded / "positions.jsonl").open("w", encoding="utf-8") as out:
        for row in rows_of(a.gold / "positions.csv", articles, ("sentence_start", "sentence_end")):
            row["target"] = [int(row["start"]) - row["from"], int(row["end"]) - row["from"]]
            print(json.dumps(row, ensure_ascii=False), file=out)


if __name__ == "__main__":
    main()
