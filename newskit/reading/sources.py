"""What a source of articles is: files, folders, globs, URLs, tables and Articles; each is read in a fixed order."""

from __future__ import annotations

import glob
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pandas as pd

from newskit.errors import ArticleError
from newskit.reading.article import Article, Refused
from newskit.reading.columns import article_of, as_id, check_columns, guess_columns, present
from newskit.reading.file_reader import FORMATS, SKIPPED, FileReader, is_known
from newskit.reading.formats.dates import DateReader
from newskit.reading.formats.files import is_hidden
from newskit.reading.ledger import Ledger
from newskit.reading.pages import read_article
from newskit.reading.report import FileNote, ImportReport
from newskit.resources.shown import shown, shown_name

Source = Article | Iterable[Article | Refused | Path] | pd.DataFrame | str | Path
_WAY_OUT: Final = "for a text, use Article(article_id=…, text=…); for a file, a Path or read_article(path)"


def scan_articles(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    report: ImportReport | None = None,
) -> Iterator[Article | Refused]:
    """Yield the articles of a source one by one, in a fixed order, and a `Refused` for each that cannot be read.

    Nothing is passed over in silence: found = read + refused.

    Parameters
    ----------
    source : str, Path, DataFrame, Article, or iterable of Articles and Paths
        A path to a file, a folder (searched recursively, files in order of their names) or a glob; a URL; a
        DataFrame; or Articles, Paths, or what `scan_articles` yields. Files may be plain text, HTML, CSV, TSV, Excel
        (.xlsx), JSON, JSON Lines, Parquet, WARC, or exports of LexisNexis and Nexis Uni (TXT, DOCX, RTF), Factiva
        (HTML, TXT, DOCX, RTF), ProQuest (text) and Media Cloud (CSV, JSON); each may be compressed (.gz, .bz2, .xz) or
        in a .zip archive, and exports of several databases may stand in one file.
    columns : mapping of str to str or None, optional
        Which column of a table holds which field, as in `{"text": "maintext", "title": None}`. Fields are
        `article_id`, `text`, `title`, `outlet`, `published`, `author`, `url` and `language`. Fields left out are
        guessed from the names of the columns; None leaves a field empty.
    encoding : str, optional
        The encoding of text files, if it should not be guessed.
    report : ImportReport, optional
        A report to fill while reading.

    Yields
    ------
    Article or Refused
        A `Refused` has the attributes `article_id`, `reason`, `path` and `place` (such as "row 7").

    Raises
    ------
    ValueError
        If there is nothing to read at all, or `columns` names an unknown field.
    newskit.errors.ArticleError
        If the source is a single file of which nothing can be read. It is a `ValueError`.
    TypeError
        If the source is none of the above.

    Warns
    -----
    UserWarning
        If dates are not understood and left out, or it is assumed which of their numbers is the month; with a
        `report`, these are told there, except for the former in a DataFrame.
    newskit.errors.LanguageWarning
        If the page at a URL does not look English.

    Notes
    -----
    Files are read piece by piece: memory does not grow with their size, except for a few bytes per article. One
    article may have up to 1,000,000 characters, and one line up to 8 MB; what is longer is refused.

    In a table the text is the text column as it is; in exports and pages the headline is put above the text.

    The id of an article comes from the table, else from the name of the file and the place in it. If an id comes
    again with the same text, the article is refused; with another text, it gets an id made from its place.

    Examples
    --------
    >>> frame = pd.DataFrame({"article_id": ["a", "b"], "text": ["Talks resume in Geneva.", None]})
    >>> for item in scan_articles(frame):
    ...     print(type(item).__name__, item.article_id, getattr(item, "reason", item.text))
    Article a Talks resume in Geneva.
    Refused b the text is missing
    """
    check_columns(columns)
    scan = _Scan(columns, encoding, report)
    if isinstance(source, Article):
        return scan.items([source])
    if isinstance(source, pd.DataFrame):
        return scan.frame(source)
    if isinstance(source, str | Path):
        return scan.path(source)
    if isinstance(source, Iterable):
        return scan.items(source)
    raise TypeError(f"annotate takes Articles, a DataFrame or a path; got {type(source).__name__}: {_WAY_OUT}")


