"""The paragraphs of a page as they stand in it, and which of them are its article.

trafilatura finds the article in a page, but what it hands out has lost some words (a date inside a sentence, the text
beside a heading) and runs others together. So each paragraph gets a sign before trafilatura looks at the page. The
signs that come out tell which paragraphs are the article, and their words are read from the page itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

BLOCK_TAGS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol"),
        *("optgroup", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    )
)
CELL: Final = "newskit-cell"
"""The class of what were cells of a table whose rows are paragraphs now."""
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary"))
_NO_WORDS: Final = frozenset(
    (
        *("audio", "button", "canvas", "datalist", "del", "embed", "head", "iframe", "input", "map"),
        *("math", "noscript", "object", "picture", "script", "select", "style", "svg", "template"),
        *("textarea", "track", "video"),
    )
)
_UNSEEN: Final = re.compile(
    r"(?i)(?:^|\s)(?:(?:u-)?(?:sr-only|visually-?hidden|hidden)|screen-?reader[\w-]*|share(?:-\w+)*|tooltip[\w-]*)(?:\s|$)"
)
_AT_LEAST: Final = 40
"""Letters, links left out, from which loose text is a paragraph."""
_FULL_LINE: Final = 50
"""Characters from which a line that ends in `<br>` and not like a sentence is one of a paragraph wrapped by hand,
if the last line ends like a sentence: those of a list do not."""
_SIGNS: Final = 0x2800
"""The first of 256 Braille patterns, of which signs are made: symbols, and so no part of a word."""
_LINE_END: Final = "\u2028"
_CLOSED: Final = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_ENDS_SENTENCE: Final = re.compile(r"[a-z]{2}[.!?][\"”’]?$")


class PageBlock(NamedTuple):
    """A paragraph or heading of a page: its element, its lines, and how many of its characters are in links."""

    element: Any
    lines: tuple[str, ...]
    n_linked: int

    @property
    def is_heading(self) -> bool:
        """Whether its tag is that of a heading."""
        return self.element.tag in _HEADINGS

    @property
    def is_running_text(self) -> bool:
        """Whether it is a long sentence or more, and not for the most part links."""
        n = len(self.words)
        return n - self.n_linked >= 2 * _AT_LEAST and _CLOSED.search(self.words) is not None

    @property
    def is_linked(self) -> bool:
        """Whether it is nothing but links."""
        return self.n_linked >= 0.95 * len(self.words)

    @property
    def words(self) -> str:
        """Its words in one line."""
        return " ".join(self.lines)


def blocks_in(body: Any) -> list[PageBlock]:
    """The paragraphs and headings of a page, in order. Text that stands beside them gets an element of its own."""
    blocks = [block for element in list(_leaves(body)) if (block := _block_of(element)) is not None]
    running = [block for block in blocks if block.is_running_text]
    beside = Counter(block.element.getparent() for block in running)
    for block in running:
        if block.element.tag == "div" and beside[block.element.getparent()] > 1:
            block.element.tag = "p"
    return blocks


def sign(blocks: Sequence[PageBlock]) -> None:
    """Put a sign before the words of each block; inside a link if they begin with one, which stays a mere link."""
    width = _width(len(blocks))
    for number, block in enumerate(blocks):
        place = block.element
        while not (place.text or "").strip() and len(place) and place[0].tag in {"a", "b", "em", "i", "span", "strong"}:
            place = place[0]
        if place.tag != "a":
            place = block.element
        digits = (chr(_SIGNS + number // 256**power % 256) for power in reversed(range(width)))
        place.text = "".join(digits) + (place.text or "").lstrip()


def signed(text: str, blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """The blocks whose signs stand in a text, in the order of the page."""
    numbers = set()
    for found in re.findall(rf"[\u2800-\u28ff]{{{_width(len(blocks))}}}", text):
        number = 0
        for digit in found:
            number = number * 256 + ord(digit) - _SIGNS
        numbers.add(number)
    return [block for number, block in enumerate(blocks) if number in numbers]


def _width(n_blocks: int) -> int:
    return 2 if n_blocks <= 256**2 else 3


def words_of(element: Any) -> str:
    """The words of an element in one line."""
    return " ".join(_read(element)[0].split())


def _leaves(body: Any) -> Iterator[Any]:
    """The elements of a page that hold words and no other paragraphs."""
    holders = {body}
    for element in body.iter(*BLOCK_TAGS):
        for around in element.iterancestors():
            if around in holders:
                break
            holders.add(around)
    stack = [body]
    while stack:
        element = stack.pop()
        if element not in holders:
            yield element
        elif element.tag not in _NO_WORDS and (element is body or not _is_hidden(element)):
            stack.extend(reversed(_parts_of(element, holders)))


def _parts_of(holder: Any, holders: set[Any]) -> list[Any]:
    """The children of an element that holds paragraphs; what stands between them is put into an element each."""
    parts: list[Any] = []
    run: list[Any] = []
    before = None
    for child in [*holder, None]:
        if child is not None and not (child in holders or child.tag in BLOCK_TAGS):
            run.append(child)
            continue
        loose = (holder.text if before is None else before.tail) or ""
        if loose.strip() or len(run) > 1 or (run and (run[0].tail or "").strip()):
            parts.append(_wrapped(holder, before, loose, run))
        else:
            parts += [element for element in run if isinstance(element.tag, str)]
        if child is not None:
            parts.append(child)
        before, run = child, []
    return parts


def _wrapped(holder: Any, before: Any, loose: str, run: list[Any]) -> Any:
    """Loose words and inline elements in an element of their own: a paragraph if they are running text."""
    wrapper = holder.makeelement("span")
    if before is None:
        holder.text = None
        holder.insert(0, wrapper)
    else:
        before.tail = None
        before.addnext(wrapper)
    wrapper.text = loose
    wrapper.extend(run)
    block = _block_of(wrapper)
    if block is not None and len(block.words) - block.n_linked >= _AT_LEAST and holder.tag not in {"ul", "ol", "dl"}:
        wrapper.tag = "p"
    return wrapper


def _block_of(element: Any) -> PageBlock | None:
    """The block of an element; None if it has no words."""
    if element.tag in _NO_WORDS or element.tag == "br" or _is_hidden(element):
        return None
    text, n_linked = _read(element)
    lines: list[str] = []
    before, is_prose = "", _CLOSED.search(text.rstrip()) is not None
    for line in text.split(_LINE_END):
        words = " ".join(line.split())
        is_wrapped = is_prose and len(before) >= _FULL_LINE and not _CLOSED.search(before)
        if words and lines and (words[0].islower() or is_wrapped):  # the sentence goes on
            lines[-1] += f" {words}"
        elif words:
            lines.append(words)
        before = words
    return PageBlock(element, tuple(lines), n_linked) if any(map(str.isalnum, text)) else None


def _read(root: Any) -> tuple[str, int]:
    """The text of an element, a line separator where a line ends, and how many of its characters are in links."""
    from lxml import etree

    text = _Text()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element is root or _is_seen(element):
                text.begin(element.tag, element.get("class") == CELL)
                text.add(element.text, is_preformatted=root.tag == "pre")
            else:
                walk.skip_subtree()
            continue
        if event == "end" and (element is root or _is_seen(element)):
            text.end(element.tag)
        if element is not root:
            text.add(element.tail, is_preformatted=root.tag == "pre")
    return "".join(text.pieces), text.n_linked


def _is_seen(element: Any) -> bool:
    return not (
        element.tag in _NO_WORDS
        or element.get("aria-hidden") == "true"
        or _UNSEEN.search(element.get("class", ""))
        or _is_hidden(element)
    )


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or "display:none" in element.get("style", "").replace(" ", "")


class _Text:
    """The text of an element, put together from its pieces; words of two elements that touch are kept apart."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.n_linked = 0
        self._links = 0
        self._closed = self._opened = ""

    def begin(self, tag: str, is_cell: bool) -> None:
        """An element begins."""
        self._opened = tag
        self._links += tag == "a"
        if is_cell and self.pieces:
            self.pieces.append(" | ")
        if tag in {"br", "hr"}:
            self.pieces.append(_LINE_END)
        elif tag == "q":
            self.add("“")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "q":
            self.pieces.append("”")
        self._closed, self._opened = tag, ""
        self._links -= tag == "a"

    def add(self, piece: str | None, *, is_preformatted: bool = False) -> None:
        """Words of an element or behind it."""
        if not piece:
            return
        if self.pieces and self._touches(self.pieces[-1], piece):
            self.pieces.append(" ")
        self.pieces.append(re.sub(r"\n[ \t]*\n", _LINE_END, piece) if is_preformatted else piece)
        self.n_linked += len(piece) if self._links else 0
        self._closed = self._opened = ""

    def _touches(self, before: str, after: str) -> bool:
        """Whether two words would run together: of two links, two elements ("ParisBerlin") or two sentences."""
        if not (self._closed or self._opened) or before[-1].isspace() or after[0].isspace():
            return False
        if self._closed == self._opened == "a":
            return before[-1].isalnum() and after[0].isalnum()
        if not after[0].isupper():
            return False
        if self._closed and self._opened:
            is_word = re.search(r"[^\W\d_]{3}$|\d$", before) is not None
            return before[-1] in ".,;:!?”)" or (is_word and (not before[-1].isupper() or after[1:2].islower()))
        return _ENDS_SENTENCE.search(before) is not None
