"""Reading one article from a text file, an HTML page or a URL."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Final

from newskit.errors import ArticleError, LanguageWarning
from newskit.reading.article import Article, Block, Part, detect_language, find_blocks
from newskit.reading.formats.encodings import decoded, guess_encoding, page_encoding
from newskit.reading.formats.extraction import page_metadata, page_parts
from newskit.reading.formats.page_bounds import bounded_tree
from newskit.reading.formats.page_dates import page_date
from newskit.reading.web import Page, fetched, without_password
from newskit.resources.shown import shown_name

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
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_MIN_WORDS: Final = 20
_WORDS_OF_A_TEXT: Final = 5
"""So many words are more likely a text than the name of a file."""


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
    allow_private: bool = False,
) -> Article:
    """Read one article from a plain-text or HTML file, a string of HTML, or a URL.

    Parameters
    ----------
    source : str or Path
        A path, a URL (http or https), or a string of HTML.
    article_id : str, optional
        By default the name of the file without its extension, or the URL; for a string of HTML, a hash of it.
    encoding : str, optional
        The encoding of a file, if it should not be guessed. Guessed are UTF-8, UTF-16, Windows-1252 and Mac Roman.
    title, outlet, author, url : str, optional
        Metadata; what is given here wins over what the page says.
    published : datetime or date, optional
        The date of publication; wins over that of the page.
    language : str, optional
        The ISO 639-1 code of the language, which is otherwise detected.
    allow_private : bool, default False
        Whether a page at a URL may redirect to a private address, such as one of your own network. The URL itself may
        have one, and redirect to its own host and port.

    Returns
    -------
    Article
        The text of a plain-text file is kept as it is, without its byte-order mark. Of a page the text, title,
        author, date and site name are kept, without menus and comments; its headings are known from its tags.

    Raises
    ------
    newskit.errors.ArticleError
        If there is no such file, it is a folder, empty or binary, the encoding does not fit, the page has no
        article, or the URL does not answer within 60 seconds with a page of at most 16 MB under a valid certificate.
        The message names the source and what to do. It is a `ValueError`.

    Warns
    -----
    newskit.errors.LanguageWarning
        If the text does not look English.

    Notes
    -----
    The text of a page is extracted by trafilatura (Barbaresi 2021); a page of which fewer than 20 words are
    running text counts as a page without an article. A text in UTF-8 may have lines in Windows-1252.

    The `url` of a page is where it came from in the end, after redirects. A name and a password in a URL are sent to
    its host, and kept nowhere.

    Examples
    --------
    >>> page = "<html><body><article><h1>Talks resume</h1><p>" + "They met in Geneva again. " * 20 + "</p></article>"
    >>> article = read_article(page, article_id="talks", outlet="The Example")
    >>> article.title, article.outlet, [block.part for block in article.blocks]
    ('Talks resume', 'The Example', ['headline', 'body'])
    """
    given = dict(title=title, outlet=outlet, published=published, author=author, url=url, language=language)
    if isinstance(source, str) and re.match(r"(?i)https?://", source):
        source = without_password(address := source)
        article = _from_web(fetched(address, allow_private=allow_private), source, article_id or source)
    elif isinstance(source, str) and _HTML.match(source):
        digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        article = _from_html(source, name="the HTML string", article_id=article_id or f"html-{digest}")
    else:
        path = _existing_file(source)
        identity = article_id or shown_name(path.stem)
        article = article_from(path.read_bytes(), name=str(path), article_id=identity, encoding=encoding)
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
    """The article in the bytes of a plain-text or HTML file, its language not detected; errors as `read_article`."""
    named_as_page = Path(name).suffix.lower() in {".html", ".htm", ".xhtml"}
    if named_as_page or b"<html" in data[:4096].lower():
        encoding = page_encoding(data, encoding)
    text = _checked_text(data, name=name, encoding=encoding)
    if named_as_page or _HTML.match(text):
        return _from_html(text, name=name, article_id=article_id)
    return Article(article_id=article_id, text=text)


def _existing_file(source: str | Path) -> Path:
    name = str(source)
    if isinstance(source, str) and ("\n" in name or len(name) > 400):
        raise ArticleError(
            f"{name[:60]!r}… is neither a path nor HTML. For a text you have already, use "
            "Article(article_id=…, text=…)."
        )
    if not name.strip():
        raise ArticleError("the path is empty: name a file or a folder; '.' is the current folder.")
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            raise ArticleError(f"{name} is a folder, not a file. annotate({name!r}) reads the articles in it.")
        if not path.exists():
            told = f"{name}: no such file. Check the spelling; relative paths start from {Path.cwd()}."
            is_text = len(name.split()) >= _WORDS_OF_A_TEXT
            raise ArticleError(f"{told} If this is a text, use Article(article_id=…, text=…)." if is_text else told)
        if not path.is_file():
            raise ArticleError(f"{name} is not a regular file.")
    except (OSError, ValueError) as error:
        if isinstance(error, ArticleError):
            raise
        raise ArticleError(f"{name!r} cannot be opened as a file: {error}.") from error
    return path


def _checked_text(data: bytes, *, name: str, encoding: str | None) -> str:
    """The text of a file; `ArticleError` if there is none or the file is of another kind."""
    for magic, what, way_out in _MAGIC:
        if data.startswith(magic):
            raise ArticleError(f"{name} is {what}, not text: {way_out}.")
    try:
        text = decoded(data, encoding)
    except ArticleError as error:
        if encoding is None and b"\0" in data and not data.startswith(_UTF16_MARKS):
            raise _is_binary(name) from error
        raise ArticleError(f"{name}: {error}") from error
    if "\0" in text and encoding is None:
        raise _is_binary(name)
    if not text.strip("\ufeff\u200b \t\r\n\x0b\x0c\x85\xa0\u2028\u2029"):
        raise ArticleError(f"{name} is empty: it has no text. Check that it was saved or exported completely.")
    control = sum(c < " " and c not in "\t\n\r\x0b\x0c" for c in text[:10_000])
    if control > 0.02 * len(text[:10_000]):
        raise ArticleError(f"{name} looks binary (many control characters), not like text. Save it as plain text.")
    return text


def _is_binary(name: str) -> ArticleError:
    return ArticleError(f"{name} is a binary file (it has NUL bytes), not text. Save it as plain text or HTML.")


def _from_web(page: Page, name: str, article_id: str) -> Article:
    """The article of a page that came from the web."""
    encoding = page_encoding(page.data)
    if page.encoding and encoding is None and guess_encoding(page.data) in ("cp1252", "mac_roman"):
        encoding = page_encoding(f"<meta charset={page.encoding}>".encode() + page.data)
    text = _checked_text(page.data, name=name, encoding=encoding)
    return replace(_from_html(text, name=name, article_id=article_id, url=page.url), url=page.url)


def _from_html(html: str, *, name: str, article_id: str, url: str | None = None) -> Article:
    tree = bounded_tree(html)
    parts: list[tuple[Part, str]] = []
    if tree is not None:
        published = page_date(tree)
        metadata = page_metadata(tree, url)
        parts = page_parts(tree, (metadata.title or "").strip() or None)
    n_words = sum(len(words.split()) for kind, words in parts if kind == "body")
    if n_words < _MIN_WORDS:
        raise ArticleError(
            f"{name}: no article text found in the page ({n_words} words). If it needs a login or JavaScript, "
            "open it in a browser, save it and read the file, or use Article(article_id=…, text=…)."
        )
    text, blocks, section = "", [], None
    for kind, words in parts:
        text += "\n\n" if text else ""
        section = words if kind == "heading" else section
        blocks.append(Block(len(text), len(text) + len(words), kind, section))
        text += words
    if not any(kind == "heading" for kind, _ in parts):
        blocks = _with_headings(text, blocks)
    return Article(
        article_id=article_id,
        text=text,
        title=parts[0][1] if parts[0][0] == "headline" else None,
        outlet=metadata.sitename or metadata.hostname,
        published=published,
        author=metadata.author,
        url=metadata.url or url,
        blocks=tuple(blocks),
    )


def _with_headings(text: str, blocks: list[Block]) -> list[Block]:
    """The blocks of a page whose tags tell no headings, with those that its lines tell, as in a plain text."""
    told = find_blocks(text)
    if [(b.start, b.end) for b in told] != [(b.start, b.end) for b in blocks]:
        return blocks
    found: list[Block] = []
    section: str | None = None
    for number, (new, old) in enumerate(zip(told, blocks, strict=True)):
        # Below the headline stands what sums the article up.
        is_heading = new.part == "heading" and not (number and blocks[number - 1].part == "headline")
        section = text[new.start : new.end] if is_heading else section
        found.append(replace(old, part="heading", section=section) if is_heading else replace(old, section=section))
    return found
