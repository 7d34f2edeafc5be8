"""The article in a page: which paragraphs are its, by trafilatura, and what the page says of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Set
from itertools import chain, islice
from typing import Any, Final

from newskit.reading.article import Part
from newskit.reading.boilerplate import is_boilerplate
from newskit.reading.formats.page_blocks import PageBlock, blocks_in, sign, signed, words_of
from newskit.reading.formats.page_tree import make_readable

_SHORTEST: Final = "120"
"""Characters below which trafilatura takes all words of a page instead of what it has found; its own choice is 250."""
_DATED: Final = {"property": "article:published_time", "content": "2000-01-01"}
_STANDFIRST: Final = re.compile(
    r"(?i)(?:^|[\s_-])(?:standfirst|deck|dek|sub-?(?:title|head(?:line)?|deck)|lede?|intro|article-summary|summary)(?:$|[\s_-])"
)
_BESIDE: Final = re.compile(
    r"(?i)relat|promo|teaser|newsletter|subscri|sign-?up|share|social|comment|caption|credit|author|\bbio|byline|meta|tags?\b"
    r"|\bads?\b|advert|widget|sidebar|most-|popular|recommend|more|link|embed|video|gallery|slide|footer|banner|cookie|consent"
    r"|disclaimer|bookmark|support|donat|fact-?box|info-?box|bottom|hidden|timestamp|date|copyright|nav|menu|pull"
)
_BELOW: Final = re.compile(
    r"(?i)support|donat|disclaimer|copyright|bottom-|author-?(?:bio|box)|newsletter|subscri|relat|recommend|comments|share|social"
)
_MOST_BELOW: Final = 0.2
"""The share of what was found that may be dropped from its end, by the names of what it stands in."""
_APPENDIX: Final = re.compile(
    r"(?i)(?:sources|references|see also|external links|further reading|related (?:news|articles|stories|coverage))\W*$"
)
_SKIP: Final = re.compile(
    r"(?i)(?:skip|advert\w*|share|comments?|subscribe|sign up|log in|read more|view more|continue)\b"
)
_DATE_LINE: Final = re.compile(
    r"(?i)(?:[\d\W]|published|updated|posted|on|at|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|jan(?:uary)?"
    r"|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|st|nd|rd|th|[ap]\.?m\.?|[ecmp][sd]?t|gmt|utc|bst|cest|min(?:ute)?s?|read|ago|hours?)+$"
)
"""A line above the text that is nothing but a date or a time."""
_ANNOUNCED: Final = re.compile(
    r"(?i)\W*(?:read|see|watch|listen|more|also|related|further|recommended|don['’]t miss|up next|next|explained"
    r"|explainer|opinion|analysis|in pictures|from the archives?)\b[^.:|]{0,30}[:|>»–—-]"
)
_NOBODY: Final = re.compile(
    r"(?i)(?:in|on|at|an?|it|he|she|they|we|but|for|as|after|when|while|this|that|with|from|to) "
)
"""How a sentence begins that was taken for a name, from what a page says of its author."""
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
    around = set(next((block for block in found if not block.is_heading), found[0]).element.iterancestors())
    chosen = _with_gaps_filled(found, blocks, around)
    after = dict(zip(map(id, blocks), blocks[1:], strict=False))
    numbers = set(map(id, chosen))
    kept: list[PageBlock] = []
    for block in chosen:
        below = after.get(id(block))
        of_links = block.is_heading and below is not None and id(below) not in numbers and below.is_linked
        is_one = (of_links and not _is_standfirst(block)) or _is_teaser(block)
        if not is_one and (not kept or kept[-1].words != block.words):
            kept.append(block)
    least = _MOST_BELOW * sum(len(block.words) for block in kept)
    while kept and (kept[-1].is_heading or _is_beside(kept[-1].element, around, _BELOW)):
        least -= len(kept[-1].words)
        if least < 0:
            break
        kept.pop()
    return _without_appendix(kept)


def _with_gaps_filled(found: list[PageBlock], blocks: list[PageBlock], around: Set[Any]) -> list[PageBlock]:
    """The blocks, with the text between them that trafilatura left out, and with the standfirst above them."""
    numbers = {id(block): n for n, block in enumerate(blocks)}
    taken = {numbers[id(block)] for block in found}
    first = min((n for n in taken if not blocks[n].is_heading), default=min(taken))
    headline = max((n for n in range(first + 1) if blocks[n].element.tag == "h1"), default=first)
    text = " ".join(block.words for block in found)
    for n in range(max(taken), headline, -1):
        block = blocks[n]
        is_text = block.is_running_text or _is_standfirst(block) or (block.is_heading and n > first and n + 1 in taken)
        if (
            n not in taken
            and is_text
            and block.words not in text
            and 2 * block.n_linked <= len(block.words)
            and not _is_beside(block.element, around, _BESIDE)
        ):
            taken.add(n)
    return [blocks[n] for n in sorted(taken)]


def _is_beside(element: Any, around: Set[Any], names: re.Pattern[str]) -> bool:
    """Whether an element, or what holds it and not the text (`around`), is named as something beside a text."""
    for holder in chain([element], element.iterancestors()):
        if holder in around:
            return False
        if holder.tag in {"aside", "nav", "footer", "form", "figure"} or names.search(_names(holder)):
            return True
    return False


def _is_standfirst(block: PageBlock) -> bool:
    places = chain([block.element], islice(block.element.iterancestors(), 2))
    return len(block.words) > 20 and any(_STANDFIRST.search(_names(element)) for element in places)


def _names(element: Any) -> str:
    return " ".join(value for name, value in element.items() if name in {"class", "id"} or name.startswith("data-"))


def _without_appendix(blocks: list[PageBlock]) -> list[PageBlock]:
    """The blocks up to a last heading such as "Sources" that has nothing but lists and links below it."""
    last = max((n for n, block in enumerate(blocks) if block.is_heading), default=0)
    below = blocks[last + 1 :]
    is_list = all(block.element.tag == "li" or block.is_linked for block in below)
    return blocks[:last] if last and is_list and _APPENDIX.match(blocks[last].words) else blocks


def _is_teaser(block: PageBlock) -> bool:
    """Whether a block is a link to another article: one that is announced, or nothing but a link and not a sentence."""
    words = block.words
    if block.element.tag == "li" or block.is_heading or not block.n_linked:
        return False
    if block.is_linked:
        return _SKIP.match(words) is not None or (len(words.split()) >= 4 and not _CLOSED.search(words))
    return block.n_linked >= 0.5 * len(words) and (_ANNOUNCED.match(words) is not None or is_boilerplate(words))


def _parts(blocks: list[PageBlock], title: str | None) -> Iterator[tuple[Part, str]]:
    """The parts of an article; what stands above its text is the headline once, and no byline."""
    lines = [(block, line) for block in blocks for line in ((block.words,) if block.is_heading else block.lines)]
    # Once for each block, which may have thousands of lines.
    running = {id(block) for block in blocks if block.is_running_text}
    kept: list[tuple[PageBlock, str]] = []
    shown = title
    for n, (block, line) in enumerate(lines):
        if block.element.tag == "h1":
            shown = shown if block.is_linked else line  # the name of the site leads to its front page
        elif id(block) in running and not _is_alike(line, title):
            kept += [
                (b, below)
                for b, below in lines[n:]
                if not (b.is_heading and _is_alike(below, title))
                and not (_is_date(b, below) and next(b.element.iter("time"), None) is not None)
            ]
            break
        elif not (_is_alike(line, title) or is_boilerplate(line) or _is_date(block, line)):
            kept.append((block, line))
    yield from _headline(shown)
    for block, line in kept:
        yield ("heading" if block.is_heading and not _is_standfirst(block) else "body"), line


def _headline(title: str | None) -> list[tuple[Part, str]]:
    return [("headline", title)] if title else []


def _is_date(block: PageBlock, line: str) -> bool:
    return not block.is_heading and len(line) < 80 and _DATE_LINE.match(line) is not None


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
    author = re.split(r"(?i)\W*\b(?:updated|published|posted)\b", metadata.author or "")[0]
    metadata.author = None if not author or _NOBODY.match(author) else author
    metadata.title = _headline_in(tree) or metadata.title
    if dated is not None:
        head.remove(dated)
    return metadata


def _headline_in(tree: Any) -> str | None:
    """The heading that the title of the window begins with, of a page that has no `h1`; trafilatura takes any other."""
    window = " ".join((tree.findtext(".//title") or "").split())
    if tree.find(".//h1") is not None:
        return None
    return next((words for e in tree.iter("h2", "h3") if _is_alike(words := words_of(e), window)), None)
