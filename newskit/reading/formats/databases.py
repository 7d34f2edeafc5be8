"""Exports of news databases: LexisNexis and Nexis Uni, Factiva and ProQuest, each cut into its articles."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Final

from newskit.reading.article import ArticleError
from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.files import DAMAGED, MAX_CHARACTERS, MAX_WHOLE, Input
from newskit.reading.formats.tables import Record

Lines = Iterable[str | None]

_CLASSIC = re.compile(r"\s*(\d+) (?:of|OF|von|VON|de|DE|sur|SUR) (\d+) (?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS)\s*$")
_UNI_END = re.compile(r"\s*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)\s*$", re.IGNORECASE)
_PROQUEST_NUMBER = re.compile(r"\s*Document (\d+) of (\d+)\s*$")
_PROQUEST_RULE = re.compile(r"\s*_{20,}\s*$")
_PROQUEST = re.compile(r"(?m)^(?:ProQuest document ID|Report Information from ProQuest|ProQuest document link)\b")


def layout_of(lines: Sequence[str | None]) -> str | None:
    """The layout that the first lines of a text show; None for a text that is no export.

    >>> layout_of(["\\n", "     1 of 2 DOCUMENTS\\n"])
    'Nexis'
    """
    text = [line for line in lines if line]
    if any(_CLASSIC.match(line) for line in text):
        return "Nexis"
    if any(_UNI_END.match(line) for line in text) or (
        sum(bool(_UNI_HEAD.match(line)) for line in text) > 1 and any(line.strip() == "Body" for line in text)
    ):
        return "Nexis Uni"
    if _PROQUEST.search("".join(text)) or any(_PROQUEST_NUMBER.match(line) for line in text):
        return "ProQuest"
    return None


def export_records(lines: Lines, layout: str, note: Callable[[str], None]) -> Iterator[Record]:
    """The articles of an export in one of the layouts that `layout_of` tells, with `title`, `body` and so on.

    `note` is told what is odd about the file as a whole: that it announces more documents than it has.
    """
    return {"Nexis": _classic, "Nexis Uni": _uni, "ProQuest": _proquest}[layout](lines, note)


def _too_long(lines: list[str | None]) -> str | None:
    if any(line is None for line in lines):
        return "it has a line that is too long for a text"
    if sum(len(line or "") for line in lines) > MAX_CHARACTERS:
        return f"it has more than {MAX_CHARACTERS:,} characters: no single article"
    return None


def _kept(lines: list[str | None], line: str | None, size: int) -> int:
    """Add a line to a document, but not for ever; returns its size."""
    if size <= MAX_CHARACTERS:
        lines.append(line)
    return size + (len(line) if line is not None else MAX_CHARACTERS + 1)


_META = re.compile(r"([A-Z][A-Za-z]*(?:[- ][A-Za-z]+){0,2}):[\s\xa0]*(.*)", re.DOTALL)
_HEAD_KEYS: Final = frozenset(
    [
        *("byline", "section", "length", "dateline", "highlight", "series", "source", "url", "edition", "editor"),
        *("headline", "name"),
    ]
)
_TAIL_KEYS: Final = frozenset(
    [
        *("load-date", "language", "graphic", "publication-type", "journal-code", "journal code", "subject", "notes"),
        *("organization", "company", "ticker", "industry", "geographic", "country", "state", "city", "person", "url"),
        *("correction", "correction-date", "type", "document-type", "photo", "copyright", "acc-no", "pub-type"),
        *("publication type", "load date", "date-created", "last-updated", "disclaimer", "document type"),
    ]
)
_COPYRIGHT = re.compile(r"\s*(?:Copyright|\(c\)|©)\s*(?:\(c\)|©)?\s*\d{4}|\s*All Rights Reserved\s*$", re.IGNORECASE)
_WORDS = re.compile(r"([\d.,]+)\s*(?:words?|Wörter|mots|palabras)", re.IGNORECASE)


def _meta(text: str, keys: frozenset[str]) -> tuple[str, str] | None:
    match = _META.match(text.strip())
    return (match[1].lower(), " ".join(match[2].split())) if match and match[1].lower() in keys else None


def _paragraph_groups(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The runs of lines that are not blank."""
    groups: list[tuple[int, int]] = []
    for i, line in enumerate(lines):
        if not line.strip():
            continue
        if groups and groups[-1][1] == i:
            groups[-1] = (groups[-1][0], i + 1)
        else:
            groups.append((i, i + 1))
    return groups


