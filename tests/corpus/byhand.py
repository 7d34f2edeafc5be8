"""Corpora made by hand: their names, quotations and frames are found by plain search, so no model is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import spacy
from spacy.lang.en import English
from spacy.language import Language

import newskit as nk
from newskit.annotation.actors.catalog import Actor
from newskit.corpus.annotate import finish
from newskit.corpus.engines import annotate_into
from newskit.corpus.folder import Folder
from newskit.corpus.linking import link
from newskit.corpus.shards import Job, Rows
from newskit.corpus.tables import FrameTables
from newskit.reading.article import Refused
from newskit.schema import TABLES, make_table

CATALOG = nk.ActorCatalog(
    [Actor("russia", "Russia", "state", ("Russia", "Moscow")), Actor("nato", "NATO", "alliance", ("NATO",))], name="two"
)
NAMES: Mapping[str, tuple[str, str | None]] = {
    "Anna Novak": ("person", "f"),
    "Boris Weiss": ("person", "m"),
    "Clara Weiss": ("person", "f"),
    "Novak": ("person", None),
    "Weiss": ("person", None),
    "Moscow": ("catalog", None),
    "Russia": ("catalog", None),
    "Geneva": ("place", None),
}
TONE = {"praised": ("positive", 0.5), "condemned": ("negative", -0.75)}
SENTENCES = re.compile(r"[^\s.][^.]*\.")
MENTIONS = re.compile("|".join(["President", "She", *NAMES]))
QUOTES = re.compile(r'"([^"]+)" said (\w+ \w+|\w+)')
FRAMES = re.compile("attack|offer|plan")


def rows_of(item: nk.Article | Refused) -> Rows:
    """The rows of an article."""
    if isinstance(item, Refused) or not item.text.strip():
        reason, status = (item.reason, "failed") if isinstance(item, Refused) else ("the text is empty", "skipped")
        known = {name: getattr(item, name) for name in ("article_id", "text")}
        return {"articles": [{**known, "n_tokens": 0, "status": status, "reason": reason}]}
    names = ("article_id", "text", "title", "outlet", "published", "author", "url", "language")
    about = {name: getattr(item, name) for name in names}
    rows: Rows = {"articles": [{**about, "n_tokens": len(item.text.split()), "status": "annotated"}]}
    for sentence in SENTENCES.finditer(item.text):
        _add_sentence(rows, item, len(rows.setdefault("sentences", [])), sentence)
    return rows


def _add_sentence(rows: Rows, item: nk.Article, number: int, sentence: re.Match[str]) -> None:
    def span(start: int, end: int) -> dict[str, Any]:
        where = {"article_id": item.article_id, "sentence_id": number}
        return {**where, "start": start, "end": end, "text": item.text[start:end]}

    section = "Talks" if number % 2 else None
    parts = {"part": "body", "section": section, "polarity": 0.0, "subjectivity": 0.0}
    rows["sentences"].append({**span(*sentence.span()), **parts})
    quotes = rows.setdefault("quotes", [])
    quoted = [(m, len(quotes) + i) for i, m in enumerate(QUOTES.finditer(item.text, *sentence.span()))]

    def inside(start: int) -> int | None:
        return next((number for m, number in quoted if m.start(1) <= start < m.end(1)), None)

    tone = next((TONE[word] for word in TONE if word in sentence[0]), ("neutral", 0.0))
    at: dict[int, int] = {}
    mentions = rows.setdefault("mentions", [])
    for m in MENTIONS.finditer(item.text, *sentence.span()):
        name, kind = m[0], "place" if m[0] == "Geneva" else "name"
        if m[0] == "President":
            name, kind = "Anna Novak", "apposition"
        if m[0] == "She":
            name, kind = "Anna Novak", "pronoun"
        at[m.start()] = len(mentions)
        who = {"name": name, "name_type": NAMES[name][0], "gender": NAMES[name][1], "rule": "by hand"}
        entity = list(NAMES).index(name)
        mentions.append({**span(*m.span()), "mention_id": len(mentions), "entity_id": entity, "kind": kind, **who})
        if kind != "apposition":
            told = {"mention_id": at[m.start()], "quote_id": inside(m.start()), "label": tone[0], "score": tone[1]}
            rows.setdefault("stances", []).append({**span(*m.span()), **told, "method": "model"})
    for m, quote_id in quoted:
        told = {"quote_id": quote_id, "kind": "direct", "content_start": m.start(1), "content_end": m.end(1)}
        source = {"source_start": m.start(2), "source_end": m.end(2), "speaker_mention_id": at.get(m.start(2))}
        quotes.append({**span(*m.span()), **told, **source, "cue": "said"})
    for m in FRAMES.finditer(item.text, *sentence.span()):
        coded = {"codebook": "words", "codebook_version": "1.0.0", "frame": m[0], "method": "lexicon"}
        rows.setdefault("frames", []).append({**span(*m.span()), **coded, "quote_id": inside(m.start())})


class ByHand(Job):
    """A job without models."""

    def pipeline(self) -> Language:
        return English()

    def annotate(self, item: nk.Article | Refused, nlp: Language) -> Rows:
        return rows_of(item)

    def notes(self, nlp: Language) -> dict[str, Any]:
        return {"made": "by hand", **self.options}


def in_memory(items: Iterable[nk.Article | Refused], catalog: nk.ActorCatalog = CATALOG) -> nk.Corpus:
    rows = [rows_of(item) for item in items]
    tables = {table: make_table(table, [row for one in rows for row in one.get(table, [])]) for table in TABLES}
    status = tables["articles"]["status"].value_counts()
    counts = {"in": len(rows)} | {name: int(status.get(name, 0)) for name in ("annotated", "skipped", "failed")}
    return nk.Corpus(
        link(FrameTables(tables), catalog), manifest={"made": "by hand", "articles": counts}, catalog=catalog
    )


def on_disk(
    items: Iterable[nk.Article | Refused], out: str | Path, catalog: nk.ActorCatalog = CATALOG, *, shard_size: int = 2
) -> nk.Corpus:
    job = ByHand(Folder(out), {})
    manifest, _ = annotate_into(job, items, shard_size=shard_size, nlp=spacy.blank("en"), progress=False)
    finish(job.folder, manifest, catalog)
    return nk.open_corpus(out)


def debate(n: int = 9) -> list[nk.Article | Refused]:
    """Articles that share names and words, one without a text and one that could not be read."""
    texts = [
        'Anna Novak praised the plan. "Russia wants an attack," said Boris Weiss. President Anna Novak met Russia.',
        'Moscow condemned the attack in Geneva. "Novak has no plan," said Novak. She left.',
        'Clara Weiss rejected the offer of Russia. "Moscow lost," said officials. She praised Moscow.',
    ]
    outlets = ["Daily Example", 'Evening\'s "Example"', None]
    found: list[nk.Article | Refused] = [
        nk.Article(
            article_id=f"a{i}",
            text=texts[i % 3] if i % 4 else f"{texts[i % 3]} Weiss condemned it.",
            outlet=outlets[i % 3 if i < 6 else i % 2],
            published=None if i == 5 else pd.Timestamp(2025, 1 + (7 * i) % 4, 28).to_pydatetime(),
            author="O'Hara" if i == 1 else None,
        )
        for i in range(n)
    ]
    if n > 4:
        found[2] = nk.Article(article_id="empty", text=" ")
        found[4] = Refused("refused", "it could not be read")
    return found


def rows(table: str, *given: Mapping[str, Any], **of_all: Any) -> pd.DataFrame:
    """A table of rows of which only what matters is given."""
    usual: dict[str, Any] = {"sentence_id": 0, "start": 0, "end": 1, "text": "T", "mention_id": 0, "quote_id": 0}
    usual |= {"kind": "name", "name_type": "person", "rule": "by hand", "part": "body", "status": "annotated"}
    usual |= {"n_tokens": 1, "n_mentions": 1, "n_articles": 1, "content_start": 0, "content_end": 1, "article_id": "a"}
    own = {column.name for column in TABLES[table]} - ({"quote_id"} if table in ("stances", "frames") else set())
    usual = {name: value for name, value in usual.items() if name in own}
    return make_table(table, [{**usual, **of_all, **row} for row in given])
