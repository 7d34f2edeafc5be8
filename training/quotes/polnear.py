"""PolNeAR as training examples: its brat files, and the windows of its articles with their cues.

PolNeAR (Newell, Margolin and Ruths 2018, An Attribution Relations Corpus for Political News) marks each attribution in
an article: its cue, its content and its source, each in one piece or several. Nearly every attribution has a cue of
its own, so the model looks for cues, and for the content and the source of each.
"""

import glob
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from newskit.annotation.quotes.model import quote_windows
from newskit.reading.article import find_blocks

Span = tuple[int, int]


@dataclass(frozen=True)
class Attribution:
    """The pieces of an attribution in characters of the text; `source` is empty if nobody is named."""

    cue: list[Span]
    content: list[Span]
    source: list[Span]


@dataclass(frozen=True)
class Article:
    """An article of PolNeAR with what its annotators marked."""

    name: str
    text: str
    attributions: list[Attribution]


@dataclass(frozen=True)
class Target:
    """A cue of a window in word pieces: all its pieces, and first and last piece of content and source (0, 0: none)."""

    cue: list[int]
    content: Span
    source: Span


@dataclass(frozen=True)
class Item:
    """A window: the ids of its word pieces, their characters, and its cues."""

    ids: list[int]
    spans: list[Span]
    targets: list[Target]


def read_brat(path: Path) -> list[Attribution]:
    """The attributions of a file that have a cue and a content."""
    spans: dict[str, list[Span]] = {}
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if re.fullmatch(r"T\d+", fields[0]) and len(fields) > 1:
            pieces = fields[1].split(" ", 1)[1].split(";")
            spans[fields[0]] = [(int(a), int(b)) for a, b in map(str.split, pieces)]
        elif re.fullmatch(r"E\d+", fields[0]) and len(fields) > 1:
            parts: dict[str, list[Span]] = defaultdict(list)
            for part in fields[1].split():
                role, _, key = part.partition(":")
                parts[re.sub(r"\d+$", "", role)] += spans.get(key, [])
            found.append(Attribution(*(sorted(parts[role]) for role in ("Cue", "Content", "Source"))))
    return [a for a in found if a.cue and a.content]


def read_polnear(folder: Path) -> list[Article]:
    """The articles of a part; where several people annotated one, the first file counts."""
    articles = []
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        notes = sorted((folder / "attributions").glob(glob.escape(path.stem) + "_????.ann"))
        articles.append(Article(path.stem, text, read_brat(notes[0])))
    return articles


def hold_out(articles: list[Article], every: int = 12) -> tuple[list[Article], list[Article]]:
    """The articles to learn from, and those held out to choose by; names sort by outlet and date."""
    kept = [a for n, a in enumerate(articles) if n % every]
    return kept, articles[::every]


def other_marks(text: str, rng: random.Random) -> str:
    """The same text, of the same length, with its quotation marks straightened or, half of the time, curled."""
    if rng.random() < 0.5:
        return text.translate(str.maketrans("“”‘’", "\"\"''"))
    opened = False
    letters = list(text)
    for i, letter in enumerate(letters):
        if letter == '"':
            opened = not opened
            letters[i] = "“" if opened else "”"
        elif letter == "\n":
            opened = False
    return "".join(letters)


def whole(pieces: list[Span]) -> Span:
    """From the first to the last piece; the longest piece if more than half of that lies between the pieces."""
    start, end = pieces[0][0], pieces[-1][1]
    if 2 * sum(b - a for a, b in pieces) < end - start:
        return max(pieces, key=lambda piece: piece[1] - piece[0])
    return start, end


def pieces_in(spans: list[Span], start: int, end: int) -> list[int]:
    """The numbers of the word pieces that overlap a span of characters."""
    return [n for n, (a, b) in enumerate(spans) if a < end and start < b and a < b]


def blocks_of(text: str) -> list[Span]:
    """The paragraphs of a text."""
    return [(block.start, block.end) for block in find_blocks(text)]


def items_of(tokenizer: Tokenizer, article: Article, text: str | None = None) -> Iterator[Item]:
    """The windows of an article with their cues; `text` is a variant of its text of the same length."""
    for ids, spans in quote_windows(tokenizer, text or article.text, blocks_of(article.text)):
        start, end = spans[0][0], spans[-1][1]
        targets = []
        for attribution in article.attributions:
            if not start <= attribution.cue[0][0] < end:
                continue
            cue = sorted({n for a, b in attribution.cue for n in pieces_in(spans, a, b)})
            content = pieces_in(spans, *whole(attribution.content))
            source = pieces_in(spans, attribution.source[0][0], attribution.source[-1][1]) if attribution.source else []
            if cue and content:
                targets.append(Target(cue, (content[0], content[-1]), (source[0], source[-1]) if source else (0, 0)))
        yield Item(ids, spans, targets)


def varied_items(tokenizer: Tokenizer, articles: list[Article], rng: random.Random) -> list[Item]:
    """The windows of articles for an epoch, three articles in ten with other quotation marks."""
    return [
        item
        for article in articles
        for item in items_of(tokenizer, article, other_marks(article.text, rng) if rng.random() < 0.3 else None)
    ]
