"""Reading news articles: one `Article` is a text that is never edited, and what is known about it."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

Part = Literal["headline", "heading", "body"]


class ArticleError(ValueError):
    """A source that cannot be read as an article; the message names the source and the way out."""


class LanguageWarning(UserWarning):
    """An article that does not look English."""


@dataclass(frozen=True, slots=True)
class Block:
    """A headline, a heading or a paragraph: `text[start:end]` of its article.

    `section` is the heading above it, None before the first one.
    """

    start: int
    end: int
    part: Part = "body"
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A news article.

    `text` is what came in, unchanged; every offset in newskit points into it. `blocks` tells the
    headline, the headings and the paragraphs apart; left out, they are found in the text (see
    `find_blocks`). `title` defaults to the headline, if the text has one. `language` is an ISO 639-1
    code, None if nobody has looked yet.

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

    def __post_init__(self) -> None:
        if not isinstance(self.article_id, str) or not isinstance(self.text, str):
            raise TypeError(
                f"Article needs article_id and text as str, got {type(self.article_id).__name__} "
                f"and {type(self.text).__name__}"
            )
        blocks = self.blocks or find_blocks(self.text)
        object.__setattr__(self, "blocks", tuple(blocks))
        if self.language is not None:
            object.__setattr__(self, "language", re.split("[-_]", self.language.lower())[0])
        if self.title is None and blocks and blocks[0].part == "headline":
            object.__setattr__(self, "title", self.text[blocks[0].start : blocks[0].end])


# --- the parts of a plain text -------------------------------------------------------------------

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_NOT_HEADING = re.compile(
    r"(?i)^(?:[-–—•*·>]|\(|by [A-Z]|published|updated|posted|photo|image|video|advertisement|read more|share\b"
    r"|related|source:|sign up|story continued|slideshow|ad$|©|copyright"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |https?:|www\.)"
)
_HEADLINE_WORDS: Final = 30
_HEADING_WORDS: Final = 14


def find_blocks(text: str) -> tuple[Block, ...]:
    """Tell headline, headings and paragraphs of a plain text apart.

    A line is a paragraph, unless the text is hard-wrapped (blank lines between paragraphs of several
    lines of about equal length). The headline is a first paragraph of at most 30 words without
    closing punctuation; a heading is a later one of at most 14 words, with a capital or a digit
    first, that is not the last and stands before running text. Bylines, dates, captions and list
    items are body. White space around a paragraph belongs to no block.
    """
    spans = _paragraphs(text)
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


def _paragraphs(text: str) -> list[tuple[int, int]]:
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
        return [(group[0][0], group[-1][1]) for group in groups]
    return lines


def _is_wrapped(text: str, groups: list[list[tuple[int, int]]]) -> bool:
    """Whether line ends are typography: the inner lines of the paragraphs are long and alike and break sentences."""
    inner = [line for group in groups if len(group) > 2 for line in group[:-1]]
    if not inner or max(end - start for group in groups for start, end in group) > 120:
        return False
    broken = sum(not _SENTENCE_END.search(text[start:end]) for start, end in inner)
    long = sum(end - start >= 40 for start, end in inner)
    return broken > 0.6 * len(inner) and long > 0.7 * len(inner)


def _looks_like_heading(line: str, *, words: int, question: bool = False) -> bool:
    closed = _SENTENCE_END.search(line) and not (question and line.rstrip("\"'”’»").endswith(("?", "!")))
    first = next((c for c in line if c.isalnum()), "")
    return bool(
        not closed
        and len(line.split()) <= words
        and any(c.isalpha() for c in line)
        and (first.isupper() or first.isdigit())
        and not _NOT_HEADING.match(line)
    )


def _leads_to_text(spans: list[tuple[int, int]], looks: list[bool], i: int) -> bool:
    """Whether running text follows block i, at once or after one more line like it."""
    for j in range(i + 1, min(i + 3, len(spans))):
        if not looks[j]:
            return spans[j][1] - spans[j][0] >= 60
    return False


_DATELINE = re.compile(
    r"[A-Z][A-Z.’' -]{2,30}(?:, (?:[A-Z][A-Za-z.]+ ?){1,2}(?:\d{1,2})?)*\s?(?:\([^()\n]{2,30}\))?\s?(?:—|–|--|-)\s"
)


def dateline_end(text: str, block: Block) -> int:
    """Where the dateline of a paragraph ends; its start if it has none.

    >>> text = "GENEVA, March 3 (Reuters) - The talks failed."
    >>> text[dateline_end(text, Block(0, len(text))) :]
    'The talks failed.'
    """
    match = _DATELINE.match(text, block.start, block.end) if block.part == "body" else None
    return match.end() if match else block.start


# --- reading ---------------------------------------------------------------------------------------

_MAGIC: Final = (
    (b"%PDF", "a PDF", "convert it to text first (for example with pdftotext)"),
    (b"PK\x03\x04", "a ZIP or Office file", "save it as plain text or HTML first"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as plain text or HTML first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"{\\rtf", "an RTF file", "save it as plain text or HTML first"),
)
_HTML = re.compile(
    r"(?is)\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|article|main|div|p)\b"
)
_MIN_WORDS: Final = 20


def read_article(
    source: str | Path,
    *,
    article_id: str | None = None,
    encoding: str | None = None,
    title: str | None = None,
    outlet: str | None = None,
    published: dt.datetime | dt.date | None = None,
    author: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Article:
    """Read one article from a plain-text or HTML file, a string of HTML, or a URL.

    Plain text may be UTF-8 (with or without a byte-order mark), UTF-16 with one, or Windows-1252;
    `encoding` overrides the guess. HTML goes through trafilatura: the article's text, title, author,
    date and site name without menus and comments; its headings are known from the page. What is given
    as a keyword wins over what the page says. `article_id` defaults to the file's name without its
    extension, or the URL. A text that does not look English gives a `LanguageWarning`.

    Raises `ArticleError` (a `ValueError`), naming the source and the way out: no such file, a folder,
    an empty or binary file, a page without an article, a URL that does not answer.
    """
    given = dict(title=title, outlet=outlet, published=published, author=author, url=url, language=language)
    if isinstance(source, str) and re.match(r"(?i)https?://", source):
        article = _from_html(_fetch(source), name=source, article_id=article_id or source, url=source)
    elif isinstance(source, str) and _HTML.match(source):
        digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        article = _from_html(source, name="the HTML string", article_id=article_id or f"html-{digest}")
    else:
        path = _existing_file(source)
        article = article_from(path.read_bytes(), name=str(path), article_id=article_id or path.stem, encoding=encoding)
    article = replace(article, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    if article.language is None:
        article = replace(article, language=detect_language(article.text))
    if article.language != "en":
        warnings.warn(
            f"{source if len(str(source)) < 200 else article.article_id}: this looks like language "
            f"{article.language!r}; newskit reads English only. If it is English, pass language='en'.",
            LanguageWarning,
            stacklevel=2,
        )
    return article


def article_from(data: bytes, *, name: str, article_id: str, encoding: str | None = None) -> Article:
    """The article in the bytes of a plain-text or HTML file of that name, its language not yet looked at.

    Raises `ArticleError` as `read_article`.
    """
    text = _decode(data, name=name, encoding=encoding)
    if Path(name).suffix.lower() in {".html", ".htm", ".xhtml"} or _HTML.match(text):
        return _from_html(text, name=name, article_id=article_id)
    return Article(article_id=article_id, text=text)


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language of a text, by py3langid; 'en' for texts of under 8 words.

    Looks at the first 5,000 characters. Short texts are called another language than English only at
    a probability of at least 0.9.

    >>> detect_language("Der Kanzler hat am Montag in Berlin mit den Ministern über den Haushalt gesprochen.")
    'de'
    """
    sample = text[:5000]
    n_words = len(sample.split())
    if n_words < 8:
        return "en"
    code, probability = _identifier().classify(sample)
    return "en" if n_words < 40 and probability < 0.9 else str(code)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _existing_file(source: str | Path) -> Path:
    name = str(source)
    if isinstance(source, str) and ("\n" in name or len(name) > 400):
        raise ArticleError(
            f"{name[:60]!r}… is neither a path nor HTML. For a text you already have, use "
            "Article(article_id=…, text=…)."
        )
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            raise ArticleError(f"{name} is a folder, not a file. annotate({name!r}) reads the articles in it.")
        if not path.exists():
            raise ArticleError(f"{name}: no such file. Check the spelling; looked from the folder {Path.cwd()}.")
        if not path.is_file():
            raise ArticleError(f"{name} is not a regular file.")
    except (OSError, ValueError) as error:
        if isinstance(error, ArticleError):
            raise
        raise ArticleError(f"{name!r} cannot be opened as a file: {error}.") from error
    return path


