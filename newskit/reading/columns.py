"""From a row of a table, or a document of an export, to an `Article`: which column holds which field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from newskit.errors import ArticleError
from newskit.reading.article import Article, Block, Refused, detect_language, find_blocks
from newskit.reading.formats.column_names import COLUMN_NAMES, MEDIA_CLOUD, plain_name
from newskit.reading.formats.dates import DateReader, parse_date
from newskit.reading.formats.files import MAX_CHARACTERS
from newskit.reading.formats.markup import has_markup, without_markup
from newskit.reading.report import FileNote

ARTICLE_FIELDS: Final = ("article_id", "text", "title", "outlet", "published", "author", "url", "language")


def check_columns(columns: Mapping[str, str | None] | None) -> None:
    """Raise `ValueError` for a key that is not a field of an Article."""
    for field in columns or {}:
        if field not in ARTICLE_FIELDS:
            raise ValueError(f"columns: there is no field {field!r}; the fields are {', '.join(ARTICLE_FIELDS)}")


def guess_columns(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], given: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    """The column that holds each field of an Article, guessed from its name; for the text, from its long values too.

    `given` wins over the guess; None leaves a field out. Raises `ArticleError` for a given column that does not exist,
    and if no column has texts.

    >>> guess_columns(["ID", "Headline", "maintext", "date_publish"], [])
    {'article_id': 'ID', 'text': 'maintext', 'title': 'Headline', 'published': 'date_publish'}
    """
    found: dict[str, str] = {}
    given = given or {}
    for column in given.values():
        if column is not None and column not in names:
            raise ArticleError(f"there is no column {column!r}; the columns are {_some(names)}")
    taken = {column for column in given.values() if column is not None}
    plain: dict[str, str] = {}
    for name in reversed(names):  # the first of two alike counts; a whole name beats the end of a dotted one
        plain.setdefault(plain_name(name.rpartition(".")[2]), name)
    plain |= {plain_name(name): name for name in reversed(names)}
    for field in ARTICLE_FIELDS:
        if field in given:
            column = given[field]
        else:
            candidates = (plain[synonym] for synonym in COLUMN_NAMES[field] if synonym in plain)
            column = next((c for c in candidates if c not in taken and _can_be(field, c, rows)), None)
        if column is not None:
            found[field] = column
            taken.add(column)
    if "text" not in found and "text" not in given:
        longest = max(names, key=lambda name: _mean_length(name, rows), default=None)
        if longest is not None and longest not in taken and _mean_length(longest, rows) >= 200:
            found["text"] = longest
        elif "title" in found and any(kit <= {plain_name(name) for name in names} for kit in MEDIA_CLOUD):
            found["text"] = found["title"]
    if "text" not in found:
        raise ArticleError(
            f"no column looks like the text; the columns are {_some(names)}. Name it: columns={{'text': '…'}}"
        )
    return found


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:20])
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown


def _mean_length(name: str, rows: Sequence[Mapping[str, Any]]) -> float:
    lengths = [len(row[name]) for row in rows if isinstance(row.get(name), str)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _can_be(field: str, column: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the values fit the field: an `article` of ten letters is not a text, a `time` of 4 is not a date."""
    values = [row[column] for row in rows if row.get(column) not in (None, "")]
    if not values:
        return True
    if field == "published":
        return any(parse_date(value) is not None for value in values)
    if field == "article_id":
        return all(isinstance(value, str | int) or float(value).is_integer() for value in values)
    strings = [value for value in values if isinstance(value, str)]
    if field == "text":
        return len(strings) > len(values) / 2 and sum(" " in s.strip() for s in strings) > len(strings) / 2
    return field != "title" or bool(strings)


