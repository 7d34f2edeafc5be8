"""A page made ready for reading: captions are taken out, tables and live blogs become paragraphs and headings."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import Any, Final

from newskit.reading.formats.page_blocks import BLOCK_TAGS, CELL, words_of

_CAPTION: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:wp-?)?caption(?:s|-?text)?(?:$|[\s_-])|(?:image|photo|media|picture)-?caption"
    r"|(?:video|audio|player|embed|image|photo)-?(?:title|desc\w*|credits?)(?:$|[\s_-])"
)
_PULLED: Final = re.compile(r"(?i)pull-?(?:quote|out)")
_OFFER: Final = re.compile(r"(?i)(?:^|[\s_-])(?:paywall|regwall|subscri\w*|newsletter|sign-?up|promo)")
_CLOCK: Final = re.compile(r"(?i)\W*(?:\d{1,2}[:.h]\d\d|\d{1,2} ?[ap]\.?m)\b.{0,30}$")
_TIME: Final = re.compile(r"(?i)(?:^|[\s_-])(?:time|time-?stamp|date-?time|posted)(?:$|[\s_-])")
_OFFERED: Final = re.compile(
    r"(?i)\b(?:subscri\w+|sign(?:ed)? (?:up|in)|newsletters?|log ?in|regist\w+|inbox|members?)\b"
)
_TITLES: Final = ("h2", "h3", "h4", "h5")
_NOT_IN_CELLS: Final = BLOCK_TAGS - {"p", "ul", "li"}
_SHORT: Final = 600
_MOST_TEASER: Final = 800
_LONG_CELL: Final = 400
"""Characters of a caption or an offer, beside the heading of a card, and in a cell of a table of data, at most."""
_SEVERAL: Final = 3
"""Boxes of one kind are cards, or the entries of a live blog, from this number on."""


def make_readable(tree: Any) -> None:
    """Make a page ready for reading, in place.

    Captions, pull quotes, cards that lead to other articles and offers to subscribe are taken out, and who wrote an
    embedded post is moved into its last paragraph. The rows of tables become paragraphs, and those that lay out the
    page are undone. The time of an entry in a live blog becomes a heading.
    """
    _move_authors_of_posts(tree)
    _remove_captions(tree)
    _remove_pull_quotes(tree)
    _remove_cards(tree)
    _remove_offers(tree)
    _undo_tables(tree)
    _head_entries(tree)


def _move_authors_of_posts(tree: Any) -> None:
    for post in tree.xpath("//blockquote[p]"):
        last = post.findall("p")[-1]
        rest = " ".join((last.tail or "").split())
        if rest or last.getnext() is not None:
            last.tail = None
            following = list(last.itersiblings())
            words = " ".join(" ".join([rest, *("".join(e.itertext()) + (e.tail or "") for e in following)]).split())
            for element in following:
                post.remove(element)
            if len(last):
                last[-1].tail = f"{last[-1].tail or ''} {words}"
            else:
                last.text = f"{last.text or ''} {words}"


def _remove_captions(tree: Any) -> None:
    for element in list(tree.iter("figcaption", "figure", "div", "p", "span")):
        if element.tag == "figure":
            element.tag = "div" if element.find(".//table") is not None else "figure"
        elif element.tag == "figcaption" or (
            _CAPTION.search(_names(element)) and len(words_of(element)) < _SHORT and element.find(".//h1") is None
        ):
            element.drop_tree()


def _remove_pull_quotes(tree: Any) -> None:
    """Take out what is marked as a pull quote and stands in a paragraph too."""
    pulled = [e for e in tree.iter("div", "p", "span", "aside", "blockquote", "section") if _PULLED.search(_names(e))]
    if pulled:
        inside = {inner for element in pulled for inner in element.iter("p")}
        text = " ".join(words_of(p) for p in tree.iter("p") if p not in inside)
        for element in pulled:
            if words_of(element).strip("\"“”'‘’ ") in text:
                element.drop_tree()


def _remove_cards(tree: Any) -> None:
    """Take out boxes side by side that are a linked heading with a teaser."""
    cards = [card for heading in tree.iter(*_TITLES) if (card := _card_of(heading)) is not None]
    kinds = Counter(map(_kind_of, cards))
    for card in dict.fromkeys(cards):
        if kinds[_kind_of(card)] >= _SEVERAL:
            card.drop_tree()


def _card_of(heading: Any) -> Any:
    """The box of a heading that is a link to another page, with a few lines beside it; None if it is not one."""
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    words = words_of(heading)
    if link is None or "#" in link.get("href", "#") or len(words_of(link)) < 0.9 * len(words):
        return None
    card = None
    for around in heading.iterancestors("div", "li", "article", "section", "a"):
        if len(list(islice(around.iter(*_TITLES), 2))) > 1 or len(list(islice(around.iter("p"), 3))) > 2:
            break
        if len(words_of(around)) > len(words) + _MOST_TEASER or any(map(_is_clock, around.iter("time"))):
            break
        card = around
    return card


def _remove_offers(tree: Any) -> None:
    """Take out short boxes that offer a subscription, by their class and their words."""
    for box in list(tree.iter("div", "section", "aside", "p", "ul")):
        if _OFFER.search(_names(box)):
            words = words_of(box)
            if len(words) < _SHORT and _OFFERED.search(words) and box.find(".//h1") is None:
                box.drop_tree()


def _undo_tables(tree: Any) -> None:
    """Each row of a table becomes a paragraph with its cells apart; a table that lays out the page becomes boxes."""
    for table in list(tree.iter("table")):
        cells, rows = list(table.iter("td", "th")), list(table.iter("tr"))
        is_layout = (
            len(cells) <= len(rows)
            or any(next(cell.iterdescendants(*_NOT_IN_CELLS), None) is not None for cell in cells)
            or any(len(words_of(cell)) > _LONG_CELL or len(cell.findall("p")) > 1 for cell in cells)
        )
        for row in rows:
            row.tag = "div" if is_layout else "p"
            for cell in list(row.iterchildren("td", "th")):
                cell.tag = "div" if is_layout else "span"
                if not is_layout:
                    cell.attrib.clear()
                    cell.set("class", CELL)
                    for inner in list(cell.iterdescendants("p", "ul", "li")):
                        inner.tag = "span"
        for part in table.iter("thead", "tbody", "tfoot", "caption", "table"):
            part.tag = "p" if part.tag == "caption" else "div"


def _head_entries(tree: Any) -> None:
    """The time of each entry of a live blog becomes a heading, so that it is not left out as the date of a page is."""
    times = [(time, entry) for time in tree.iter("time", "span", "p", "div") if (entry := _entry_of(time)) is not None]
    kinds = Counter(_kind_of(entry) for _, entry in times)
    for time, entry in times:
        if kinds[_kind_of(entry)] >= _SEVERAL:
            words = words_of(time)
            for inner in list(time):
                time.remove(inner)
            time.tag, time.text = "h4", words
            time.attrib.clear()


def _entry_of(time: Any) -> Any:
    """The box of paragraphs that begins with a time of the day; None if it is not one."""
    if (time.tag != "time" and not _TIME.search(time.get("class", ""))) or (time.tail or "").strip():
        return None
    if not _is_clock(time):
        return None
    around = islice(time.iterancestors(), 4)
    entry = next((element for element in around if element.find(".//p") is not None), None)
    return entry if entry is not None and entry.tag in {"div", "article", "section", "li"} else None


def _is_clock(time: Any) -> bool:
    return _CLOCK.match(words_of(time)) is not None


def _kind_of(box: Any) -> tuple[Any, str, str]:
    """What boxes of one kind have in common: where they stand, their tag and their first class."""
    return box.getparent(), box.tag, box.get("class", "").split(" ")[0]


def _names(element: Any) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"
