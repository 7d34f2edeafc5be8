"""Exports of Factiva: HTML pages, in plain layout or with a table of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.formats.dates import parse_date
from newskit.reading.formats.records import Record, without_by, word_count

_FACTIVA_SIGNS = re.compile(r"(?i)class=[\"']?article \w*Article|Factiva, Inc|global\.factiva\.com")
_FACTIVA_END = re.compile(r"Document [A-Za-z0-9]{10,40}$")
_LENGTH = re.compile(r"[\d.,]+ (?:words|Wörter|mots|palabras)")
_LANGUAGE_NAMES: Final = frozenset(
    [
        *("English", "German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Polish", "Russian", "Swedish"),
        "Danish",
    ]
)


def is_factiva(head: str) -> bool:
    """Whether the beginning of a page shows an export of Factiva."""
    return _FACTIVA_SIGNS.search(head) is not None


def factiva_records(page: str) -> Iterator[Record]:
    """The articles of a page: each a `div.article`, in plain layout or with a table of fields."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        tree = lxml_html.document_fromstring(
            page.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError(f"it is not HTML: {error}") from error
    found = tree.xpath("//div[contains(concat(' ', normalize-space(@class), ' '), ' article ')]")
    if not found:
        raise ArticleError("it has no articles: save the page from Factiva with the full texts, Display Options: HTML")
    for number, element in enumerate(found, start=1):
        rows = element.xpath(".//tr[td/b or td[contains(@class, 'index')]]")
        fields = [(_words_of(row[0]), row[1]) for row in rows if len(row) > 1]
        indexed = {name for name, _ in fields} & {"HD", "LP", "TD", "AN", "PD"}
        yield f"article {number}", _with_fields(fields) if indexed else _plain_article(element)


def _words_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraphs_of(element: Any) -> list[str]:
    inner = element.xpath(".//p")
    return [words for words in map(_words_of, inner or [element]) if words]


def _with_fields(fields: list[tuple[str, Any]]) -> dict[str, Any] | str:
    values = {name: _words_of(cell) for name, cell in reversed(fields)}
    body = [words for name in ("LP", "TD") for key, cell in fields if key == name for words in _paragraphs_of(cell)]
    if not body:
        return "it has no text"
    return {
        "title": values.get("HD") or None,
        "outlet": values.get("SN") or None,
        "published": values.get("PD") or None,
        "author": without_by(values.get("BY", "")) or None,
        "language": values.get("LA") or None,
        "body": "\n\n".join(body),
        "_words": word_count(values.get("WC", "")),
    }


def _cells_below(element: Any, headline: Any) -> Iterator[str]:
    """The words of the `div`s below the headline, above which there may be the name of a section."""
    is_below = headline is None
    for inner in element.iter("*"):
        is_below = is_below or inner is headline
        if is_below and inner.tag == "div" and not inner.xpath("boolean(.//div | .//p)") and _words_of(inner):
            yield _words_of(inner)


def _plain_article(element: Any) -> dict[str, Any] | str:
    titles = element.xpath(".//*[contains(@class, 'Headline') or contains(@id, 'hd')]")
    title = _words_of(titles[0]) if titles else ""
    body = [words for p in element.xpath(".//p") if (words := _words_of(p)) and not _FACTIVA_END.match(words)]
    cells = [words for words in _cells_below(element, titles[0] if titles else None) if words != title]
    dated = next((i for i, words in enumerate(cells) if re.search(r"\d{4}$", words) and parse_date(words)), None)
    counted = next((i for i, words in enumerate(cells) if _LENGTH.fullmatch(words)), None)
    clock = dated is not None and len(cells) > dated + 1 and bool(re.match(r"\d{1,2}:\d{2}", cells[dated + 1]))
    outlet = None if dated is None else next(iter(cells[dated + 1 + clock :]), None)
    if not body:
        return "it has no text"
    return {
        "title": title or None,
        "outlet": outlet,
        "published": None if dated is None else cells[dated],
        "author": without_by(cells[counted - 1]) if counted else None,
        "language": next((words for words in cells if words in _LANGUAGE_NAMES), None),
        "body": "\n\n".join(body),
        "_words": None if counted is None else word_count(cells[counted]),
    }
