"""Quotations against rows coded by the codebook: act, kind, sourcing and speaker.

    python benchmarks/quotations.py ARTICLES.jsonl.gz [--part test] [--most 150]

ARTICLES has the fields `id` and `text` a line; `data/gold/quotes/rows.csv` has the codes, of rows that newskit 0.1 had
found: what it missed is not among them, so that `kept` is the share of its good rows that are still there, no recall.
A row of newskit's is the coded one if their contents share half of the characters that either has.

By the codebook a row is unresolved if the text has a name or a description and newskit does not know whose it is. What
a reader knows is thus no measure of that: a coder's "named" and newskit's "unresolved" agree that somebody is named or
described, and that newskit knows no actor for it is told by another figure, the share of named sources that have a
speaker. So whether unnamed sources are told from others goes by two classes; the three-way figure, which takes the
coders' "unclear" (no reader can tell whose) for "unresolved", is printed for comparison.
"""

import argparse
import csv
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

import newskit as nk
from newskit.schema import SAYING

CODES = Path(__file__).parent.parent / "data" / "gold" / "quotes" / "rows.csv"
ACTS = ("speech", "belief", "intention", "other")
SOURCING = {"named": "named", "unnamed": "unnamed", "unresolved": "unclear"}


def read_codes(part: str, most: int) -> dict[str, list[dict[str, str]]]:
    """The coded rows of the first articles of a part, by article; the ids are in no order that matters."""
    codes: dict[str, list[dict[str, str]]] = defaultdict(list)
    with CODES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] == part:
                codes[row["article_id"]].append(row)
    return dict(list(codes.items())[:most])


def read_articles(path: Path, codes: dict[str, list[dict[str, str]]]) -> list[nk.Article]:
    """The coded articles; an error if a text is not the one that was coded."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            if rows := codes.get(record["id"]):
                if hashlib.sha1(record["text"].encode()).hexdigest()[:12] != rows[0]["text_sha1"]:
                    raise SystemExit(f"{record['id']}: not the text that was coded")
                found.append(nk.Article(record["id"], record["text"]))
    return found


def counterpart(code: dict[str, str], quotes: pd.DataFrame) -> Any:
    """newskit's row with the same content, or None."""
    start, end = int(code["content_start"]), int(code["content_end"])
    first, last = quotes["content_start"], quotes["content_end"]
    both = last.clip(upper=end) - first.clip(lower=start)
    share = both / (last.clip(lower=end) - first.clip(upper=start))
    if not (share >= 0.5).any():
        return None
    return next(quotes[quotes.index == share.idxmax()].itertuples(index=False))


def is_speaker(code: dict[str, str], quote: Any, mentions: pd.DataFrame) -> bool:
    """Whether the actor who speaks by newskit is mentioned where the coded speaker's name stands."""
    there = mentions[(mentions["start"] < int(code["speaker_end"])) & (mentions["end"] > int(code["speaker_start"]))]
    return bool((there["actor_id"] == quote.speaker_id).any())


def report(pairs: list[tuple[dict[str, str], Any]], mentions: dict[str, pd.DataFrame]) -> None:
    true = np.array([code["act"] for code, _ in pairs])
    mine = np.array(["other" if quote is None else quote.act for _, quote in pairs])
    good, given = np.isin(true, list(SAYING)), np.isin(mine, list(SAYING))
    print(f"rows {len(pairs)}: speech or belief {good.sum()} by the codes, {given.sum()} by newskit")
    print(f"of those, right {good[given].mean():.3f}; kept {given[good].mean():.3f}")
    print(f"act: macro-F1 {f1_score(true, mine, average='macro'):.3f}; by act", end=" ")
    print(dict(zip(ACTS, f1_score(true, mine, average=None, labels=ACTS).round(3).tolist(), strict=True)))
    print("coded and given:", dict(Counter(zip(true.tolist(), mine.tolist(), strict=True)).most_common()))
    both = [(code, quote) for code, quote, ok in zip(*zip(*pairs, strict=True), good & given, strict=True) if ok]
    print(f"kind right {np.mean([code['kind'] == quote.kind for code, quote in both]):.3f} of {len(both)}")
    report_sourcing([(code["sourcing"], SOURCING[quote.sourcing]) for code, quote in both])
    named = [(c, q) for c, q in both if c["sourcing"] == "named" and c["speaker_start"] and q.sourcing == "named"]
    right = np.mean([is_speaker(c, q, mentions[c["article_id"]]) for c, q in named])
    print(f"speaker right {right:.3f} of {len(named)} that both call named")


def report_sourcing(sourced: list[tuple[str, str]]) -> None:
    """Print what was coded and given: unnamed or not, with a speaker or not, and all three."""
    coded, given = (np.array(side) for side in zip(*sourced, strict=True))
    unnamed, told = coded == "unnamed", given == "unnamed"
    print(f"unnamed told from named or described {(unnamed == told).mean():.3f} of {len(coded)}:", end=" ")
    print(f"precision {unnamed[told].mean():.3f}, recall {told[unnamed].mean():.3f}")
    named = coded == "named"
    print(f"of {named.sum()} named, {(given[named] == 'named').mean():.3f} have a speaker", end="; ")
    print(f"three ways {(coded == given).mean():.3f}: {dict(Counter(sourced).most_common())}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--part", choices=["train", "dev", "test"], default="test", help="nothing is tuned on test")
    parser.add_argument("--most", type=int, default=10_000, help="articles, at most")
    args = parser.parse_args()
    codes = read_codes(args.part, args.most)
    corpus = nk.annotate(read_articles(args.articles, codes))
    quotes = {str(key): rows for key, rows in corpus.quotes.groupby("article_id")}
    mentions = {str(key): rows for key, rows in corpus.mentions.groupby("article_id")}
    nothing = corpus.quotes.iloc[:0]
    pairs = [(code, counterpart(code, quotes.get(key, nothing))) for key, rows in codes.items() for code in rows]
    report(pairs, mentions)


if __name__ == "__main__":
    main()
