"""The date of a page: from its head, its structured data or its byline, never from its text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from newskit.reading.formats.dates import parse_date

_HEAD: Final = (
    *("article:published_time", "og:article:published_time", "article:published", "og:published_time"),
    *("datepublished", "date.published", "rnews:datepublished", "parsely-pub-date", "sailthru.date", "bt:pubdate"),
    *("cxenseparse:recs:publishtime", "article_date_original", "originalpublicationdate", "publication_date"),
    *("publication-date", "publish_date", "publish-date", "publishdate", "pubdate", "pub_date", "displaydate"),
    *("citation_publication_date", "citation_online_date", "dc.date.issued", "dcterms.issued", "dcterms.created"),
    *("dc.date.created", "dcterms.date", "dc.date", "date"),
)
_ARTICLE = re.compile(r"(?i)article|posting|report")
_BYLINE = re.compile(
    r"(?i)(?:^|[\s_-])(?:publish|published|pub-?date|date|dateline|byline|author|timestamp|posted|post-?meta|entry-?meta"
    r"|article-?meta|entry-?date|post-?date|article-?date|story-?date|meta|time)(?:$|[\s_-])"
    r"|(?:publish|article|post)\w*date"
)
_MOST_LOOKED: Final = 100
"""Most elements of a kind that are looked at for a date."""
_NOT_OF_ARTICLE: Final = (
    *(
        "comment",
        "related",
        "footer",
        "sidebar",
        "tweet",
        "recommend",
        "event",
        "teaser",
        "promo",
        "trending",
        "popular",
    ),
    *("most-read", "mostread", "latest", "ticker", "breaking", "masthead", "more-news"),
)
"""In the class or id of what stands around or beside an article."""
_OUTSIDE: Final = (
    "ancestor-or-self::*[self::aside or self::nav or self::footer or self::blockquote or self::figure or self::form or "
    + " or ".join(f"contains(@class, '{word}') or contains(@id, '{word}')" for word in _NOT_OF_ARTICLE)
    + "]"
)
_CDATA = re.compile(r"\A\s*(?:/[/*]\s*)?(?:<!\[CDATA\[|<!--)(?:\s*\*/)?|(?:/[/*]\s*)?(?:\]\]>|-->)(?:\s*\*/)?\s*\Z")
"""What may stand around JSON in a script, for readers of XML or old browsers."""
_CHANGED = re.compile(r"(?i)updat|modif|edited|revis|geändert|aktualisiert")
_ON = re.compile(r"(?i)(?<!posted )(?<!published )\bon $")
_ENTRIES: Final = 3
"""So many times that stand alike are those of entries or teasers."""
_LINES: Final = (
    "//*[self::p or self::div or self::span or self::li or self::small or self::dd or self::summary "
    "or self::h2 or self::h3 or self::h4 or self::h5 or self::strong or self::b or self::em]"
    "[@class or @id or @data-testid]"
)
_IN_WORDS = re.compile(
    r"(?i)\d{4}-\d\d-\d\d(?:T[\d:]+)?|\d{1,2}[./]\d{1,2}[./]\d{4}"
    r"|[^\W\d]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    r"|\d{1,2}(?:st|nd|rd|th|\.)? (?:de )?[^\W\d]{3,10}\.?,? (?:de )?(?:19|20)\d\d"
)


def page_date(tree: Any) -> dt.datetime | None:
    """The day on which a page was published, at midnight; None if nothing outside its text tells.

    Looks at the meta tags of the head, JSON-LD of the article, `time` elements and elements of a byline, and the
    address of the page. A numeric day that may be a month, 03/04/2019, counts only where the address settles it.
    """
    address = _of_address(tree)
    for value in (*_in_head(tree), *_structured(tree), *_in_byline(tree)):
        parsed = parse_date(value)
        if parsed is not None and not isinstance(parsed, dt.datetime):
            parsed = next((date for date in (parsed.day_first, parsed.month_first) if date.date() == address), None)
        if parsed is not None:
            return dt.datetime(parsed.year, parsed.month, parsed.day)
    return dt.datetime(address.year, address.month, address.day) if address else None


def _in_head(tree: Any) -> Iterator[str]:
    said: dict[str, str] = {}
    for element in tree.iter("meta"):
        if element.get("content") and not element.xpath("ancestor::*[@itemtype]"):
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                said.setdefault((element.get(attribute) or "").strip().lower(), element.get("content").strip())
    yield from (said[name] for name in _HEAD if name in said)


def _structured(tree: Any) -> Iterator[str]:
    """`datePublished` of the article in JSON-LD: of an object at the top or in a graph, not of a video or a comment."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            value = json.loads(_CDATA.sub("", script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        items = value if isinstance(value, list) else [value]
        graphs = [item["@graph"] for item in items if isinstance(item, dict) and isinstance(item.get("@graph"), list)]
        for item in (*items, *(inner for graph in graphs for inner in graph)):
            if not isinstance(item, dict):
                continue
            main = item.get("mainEntity")
            for thing in (item, main if isinstance(main, dict) else {}):
                kind, date = str(thing.get("@type", "")), thing.get("datePublished")
                if isinstance(date, str) and (_ARTICLE.search(kind) or kind == "WebPage"):
                    yield date