def _decode(data: bytes, *, name: str, encoding: str | None) -> str:
    for magic, what, way_out in _MAGIC:
        if data.startswith(magic):
            raise ArticleError(f"{name} is {what}, not text: {way_out}.")
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data and not utf16 and encoding is None:
        raise ArticleError(f"{name} is a binary file (it has NUL bytes), not text. Save it as plain text or HTML.")
    text = None
    for candidate in [encoding] if encoding else ["utf-16"] if utf16 else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(candidate)
            break
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise ArticleError(f"{name}: {error}. Pass a Python codec such as encoding='utf-8'.") from error
    if text is None:
        tried = encoding or "UTF-8 or Windows-1252"
        raise ArticleError(f"{name} is not {tried} text. If it is text, name its encoding: encoding='…'.")
    if not text.strip("\ufeff\u200b \t\r\n\x0b\x0c\x85\xa0\u2028\u2029"):
        raise ArticleError(f"{name} is empty: it has no text. Check that it was saved or exported completely.")
    control = sum(c < " " and c not in "\t\n\r\x0b\x0c" for c in text[:10_000])
    if control > 0.02 * len(text[:10_000]):
        raise ArticleError(f"{name} looks binary (many control characters), not like text. Save it as plain text.")
    return text


def _fetch(url: str) -> str:
    import trafilatura
    from trafilatura.settings import use_config

    # The address comes from the researcher, not from a stranger: an archive in their own network is as good as any.
    config = use_config()
    config.set("DEFAULT", "SSRF_PROTECTION", "off")
    page = trafilatura.fetch_url(url, config=config)
    if page is None:
        raise ArticleError(
            f"{url} gave no page. Check the address and your connection; or save the page in a browser "
            "and read the file."
        )
    return page


