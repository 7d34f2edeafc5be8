"""Pairs of actors in sentences of news articles, for the teacher to label.

    python -m training.directed.unlabelled ARTICLES.jsonl.gz OUT --articles 1800 --pairs 20000

The pairs are those that newskit would ask about: two different actors of a sentence, each by its first mention there;
at most two pairs a sentence. Copies of a sentence are left out; DSE's sentences are not looked
for. Writes OUT/pairs.jsonl: `text`, `spans`.
"""

import argparse
import gzip
import itertools
import json
import random
from pathlib import Path

from tqdm import tqdm

import newskit as nk
from newskit.annotation.components import actor_pairs
from newskit.annotation.parsing import make_doc
from newskit.reading.article import find_blocks
from training.common.sentences import fingerprint

PER_SENTENCE = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--articles", dest="count", type=int, default=1800)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()

    rng = random.Random(a.seed)
    nlp = nk.make_nlp(codebooks=[])
    for name in ("newskit_quotes", "newskit_tone", "newskit_frames"):
        nlp.remove_pipe(name)
    seen: set[str] = set()
    found = []
    with gzip.open(a.articles, "rt", encoding="utf-8") as file:
        for line in tqdm(itertools.islice(file, a.count), total=a.count):
            text = json.loads(line)["text"]
            by_sentence: dict[str, list[list[tuple[int, int]]]] = {}
            for pair in actor_pairs(make_doc(nlp, text, find_blocks(text))):
                by_sentence.setdefault(pair.text, []).append(sorted(pair.spans))
            for sentence, pairs in by_sentence.items():
                mark = fingerprint(sentence)
                if mark in seen or "\n" in sentence or not 30 <= len(sentence) <= 500:
                    continue
                seen.add(mark)
                chosen = rng.sample(pairs, min(PER_SENTENCE, len(pairs)))
                found += [{"text": sentence, "spans": spans} for spans in chosen]
    rng.shuffle(found)
    a.out.mkdir(parents=True, exist_ok=True)
    with (a.out / "pairs.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found[: a.pairs])
    print(f"{min(len(found), a.pairs)} of {len(found)} pairs in {a.out / 'pairs.jsonl'}")


if __name__ == "__main__":
    main()
