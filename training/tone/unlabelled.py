"""Sentences with targets from news articles, for the teachers to label.

    python -m training.tone.unlabelled EXCLUDE.sha1 WORK ARTICLES.jsonl.gz train.tsv --sentences 24000

Needs newskit alone. The targets are what spaCy's recogniser finds of persons, organisations and places, and some
pronouns. The sources are gzipped JSON Lines with the field `text`, the sentences of DSE (.tsv) and those of NewsMTSC
(.jsonl), few of which have all their actors labelled. Sentences of the test parts, which EXCLUDE lists, and copies of
one another are left out. --divided keeps only sentences in which the shipped model gives two targets distributions
that differ by at least so much: where models go wrong. Appends to WORK/unlabelled.jsonl: `text`, `spans`; another call
with another seed adds others.
"""

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Span
from tqdm import tqdm

from newskit.annotation.tone.model import load_tone_model
from newskit.resources.language import load_english
from training.common.commands import command
from training.common.sentences import Sentence, article_texts, fingerprint, read_dse, read_newsmtsc, read_unlabelled

MOST = 4
"""Targets per sentence, at most."""
KINDS = {"PERSON", "ORG", "GPE", "NORP"}
PRONOUNS = {"he", "him", "she", "her", "they", "them"}
SHORTEST, TONE_WINDOW = 40, 260
"""Characters per sentence; a long one costs as much as two."""
SHARD = 2000


def paragraphs_of(path: Path, rng: random.Random) -> list[str]:
    """The paragraphs of a source, shuffled; those of articles one by one."""
    if path.suffix == ".tsv":
        found = [sentence.text for sentence in read_dse(path)]
    elif path.suffix == ".jsonl":
        found = [sentence.text for sentence in read_newsmtsc(path)]
    else:
        found = [paragraph for text in article_texts(path) for paragraph in text.split("\n")]
    found = sorted({p.strip() for p in found if len(p) >= SHORTEST})
    rng.shuffle(found)
    return found


def targets_of(sentence: Span, rng: random.Random) -> tuple[tuple[int, int], ...]:
    """At most four targets, one per name, few of them pronouns; offsets are those in the sentence."""
    spans = {e.text: (e.start_char, e.end_char) for e in reversed(sentence.ents) if e.label_ in KINDS}
    spans |= {t.lower_: (t.idx, t.idx + len(t)) for t in sentence if t.lower_ in PRONOUNS and rng.random() < 0.25}
    found = sorted((a - sentence.start_char, b - sentence.start_char) for a, b in spans.values())
    return tuple(sorted(rng.sample(found, min(MOST, len(found)))))


def sentences_of(nlp: Language, paragraphs: list[str], least: int, rng: random.Random) -> Iterator[Sentence]:
    """The sentences with at least that many targets."""
    for doc in nlp.pipe(paragraphs):
        for sent in doc.sents:
            if SHORTEST <= len(sent.text) <= TONE_WINDOW and sent.text[0].isupper() and "\n" not in sent.text:
                spans = targets_of(sent, rng)
                if len(spans) >= least:
                    yield Sentence(sent.text, spans, (-1,) * len(spans))


def divided(sentences: list[Sentence], much: float) -> list[Sentence]:
    """The sentences in which the shipped model gives two targets distributions so far apart (total variation)."""
    found = load_tone_model().probabilities([s.text for s in sentences], [s.spans for s in sentences])
    pairs = (itertools.combinations(chances, 2) for chances in found)
    apart = [max((abs(a - b).sum() / 2 for a, b in of_sentence), default=0.0) for of_sentence in pairs]
    return [s for s, far in zip(sentences, apart, strict=True) if far >= much]


def open_recogniser() -> Language:
    """The part of spaCy's model that finds sentences and names."""
    nlp = load_english(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    nlp.enable_pipe("senter")
    return nlp


def found_in(source: Path, nlp: Language, least: int, much: float, rng: random.Random) -> Iterator[Sentence]:
    """The sentences of a source, read one shard at a time."""
    paragraphs = paragraphs_of(source, rng)
    for first in range(0, len(paragraphs), SHARD):
        some = list(sentences_of(nlp, paragraphs[first : first + SHARD], least, rng))
        yield from divided(some, much) if much else some


def main() -> None:
    parser = command(__doc__, "exclude", "work")
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--sentences", type=int, default=24_000, help="of each source, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=1, help="fewest targets per sentence")
    parser.add_argument("--divided", type=float, default=0.0, help="least total variation between two targets")
    a = parser.parse_args()

    rng = random.Random(a.seed)
    nlp = open_recogniser()
    path = a.work / "unlabelled.jsonl"
    seen = set(a.exclude.read_text(encoding="utf-8").split())
    if path.exists():
        seen |= {fingerprint(s.text) for s in read_unlabelled(path)}
    # One line at a time, so that a killed run leaves whole ones.
    with path.open("a", buffering=1, encoding="utf-8") as out:
        for source in a.sources:
            with tqdm(total=a.sentences, desc=source.name) as bar:
                for s in found_in(source, nlp, a.least, a.divided, rng):
                    if (mark := fingerprint(s.text)) in seen:
                        continue
                    seen.add(mark)
                    out.write(json.dumps({"text": s.text, "spans": s.spans}, ensure_ascii=False) + "\n")
                    bar.update()
                    if bar.n == a.sentences:
                        break


if __name__ == "__main__":
    main()
