"""Exports of LexisNexis and Nexis Uni."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.records import Lines, Record, kept_lines, too_long, without_by, word_count

_CLASSIC = re.compile(r"\s*(\d+) (?:of|OF|von|VON|de|DE|sur|SUR) (\d+) (?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS)\s*$")
_COVER = re.compile(r"\s*(?:(?:Download|Print|E-?mail|Delivery) Request:|Time [Oo]f Request:\s)")
_UNI_END = re.compile(r"\s*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)\s*$", re.IGNORECASE)


_META = re.compile(r"([A-Z][A-Za-z]*(?:[- ][A-Za-z]+){0,2}):[\s\xa0]*(.*)", re.DOTALL)
_ABOVE_TEXT: Final = frozenset(
    [
        *("byline", "section", "length", "dateline", "highlight", "series", "source", "url", "edition", "editor"),
        *("headline", "name", "show", "guests", "anchors", "reporters"),
    ]
)
_BELOW_TEXT: Final = frozenset(
    [
        *("load-date", "language", "graphic", "publication-type", "journal-code", "journal code", "subject", "notes"),
        *("organization", "company", "ticker", "industry", "geographic", "country", "state", "city", "person", "url"),
        *("correction", "correction-date", "type", "document-type", "photo", "copyright", "acc-no", "pub-type"),
        *("publication type", "load date", "date-created", "last-updated", "disclaimer", "document type", "transcript"),
    ]
)
_INDEXED = re.compile(r"\s*[A-Z][A-Z -]{2,30}:[^.\n]{2,80}\(\d\d%\)")
"""Terms of an index with their scores, whatever the field is called: "PEOPLE: ADA QUIST (90%)"."""
_COPYRIGHT = re.compile(r"\s*(?:Copyright|\(c\)|©)\s*(?:\(c\)|©)?\s*\d{4}|\s*All Rights Reserved\s*$", re.IGNORECASE)


_EDITION = re.compile(
    r"(?i)(?:(?:[\w.'’&-]+[ ,;/-]+){0,5}editions?(?:[ ,;-]+[\w' -]{1,20})?;?(?:\s+[\w' -]{1,20})?"
    r"|correction appended|(?:late|early|final|first|second|third) (?:edition|final|city final)[\w ,;-]{0,20})"
)


def _meta(text: str, keys: frozenset[str]) -> tuple[str, str] | None:
    match = _META.match(text.strip())
    return (match[1].lower(), " ".join(match[2].split())) if match and match[1].lower() in keys else None


def _paragraph_groups(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The runs of lines that are not blank; a field in capitals begins one of its own, and LENGTH is one of its own.

    Files put behind one another have byte-order marks between them.
    """
    groups: list[tuple[int, int]] = []
    is_over = True
    for i, line in enumerate(lines):
        if not line.replace("\ufeff", "").strip():
            is_over = True
            continue
        field = _meta(line, _ABOVE_TEXT | _BELOW_TEXT) if ":" in line[:25] and line[:3].strip().isupper() else None
        if is_over or (field and line.split(":")[0].isupper()):
            groups.append((i, i + 1))
        else:
            groups[-1] = (groups[-1][0], i + 1)
        is_over = bool(field and field[0] == "length" and word_count(field[1]) is not None and groups[-1][0] == i)
    return groups


def _facts(meta: dict[str, str]) -> dict[str, Any]:
    return {
        "author": without_by(meta.get("byline", "")) or None,
        "language": meta.get("language") or None,
        "url": meta.get("url") or None,
        "_words": word_count(meta.get("length", "")),
    }


# --- LexisNexis, "1 of 10 DOCUMENTS" -------------------------------------------------------------------


def is_classic(lines: Sequence[str]) -> bool:
    """Whether the first lines of a text show the classic layout of LexisNexis."""
    return any(_CLASSIC.match(line) for line in lines)


def begins_classic(line: str) -> bool:
    """Whether a line is the first of a document."""
    return _CLASSIC.match(line) is not None


def closed_classic(lines: Sequence[str | None]) -> int:
    """Behind which of its lines a document is over: the last below its text; 0 if there is none."""
    heads = [i for i, line in enumerate(lines) if line and _meta(line, frozenset(["byline", "length", "section"]))]
    ends = (
        i + 1
        for i, line in enumerate(lines)
        if line and (_COPYRIGHT.match(line) or (line.split(":")[0].isupper() and _meta(line, _BELOW_TEXT)))
    )
    return max((end for end in ends if heads and end > heads[-1] + 1), default=0)


