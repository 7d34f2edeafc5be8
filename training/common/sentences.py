"""Sentences with targets: NewsMTSC and DSE as published, and unlabelled sentences of news articles."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

LABELS = ("negative", "neutral", "positive")
_POLARITY = {2.0: 0, 4.0: 1, 6.0: 2}
_PRONOUNS = {"he", "him", "his", "she", "her", "hers", "they", "them", "their", "it", "its", "who"}
_ENTITY = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True)
class Sentence:
    """A text, the (start, end) of its targets, and one label per target: a number (-1: not labelled) or several."""

    text: str
    spans: tuple[tuple[int, int], ...]
    labels: tuple[Any, ...]


def read_newsmtsc(path: Path) -> list[Sentence]:
    """The sentences of a part of NewsMTSC, each with all of its targets that are labelled."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Sentence(
            row["sentence_normalized"],
            tuple((int(target["from"]), int(target["to"])) for target in row["targets"]),
            tuple(_POLARITY[target["polarity"]] for target in row["targets"]),
        )
        for row in rows
    ]


def read_dse(path: Path) -> list[Sentence]:
    """One sentence per row of DSE, with two spans and one label; rows that do not mark two entities are dropped."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        marked, _, _, label = line.rsplit("\t", 3)
        text, spans, at = "", [], 0
        for entity in _ENTITY.finditer(marked):
            text += marked[at : entity.start()]
            spans.append((len(text), len(text) + len(entity[1])))
            text += entity[1]
            at = entity.end()
        if len(spans) == 2:
            found.append(Sentence(text + marked[at:], tuple(spans), (int(label),)))
    return found


def article_texts(path: Path, count: int | None = None) -> Iterator[str]:
    """The texts of the first `count` articles, or all, of gzipped JSON Lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in islice(file, count):
            yield json.loads(line)["text"]


def fingerprint(text: str) -> str:
    """The hash under which `exclude.sha1` lists the sentences of the test parts."""
    return hashlib.sha1(" ".join(text.lower().split()).encode()).hexdigest()


def read_unlabelled(path: Path, sentences: int | None = None) -> list[Sentence]:
    """The first `sentences` lines, or all, of a file that training.tone.unlabelled may still be writing."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, sentences)]
    return [Sentence(row["text"], tuple((a, b) for a, b in row["spans"]), (-1,) * len(row["spans"])) for row in rows]


def single_targets(sentences: Iterable[Sentence]) -> list[Sentence]:
    """One Sentence per target, for models that mark the target in the text."""
    return [
        Sentence(s.text, (span,), (label,)) for s in sentences for span, label in zip(s.spans, s.labels, strict=True)
    ]


def names_of(sentences: Iterable[Sentence]) -> list[str]:
    """The targets that are names: the pool for `swap_one_name`."""
    found = {s.text[a:b].strip() for s in sentences for a, b in s.spans}
    return sorted(n for n in found if n[:1].isupper() and n.isprintable() and n.lower() not in _PRONOUNS)


def names_swapped(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Each sentence with one name swapped for another of all their names; the draw is always the same."""
    names, rng = names_of(sentences), random.Random(1)
    return [swap_one_name(s, names, rng) for s in sentences]


def swap_one_name(sentence: Sentence, names: Sequence[str], rng: random.Random) -> Sentence:
    """The sentence with another name in place of one of its targets, so that a model reads tone and not names.

    Pronouns and roles stay, and so does a name that another target overlaps.
    """
    which = rng.randrange(len(sentence.spans))
    start, end = sentence.spans[which]
    old = sentence.text[start:end]
    others = [span for n, span in enumerate(sentence.spans) if n != which]
    if not old[:1].isupper() or old.lower() in _PRONOUNS or any(a < end and start < b for a, b in others):
        return sentence
    new = rng.choice(names)
    moved = len(new) - len(old)
    spans = [(a + moved, b + moved) if a >= end else (a, b) for a, b in sentence.spans]
    spans[which] = (start, start + len(new))
    return Sentence(sentence.text[:start] + new + sentence.text[end:], tuple(spans), sentence.labels)


def sometimes_swapped(sentence: Sentence, names: Sequence[str], share: float, rng: random.Random) -> Sentence:
    """The sentence itself or, for a `share` of calls, with one name swapped."""
    return swap_one_name(sentence, names, rng) if rng.random() < share else sentence
