"""Pairs of actors in sentences of news articles, for the teacher to label.

    python -m training.directed.unlabelled ARTICLES.jsonl.gz OUT --articles 1800 --pairs 20000

The pairs are those that newskit would ask about: two different actors of a sentence, each by its first mention there;
at most two pairs per sentence. Copies of a sentence are left out; DSE's sentences are not looked for. Writes
OUT/pairs.jsonl: `text`, `spans`.
"""

import json
import random

from spacy.language import Language
from tqdm import tqdm

import newskit as nk
from newskit.annotation.components import actor_pairs
from newskit.annotation.parsing import make_doc
from newskit.reading.article import find_blocks
from training.common.commands import command
from training.common.sentences import article_texts, fingerprint

PER_SENTENCE = 2
SHORTEST, LONGEST = 30, 500
"""Characters per sentence."""

Spans = list[tuple[int, int]]


def open_linker() -> Language:
    """The part of newskit's pipeline that finds actors."""
    nlp = nk.make_nlp(codebooks=[])
    for name in ("newskit_quotes", "newskit_tone", "newskit_frames"):
        nlp.remove_pipe(name)
    return nlp


def pairs_by_sentence(nlp: Language, text: str) -> dict[str, list[Spans]]:
    """The pairs of actors of each sentence of an article, in the order of the text."""
    found: dict[str, list[Spans]] = {}
    for pair in actor_pairs(make_doc(nlp, text, find_blocks(text))):
        found.setdefault(pair.text, []).append(sorted(pair.spans))
    return found


def main() -> None:
    parser = command(__doc__, "articles", "out")
    parser.add_argument("--articles", dest="count", type=int, default=1800)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    rng = random.Random(a.seed)
    nlp = open_linker()
    seen: set[str] = set()
    found = []
    for text in tqdm(article_texts(a.articles, a.count), total=a.count):
        for sentence, pairs in pairs_by_sentence(nlp, text).items():
            mark = fingerprint(sentence)
            if mark in seen or "\n" in sentence or not SHORTEST <= len(sentence) <= LONGEST:
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
