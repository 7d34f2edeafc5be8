"""An article: its text, metadata, language, and its headline, headings and paragraphs."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from newskit.reading.formats.dates import given_date
from newskit.resources.lexicons import titles

Part = Literal["headline", "heading", "body", "boilerplate", "foreign"]


@dataclass(frozen=True, slots=True)
class Block:
    """A headline, a heading or a paragraph: `text[start:end]` of its article.

    `section` is the heading above it; None before the first heading.
    """

    start: int
    end: int
    part: Part = "body"
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A news article.

    Parameters
    ----------
    article_id : str
        The identifier, unique in a corpus.
    text : str
        The text as it came in. newskit never edits it, and every offset points into it.
    title : str, optional
        By default the headline, if the text has one.
    outlet : str, optional
        Who published it.
    published : datetime, date or str, optional
        The date of publication as the outlet gives it, by its own clock: a time zone is left out, so that it moves no
        article to another day. A str such as "2024-05-03" becomes a datetime.
    author : str, optional
        The byline.
    url : str, optional
        Where it was found.
    language : str, optional
        The ISO 639-1 code ("en-GB" is kept as "en"); None until the language is detected.
    blocks : tuple of Block, optional
        The headline, headings and paragraphs, in order, each with `start`, `end`, `part` and `section`. By default
        they are found in the text.
    metadata : mapping of str to object, optional
        What else is known of it, by the names of columns: `annotate` makes columns of `articles` of them.

    Raises
    ------
    TypeError
        If `article_id` or `text` is not a string, or `published` no date.
    ValueError
        If `published` is a str that is not one day, or may be one of two (03/04/2024).

    Notes
    -----
    In a plain text, a line is a paragraph, unless the text is hard-wrapped (several lines of about equal length that
    end within sentences). The headline is a first paragraph of at most 30 words without closing punctuation; a
    heading is a later one of at most 14 words that begins with a capital or a digit and stands before running text.

    Examples
    --------
    >>> article = Article(article_id="a", text="Talks resume\\nDelegates met in Geneva on Monday to talk.")
    >>> article.title, [block.part for block in article.blocks]
    ('Talks resume', ['headline', 'body'])
    """

    article_id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: dt.datetime | dt.date | None = None
    author: str | None = None
    url: str | None = None
    language: str | None = None
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.article_id, str) or not isinstance(self.text, str):
            raise TypeError(
                f"Article needs article_id and text as str, got {type(self.article_id).__name__} "
                f"and {type(self.text).__name__}"
            )
        object.__setattr__(self, "published", given_date(self.published))
        blocks = self.blocks or find_blocks(self.text)
        object.__setattr__(self, "blocks", tuple(blocks))
        if self.language is not None:
            object.__setattr__(self, "language", re.split("[-_]", self.language.lower())[0])
        if self.title is None and blocks and blocks[0].part == "headline":
            object.__setattr__(self, "title", self.text[blocks[0].start : blocks[0].end])


_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CLOSING_MARK = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_NOT_HEADING = re.compile(
    r"(?i)^(?:[-–—•*·>]|\(|by [A-Z]|published|updated|posted|photo|image|video|advertisement|read more|share\b"
    r"|related|source:|sign up|story continued|slideshow|ad$|©|copyright"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |https?:|www\.)"
)
_HEADLINE_WORDS: Final = 30
_HEADING_WORDS: Final = 14


