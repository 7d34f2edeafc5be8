"""Exports of newspaper databases: which one it is, ProQuest and Factiva."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.nexis import (
    CLASSIC,
    UNI_END,
    UNI_HEAD,
    WORD_COUNT,
    Lines,
    classic_articles,
    kept_lines,
    too_long,
    uni_articles,
)
from newskit.reading.formats.tables import Record

_PROQUEST_NUMBER = re.compile(r"\s*Document (\d+) of (\d+)\s*$")
_PROQUEST_RULE = re.compile(r"\s*_{20,}\s*$")
_PROQUEST = re.compile(r"(?m)^(?:ProQuest document ID|Report Information from ProQuest|ProQuest document link)\b")


def layout_of(lines: Sequence[str | None]) -> str | None:
    """The layout that the first lines of a text show; None for a text that is no export.

    >>> layout_of(["\\n", "     1 of 2 DOCUMENTS\\n"])
    'Nexis'
    """
    text = [line for line in lines if line]
    if any(CLASSIC.match(line) for line in text):
        return "Nexis"
    if any(UNI_END.match(line) for line in text) or (
        sum(bool(UNI_HEAD.match(line)) for line in text) > 1 and any(line.strip() == "Body" for line in text)
    ):
        return "Nexis Uni"
    if _PROQUEST.search("".join(text)) or any(_PROQUEST_NUMBER.match(line) for line in text):
        return "ProQuest"
    return None


def export_records(lines: Lines, layout: str, note: Callable[[str], None]) -> Iterator[Record]:
    """The articles of an export in one of the layouts that `layout_of` tells, with `title`, `body` and so on.

    `note` is told what is odd about the file as a whole: that it announces more documents than it has.
    """
    return {"Nexis": classic_articles, "Nexis Uni": uni_articles, "ProQuest": _proquest}[layout](lines, note)


# --- ProQuest ------------------------------------------------------------------------------------------

_PROQUEST_KEY = re.compile(
    r"(Author|Publication info|Abstract|Links|Full text|Subject|Location|People|Company ?/ ?organization|Title"
    r"|Publication title|Pages|First page|Publication year|Publication date|Year|Section|Column|Publisher"
    r"|Place of publication|Country of publication|Publication subject|ISSN|Source type|Language of publication"
    r"|Document type|ProQuest document ID|Document URL|Copyright|Last updated|Database|dateline|Identifier ?/ ?keyword"
    r"|Volume|Issue|Company|Number of pages|Language|Source|Credit|ProQuest document link)\s*(?::\s*(.*)|$)",
    re.DOTALL | re.IGNORECASE,
)


def _proquest(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """ProQuest's text export: documents between rules or below "Document 1 of 2", fields as "Name: value"."""
    document: list[str | None] = []
    announced, found, size = 0, 0, 0
    for line in chain_end(lines):
        marker = _PROQUEST_NUMBER.match(line) if line else None
        rule = line is not None and (line == "" or _PROQUEST_RULE.match(line))
        if not (marker or rule):
            size = kept_lines(document, line, size)
            continue
        if marker:
            announced = max(announced, int(marker[2]))
        if _is_proquest(document):
            found += 1
            yield f"document {found}", _proquest_article(document)
        document, size = [], 0
    if announced > found:
        note(f"announces {announced} documents, has {found}")


def chain_end(lines: Lines) -> Iterator[str | None]:
    """The lines, and an empty string after the last."""
    yield from lines
    yield ""


def _is_proquest(document: list[str | None]) -> bool:
    told = {match[1].lower() for line in document if line and (match := _PROQUEST_KEY.match(line))}
    keys = {"full text", "proquest document id", "publication title", "publication info", "document url"}
    return bool(told & keys) or any(line is None for line in document)


def _proquest_article(document: list[str | None]) -> dict[str, Any] | str:
    if (why := too_long(document)) is not None:
        return why
    meta: dict[str, str] = {}
    body, key, above = "", "", ""
    for line in document:
        match = _PROQUEST_KEY.match(line) if line else None
        # In the full text only what stands below it in every export ends it: "Source: AP" may be a sentence.
        if match and (key != "full text" or match[1].lower() in _BELOW):
            key = match[1].lower()
            meta.setdefault(key, "")
            line = (match[2] or "").lstrip() if key == "full text" else match[2] or ""
        if key == "full text":
            body += line or ""
        elif key:
            meta[key] = f"{meta[key]} {line}".strip()
        else:
            above += line or ""
    body = re.sub(r"^\s*(?:Enlarge this image\.?|Listen|TranslateFull text)?\s*\n", "", body)
    title = meta.get("title") or " ".join(above.split())
    if not body.strip():
        kept = "only an abstract" if meta.get("abstract") else "no text"
        return f"it has {kept}: export it from ProQuest with the full text"
    info = meta.get("publication info", "")
    dated = re.search(
        r"\b(\d{1,2} [A-Z][a-z]{2,8} (?:1[6-9]|20)\d\d|[A-Z][a-z]{2,8} \d{1,2}, (?:1[6-9]|20)\d\d)\b", info
    )
    outlet = meta.get("publication title") or (info[: dated.start()] if dated else info)
    return {
        "title": " ".join(title.split()) or None,
        "outlet": re.split(r"\s*;|\s+\[", outlet)[0].strip() or None,
        "published": meta.get("publication date") or (dated[1] if dated else meta.get("last updated")),
        "author": meta.get("author") or None,
        "url": meta.get("document url") or None,
        "language": meta.get("language of publication") or None,
        "body": body.strip(),
    }