def _facts(meta: dict[str, str]) -> dict[str, Any]:
    byline = re.sub(r"(?i)^by\s+", "", meta.get("byline", ""))
    words = _WORDS.search(meta.get("length", ""))
    return {
        "author": byline or None,
        "language": meta.get("language") or None,
        "url": meta.get("url") or None,
        "_words": int(re.sub(r"\D", "", words[1]) or 0) if words else None,
    }


# --- LexisNexis, "1 of 10 DOCUMENTS" -------------------------------------------------------------------


def _classic(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """The classic layout: each document below its number; outlet, date and headline above BYLINE, SECTION, LENGTH."""
    document: list[str | None] = []
    place, announced, found, size = "", 0, 0, 0
    for line in lines:
        marker = _CLASSIC.match(line) if line else None
        if marker is None:
            size = _kept(document, line, size)
            continue
        if place or _is_classic(document):
            found += 1
            yield place or "before the first number", _classic_article(document)
        place, announced = " ".join(line.split()) if line else "", max(announced, int(marker[2]) if not found else 0)
        document, size = [], 0
    if place or _is_classic(document):
        found += 1
        yield place or "the whole file", _classic_article(document)
    if announced > found:
        note(f"announces {announced} documents, has {found}")


def _is_classic(lines: list[str | None]) -> bool:
    """Whether what stands before the first number is an article and no cover page."""
    return sum(bool(line and _meta(line, frozenset(["byline", "length", "load-date"]))) for line in lines) > 1


def _classic_article(document: list[str | None]) -> dict[str, Any] | str:
    if (why := _too_long(document)) is not None:
        return why
    lines = [line for line in document if line is not None]
    groups = _paragraph_groups(lines)
    said = ["".join(lines[a:b]) for a, b in groups]
    said = [_below_copyright(text) if i < 2 else text for i, text in enumerate(said)]
    groups = [g for g, text in zip(groups, said, strict=True) if not _COPYRIGHT.match(text)]
    said = [text for text in said if not _COPYRIGHT.match(text)]
    if not said:
        return "it has no text"
    heads = [i for i, text in enumerate(said) if _meta(text, _HEAD_KEYS)]
    tail = next((i for i in range(len(said) - 1, -1, -1) if not _is_tail(said, i)), -1) + 1
    dated = next((i for i in range(min(5, tail)) if _dated(said[i]) is not None), None)
    first = 0 if dated is None else dated + 1
    # The header is a run: a paragraph further down that begins "Source:" is none of it.
    length = [i for i in heads if _meta(said[i], frozenset(["length"]))]
    last = length[0] if length else heads[0] if heads and heads[0] <= first + 1 else None
    while last is not None and last + 1 in heads:
        last += 1
    if last is not None:
        title = " ".join(" ".join(said[i] for i in range(first, min(heads)) if i < tail).split())
        body = range(last + 1, tail)
    else:
        title = " ".join(said[first].split()) if first + 1 < tail and len(said[first].split()) <= 40 else ""
        body = range(first + bool(title), tail)
    meta: dict[str, str] = {}
    for i in (*[h for h in heads if last is not None and h <= last], *range(tail, len(said))):
        meta |= dict([found] if (found := _meta(said[i], _HEAD_KEYS | _TAIL_KEYS)) else [])
    if not len(body):
        return "it has no text"
    return {
        "title": title or meta.get("headline"),
        "outlet": " ".join(said[0].split()) if dated != 0 else None,
        "published": _dated(said[dated]) if dated is not None else meta.get("load-date"),
        "body": re.sub(r"^\s*BODY:\s*", "", _slice(lines, groups[body[0]][0], groups[body[-1]][1])),
        **_facts(meta),
    }


def _below_copyright(text: str) -> str:
    """A paragraph above the date without its line of copyright, if another stands below: the name of the outlet."""
    rest = [line for line in text.splitlines(keepends=True) if not _COPYRIGHT.match(line)]
    return "".join(rest) or text


def _is_tail(said: list[str], i: int) -> bool:
    """Whether a paragraph is below the article: LOAD-DATE and the like, or goes on below GRAPHIC."""
    if _meta(said[i], _TAIL_KEYS) is not None:
        return said[i].lstrip().split(":")[0].isupper()
    before = [_meta(said[j], _TAIL_KEYS) for j in range(max(0, i - 3), i)]
    return any(found is not None and found[0] == "graphic" for found in before) and i + 1 < len(said)


_DATE_FIRST = re.compile(r"(?:\w+day,? )?(?:[A-Z][a-z]+\.? \d{1,2},? \d{4}|\d{1,2}\.? [A-Z][a-z]+,? \d{4})\b")


def _dated(text: str) -> str | None:
    """The line of a header that is a date."""
    for line in text.splitlines()[:3]:
        words = line.strip().strip(";,")
        first = _DATE_FIRST.match(words)
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


def _uni(lines: Lines, note: Callable[[str], None]) -> Iterator[Record]:
    """The layout of Nexis Uni and Lexis Advance, in DOCX, RTF or text: each article ends with "End of Document"."""
    document: list[str | None] = []
    announced, found, size = 0, 0, 0
    for line in lines:
        if line is not None and _UNI_END.match(line.rpartition("\t")[2]):
            found += 1
            yield f"document {found}", _uni_article(document)
            document, size = [], 0
            continue
        if not found and line and (told := re.match(r"\s*(?:Documents|Dokumente) \((\d+)\)\s*$", line)):
            announced = int(told[1])
        size = _kept(document, line, size)
    rest = sum(len(line.split()) for line in document if line)
    if _uni_start([line for line in document if line]) is not None or rest > 100:
        found += 1
        article = _uni_article(document)
        yield f"document {found}", article if isinstance(article, str) else article | {"_cut": True}
    if announced > found:
        note(f"announces {announced} documents, has {found}")


def _uni_start(lines: list[str]) -> int | None:
    """The line of the date of publication: above Body, Section, Length or Byline, below headline and outlet."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].strip() == "Body"), None)
    heads = [i for i, line in enumerate(lines[:last]) if _UNI_HEAD.match(line)]
    if last is None and not heads:
        return None
    first = min(heads) if heads else last or 0
    for i in range(first - 1, max(-1, first - 12), -1):
        if _dated(lines[i]) is not None and not re.match(r"(?i)\s*(?:date and time|time of request)", lines[i]):
            return i
    return None


def _uni_end(lines: list[str], start: int) -> int:
    """Where the text ends: above Classification, or Load-Date and the like; and above a short Graphic or Notes."""
    under = [i for i in range(start, len(lines)) if lines[i].strip() == "Classification"]
    under = under[-1:] or [i for i in range(start, len(lines)) if _UNI_TAIL.match(lines[i])]
    end = under[0] if under else len(lines)
    notes = [i for i in range(start, end) if lines[i].strip() in ("Graphic", "Notes", "Correction", "Correction-Date")]
    return notes[-1] if notes and end - notes[-1] <= 12 else end


def _uni_article(document: list[str | None]) -> dict[str, Any] | str:
    if (why := _too_long(document)) is not None:
        return why
    lines = [line for line in document if line is not None and line.strip()]
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
        return "it has neither a date nor a heading Body: no article of Nexis Uni"
    start += sum(bool(_COPYRIGHT.match(line)) for line in lines[start : start + 1])
    end = _uni_end(lines, start)
    meta: dict[str, str] = {}
    for line in (*lines[dated or 0 : start], *lines[end:]):
        meta |= dict([found] if (found := _meta(line, _HEAD_KEYS | _TAIL_KEYS)) else [])
    above = [line.strip() for line in lines[: dated or min([*heads, start])] if not _COPYRIGHT.match(line)]
    if start >= end:
        return "it has no text"
    return {
        "title": (above[-2] if dated is not None and len(above) > 1 else above[-1] if above else None),
        "outlet": above[-1] if dated is not None and len(above) > 1 else None,
        "published": _dated(lines[dated]) if dated is not None else meta.get("load-date"),
        "body": "\n\n".join(line.strip() for line in lines[start:end]),
        **_facts(meta),
    }


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
            size = _kept(document, line, size)
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
    if (why := _too_long(document)) is not None:
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
    words = _WORDS.search(told.get("WC", ""))
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


# --- documents of office programs ------------------------------------------------------------------------

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_lines(source: Input) -> Iterator[str]:
    """The paragraphs of a DOCX file, one after the other, each with a line end; deleted text is left out."""
    from lxml import etree

    from newskit.reading.formats.tables import _seekable

    with source.open() as stream, zipfile.ZipFile(_seekable(stream)) as archive:
        try:
            info = archive.getinfo("word/document.xml")
        except KeyError:
            raise ArticleError("it is no Word document") from None
        if info.file_size > max(MAX_WHOLE, 100 * info.compress_size):
            raise ArticleError("it unpacks to more than 100 times its size, as no text does")
        with archive.open(info) as document:
            yield from _docx_paragraphs(document, etree)


def _docx_paragraphs(document: IO[bytes], etree: Any) -> Iterator[str]:
    try:
        for _, paragraph in etree.iterparse(document, tag=f"{_W}p", resolve_entities=False, no_network=True):
            if any(parent.tag == f"{_W}p" for parent in paragraph.iterancestors()):
                continue  # a text box: read with the paragraph that holds it
            yield "".join(_docx_text(paragraph)) + "\n"
            paragraph.clear()
    except etree.XMLSyntaxError as error:
        raise ArticleError(f"the Word document is damaged: {error}") from error


def _docx_text(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        kind = element.tag.removeprefix(_W)
        if kind == "t":
            yield element.text or ""
        elif kind == "tab":
            yield "\t"
        elif kind == "noBreakHyphen":
            yield "-"
        else:
            yield "\n"


def rtf_lines(source: Input) -> Iterator[str]:
    """The lines of an RTF file."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise ArticleError("RTF files need striprtf: pip install 'newskit[import]'; or save it as text") from error
    text = source.whole(MAX_WHOLE).decode("latin-1")
    plain: str = rtf_to_text(text, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    yield from plain.splitlines(keepends=True)


# --- WARC ------------------------------------------------------------------------------------------------


def warc_pages(source: Input) -> Iterator[tuple[str, str, bytes | str]]:
    """The HTML pages of a web archive: (place, address, the page or why it cannot be read)."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise ArticleError("web archives need warcio: pip install 'newskit[import]'") from error
    number = 0
    with source.open() as stream:
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                kind = record.http_headers.get_header("Content-Type") or "text/html"
                if "html" not in kind.lower():
                    continue
                number += 1
                address = record.rec_headers.get_header("WARC-Target-URI") or f"page {number}"
                status = record.http_headers.get_statuscode()
                page: bytes | str
                if status != "200":
                    page = f"the server answered {status} and no page"
                else:
                    page = record.content_stream().read(MAX_WHOLE // 8 + 1)
                    if len(page) > MAX_WHOLE // 8:
                        page = "the page has more than 8 MB"
                    elif getattr(record.raw_stream, "limit", 0) > 0:  # bytes announced and not there
                        page = "the file is cut off here"
                yield f"page {number}", address, page
        except (ArchiveLoadFailed, AttributeError, ValueError, *DAMAGED) as error:  # warcio stumbles over a cut header
            raise ArticleError(f"the web archive is damaged here: {html.unescape(str(error))}") from error