class ArticleSource:
    """Articles and how to read them: each loop reads them anew, unless they come from an iterator.

    >>> source = ArticleSource([Article("a", "Talks resume in Geneva.")])
    >>> [item.article_id for item in source], [item.article_id for item in source], source.is_once
    (['a'], ['a'], False)
    """

    def __init__(
        self, articles: Source, *, columns: Mapping[str, str | None] | None = None, encoding: str | None = None
    ) -> None:
        check_columns(columns)
        self._articles, self._columns, self._encoding = articles, columns, encoding

    @property
    def is_once(self) -> bool:
        """Whether the articles come from an iterator and can be read only once."""
        return isinstance(self._articles, Iterator)

    def __iter__(self) -> Iterator[Article | Refused]:
        return scan_articles(self._articles, columns=self._columns, encoding=self._encoding)


def read_articles(
    source: Source, *, columns: Mapping[str, str | None] | None = None, encoding: str | None = None
) -> list[Article]:
    """Read all articles of a source into a list.

    Parameters
    ----------
    source : str, Path, DataFrame, Article, or iterable of Articles and Paths
        What `scan_articles` reads.
    columns : mapping of str to str or None, optional
        Which column of a table holds which field; see `scan_articles`.
    encoding : str, optional
        The encoding of text files, if it should not be guessed.

    Returns
    -------
    list of Article
        The articles that could be read, in order.

    Raises
    ------
    ValueError, newskit.errors.ArticleError, TypeError
        As `scan_articles`.

    Warns
    -----
    UserWarning
        If articles could not be read: how many, and the first reason. `import_report(source)` lists them all. And of
        dates, as `scan_articles`.

    Examples
    --------
    >>> frame = pd.DataFrame({"key": [7, 8], "story": ["Talks resume in Geneva.", "The talks have failed."]})
    >>> [article.text for article in read_articles(frame, columns={"article_id": "key", "text": "story"})]
    ['Talks resume in Geneva.', 'The talks have failed.']
    """
    found: list[Article] = []
    refused: list[Refused] = []
    for item in scan_articles(source, columns=columns, encoding=encoding):
        if isinstance(item, Article):
            found.append(item)
        else:
            refused.append(item)
    if refused:
        first = refused[0]
        warnings.warn(
            f"{len(refused)} of {len(found) + len(refused)} could not be read, such as {first.path} {first.place}: "
            f"{first.reason}. nk.import_report(…) lists them",
            stacklevel=2,
        )
    return found


def import_report(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    stories: bool = True,
) -> ImportReport:
    """Read a source without annotating it, and report file by file what was found.

    Parameters
    ----------
    source : str, Path, DataFrame, Article, or iterable of Articles and Paths
        What `scan_articles` reads.
    columns : mapping of str to str or None, optional
        Which column of a table holds which field; see `scan_articles`.
    encoding : str, optional
        The encoding of text files, if it should not be guessed.
    stories : bool, default True
        Whether to find near-duplicates too, at about a millisecond and a kilobyte of memory per article.

    Returns
    -------
    ImportReport
        What was read, what was refused and why, and what is odd.

    Raises
    ------
    ValueError, newskit.errors.ArticleError, TypeError
        As `scan_articles`; but a single file of which nothing can be read is a row of the report, not an error.

    Examples
    --------
    >>> frame = pd.DataFrame({"article_id": ["a", "b"], "text": ["Talks resume in Geneva.", None]})
    >>> import_report(frame).totals()["refused"]
    1
    """
    report = ImportReport(stories=stories)
    check_columns(columns)
    scan = _Scan(columns, encoding, report, lone_errors=False)
    items = scan.path(source) if isinstance(source, str | Path) else None
    for _ in items if items is not None else scan_articles(source, columns=columns, encoding=encoding, report=report):
        pass
    return report


