"""Texts with HTML in them, as columns of tables and the answers of news services have them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

_NAMES: Final = "p|div|span|a|b|i|u|em|strong|h[1-6]|ul|ol|li|blockquote|figure|figcaption|table|tr|td|section|article"
_TAG = re.compile(rf"(?i)</(?:{_NAMES})\s*>|<(?:br|p|hr)(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][\da-fA-F]{2,6}|[A-Za-z][A-Za-z\d]{1,12});")
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "figure",
        "figcaption",
        "table",
        "tr",
        "section",
        "article",
        "hr",
        "pre",
    ]
)
_LEFT_OUT: Final = frozenset(("script", "style", "noscript", "template", "iframe", "head"))


def has_markup(text: str) -> bool:
    """Whether a text has tags or entities of HTML.

    >>> has_markup("<p>Talks resume.</p>"), has_markup("A &amp; B"), has_markup("if a < b and c > d")
    (True, True, False)
    """
    if "<" in text and _TAG.search(text):
        return True
    return "&" in text and any(html.unescape(entity) != entity for entity in _ENTITY.findall(text))


def without_markup(text: str) -> str:
    """A text without tags, its paragraphs apart and its entities as characters.

    >>> without_markup("<p>The <b>European&nbsp;Union</b> met.</p><p>Nobody<br>left.</p>")
    'The European\\xa0Union met.\\n\\nNobody\\nleft.'
    """
    if not _TAG.search(text):
        text = html.unescape(text)
        if not _TAG.search(text):
            return html.unescape(text) if _ENTITY.search(text) else text
    from lxml import html as lxml_html

    tree = lxml_html.fragment_fromstring(text.replace("\0", ""), create_parent="div")
    words = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(_pieces(tree)))
    return re.sub(r"\n{3,}", "\n\n", words).strip()


def _pieces(root: Any) -> Iterator[str]:
    """The text of an element and of those in it; a stack in place of recursion, since tags may be nested deeply."""
    stack: list[Any] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
            continue
        known = isinstance(item.tag, str) and item.tag not in _LEFT_OUT
        gap = "\n\n" if item.tag in _BLOCKS else "\n" if item.tag == "br" else ""
        if item is not root:
            stack.append(item.tail or "")
        stack.append(gap)
        if known:
            stack.extend(reversed(list(item)))
            yield gap if item.tag != "br" else ""
            yield re.sub(r"\s*\n\s*", " ", item.text or "") if gap else item.text or ""
