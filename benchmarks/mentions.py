"""Mentions and their actors, against 20 articles of unseen news that were coded whole.

    python benchmarks/mentions.py ARTICLES.jsonl.gz [--half test] [--wrong]

ARTICLES has the fields `id` and `text` a line; `data/gold/actors/mentions.csv` has the codes by offsets. Prints
precision and recall of names, of roles (nominal mentions) and of pronouns: a row is right if it stands where a coded
mention of that kind stands, for the same actor. An actor of newskit's is the coded one that its names coincide with
most often, and no two of them are the same one. `actors` is the share of newskit's actors that have no right row.
"""

import argparse
import csv
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import newskit as nk

CODES = Path(__file__).parent.parent / "data" / "gold" / "actors" / "mentions.csv"
COUNTED = {"name": "names", "nominal": "roles", "pronoun": "pronouns"}


class Mention(NamedTuple):
    """Somebody mentioned: newskit's row, or the coded one."""

    start: int
    end: int
    actor: str
    kind: str


def read_codes(half: str) -> tuple[dict[str, list[Mention]], dict[str, str]]:
    """The coded mentions by article, and the hash of each article's text."""
    codes: dict[str, list[Mention]] = defaultdict(list)
    hashes = {}
    with CODES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["half"] == half:
                codes[row["article_id"]].append(Mention(int(row["start"]), int(row["end"]), row["entity"], row["kind"]))
                hashes[row["article_id"]] = row["text_sha1"]
    return codes, hashes


def read_articles(path: Path, hashes: dict[str, str]) -> list[nk.Article]:
    """The coded articles; an error if a text is not the one that was coded."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            if wanted := hashes.get(record["id"]):
                if hashlib.sha1(record["text"].encode()).hexdigest()[:12] != wanted:
                    raise SystemExit(f"{record['id']}: not the text that was coded")
                found.append(nk.Article(record["id"], record["text"]))
    if missing := hashes.keys() - {article.article_id for article in found}:
        raise SystemExit(f"not in {path}: {', '.join(sorted(missing))}")
    return found


def overlap(a: Mention, b: Mention) -> float:
    """Characters in both by characters in either; at least a half if one is the beginning or the end of the other."""
    both = max(0, min(a.end, b.end) - max(a.start, b.start))
    share = both / (max(a.end, b.end) - min(a.start, b.start))
    flush = both == min(a.end - a.start, b.end - b.start) and (a.start == b.start or a.end == b.end)
    return max(share, 0.5) if flush else share


def partner(mention: Mention, others: Iterable[Mention]) -> Mention | None:
    """The mention at the same place, if there is one."""
    best = max(others, key=lambda other: overlap(mention, other), default=None)
    return best if best and overlap(mention, best) >= 0.5 else None


def same_actors(mine: list[Mention], coded: list[Mention]) -> dict[str, str]:
    """The coded actor of each of newskit's: where names coincide most often, and then any mentions; one to one."""
    votes: Counter[tuple[str, str]] = Counter()
    for mention in mine:
        other = partner(mention, coded)
        if other and other.actor:
            votes[mention.actor, other.actor] += 100 if mention.kind == other.kind == "name" else 1
    found: dict[str, str] = {}
    for (actor, true), _ in votes.most_common():
        if actor not in found and true not in found.values():
            found[actor] = true
    return found


class Verdict(NamedTuple):
    """What becomes of the mentions of an article: newskit's right and wrong rows, the coded ones found and missed."""

    right: list[Mention]
    wrong: list[Mention]
    found: set[Mention]
    missed: list[Mention]


def judge(mine: list[Mention], coded: list[Mention]) -> Verdict:
    """Compare the mentions of an article that are counted."""
    same = same_actors(mine, coded)
    verdict = Verdict([], [], set(), [])
    for mention in mine:
        other = partner(mention, coded)
        if other and other.actor and other.kind in COUNTED and same.get(mention.actor) == other.actor:
            verdict.right.append(mention)
            verdict.found.add(other)
        else:
            verdict.wrong.append(mention)
    verdict.missed.extend(m for m in coded if m.kind in COUNTED and m.actor and m not in verdict.found)
    return verdict


def rows_of(table: pd.DataFrame, article: str) -> list[Mention]:
    """The rows of an article that count and have an actor."""
    rows = table[(table["article_id"] == article) & table["kind"].isin(list(COUNTED)) & table["actor_id"].notna()]
    return [Mention(*row) for row in rows[["start", "end", "actor_id", "kind"]].itertuples(index=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--half", choices=["dev", "test"], default="test", help="nothing is tuned on test")
    parser.add_argument("--wrong", action="store_true", help="print rows that are wrong or missed")
    args = parser.parse_args()
    codes, hashes = read_codes(args.half)
    articles = read_articles(args.articles, hashes)
    table = nk.annotate(articles).mentions
    count: Counter[tuple[str, str]] = Counter()
    for article in articles:
        verdict = judge(rows_of(table, article.article_id), codes[article.article_id])
        for name in Verdict._fields:
            mentions = getattr(verdict, name)
            count.update((name, mention.kind) for mention in mentions)
            if args.wrong and name in ("wrong", "missed"):
                for mention in mentions:
                    print(name, article.article_id, mention.kind, show(article.text, mention), "->", mention.actor)
        actors = {mention.actor for mention in (*verdict.right, *verdict.wrong)}
        count["all", "actors"] += len(actors)
        count["empty", "actors"] += len(actors - {mention.actor for mention in verdict.right})
    print(f"{args.half}: {len(articles)} articles")
    for kinds, name in [*(([kind], name) for kind, name in COUNTED.items()), (list(COUNTED), "all")]:
        right, wrong, found, missed = (sum(count[field, kind] for kind in kinds) for field in Verdict._fields)
        precision, recall = right / max(right + wrong, 1), found / max(found + missed, 1)
        print(f"{name}: precision {precision:.3f} ({right + wrong}), recall {recall:.3f} ({found + missed})")
    empty, actors_in_all = count["empty", "actors"], count["all", "actors"]
    print(f"actors without a right row: {empty} of {actors_in_all} ({empty / actors_in_all:.3f})")


def show(text: str, mention: Mention) -> str:
    """The mention in its surroundings."""
    before, after = text[max(0, mention.start - 40) : mention.start], text[mention.end : mention.end + 25]
    return " ".join(f"{before}[{text[mention.start : mention.end]}]{after}".split())


if __name__ == "__main__":
    main()
