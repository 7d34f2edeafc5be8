"""The elements of a page, within bounds: what reads them takes time by the square of attributes and of siblings."""

from __future__ import annotations

import re
from typing import Any, Final

from newskit.errors import ArticleError

LONGEST_PAGE: Final = 10_000_000
"""Most characters of a page."""
MOST_CHILDREN: Final = 500
"""Most elements side by side; if there are more, they are put into groups of this size."""
MOST_ATTRIBUTES: Final = 100
"""Most attributes of an element; one that has more loses them."""
_FEW: Final = 3000
"""Attributes of a page that no element has too many of, or that cost little if one has."""
_MOST_BROKEN: Final = 10
_TAG: Final = re.compile(r"""<[a-zA-Z][\w:-]*+(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE: Final = re.compile(r"""[^\s"'=<>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_INLINE: Final = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "img", "ins", "kbd"),
        *("mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"),
    )
)


def bounded_tree(html: str) -> Any:
    """The elements of a page; None if it has none; `ArticleError` if it is too long, or its tags are no tags.

    Of an element with hundreds of attributes they are left out, and hundreds of elements side by side are put into
    groups; phrases among them, such as links, become text.
    """
    from trafilatura import load_html

    if len(html) > LONGEST_PAGE:
        raise ArticleError(
            f"the page has {len(html):,} characters, more than {LONGEST_PAGE:,}: it is hardly an article. Save its "
            "text to a file of its own, or use Article(article_id=…, text=…)"
        )
    tree = load_html(_slim(html) if html.count("=") + html.count(" ") // 8 > _FEW else html)
    for element in [] if tree is None else [e for e in tree.iter() if len(e) > MOST_CHILDREN]:
        _group(element)
    return tree


def _slim(html: str) -> str:
    """The page without the attributes of elements that have hundreds of them."""
    pieces: list[str] = []
    at = done = broken = 0
    while (at := html.find("<", at)) >= 0:
        if not html[at + 1 : at + 2].isalpha():
            at += 1
            continue
        tag = _TAG.match(html, at)
        if tag is None:
            broken += 1
            at += 1
            if broken > _MOST_BROKEN:
                raise ArticleError("the page has tags that never end: save its text to a file of its own")
            continue
        at = tag.end()
        inside = tag.group()
        if len(inside) > 4 * MOST_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(inside)) > MOST_ATTRIBUTES + 1:
            name = re.match(r"<[\w:-]+", inside)
            pieces += [html[done : tag.start()], name.group() if name else "<div", ">"]
            done = at
    return "".join(pieces) + html[done:] if pieces else html


def _group(parent: Any) -> None:
    """Put the children of an element into groups, in their order; phrases become text."""
    kept: list[tuple[Any, list[str]]] = []
    words = [parent.text or ""]
    lead = words
    for child in list(parent):
        if isinstance(child.tag, str) and child.tag in _INLINE:
            words += ["".join(child.itertext()), child.tail or ""]
        else:
            words = [child.tail or ""]
            kept.append((child, words))
    for child in list(parent):
        parent.remove(child)
    parent.text = "".join(lead)
    for child, after in kept:
        child.tail = "".join(after)
    children = [child for child, _ in kept]
    kind = "tbody" if sum(child.tag == "tr" for child in children) > MOST_CHILDREN else "div"
    while len(children) > MOST_CHILDREN:
        groups = []
        for first in range(0, len(children), MOST_CHILDREN):
            group = parent.makeelement(kind)
            group.extend(children[first : first + MOST_CHILDREN])
            groups.append(group)
        children = groups
    parent.extend(children)