def _in_byline(tree: Any) -> Iterator[str]:
    found = tree.xpath("//*[@itemprop='datePublished'] | //time | //abbr[contains(@class, 'publish')][@title]")
    marks = [mark for mark in found[:_MOST_LOOKED] if not (mark.xpath(_OUTSIDE) or _is_changed(mark))]
    alike = Counter(map(_place_of, marks))
    for mark in marks:
        if mark.get("itemprop") != "datePublished" and (
            _in_sentence(mark) or (mark.tag == "time" and not _above_text(mark)) or alike[_place_of(mark)] >= _ENTRIES
        ):
            continue
        yield mark.get("datetime") or mark.get("content") or mark.get("title") or " ".join(mark.itertext())
    named = (
        (line, " ".join(line.get(name, "") for name in ("class", "id", "data-testid"))) for line in tree.xpath(_LINES)
    )
    lines = (line for line, names in named if _BYLINE.search(names) and not _CHANGED.search(names))
    for line in islice(lines, _MOST_LOOKED):
        if not line.xpath(_OUTSIDE) and _above_text(line) and line.find(".//p") is None:
            yield from _in_words(" ".join(" ".join(line.itertext()).split()))


def _in_words(words: str) -> Iterator[str]:
    """The first date in a line that is not said to be that of a change, nor stands in a sentence."""
    at = 0
    if len(words) <= 150 and not words.endswith("."):
        for found in _IN_WORDS.finditer(words):
            before, at = words[at : found.start()], found.end()
            if not _CHANGED.search(before) and not _ON.search(before):
                yield found[0]
                return


def _is_changed(mark: Any) -> bool:
    """Whether a mark is of a change, by its attributes, those of what holds it, or the word before it: "Updated"."""
    names = " ".join(map(str, (*mark.values(), *mark.getparent().values())))
    labels = re.findall(r"(?i)publish|posted|updat|modif|edited|revis", _words_before(mark)[-40:])
    return _CHANGED.search(names) is not None or (bool(labels) and _CHANGED.search(labels[-1]) is not None)


def _words_before(mark: Any) -> str:
    """The words between a mark and the time before it, or the beginning of what holds it."""
    words: list[str] = []
    for sibling in islice(mark.itersiblings(preceding=True), 5):
        words.append(sibling.tail or "")
        if sibling.tag == "time" or sibling.find(".//time") is not None:
            break
        words.append("".join(sibling.itertext()))
    else:
        words.append(mark.getparent().text or "")
    return " ".join(" ".join(reversed(words)).split())


def _place_of(mark: Any) -> tuple[str, str, str]:
    """What the times of entries or teasers have in common, and that of a byline does not."""
    around = mark.getparent()
    return mark.tag, around.tag, around.get("class", "")


def _in_sentence(element: Any) -> bool:
    """Whether an element stands in a paragraph that ends like a sentence."""
    around = element.xpath("ancestor::p[1]")
    return bool(around) and " ".join(around[0].itertext()).rstrip().endswith((".", "!", "?", "”", '"'))


def _above_text(element: Any) -> bool:
    """Whether less than a paragraph of running text stands before an element, or it is in the header of the page."""
    return not element.xpath("boolean(preceding::p[string-length(normalize-space()) > 200][1])")


def _of_address(tree: Any) -> dt.date | None:
    """The day in the address that the page gives for itself: /2019/04/03/."""
    addresses = tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    for address in addresses:
        found = re.search(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?:[/-]|$)", address)
        parsed = parse_date("-".join(found.groups())) if found else None
        if isinstance(parsed, dt.datetime):
            return parsed.date()
    return None
