"""Exports of ProQuest, as text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Final

from newskit.reading.formats.records import Lines, Record, kept_lines, too_long

_NUMBER_LINE = re.compile(r"\s*Document (\d+) of (\d+)\s*$")
_RULE_LINE = re.compile(r"\s*_{20,}\s*$")
_PROQUEST_SIGNS = re.compile(r"(?m)^(?:ProQuest document ID|Report Information from ProQuest|ProQuest document link)\b")
_FIELD_LINE = re.compile(
    r"(Author|Publication info|Abstract|Links|Full text|Subject|Location|People|Company ?/ ?organization|Title"
    r"|Publication title|Pages|First page|Publication year|Publication date|Year|Section|Column|Publisher"
    r"|Place of publication|Country of publication|Publication subject|ISSN|Source type|Language of publication"
    r"|Document type|ProQuest document ID|Document URL|Copyright|Last updated|Database|dateline|Identifier ?/ ?keyword"
    r"|Volume|Issue|Company|Number of pages|Language|Source|Credit|ProQuest document link|Classification|e-ISSN|DOI"
    r"|Business indexing term|Supplement|Journal subject|Document feature|Number of references|Accession number"
    r"|Correspondence author|Abstract \([A-Z][a-z]+\)|Ethnicity)\s*(?::\s*(.*)|$)",
    re.DOTALL | re.IGNORECASE,
)
_FIELDS_BELOW: Final = frozenset(
    [
        *("subject", "title", "publication title", "proquest document id", "publication year", "publication date"),
        *("source type", "language of publication", "document url", "last updated", "credit", "publication subject"),
        *("copyright", "database", "location", "people", "company / organization", "identifier / keyword"),
        "first page",
    ]
)
_NEVER_TEXT: Final = frozenset(
    [
        *("publication title", "proquest document id", "publication year", "publication date", "source type"),
        *("language of publication", "document url", "last updated", "publication subject"),
    ]
)


_COPYRIGHT_LINE = re.compile(r"\s*(?:Copyright|©|\(c\))\s+[A-Z\d]", re.IGNORECASE)
_ONE_DAY = re.compile(
    r"(?<![-–/\d])\b(\d{1,2} [A-Z][a-z]{2,8} (?:1[6-9]|20)\d\d|[A-Z][a-z]{2,8} \d{1,2}, (?:1[6-9]|20)\d\d)\b"
    r"(?! ?[-–/])"
)


def is_proquest(lines: Sequence[str]) -> bool:
    """Whether the first lines of a text show an export of ProQuest."""
    return bool(_PROQUEST_SIGNS.search("".join(lines))) or any(_NUMBER_LINE.match(line) for line in lines)


def begins_proquest(line: str) -> bool:
    """Whether a line is the first of an export or of one of its documents."""
    return _NUMBER_LINE.match(line) is not None or line.startswith("Report Information from ProQuest")


def is_rule(line: str) -> bool:
    """Whether a line is one of those between documents."""
    return _RULE_LINE.match(line) is not None


def proquest_articles(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """The documents of an export: between rules or below "Document 1 of 2", with fields as "Name: value"."""
    document: list[str | None] = []
    announced, found, size = 0, 0, 0
    for line in chain(lines, [""]):
        marker = _NUMBER_LINE.match(line) if line else None
        rule = line is not None and (line == "" or is_rule(line))
        if not (marker or rule):
            size = kept_lines(document, line, size)
            continue
        if marker:
            announced = max(announced, int(marker[2]))
        if _has_article(document):
            found += 1
            yield f"document {found}", _article_in(document)
        document, size = [], 0
    if announced > found:
        note(f"announces {announced} documents, has {found}")


def _has_article(document: list[str | None]) -> bool:
    fields = {match[1].lower() for line in document if line and (match := _FIELD_LINE.match(line))}
    keys = {"full text", "proquest document id", "publication title", "publication info", "document url"}
    return bool(fields & keys) or any(line is None for line in document)


def _below_text(document: Sequence[str | None]) -> int:
    """The line with which the fields below the full text begin.

    "Subject: grain or oil, they asked" may be a paragraph of the text, the last one too: the fields are those behind
    which there are hardly any paragraphs but fields, or, where the last of them is long, those that no text begins
    with. A field that comes again below, or is a sentence, belongs to the text.
    """
    starts = [
        i
        for i, line in enumerate(document)
        if line and line.strip() and (i == 0 or not (document[i - 1] or "").strip())
    ]
    found = {i: match[1].lower() for i, line in enumerate(document) if line and (match := _FIELD_LINE.match(line))}
    fields = [i for i in sorted(found) if found[i] in _FIELDS_BELOW]
    last = {found[i]: i for i in fields}
    marked = {*found, *(i for i, line in enumerate(document) if line and _COPYRIGHT_LINE.match(line))}
    fields = [i for i in fields if found[i] in _NEVER_TEXT or (last[found[i]] == i and not _is_sentence(document[i]))]
    named = [start in marked for start in starts]
    left = [*accumulate(reversed(named), initial=0)][::-1]  # how many of the paragraphs from each on are fields
    for i in fields:
        at = bisect_left(starts, i)
        n = len(starts) - at
        followed = n <= 1 or named[at + 1]
        if followed and (n == 0 or left[at] >= 0.8 * n):
            return i
    return next((i for i in fields if found[i] in _NEVER_TEXT), len(document))


def _is_sentence(line: str | None) -> bool:
    """Whether a line such as "Location: a hall in which two hundred stood." is a sentence, not a list of names."""
    match = _FIELD_LINE.match(line or "")
    value = (match[2] or "").strip() if match else ""
    small = sum(word[0].islower() for word in value.split())
    return bool(re.search(r"[.!?][\"”’]?$", value)) and ";" not in value and small >= 4


def _article_in(document: list[str | None]) -> dict[str, Any] | str:
    if (why := too_long(document)) is not None:
        return why
    parts: dict[str, list[str]] = {}
    body, key, above = "", "", ""
    below = _below_text(document)
    for number, line in enumerate(document):
        match = _FIELD_LINE.match(line) if line else None
        if match and (key != "full text" or number >= below):
            key = match[1].lower()
            parts.setdefault(key, [])
            line = (match[2] or "").lstrip() if key == "full text" else match[2] or ""
        if key == "full text":
            body += line or ""
        elif key:
            parts[key].append((line or "").rstrip())
        else:
            above += line or ""
    meta = {name: " ".join(filter(None, lines)).strip() for name, lines in parts.items()}
    body = re.sub(r"^\s*(?:Enlarge this image\.?|Listen|TranslateFull text)?\s*\n", "", body)
    title = meta.get("title") or " ".join(above.split())
    if not body.strip():
        kept = "only an abstract" if meta.get("abstract") else "no text"
        return f"it has {kept}: export it from ProQuest with the full text"
    info = meta.get("publication info", "")
    dated = _ONE_DAY.search(info)
    # "Last updated" is a date of the database, which says nothing of the day of the paper.
    outlet = meta.get("publication title") or (info[: dated.start()] if dated else info)
    return {
        "title": " ".join(title.split()) or None,
        "outlet": re.split(r"\s*;|\s+\[", outlet)[0].strip() or None,
        "published": meta.get("publication date") or (dated[1] if dated else None),
        "author": re.sub(r"(?i)(?:\s+and|[\s;,&])+$", "", meta.get("author", "")) or None,
        "url": meta.get("document url") or None,
        "language": meta.get("language of publication") or None,
        "body": body.strip(),
    }