class _Scan:
    """One pass over a source: finds where its articles are, and reads them in a fixed order."""

    def __init__(
        self,
        columns: Mapping[str, str | None] | None,
        encoding: str | None,
        report: ImportReport | None,
        *,
        lone_errors: bool = True,
    ) -> None:
        self._columns, self._report, self._lone_errors = columns, report, lone_errors
        self._ledger = Ledger(report)
        self._files = FileReader(columns, encoding, self._ledger)

    def items(self, source: Iterable[Any]) -> Iterator[Article | Refused]:
        """Articles as they are, and the articles of paths."""
        note: FileNote | None = None
        for item in source:
            if isinstance(item, Article | Refused):
                note = note or self._ledger.begin("(articles)")
                note.format = "articles"
                note.date = "missing" if isinstance(item, Refused) or item.published is None else "parsed"
                self._ledger.add(note, item)
                yield item
            elif isinstance(item, Path):
                yield from self._files.read(item, item.stem)
            else:
                raise TypeError(
                    f"annotate takes Articles, Paths or what scan_articles yields; got {type(item).__name__}: "
                    f"{_WAY_OUT}"
                )

    def path(self, source: str | Path) -> Iterator[Article | Refused]:
        """The articles of a URL, a file, a folder or a glob."""
        text = str(source)
        if len(text) > 400 or "\n" in text or not text.strip():
            read_article(text)  # raises: neither a text nor nothing is a path
        if text.lower().startswith(("http://", "https://")):
            return self.items([read_article(text)])
        path = Path(source).expanduser()
        if path.is_file():
            return self._lone(path)
        if path.is_dir():
            return self._folder(path)
        if not glob.has_magic(text):
            read_article(path)  # raises: there is no such file
        files = _visible(map(Path, glob.glob(str(path), recursive=True)))
        if not files:
            raise _nothing_in(path)
        return self._named(files)

    def _lone(self, path: Path) -> Iterator[Article | Refused]:
        """A file by itself: if nothing at all can be read from it, that is an error."""
        items = self._files.read(path, shown_name(_stem(path)))
        begun = list(islice(items, 2))
        lone = begun[0] if len(begun) == 1 else None
        if self._lone_errors and isinstance(lone, Refused) and not lone.place:
            raise ArticleError(lone.reason if shown(str(path)) in lone.reason else f"{path}: {lone.reason}")
        return chain(begun, items)

    def _folder(self, path: Path) -> Iterator[Article | Refused]:
        files = _visible(path.rglob("*"))
        if not any(is_known(file.name) for file in files):
            raise _nothing_in(path)
        return self._named(files, only_known=True)

    def _named(self, files: Sequence[Path], *, only_known: bool = False) -> Iterator[Article | Refused]:
        """Files under their stems, or under their paths where two have the same stem."""
        stems = Counter(map(_stem, files))
        for file in files:
            if only_known and not is_known(file.name):
                self._ledger.begin(file.as_posix()).note = SKIPPED
                continue
            name = _stem(file) if stems[_stem(file)] == 1 else file.as_posix()
            yield from self._files.read(file, shown_name(name))

    def frame(self, frame: pd.DataFrame) -> Iterator[Article | Refused]:
        """The articles of the rows of a DataFrame."""
        table = frame.set_axis([str(name) for name in frame.columns], axis=1)
        mapping = self._frame_columns(table)
        if table.empty:
            raise ValueError("the DataFrame has no rows, so there is no article to read: look at how it was filtered")
        note = self._ledger.begin("(DataFrame)")
        note.format, note.columns = "DataFrame", mapping
        used = table[list(mapping.values())]
        dates = DateReader(lambda: iter(used[mapping["published"]]) if "published" in mapping else iter(()))
        for number, row in enumerate(used.to_dict("records")):
            item = _frame_item(present(row), mapping, number, dates, note)
            self._ledger.add(note, item)
            yield item
        note.date_order, note.dates_assumed = dates.order, dates.assumed
        self._ledger.close(note)

    def _frame_columns(self, table: pd.DataFrame) -> dict[str, str]:
        head = [present(row) for row in table.head(50).to_dict("records")]
        try:
            mapping = guess_columns(list(table.columns), head, self._columns)
        except ArticleError as error:
            raise ValueError(
                f"the DataFrame has no column 'text' and {error}; or rename yours: df.rename(columns={{…: 'text'}})"
            ) from None
        return mapping


def _frame_item(
    values: Mapping[str, Any], mapping: Mapping[str, str], number: int, dates: DateReader, note: FileNote
) -> Article | Refused:
    """The article of a row of a DataFrame, with a warning for a date that is not understood."""
    place = f"row {number}"
    given = values.get(mapping.get("article_id", ""))
    if given is None and "article_id" in mapping:
        return Refused(place, "the article_id is missing", "", note.path, place)
    item = article_of(values, mapping, place if given is None else as_id(given), dates, note, place)
    date = values.get(mapping.get("published", ""))
    if isinstance(item, Article) and date is not None and item.published is None:
        warnings.warn(f"article {item.article_id!r}: published {date!r} is not a date and was left out", stacklevel=3)
    return item


def _visible(paths: Iterable[Path]) -> list[Path]:
    return sorted(path for path in paths if path.is_file() and not is_hidden(path.name))


def _nothing_in(path: Path) -> ValueError:
    known = ", ".join(sorted([*FORMATS, ".zip"]))
    return ValueError(f"no article in {path}: looked for files ending in {known}")


def _stem(path: Path) -> str:
    """The name of a file without its endings: may for may.csv.gz."""
    name = path.name
    for _ in range(2):
        if PurePosixPath(name).suffix.lower() in {".gz", ".bz2", ".xz"}:
            name = name[: name.rindex(".")]
    return PurePosixPath(name).stem