def _from_html(html: str, *, name: str, article_id: str, url: str | None = None) -> Article:
    import trafilatura

    document: Any = trafilatura.bare_extraction(
        html, url=url, with_metadata=True, include_comments=False, include_tables=False
    )
    parts = list(_html_parts(document.body)) if document is not None and document.body is not None else []
    n_words = sum(len(words.split()) for kind, words in parts if kind == "body")
    if document is None or n_words < _MIN_WORDS:
        raise ArticleError(
            f"{name}: no article text found in the page ({n_words} words). If it needs a login or JavaScript, "
            "open it in a browser, save it and read the file, or use Article(article_id=…, text=…)."
        )
    title = (document.title or "").strip() or None
    if title and not (parts[0][0] != "body" and parts[0][1] == title):
        parts.insert(0, ("headline", title))
    elif title:
        parts[0] = ("headline", title)
    text, blocks, section = "", [], None
    for kind, words in parts:
        text += "\n\n" if text else ""
        section = words if kind == "heading" else section
        blocks.append(Block(len(text), len(text) + len(words), kind, section))
        text += words
    return Article(
        article_id=article_id,
        text=text,
        title=title,
        outlet=document.sitename or document.hostname,
        published=_date(document.date),
        author=document.author,
        url=document.url or url,
        blocks=tuple(blocks),
    )


def _html_parts(body: Any) -> Iterator[tuple[Part, str]]:
    """Headings and paragraphs of trafilatura's extracted tree, in order, white space folded."""
    for element in body.iter("head", "p", "item", "quote"):
        if element.tag in {"item", "quote"} and element.find(".//p") is not None:
            continue
        words = " ".join("".join(element.itertext()).split())
        if words:
            yield ("heading" if element.tag == "head" else "body"), words


def _date(value: str | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
