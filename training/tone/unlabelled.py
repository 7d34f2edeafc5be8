"""Sentences with targets from news articles, for the teachers to label.

    python unlabelled.py ARTICLES.jsonl.gz EXCLUDE.sha1 WORK --sentences 24000

Runs in newskit's own environment: the targets are newskit's mentions (names, roles and some pronouns). The
sentences of the test parts, which EXCLUDE lists, and copies of one another are left out. With --divided only those
whose targets the shipped model reads differently are kept: where models go wrong. Appends to WORK/unlabelled.jsonl:
`text`, `spans`; another call with another seed adds others.
"""

import argparse
import gzip
import json
import random
import sys
from pathlib import Path

import pandas as pd
from examples import fingerprint, read_unlabelled
from tqdm import tqdm

import newskit as nk

PER_ARTICLE = 14


def targets_of(mentions: pd.DataFrame, start: int, rng: random.Random) -> list[tuple[int, int]]:
    """At most three targets of a sentence, one an actor, offsets inside the sentence; few of them pronouns."""
    named = mentions[(mentions["kind"] != "pronoun") | (mentions["start"] % 4 == 0)]
    rows = named.drop_duplicates("entity_id")
    spans = [(int(a) - start, int(b) - start) for a, b in zip(rows["start"], rows["end"], strict=True)]
    return sorted(rng.sample(spans, min(3, len(spans))))


def tones_of(corpus: nk.Corpus) -> dict[tuple[int, int], str]:
    """What the shipped model says of each target, by its place in the article."""
    stances = corpus.stances
    stances = stances[stances["method"] == "model"]
    return dict(zip(zip(stances["start"], stances["end"], strict=True), stances["label"], strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("exclude", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--sentences", type=int, default=24_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=1, help="fewest targets of a sentence")
    parser.add_argument("--divided", action="store_true", help="only where the shipped model's labels differ")
    a = parser.parse_args()

    rng = random.Random(a.seed)
    with gzip.open(a.articles, "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    rng.shuffle(articles)
    refused = set(a.exclude.read_text(encoding="utf-8").split())
    nlp = nk.make_nlp(codebooks=[])
    path = a.work / "unlabelled.jsonl"
    seen = {fingerprint(s.text) for s in read_unlabelled(path, sys.maxsize)} if path.exists() else set()
    with path.open("a", encoding="utf-8") as out, tqdm(total=a.sentences) as bar:
        for article in articles:
            corpus = nk.annotate([nk.Article(article_id=article["id"], text=article["text"])], nlp=nlp, progress=False)
            found = []
            by_sentence = dict(list(corpus.mentions.groupby("sentence_id")))
            tones = tones_of(corpus) if a.divided else {}
            columns = (corpus.sentences[name].tolist() for name in ("sentence_id", "start", "text"))
            for number, start, text in zip(*columns, strict=True):
                if number not in by_sentence or not 40 <= len(text) <= 400 or "\n" in text:
                    continue
                mark = fingerprint(text)
                spans = targets_of(by_sentence[number], start, rng)
                spans = [(s, e) for s, e in spans if 0 <= s < e <= len(text)]
                labels = {tones.get((start + s, start + e)) for s, e in spans} - {None}
                if a.divided and len(labels) < 2:
                    continue
                if len(spans) >= a.least and mark not in refused and mark not in seen:
                    seen.add(mark)
                    found.append({"text": text, "spans": spans})
            for row in rng.sample(found, min(PER_ARTICLE, len(found))):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                bar.update()
            if bar.n >= a.sentences:
                break


if __name__ == "__main__":
    main()
