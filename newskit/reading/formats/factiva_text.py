"""Exports of Factiva as text, RTF or DOCX: each article ends with "Document …" and its number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.records import Lines, Record, kept_lines, too_long, without_by, word_count

_END = re.compile(r"\s*(?:AN[\t| ]+)?Document [A-Z][A-Z\d]{2,14}(?:19|20)\d{6}\w{6,12}[\s|]*$")
_LENGTH = re.compile(r"\s*[\d.,]+ (?:words|Wörter|mots|palabras)\s*$")
_FIELD = re.compile(
    r"\s*\|?(SE|HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|ART|CT|CO|IN|NS|RE|IPC|IPD|PUB|AN|CLM|RF|CX)"
    r"\s*(?:[\t|]\s*|\s{2,}|$)(.*)",
    re.DOTALL,
)
_BEHIND_TEXT: Final = frozenset(["ART", "CT", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "RF", "CX"])
_FOOTER = re.compile(
    r"\s*(?:Page \d+ of \d+\b.*|(?:©|\(c\)) ?\d{4} Factiva, Inc\b.*|Dow Jones Factiva)\s*$", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)|Copyright\b)", re.IGNORECASE)
_CLOCK = re.compile(r"\s*\d{1,2}:\d{2}(?: [A-Z]{2,4})?\s*$")
_NAME = re.compile(r"(?:[A-Z][\w.’'-]*,?(?: (?:and|of|in|de|van|von|al))? ?){2,6}$")


def is_factiva_text(lines: Sequence[str]) -> bool:
    """Whether the first lines of a text show an export of Factiva."""
    counted = any(_LENGTH.match(line) or ((field := _FIELD.match(line)) and field[1] == "WC") for line in lines)
    return counted and any(_END.match(line) for line in lines)


def ends_factiva(line: str) -> bool:
    """Whether a line is the last of an article."""
    return _END.match(line) is not None


def factiva_begins(lines: Sequence[str | None]) -> int | None:
    """Where an article begins that ends with the last of these lines: above its number of words; None if nowhere."""
    coded = [i for i, line in enumerate(lines) if line and (match := _FIELD.match(line)) and match[1] == "HD"]
    if coded:
        above = _FIELD.match(lines[coded[-1] - 1] or "") if coded[-1] else None
        return coded[-1] - bool(above and above[1] == "SE")
    counted = _counted(lines)
    if counted is None:
        return None
    while counted and (lines[counted - 1] or "").strip():
        counted -= 1
    return counted


def factiva_articles(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """The articles of an export, plain or with the codes of their fields (HD, PD, LP, TD); `note` is not called."""
    document: list[str | None] = []
    found = size = 0
    for line in lines:
        size = kept_lines(document, line, size)
        if line is not None and _END.match(line):
            found += 1
            yield f"document {found}", _article_of(document)
            document, size = [], 0
    if _counted(document) is not None or any(line and _FIELD.match(line) for line in document):
        article = _article_of(document)
        yield f"document {found + 1}", article if isinstance(article, str) else article | {"_cut": True}


def _counted(lines: Sequence[str | None]) -> int | None:
    """The line with the number of words, which the date follows."""
    for i, line in enumerate(lines):
        below = next((line for line in lines[i + 1 : i + 3] if line and line.strip()), None)
        if line and _LENGTH.match(line) and below is not None and parse_date(below.strip()) is not None:
            return i
    return None


def _article_of(document: list[str | None]) -> dict[str, Any] | str:
    if (why := too_long(document)) is not None:
        return why
    lines = [line for line in document if line is not None and not _END.match(line) and not _FOOTER.match(line)]
    coded = {match[1] for line in lines if (match := _FIELD.match(line))}
    article = _coded_article(lines) if coded >= {"HD", "WC"} else _plain_article(lines)
    return article if article is not None and article["body"] else "it has no text"


def _coded_article(lines: Sequence[str]) -> dict[str, Any]:
    fields: dict[str, str] = {}
    key = ""
    for line in lines:
        match = _FIELD.match(line)
        # Within the text a line may begin with two capitals: only what stands behind the text ends it.
        if match and match[1] not in fields and (key not in ("LP", "TD") or match[1] in _BEHIND_TEXT | {"TD"}):
            key, line = match[1], match[2]
        fields[key] = fields.get(key, "") + line.replace("|", " ").rstrip(" \t")
    values = {name: " ".join(value.split()) for name, value in fields.items()}
    body = "\n\n".join(text for name in ("LP", "TD") if (text := fields.get(name, "").strip()))
    return _values(values, values.get("HD"), values.get("BY"), body)


def _plain_article(lines: Sequence[str]) -> dict[str, Any] | None:
    """Headline, author, words, date, time, outlet and so on, a line each, down to the copyright; then the text."""
    counted = _counted(lines)
    if counted is None:
        return None
    above: list[str] = []
    for line in reversed(lines[:counted]):
        if not line.strip() and (len(above) > 1 or (above and not _is_author(above[0]))):
            break
        above = [*([line.strip()] if line.strip() else []), *above]
    below = [i for i in range(counted + 1, len(lines)) if lines[i].strip()]
    named = below[1:]
    if named and _CLOCK.match(lines[named[0]]):
        named = named[1:]
    blank = next((i for i in range(counted + 1, len(lines)) if not lines[i].strip()), len(lines))
    ends = [i for i in below if _COPYRIGHT.match(lines[i])]
    start = ends[0] + 1 if ends and ends[0] <= counted + 12 else blank
    start += start < len(lines) and re.match(r"(?i)\s*all rights reserved\W*$", lines[start]) is not None
    values = {"WC": lines[counted], "PD": lines[below[0]].strip()}
    values |= {"SN": lines[named[0]].strip()} if named and named[0] < start else {}
    values |= {"LA": "English"} if any(lines[i].strip() == "English" for i in named if i < start) else {}
    title, author = _headline(above)
    return _values(values, title, author, "".join(lines[start:]).strip())


def _headline(above: Sequence[str]) -> tuple[str | None, str | None]:
    """Headline and author among the lines above the number of words; the name of a section may be the first."""
    lines = list(above)
    author = None
    said_by = len(lines) > 1 and lines[-1].lower().startswith("by ")
    if said_by or (len(lines) > 1 and _is_author(lines[-1]) and len(" ".join(lines[:-1]).split()) > 3):
        author = lines.pop()
    if len(lines) > 1 and len(lines[0]) < 30 and len(lines[0].split()) <= 3:
        lines = lines[1:]
    return " ".join(lines) or None, author


def _is_author(line: str) -> bool:
    return line.lower().startswith("by ") or (len(line.split()) <= 5 and _NAME.match(line) is not None)


def _values(values: dict[str, str], title: str | None, author: str | None, body: str) -> dict[str, Any]:
    return {
        "title": title,
        "outlet": values.get("SN") or None,
        "published": values.get("PD") or None,
        "author": without_by(author or "") or None,
        "language": values.get("LA") or None,
        "body": body,
        "_words": word_count(values.get("WC", "")),
    }