_BELOW: Final = frozenset(
    [
        *("subject", "title", "publication title", "proquest document id", "publication year", "publication date"),
        *("source type", "language of publication", "document url", "last updated", "credit", "publication subject"),
        *(
            "copyright",
            "database",
            "location",
            "people",
            "company / organization",
            "identifier / keyword",
            "first page",
        ),
    ]
)
# --- Factiva -------------------------------------------------------------------------------------------

FACTIVA = re.compile(rb"(?i)class=[\"']?article \w*Article|Factiva, Inc|global\.factiva\.com")


def factiva_records(data: bytes, encoding: str) -> Iterator[Record]:
    """The articles of a Factiva HTML export: each a `div.article`, in plain layout or with a table of fields."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        tree = lxml_html.document_fromstring(data, parser=lxml_html.HTMLParser(encoding=encoding, huge_tree=False))
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError(f"it is no HTML: {error}") from error
    found = tree.xpath("//div[contains(concat(' ', normalize-space(@class), ' '), ' article ')]")
    if not found:
        raise ArticleError("it has no articles: save the page from Factiva with the full texts, Display Options: HTML")
    for number, element in enumerate(found, start=1):
        rows = element.xpath(".//tr[td/b or td[contains(@class, 'index')]]")
        fields = [(_words(row[0]), row[1]) for row in rows if len(row) > 1]
        indexed = {name for name, _ in fields} & {"HD", "LP", "TD", "AN", "PD"}
        yield f"article {number}", _factiva_indexed(fields) if indexed else _factiva_plain(element)


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraphs(element: Any) -> list[str]:
    inner = element.xpath(".//p")
    return [words for words in map(_words, inner or [element]) if words]


def _factiva_indexed(fields: list[tuple[str, Any]]) -> dict[str, Any] | str:
    told = {name: _words(cell) for name, cell in reversed(fields)}
    body = [words for name in ("LP", "TD") for key, cell in fields if key == name for words in _paragraphs(cell)]
    if not body:
        return "it has no text"
    words = WORD_COUNT.search(told.get("WC", ""))
    return {
        "title": told.get("HD") or None,
        "outlet": told.get("SN") or None,
        "published": told.get("PD") or None,
        "author": re.sub(r"(?i)^by\s+", "", told.get("BY", "")) or None,
        "language": told.get("LA") or None,
        "body": "\n\n".join(body),
        "_words": int(re.sub(r"\D", "", words[1]) or 0) if words else None,
    }


_FACTIVA_END = re.compile(r"Document [A-Za-z0-9]{10,40}$")


def _factiva_plain(element: Any) -> dict[str, Any] | str:
    titles = element.xpath(".//*[contains(@class, 'Headline') or contains(@id, 'hd')]")
    title = _words(titles[0]) if titles else ""
    body = [words for p in element.xpath(".//p") if (words := _words(p)) and not _FACTIVA_END.match(words)]
    cells = [
        words for div in element.xpath(".//div[not(.//div) and not(.//p)]") if (words := _words(div)) and words != title
    ]
    dated = next((i for i, words in enumerate(cells) if re.search(r"\d{4}$", words) and parse_date(words)), None)
    told = [i for i, words in enumerate(cells) if re.fullmatch(r"[\d.,]+ (?:words|Wörter|mots|palabras)", words)]
    clock = dated is not None and len(cells) > dated + 1 and bool(re.match(r"\d{1,2}:\d{2}", cells[dated + 1]))
    outlet = None if dated is None else next(iter(cells[dated + 1 + clock :]), None)
    languages = [words for words in cells if words in _LANGUAGES]
    if not body:
        return "it has no text"
    return {
        "title": title or None,
        "outlet": outlet,
        "published": None if dated is None else cells[dated],
        "author": re.sub(r"(?i)^by\s+", "", cells[told[0] - 1]) if told and told[0] > 0 else None,
        "language": languages[0] if languages else None,
        "body": "\n\n".join(body),
        "_words": int(re.sub(r"\D", "", cells[told[0]])) if told else None,
    }


_LANGUAGES: Final = frozenset(
    [
        "English",
        "German",
        "French",
        "Spanish",
        "Italian",
        "Dutch",
        "Portuguese",
        "Polish",
        "Russian",
        "Swedish",
        "Danish",
    ]
)