def classic_articles(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """The classic layout: documents below their numbers, each with outlet, date and headline above BYLINE or LENGTH."""
    document: list[str | None] = []
    place, announced, found, size = "", 0, 0, 0
    for line in lines:
        marker = _CLASSIC.match(line) if line else None
        if marker is None and not (line and place and "Request" in line and _COVER.match(line)):
            size = kept_lines(document, line, size)
            continue
        if place or _has_classic_article(document):
            found += 1
            yield place or "before the first number", _classic_article(document)
        place = " ".join(line.split()) if line and marker else ""  # another export begins with a cover page
        announced = max(announced, int(marker[2]) if marker and not found else 0)
        document, size = [], 0
    if place or _has_classic_article(document):
        found += 1
        yield place or "the whole file", _classic_article(document)
    if announced > found:
        note(f"announces {announced} documents, has {found}")


def _has_classic_article(lines: list[str | None]) -> bool:
    """Whether the lines before the first number are an article, not a cover page."""
    return sum(bool(line and _meta(line, frozenset(["byline", "length", "load-date"]))) for line in lines) > 1


def _classic_article(document: list[str | None]) -> dict[str, Any] | str:
    if (why := too_long(document)) is not None:
        return why
    lines = [line for line in document if line is not None]
    groups = _parted(lines, _paragraph_groups(lines))
    said = ["".join(lines[a:b]) for a, b in groups]
    said = [_below_copyright(text) if i < 2 else text for i, text in enumerate(said)]
    groups = [g for g, text in zip(groups, said, strict=True) if not _COPYRIGHT.match(text)]
    said = [text for text in said if not _COPYRIGHT.match(text)]
    if not said:
        return "it has no text"
    tail = next((i for i in range(len(said) - 1, -1, -1) if not _is_tail(said, i)), -1) + 1
    dated = next((i for i in range(min(5, tail)) if _dated(said[i]) is not None), None)
    first = 0 if dated is None else dated + 1
    heads = [i for i in range(first, len(said)) if _meta(said[i], _ABOVE_TEXT) and _in_capitals(said[i])]
    last = _end_of_header(said, heads, first, tail)
    end = tail - 1 if last is None else min([*heads, last + 1])
    first = _below_edition(said, first, min(end, tail))
    if last is not None:
        title = " ".join(" ".join(said[first : min(end, tail)]).split())
        body = range(last + 1, tail)
    else:
        title = " ".join(said[first].split()) if first + 1 < tail and len(said[first].split()) <= 40 else ""
        body = range(first + bool(title), tail)
    meta: dict[str, str] = {}
    for i in (*[h for h in heads if last is not None and h <= last], *range(tail, len(said))):
        meta |= dict([found] if (found := _meta(said[i], _ABOVE_TEXT | _BELOW_TEXT)) else [])
    if not len(body):
        return "it has no text"
    return {
        "title": meta.get("headline") or title,
        "outlet": " ".join(said[0].split()) if dated != 0 else None,
        "published": None if dated is None else _dated(said[dated]),  # LOAD-DATE may be days later
        "body": re.sub(r"^\s*BODY:\s*", "", _slice(lines, groups[body[0]][0], groups[body[-1]][1])),
        **_facts(meta),
    }


def _in_capitals(field: str) -> bool:
    """Whether the name of a field is in capitals, as in this layout: a headline may begin with "Source:"."""
    return field.lstrip().partition(":")[0].isupper()


def _parted(lines: Sequence[str], groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The paragraphs with the first one parted behind a date: without blank lines the headline follows at once."""
    start, end = groups[0] if groups else (0, 0)
    dated = next((i for i in range(start, min(start + 5, end)) if _dated(lines[i]) is not None), end)
    if not start < dated < end:
        return groups
    titled = dated + 1
    while titled < end and _EDITION.fullmatch(" ".join(lines[titled].split())):
        titled += 1
    parts = [(start, dated), (dated, titled), (titled, end)]
    return [*((a, b) for a, b in parts if a < b), *groups[1:]]


def _end_of_header(said: list[str], heads: list[int], first: int, tail: int) -> int | None:
    """The last paragraph of the header: the one above BODY, or the end of the fields around LENGTH."""
    begins = next((i for i in range(first, min(first + 15, tail)) if said[i].lstrip().startswith("BODY:")), None)
    if begins is not None:
        return begins - 1
    # The header is contiguous: a paragraph further down that begins with "Source:" is not part of it.
    length = [i for i in heads if _meta(said[i], frozenset(["length"]))]
    last = length[0] if length else heads[0] if heads and heads[0] <= first + 1 else None
    while last is not None and last + 1 in heads:
        last += 1
    return last


def _below_edition(said: list[str], first: int, end: int) -> int:
    """The first paragraph below the date that is no line of the edition; what stands alone there is the headline."""
    centred = said[0].startswith("   ")  # as in exports in plain text; then headlines are not
    while first + 1 < end and (
        said[first].startswith("   ") if centred else _EDITION.fullmatch(" ".join(said[first].split()))
    ):
        first += 1
    return first


def _below_copyright(text: str) -> str:
    """A paragraph above the date without its copyright line, if another line follows: the name of the outlet."""
    rest = [line for line in text.splitlines(keepends=True) if not _COPYRIGHT.match(line)]
    return "".join(rest) or text


def _is_tail(said: list[str], i: int) -> bool:
    """Whether a paragraph is below the article: LOAD-DATE and the like, or what follows GRAPHIC."""
    if _meta(said[i], _BELOW_TEXT) is not None:
        return _in_capitals(said[i])
    if _INDEXED.match(said[i]):
        return True
    before = [_meta(said[j], _BELOW_TEXT) for j in range(max(0, i - 3), i)]
    return any(found is not None and found[0] == "graphic" for found in before) and i + 1 < len(said)


_DATE_FIRST = re.compile(r"(?:\w+day,? )?(?:[A-Z][a-z]+\.? \d{1,2},? \d{4}|\d{1,2}\.? [A-Z][a-z]+,? \d{4})\b")


def _dated(text: str) -> str | None:
    """The date in one of the first three lines of a header, as it is written; not that of a week."""
    for line in text.splitlines()[:3]:
        words = line.strip().strip(";,")
        first = _DATE_FIRST.match(words)
        if first and re.match(r"\s*(?:[-–—/]|to\b|through\b|and\b|until\b)\s*[\w.]*\s*\d", words[first.end() :]):
            continue
        for candidate in (words, words.partition(";")[0], first[0] if first else ""):
            if re.search(r"\d", candidate) and parse_date(candidate) is not None:
                return candidate
    return None


def _slice(lines: Sequence[str], start: int, end: int) -> str:
    return "".join(lines[start:end]).rstrip()


# --- Nexis Uni, Lexis Advance: "Body … End of Document" ------------------------------------------------

_UNI_HEAD = re.compile(r"\s*(?:Section|Length|Byline|Highlight|Dateline)\s*:[\s\xa0]*\S")
_UNI_TAIL = re.compile(
    r"\s*(?:Load-Date|Publication-Type|Journal Code|Language|Subject|Industry|Geographic)\s*:[\s\xa0]*\S"
)


def is_uni(lines: Sequence[str]) -> bool:
    """Whether the first lines of a text show the layout of Nexis Uni."""
    if any(_UNI_END.match(line) for line in lines):
        return True
    return sum(bool(_UNI_HEAD.match(line)) for line in lines) > 1 and any(line.strip() == "Body" for line in lines)


def ends_uni(line: str) -> bool:
    """Whether a line is the last of a document."""
    return _UNI_END.match(line.rpartition("\t")[2]) is not None


def uni_begins(lines: Sequence[str | None]) -> int | None:
    """Where a document begins whose last line is the last of these: with its headline; None if there is none."""
    full = [line for line in lines if line and line.strip()]
    dated = _uni_start(full)
    if dated is None:
        return None
    at = next(i for i, line in enumerate(lines) if line is full[dated])
    named = 0
    while at and ((lines[at - 1] or "").strip() or named < 2):
        at -= 1
        named += bool((lines[at] or "").strip())
    return at


def uni_articles(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """The layout of Nexis Uni and Lexis Advance, in DOCX, RTF or text: each article ends with "End of Document"."""
    document: list[str | None] = []
    announced, found, size = 0, 0, 0
    for line in lines:
        if line is not None and ends_uni(line):
            found += 1
            yield f"document {found}", _uni_article(document)
            document, size = [], 0
            continue
        if not found and line and (stated := re.match(r"\s*(?:Documents|Dokumente) \((\d+)\)\s*$", line)):
            announced = int(stated[1])
        size = kept_lines(document, line, size)
    rest = sum(len(line.split()) for line in document if line)
    if _uni_start([line for line in document if line]) is not None or rest > 100:
        found += 1
        article = _uni_article(document)
        yield f"document {found}", article if isinstance(article, str) else article | {"_cut": True}
    if announced > found:
        note(f"announces {announced} documents, has {found}")


def _uni_start(lines: list[str]) -> int | None:
    """The line with the date of publication: above Body, Section, Length or Byline, below headline and outlet."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].strip() == "Body"), None)
    heads = [i for i, line in enumerate(lines[:last]) if _UNI_HEAD.match(line)]
    if last is None and not heads:
        return None
    first = min(heads) if heads else last or 0
    for i in range(first - 1, max(-1, first - 12), -1):
        if _is_day(lines[i]) and not re.match(r"(?i)\s*(?:date and time|time of request)", lines[i]):
            return i
    return None


_NO_DAY = re.compile(
    r"(?i)\s*(?:early |late |mid-?)?(?:spring|summer|fall|autumn|winter"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)[\w ,./&–-]{0,40}\b(?:19|20)\d\d\s*$"
)


def _is_day(line: str) -> bool:
    """Whether a line of a header stands where the date does, though it may be that of a week or a season."""
    return _dated(line) is not None or _NO_DAY.match(line) is not None


def _uni_end(lines: list[str], start: int) -> int:
    """Where the text ends: above Classification, Load-Date and the like, or a short Graphic or Notes section."""
    under = [i for i in range(start, len(lines)) if lines[i].strip() == "Classification"]
    under = under[-1:] or [i for i in range(start, len(lines)) if _UNI_TAIL.match(lines[i])]
    end = under[0] if under else len(lines)
    notes = [i for i in range(start, end) if lines[i].strip() in ("Graphic", "Notes", "Correction", "Correction-Date")]
    return notes[-1] if notes and end - notes[-1] <= 12 else end


def _uni_article(document: list[str | None]) -> dict[str, Any] | str:
    if (why := too_long(document)) is not None:
        return why
    placed = [(i, line) for i, line in enumerate(document) if line is not None and line.strip()]
    lines = [line for _, line in placed]
    heading = next((i for i in range(len(lines)) if lines[i].strip() == "Body"), None)
    dated = _uni_start(lines)
    heads = [i for i in range(dated or 0, heading or len(lines)) if _UNI_HEAD.match(lines[i])]
    if heading is not None:
        start = heading + 1
    elif heads:
        start = heads[-1] + 1
    elif dated is not None:
        start = dated + 1
    else:
        return "it has neither a date nor a heading 'Body', so it is not an article of Nexis Uni"
    start += sum(bool(_COPYRIGHT.match(line)) for line in lines[start : start + 1])
    end = _uni_end(lines, start)
    meta: dict[str, str] = {}
    for line in (*lines[dated or 0 : start], *lines[end:]):
        meta |= dict([found] if (found := _meta(line, _ABOVE_TEXT | _BELOW_TEXT)) else [])
    title, outlet = _uni_names(document, lines[min([*heads, start]) if dated is None else dated])
    if start >= end:
        return "it has no text"
    return {
        "title": title,
        "outlet": outlet,
        "published": None if dated is None else _dated(lines[dated]),
        "body": _joined(_without_pages(placed[start:end], title)),
        **_facts(meta),
    }


def _uni_names(document: list[str | None], below: str) -> tuple[str | None, str | None]:
    """Headline and outlet: the lines above the date, or where it would be; a headline may go over several lines."""
    at = next(i for i, line in enumerate(document) if line is below)
    head: list[str] = []
    for line in reversed(document[:at]):
        if line and line.strip() and not _COPYRIGHT.match(line):
            head.insert(0, line.strip())
        elif len(head) > 1:
            break
    if len(head) < 2:
        return (head[0] if head else None), None
    title = head[-2:-1]
    for line in reversed(head[:-2]):
        if len(head) > 7 or not 25 <= len(line) <= 120 or line == head[-2]:
            break
        title.insert(0, line)
    return " ".join(title), head[-1]


def _without_pages(placed: list[tuple[int, str]], title: str | None) -> list[tuple[int, str]]:
    """The lines of a text without the head of a page in it: "Page 2 of 3" and the headline again."""
    heads = {n for n, (_, line) in enumerate(placed) if re.fullmatch(r"\s*Page \d+ of \d+\s*", line)}
    heads |= {n + 1 for n in heads if n + 1 < len(placed) and placed[n + 1][1].strip() == title}
    return [line for n, line in enumerate(placed) if n not in heads]


def _joined(placed: list[tuple[int, str]]) -> str:
    """The paragraphs of a text, a line each, unless all lines are short, as those of a text that is wrapped."""
    is_wrapped = all(len(line) <= 100 for _, line in placed)
    text: list[str] = []
    before = -1
    for place, line in placed:
        text += ["\n" if is_wrapped and place == before + 1 else "\n\n", line.strip()]
        before = place
    return "".join(text[1:])