def find_blocks(text: str) -> tuple[Block, ...]:
    """Tell the headline, headings and paragraphs of a plain text apart.

    A line is a paragraph, unless the text is hard-wrapped (several lines of about equal length that end
    within sentences). The headline is a first paragraph of at most 30 words without
    closing punctuation; a heading is a later one of at most 14 words that begins with a capital or a
    digit, is not the last and stands before running text. Bylines, dates, captions and list items are
    body. White space around a paragraph belongs to no block.
    """
    spans = _paragraph_spans(text)
    looks = [_looks_like_heading(text[a:b], words=_HEADING_WORDS) for a, b in spans]
    blocks: list[Block] = []
    section: str | None = None
    for i, (start, end) in enumerate(spans):
        line, part = text[start:end], "body"
        more = i + 1 < len(spans)
        if i == 0 and more and _looks_like_heading(line, words=_HEADLINE_WORDS, question=True):
            part = "headline"
        elif i > 0 and looks[i] and _leads_to_text(spans, looks, i):
            part, section = "heading", line
        blocks.append(Block(start, end, part, None if part == "headline" else section))  # type: ignore[arg-type]
    return tuple(blocks)


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped[0])
            lines.append((start, start + len(stripped)))
    groups: list[list[tuple[int, int]]] = []
    for line in lines:
        gap = text[groups[-1][-1][1] : line[0]] if groups else ""
        if groups and len(re.findall(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", gap)) < 2:
            groups[-1].append(line)
        else:
            groups.append([line])
    if _is_wrapped(text, groups):
        return _filled(text, groups) or [(group[0][0], group[-1][1]) for group in groups]
    return _filled(text, groups) or lines


def _is_wrapped(text: str, groups: list[list[tuple[int, int]]]) -> bool:
    """Whether the text is hard-wrapped: the inner lines of its paragraphs are long, and end within sentences."""
    inner = [line for group in groups if len(group) > 2 for line in group[:-1]]
    if not inner or max(end - start for group in groups for start, end in group) > 120:
        return False
    broken = sum(not _CLOSING_MARK.search(text[start:end]) for start, end in inner)
    long = sum(end - start >= 40 for start, end in inner)
    return broken > 0.6 * len(inner) and long > 0.7 * len(inner)


def _filled(text: str, groups: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """The paragraphs of a text that is hard-wrapped without blank lines between them; none if it is not wrapped.

    A line is followed by more of its paragraph if the next word would not have found room in it.
    """
    lines = [line for group in groups for line in group]
    width = max((end - start for start, end in lines), default=0)
    if len(lines) < 4 or not 50 <= width <= 120:
        return []
    paragraphs = [lines[0]]
    n_full = n_broken = n_ragged = 0
    follows = {line for group in groups for line in group[1:]}
    for (start, end), line in itertools.pairwise(lines):
        word = re.match(r"[^\s-]*-?", text[line[0] : line[1]])
        ends = _CLOSING_MARK.search(text[start:end])
        if line in follows and end - start + 1 + len(word.group() if word else "") > width:
            n_full += 1
            n_broken += not ends
            paragraphs[-1] = (paragraphs[-1][0], line[1])
        else:
            n_ragged += line in follows and not ends and text[line[0]].islower()
            paragraphs.append(line)
    return paragraphs if n_full >= 3 and n_broken > 0.6 * n_full and n_ragged <= 0.1 * n_full else []


def _looks_like_heading(line: str, *, words: int, question: bool = False) -> bool:
    closed = _CLOSING_MARK.search(line) and not (question and line.rstrip("\"'”’»").endswith(("?", "!")))
    first = next((c for c in line if c.isalnum()), "")
    return bool(
        not closed
        and len(line.split()) <= words
        and any(c.isalpha() for c in line)
        and (first.isupper() or first.isdigit())
        and not _NOT_HEADING.match(line)
    )


def _leads_to_text(spans: list[tuple[int, int]], looks: list[bool], i: int) -> bool:
    """Whether running text follows block i, directly or after one more line that looks like a heading."""
    for j in range(i + 1, min(i + 3, len(spans))):
        if not looks[j]:
            return spans[j][1] - spans[j][0] >= 60
    return False


_DATELINE = re.compile(
    r"[A-Z][A-Z.’' -]{2,30}(?:, (?:[A-Z][A-Za-z.]+ ?){1,2}(?:\d{1,2})?)*\s?(?:\([^()\n]{2,30}\))?\s?(?:—|–|--|-)\s"
)


def dateline_end(text: str, block: Block) -> int:
    """Where the dateline of a paragraph ends; the start of the paragraph if it has none.

    >>> text = "GENEVA, March 3 (Reuters) - The talks failed."
    >>> text[dateline_end(text, Block(0, len(text))) :]
    'The talks failed.'
    """
    match = _DATELINE.match(text, block.start, block.end) if block.part == "body" else None
    return match.end() if match else block.start


_SMALL_ENGLISH: Final = frozenset({"and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"})


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the language of a text, by py3langid; 'en' for a text of fewer than 8 words.

    Looks at the first 5,000 characters. A text of fewer than 40 words is given a language other than English only
    at a probability of at least 0.9, and only if its words in small letters are not English: names have no language.
    So is a longer one that is mostly names and titles only if most of the words besides are not English.

    >>> detect_language("Der Kanzler hat am Montag in Berlin mit den Ministern über den Haushalt gesprochen.")
    'de'
    """
    sample = text[:5000]
    n_words = len(sample.split())
    if n_words < 8:
        return "en"
    if n_words < 40 and not sample.isupper():
        small = [word for word in sample.split() if not word[0].isupper()]
        if len(small) < 5 or _identifier().classify(" ".join(small))[0] == "en":
            return "en"
    code, probability = language_of(sample)
    is_list = code != "en" and n_words < 400 and _is_english_list(sample)
    return "en" if is_list or (n_words < 40 and probability < 0.9) else code


def _is_english_list(sample: str) -> bool:
    """Whether a text is mostly capitalised words, of which many are English titles: a cabinet, a list of guests."""
    words = [word.strip(",.;:()") for word in sample.split()]
    small = [word for word in words if word.islower()]
    if len(words) < 150 and len(small) >= 10 and _identifier().classify(" ".join(small))[0] == "en":
        return True
    if 2 * len(small) > len(words):
        return False
    return sum(word.lower() in titles() or word in _SMALL_ENGLISH for word in words) >= len(words) / 4


def language_of(text: str) -> tuple[str, float]:
    """The most probable language of a text, by py3langid, and its probability."""
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be read as an article: where it is, and why."""

    article_id: str
    reason: str
    text: str = ""
    path: str = ""
    place: str = ""
