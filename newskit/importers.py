"""What comes in: the articles of a DataFrame, a file, a folder or a glob, and those that cannot be read."""

from __future__ import annotations

import datetime as dt
import glob
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from newskit.articles import Article, ArticleError, read_article

Source = Article | Iterable[Article | Path] | pd.DataFrame | str | Path
ARTICLE_FIELDS: Final = ("article_id", "text", "title", "outlet", "published", "author", "url", "language")
_WAY_OUT: Final = "for a text, use Article(article_id=…, text=…); for a file, a Path or read_article(path)"
_TEXT_FILES: Final = frozenset({".txt", ".text", ".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be read as an article."""

    article_id: str
    reason: str
    text: str = ""


def incoming(source: Source) -> Iterator[Article | Refused]:
    """Yield the articles of a source, and a `Refused` for each that cannot be read, in order.

    Raises `ValueError` where there is nothing to read at all, and `TypeError` for what is no article.
    """
    if isinstance(source, Article):
        yield source
    elif isinstance(source, pd.DataFrame):
        yield from _from_frame(source)
    elif isinstance(source, str | Path):
        yield from _from_path(source)
    elif isinstance(source, Iterable):
        for item in source:
            if isinstance(item, Article):
                yield item
            elif isinstance(item, Path):
                yield _read(item, item.stem)
            else:
                raise TypeError(f"annotate takes Articles or Paths, got {type(item).__name__}: {_WAY_OUT}")
    else:
        raise TypeError(f"annotate takes Articles, a DataFrame or a path, got {type(source).__name__}: {_WAY_OUT}")


def _read(path: Path, identity: str) -> Article | Refused:
    try:
        return read_article(path, article_id=identity)
    except (ArticleError, OSError) as error:
        return Refused(identity, str(error))


def _from_frame(frame: pd.DataFrame) -> Iterator[Article | Refused]:
    missing = [column for column in ("article_id", "text") if column not in frame.columns]
    if missing:
        raise ValueError(
            f"the DataFrame has no column {missing[0]!r}; rename yours: df.rename(columns={{…: {missing[0]!r}}})"
        )
    fields = [column for column in ARTICLE_FIELDS if column in frame.columns]
    for number, row in enumerate(frame[fields].to_dict("records")):
        values = {str(key): value for key, value in row.items() if not pd.isna(value)}
        identity = values.pop("article_id", None)
        if identity is None:
            yield Refused(f"row {number}", "the article_id is missing")
            continue
        identity = str(int(identity)) if isinstance(identity, float) and identity.is_integer() else str(identity)
        text = values.pop("text", None)
        if not isinstance(text, str):
            reason = "the text is missing" if text is None else f"the text is no string but {type(text).__name__}"
            yield Refused(identity, reason)
            continue
        if "published" in values:
            values["published"] = _date(values["published"], identity)
        yield Article(article_id=identity, text=text, **{key: v for key, v in values.items() if v is not None})


def _date(value: Any, identity: str) -> dt.datetime | None:
    """A date in any usual form; "03/04/2025" is 4 March. What is none is left out, with a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pandas' remark that it took 13/04 day first
        date = pd.to_datetime(value, errors="coerce")
    if pd.isna(date):
        warnings.warn(f"article {identity!r}: published {value!r} is no date and left out", stacklevel=2)
        return None
    return date.tz_localize(None).to_pydatetime()  # type: ignore[no-any-return]


def _from_path(source: str | Path) -> Iterator[Article | Refused]:
    text = str(source)
    if len(text) > 400 or "\n" in text:
        read_article(text)  # says that a text is no path
    if text.lower().startswith(("http://", "https://")):
        yield read_article(text)
        return
    path = Path(source).expanduser()
    if path.is_file() or not (path.is_dir() or glob.has_magic(text)):
        yield read_article(path)
        return
    found = path.rglob("*") if path.is_dir() else map(Path, glob.glob(str(path), recursive=True))
    files = sorted(p for p in found if p.is_file() and (p.suffix.lower() in _TEXT_FILES or not path.is_dir()))
    if not files:
        raise ValueError(f"no article in {text}: looked for files ending in {', '.join(sorted(_TEXT_FILES))}")
    stems = Counter(file.stem for file in files)
    for file in files:
        yield _read(file, file.stem if stems[file.stem] == 1 else file.as_posix())
