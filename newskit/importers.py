"""What comes in: the articles of a DataFrame, a file, a folder or a glob, and those that cannot be read."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from newskit.articles import Article, ArticleError, read_article

Source = Article | Iterable[Article] | pd.DataFrame | str | Path
ARTICLE_FIELDS: Final = ("article_id", "text", "title", "outlet", "published", "author", "url", "language")
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
    else:
        for item in source:
            if not isinstance(item, Article):
                raise TypeError(
                    f"annotate takes Articles, got {type(item).__name__}: for a text, use "
                    "Article(article_id=…, text=…); for a file, read_article(path)"
                )
            yield item


def _from_frame(frame: pd.DataFrame) -> Iterator[Article | Refused]:
    missing = [column for column in ("article_id", "text") if column not in frame.columns]
    if missing:
        raise ValueError(
            f"the DataFrame has no column {missing[0]!r}; rename yours: df.rename(columns={{…: {missing[0]!r}}})"
        )
    fields = [column for column in ARTICLE_FIELDS if column in frame.columns]
    for row in frame[fields].to_dict("records"):
        values = {str(key): value for key, value in row.items() if not pd.isna(value)}
        identity = str(values.pop("article_id", ""))
        if not isinstance(values.get("text"), str):
            yield Refused(identity, "the text is missing")
            continue
        reason = None
        if "published" in values:
            date = pd.to_datetime(values["published"], errors="coerce")
            reason = f"published {values['published']!r} is no date" if pd.isna(date) else None
            values["published"] = None if pd.isna(date) else date.to_pydatetime()
        yield Refused(identity, reason, values["text"]) if reason else Article(article_id=identity, **values)


def _from_path(source: str | Path) -> Iterator[Article | Refused]:
    text = str(source)
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
        identity = file.stem if stems[file.stem] == 1 else file.as_posix()
        try:
            yield read_article(file, article_id=identity)
        except (ArticleError, OSError) as error:
            yield Refused(identity, str(error))
