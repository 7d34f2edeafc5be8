"""Pronouns with whoever they stand for, from three sources, as examples for the ranker of antecedents."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import newskit as nk
from newskit.annotation.actors import mentions, pronouns
from newskit.annotation.actors.antecedents import Choices, Option
from newskit.annotation.actors.candidates import Candidate
from newskit.annotation.parsing import make_doc
from newskit.reading.boilerplate import mark_boilerplate

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

LINKS = Path(__file__).resolve().parents[2] / "data" / "gold" / "actors" / "links.csv"
GENRES = ("GUM_bio", "GUM_court", "GUM_interview", "GUM_speech")
"""The genres of GUM that are trained on. Its news is what the ranker is measured on."""


class Answers(NamedTuple):
    """A text and, by where its pronouns begin, where those are named whom they stand for; () for nobody."""

    text: str
    named_at: dict[int, Sequence[tuple[int, int]]]
    complete: bool
    """Whether an "it" without an answer stands for no actor."""


class Example(NamedTuple):
    """A pronoun's options, which of them is right (None for nobody), and how much it counts."""

    form: str
    options: list[list[float]]
    described: list[bool]
    nobody: list[float]
    right: int | None
    weight: float


def from_links(articles: Path, part: str) -> Iterator[Answers]:
    """The coded links of a part; ARTICLES has the fields `id` and `text` a line."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with LINKS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["part"] == part and row["kind"] == "pronoun" and row["answer"] != "unclear":
                rows[row["article_id"]].append(row)
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            coded = rows.get(record["id"], [])
            if coded and hashlib.sha1(record["text"].encode()).hexdigest()[:12] == coded[0]["text_sha1"]:
                yield Answers(record["text"], {int(row["start"]): _named_at(row) for row in coded}, False)


def _named_at(row: Mapping[str, str]) -> list[tuple[int, int]]:
    return [(int(row["name_start"]), int(row["name_end"]))] if row["answer"] == "named" else []


def from_gum(file: Path, genres: Sequence[str] = GENRES) -> Iterator[Answers]:
    """The pronouns of documents of GUM, a document a line with `doc_id`, `text` and `mentions`."""
    for document in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if not document["doc_id"].startswith(tuple(genres)):
            continue
        names: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for mention in document["mentions"]:
            if mention["kind"] == "name":
                names[mention["entity"]].append((mention["start"], mention["end"]))
        found = [m for m in document["mentions"] if m["kind"] == "pronoun"]
        yield Answers(document["text"], {m["start"]: names[m["entity"]] for m in found}, True)


def from_gap(file: Path, n: int) -> Iterator[Answers]:
    """The first so many passages of GAP whose pronoun stands for one of the two names beside it."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if "TRUE" in (row["A-coref"], row["B-coref"])]
    for row in rows[:n]:
        name = "A" if row["A-coref"] == "TRUE" else "B"
        at = int(row[f"{name}-offset"])
        yield Answers(row["Text"], {int(row["Pronoun-offset"]): [(at, at + len(row[name]))]}, False)


class _Recorder:
    """Answers for the ranker from what was coded, and notes what it could choose from."""

    def __init__(self, answers: Answers, weight: float) -> None:
        self.answers, self.weight = answers, weight
        self.examples: list[Example] = []
        self.doc: Doc
        self.entity_at: dict[int, Hashable] = {}

    def start(self, doc: Doc, named: Sequence[Candidate]) -> None:
        """Take over the names of the article."""
        self.doc = doc
        for candidate in named:
            self.entity_at.update(dict.fromkeys(range(*self._place(candidate.start, candidate.end)), candidate.entity))

    def _place(self, start: int, end: int) -> tuple[int, int]:
        place: tuple[int, int] = self.doc._.newskit_view.span(start, end)
        return place

    def choose(self, pronoun: Token, form: str, choices: Choices) -> Option | None:
        """The option that is right."""
        at = self._place(pronoun.idx, pronoun.idx + len(pronoun))[0]
        places = self.answers.named_at.get(at, [] if self.answers.complete and form == "thing" else None)
        if places is None or not choices.options:
            return None
        meant = {self.entity_at[i] for start, end in places for i in range(start, end) if i in self.entity_at}
        options = choices.options
        right = next((n for n, o in enumerate(options) if o.noun.candidate and o.noun.entity in meant), None)
        self.examples.append(
            Example(
                form,
                [option.features for option in options],
                [option.noun.candidate is None for option in options],
                choices.nobody,
                right,
                self.weight,
            )
        )
        return None if right is None else options[right]


def examples_of(nlp: Language, answers: Answers, weight: float) -> list[Example]:
    """The examples in a text, each pronoun after those before it were answered rightly."""
    recorder = _Recorder(answers, weight)

    def link(doc: Doc, text: str, blocks: Any, named: Any, genders: Any, quotes: Any) -> Any:
        recorder.start(doc, named)
        return pronouns.link_pronouns(doc, text, blocks, named, genders, quotes, recorder)

    article = nk.Article(article_id="x", text=answers.text)
    with mock.patch.object(mentions, "link_pronouns", link):
        make_doc(nlp, article.text, mark_boilerplate(article.text, article.blocks))
    return recorder.examples