def present(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The values that are not missing (None, NaN or NaT)."""
    return {
        str(key): value
        for key, value in row.items()
        if value is not None and not (isinstance(value, float) and value != value) and str(value) not in ("NaT", "<NA>")
    }


def as_id(value: Any) -> str:
    """An id as people write it: 7 for 7.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def article_of(
    values: Mapping[str, Any], mapping: Mapping[str, str], name: str, dates: DateReader, note: FileNote, place: str
) -> Article | Refused:
    """The article of a row, or why it cannot be one; its date and completeness are noted."""
    identity = as_id(values[mapping["article_id"]]) if values.get(mapping.get("article_id", ""), "") != "" else ""
    identity = identity or name
    text: Any = values.get(mapping["text"]) if "text" in mapping else values.get("body")
    if "text" in mapping and isinstance(text, str) and len(text) <= 2 * MAX_CHARACTERS and has_markup(text):
        text, note.markup = without_markup(text), note.markup + 1
    if (why := _why_not(text)) is not None:
        note.empty += text is None or (isinstance(text, str) and not text.strip())
        return Refused(identity, why, "", note.path, place)
    fields = {
        field: _as_words(values.get(mapping[field]))
        for field in ("title", "outlet", "author", "url", "language")
        if field in mapping
    }
    date = values.get(mapping.get("published", ""))
    published = None if date is None or date == "" else dates.read(date)
    note.date = "parsed" if published is not None else "missing" if date is None or date == "" else "unparsed"
    if note.date == "unparsed":
        note.unread_date = note.unread_date or str(date)[:60]
    language = _language_code(fields.pop("language", None))
    title = fields.pop("title", None)
    if title and "text" in mapping and has_markup(title):
        title = " ".join(without_markup(title).split())
    blocks: tuple[Block, ...] = ()
    stated = values.get("_words") if "text" not in mapping else None
    note.cut = bool(values.get("_cut")) or _looks_cut(text, stated)
    if "text" not in mapping and title:
        text, blocks = _below_headline(title, text)
    used = {*mapping.values(), "body"}
    return Article(
        article_id=identity,
        text=text,
        title=title,
        published=published,
        blocks=blocks,
        language=language,
        metadata={column: value for column, value in values.items() if column not in used and column[:1] != "_"},
        **fields,
    )


def _why_not(text: Any) -> str | None:
    """Why a value cannot be the text of an article; None if it can."""
    if text is None:
        return "the text is missing"
    if not isinstance(text, str):
        return f"the text is not a string (got {type(text).__name__})"
    if not text.strip():
        return "the text is empty"
    if len(text) > MAX_CHARACTERS:
        return f"the text has {len(text):,} characters, more than the {MAX_CHARACTERS:,} of a single article"
    return "the text is damaged: it has NUL bytes" if "\0" in text else None


def whole_article(article: Article, note: FileNote) -> Article:
    """An article that is a whole file, with its language detected, and its date and completeness noted."""
    if len(article.text) > MAX_CHARACTERS:
        raise ArticleError(
            f"it has {len(article.text):,} characters, more than the {MAX_CHARACTERS:,} of a single article"
        )
    note.date = "missing" if article.published is None else "parsed"
    note.cut = _looks_cut(article.text, None)
    return article if article.language else replace(article, language=detect_language(article.text))


def _as_words(value: Any) -> str | None:
    """A value as a string: the names in a list of authors, a number as it is written; None if there is nothing."""
    if isinstance(value, list | tuple):
        names = [item.get("name") if isinstance(item, dict) else item for item in value]
        return "; ".join(str(name).strip() for name in names if name) or None
    return None if value is None else str(value).strip() or None


def _below_headline(title: str, body: str) -> tuple[str, tuple[Block, ...]]:
    """The text of an article with its headline on top, and the blocks of the whole."""
    moved = len(title) - len("Headline")
    _, *rest = find_blocks(f"Headline\n\n{body}")
    blocks = [replace(block, start=block.start + moved, end=block.end + moved) for block in rest]
    return f"{title}\n\n{body}", (Block(0, len(title), "headline"), *blocks)


_CUT_OFF = re.compile(
    r"(?:\[\+\d+ chars\]|…|\.\.\.|\[…\]|\[\.\.\.\]|\((?i:more)\)|(?i:read more|continue reading)\W{0,3})\s*$"
)
_EXCEL_CELL: Final = 32_767


def _looks_cut(text: str, stated: int | None) -> bool:
    """Whether an article ends early: fewer words than its export states, an ellipsis, an unfinished sentence."""
    if stated and len(text.split()) < 0.7 * stated - 10:
        return True
    if len(text) == _EXCEL_CELL or _CUT_OFF.search(text[-40:]):
        return True
    last = text.rstrip()[-2000:].rpartition("\n")[2]
    return len(last.split()) >= 25 and (last[-1].isalnum() or last[-1] in ",;-–—")


_LANGUAGE_CODES: Final = {
    **{"english": "en", "eng": "en", "englisch": "en", "anglais": "en", "german": "de", "deutsch": "de", "deu": "de"},
    **{"ger": "de", "french": "fr", "fra": "fr", "fre": "fr", "français": "fr", "spanish": "es", "spa": "es"},
    **{"español": "es", "italian": "it", "ita": "it", "dutch": "nl", "nld": "nl", "portuguese": "pt", "por": "pt"},
    **{"russian": "ru", "rus": "ru", "polish": "pl", "pol": "pl", "swedish": "sv", "danish": "da", "norwegian": "no"},
    **{"finnish": "fi", "turkish": "tr", "arabic": "ar", "chinese": "zh", "japanese": "ja", "greek": "el"},
}


def _language_code(value: str | None) -> str | None:
    """The code of a language given by name or code; None for anything else, so that it will be detected."""
    if not value:
        return None
    word = re.split(r"[;,|/(]", value.strip().lower())[0].strip()
    code = _LANGUAGE_CODES.get(word, word)
    return code if re.fullmatch(r"[a-z]{2}(?:[-_][a-z]{2,4})?", code) else None
