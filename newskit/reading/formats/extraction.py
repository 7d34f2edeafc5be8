"""The article in a page: which paragraphs are its, by trafilatura, and what the page says of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, Final

from newskit.reading.article import Part
from newskit.reading.boilerplate import is_boilerplate
from newskit.reading.formats.page_blocks import PageBlock, blocks_in, sign, signed
from newskit.reading.formats.page_tree import make_readable

_SHORTEST: Final = "120"
"""Characters below which trafilatura takes all words of a page instead of what it has found; its own choice is 250."""
_DATED: Final = {"property": "article:published_time", "content": "2000-01-01"}
_STANDFIRST: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:standfirst|deck|dek|sub-?(?:title|head(?:line)?|deck)|lede?|intro)(?:$|[\s_-])"
)
_ANNOUNCED: Final = re.compile(
    r"(?i)\W*(?:read|see|watch|listen|more|also|related|further|recommended|don['’]t miss|up next|next|explained"
    r"|explainer|opinion|analysis|in pictures|from the archives?)\b[^.:|]{0,30}[:|>»–—-]"
)
_CLOSED: Final = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")


def page_parts(tree: Any, title: str | None) -> list[tuple[Part, str]]:
    """The headline, headings and paragraphs of the article in a page, in order. The page is changed.

    trafilatura (Barbaresi 2021) says which paragraphs these are. Left out of them are links to other articles and
    headings without text below them. The headline is the `h1` above the text, else the title of the page.
    """
    import trafilatura

    make_readable(tree)
    body = tree.find(".//body")
    blocks = blocks_in(tree if body is None else body)
    sign(blocks)
    document: Any = trafilatura.bare_extraction(tree, include_comments=False, include_tables=False, config=_config())
    if document is None or document.body is None:
        return []
    found = signed("".join(document.body.itertext()), blocks)
    if not found:  # its words come from structured data
        texts = (" ".join("".join(p.itertext()).split()) for p in document.body.iter("p"))
        return [*_headline(title), *(("body", words) for words in texts if words)]
    return list(_parts(_of_article(found, blocks), title))


@functools.cache
def _config() -> Any:
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORTEST)
    return config


def _of_article(found: list[PageBlock], blocks: list[PageBlock]) -> list[PageBlock]:
    """The blocks without links to other articles, headings of nothing else, and what comes twice in a row."""
    chosen = set(map(id, found))
    after = dict(zip(map(id, blocks), blocks[1:], strict=False))
    kept: list[PageBlock] = []
    for block in _with_standfirst(found, blocks):
        next_one = after.get(id(block))
        of_links = block.is_heading and next_one is not None and id(next_one) not in chosen and next_one.is_linked
        if not (of_links or _is_teaser(block) or (kept and kept[-1].words == block.words)):
            kept.append(block)
    while kept and kept[-1].is_heading:
        kept.pop()
    return kept


def _with_standfirst(found: list[PageBlock], blocks: list[PageBlock]) -> list[PageBlock]:
    """The blocks of an article with the lines between its headline and its text that are marked as its standfirst."""
    places = {id(block): n for n, block in enumerate(blocks)}
    first = places[id(next((block for block in found if not block.is_heading), found[0]))]
    headline = max((n for n, block in enumerate(blocks[: first + 1]) if block.element.tag == "h1"), default=first)
    text = " ".join(block.words for block in found)
    between = [
        block
        for block in blocks[headline:first]
        if _STANDFIRST.search(block.element.get("class", "")) and block.words not in text
    ]
    return sorted([*found, *between], key=lambda block: places[id(block)])


def _is_teaser(block: PageBlock) -> bool:
    """Whether a block is a link to another article: one that is announced, or nothing but a link and not a sentence."""
    words = block.words
    if block.element.tag == "li" or block.is_heading or not block.n_linked:
        return False
    if block.is_linked:
        return len(words.split()) >= 4 and not _CLOSED.search(words)
    return block.n_linked >= 0.5 * len(words) and (_ANNOUNCED.match(words) is not None or is_boilerplate(words))


def _parts(blocks: list[PageBlock], title: str | None) -> Iterator[tuple[Part, str]]:
    """The parts of an article; what stands above its text is the headline once, and no byline."""
    lines = [(block, line) for block in blocks for line in ((block.words,) if block.is_heading else block.lines)]
    kept: list[tuple[PageBlock, str]] = []
    shown = title
    for n, (block, line) in enumerate(lines):
        if block.element.tag == "h1":
            shown = shown if block.is_linked else line  # the name of the site leads to its front page
        elif block.is_running_text and not _is_alike(line, title):
            kept += [(b, below) for b, below in lines[n:] if not (b.is_heading and _is_alike(below, title))]
            break
        elif not _is_alike(line, title) and not is_boilerplate(line):
            kept.append((block, line))
    yield from _headline(shown)
    yield from (("heading" if block.is_heading else "body", line) for block, line in kept)


def _headline(title: str | None) -> list[tuple[Part, str]]:
    return [("headline", title)] if title else []


def _is_alike(words: str, title: str | None) -> bool:
    """Whether two headlines are the same, one perhaps with the name of the site behind it."""
    one, other = (re.sub(r"[\W_]+", " ", text).strip().casefold() for text in (words, title or ""))
    return bool(one) and (one == other or (len(one) > 12 and other.startswith(f"{one} ")))


def page_metadata(tree: Any, url: str | None) -> Any:
    """What a page says of its article: title, author, site, address. The date that it has is not that of the page.

    trafilatura would look for a date in all of the text; one in the head keeps it from that.
    """
    from trafilatura.metadata import extract_metadata

    head = tree.find(".//head")
    dated = None if head is None else head.makeelement("meta", _DATED)
    if dated is not None:
        head.insert(0, dated)
    metadata = extract_metadata(tree, url)
    if dated is not None:
        head.remove(dated)
    return metadata
