"""What comes in: the articles of files, folders, exports and tables, and those that cannot be read."""

from __future__ import annotations

import glob
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pandas as pd

from newskit.errors import ArticleError
from newskit.reading.article import Article, Refused
from newskit.reading.columns import article_of, as_id, check_columns, guess_columns, present, whole_article
from newskit.reading.file_reader import FORMATS, NOT_READ, SNIFF, format_of, read_again, reason_of, up_to
from newskit.reading.formats.databases import FACTIVA, export_records, factiva_records, layout_of
from newskit.reading.formats.dates import DateReader
from newskit.reading.formats.documents import docx_lines, rtf_lines, warc_pages
from newskit.reading.formats.files import (
    DAMAGED,
    MAX_CHARACTERS,
    MAX_WHOLE,
    Input,
    guess_encoding,
    inner_suffix,
    is_hidden,
    lines_of,
    plain_input,
    zip_inputs,
)
from newskit.reading.formats.tables import (
    Record,
    csv_records,
    excel_records,
    json_lines_records,
    json_records,
    parquet_records,
)
from newskit.reading.pages import article_from, read_article
from newskit.reading.report import FileNote, ImportReport

Source = Article | Iterable[Article | Refused | Path] | pd.DataFrame | str | Path
_WAY_OUT: Final = "for a text, use Article(article_id=…, text=…); for a file, a Path or read_article(path)"


def scan_articles(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    encoding: str | None = None,
    report: ImportReport | None = None,
) -> Iterator[Article | Refused]:
    """Yield the articles of a source one by one, and a `Refused` for each that cannot be read, in a fixed order.

    `source` is a path or glob: a folder (searched through, files by name), plain text, HTML, CSV, TSV, Excel (.xlsx),
    JSON, JSON Lines, Parquet, WARC, exports of LexisNexis and Nexis Uni (TXT, DOCX, RTF), Factiva (HTML), ProQuest
    (text) and Media Cloud (CSV), each also packed as .gz, .bz2, .xz or in a .zip; or a URL; or Articles, Paths, what
    `scan_articles` gives, or a DataFrame. Files are read piece by piece: memory does not grow with their size but for
    a few bytes an article.

    `columns` says which column of a table is what, `{"text": "maintext", "title": None}`; what it leaves out is
    guessed by name, and None leaves a field out. The text of a table is its text column as it is; in exports and
    pages the headline stands above the text. `encoding` overrides the guess. `report` is filled on the way.

    An id comes from the table, else from the file's name and the place in it; the same id and text again is
    refused, the same id with another text gets an id of its place. Nothing is passed over: found = read + refused.

    Raises `ValueError` where there is nothing to read at all, or for an unknown field in `columns`; `ArticleError` (a
    `ValueError`) for a single file of which nothing can be read; `TypeError` for what is no source.

    >>> list(scan_articles("exports/*.csv", columns={"text": "maintext"}))  # doctest: +SKIP
    """
    check_columns(columns)
    scan = _Scan(columns, encoding, report)
    if isinstance(source, Article):
        return iter([source])
    if isinstance(source, pd.DataFrame):
        return scan.frame(source)
    if isinstance(source, str | Path):
        return scan.path(source)
    if isinstance(source, Iterable):
        return scan.items(source)
    raise TypeError(f"annotate takes Articles, a DataFrame or a path, got {type(source).__name__}: {_WAY_OUT}")


class ArticleSource:
    """Articles, and how to read them: every loop over it reads them anew, unless they come from an iterator.

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
        """Whether the articles can be read only once, since they come from an iterator."""
        return isinstance(self._articles, Iterator)

    def __iter__(self) -> Iterator[Article | Refused]:
        return scan_articles(self._articles, columns=self._columns, encoding=self._encoding)


def read_articles(
    source: Source, *, columns: Mapping[str, str | None] | None = None, encoding: str | None = None
) -> list[Article]:
    """Read all articles of a source into a list; see `scan_articles` for the sources and choices.

    What cannot be read is left out, with a warning that says how many and why; `import_report(source)` lists them.
    """
    report = ImportReport()
    scanned = scan_articles(source, columns=columns, encoding=encoding, report=report)
    found = [item for item in scanned if isinstance(item, Article)]
    refused = report.refused
    if len(refused):
        first = refused.iloc[0]
        warnings.warn(
            f"{len(refused)} of {len(found) + len(refused)} could not be read, such as {first['path']} "
            f"{first['place']}: {first['reason']}. nk.import_report(…) lists them",
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
    """What reading a source would give, file by file, without annotating: see `ImportReport`.

    With `stories` near-duplicates are found too, at about a millisecond and a kilobyte of memory an article.
    """
    report = ImportReport(stories=stories)
    check_columns(columns)
    scan = _Scan(columns, encoding, report, lone_errors=False)
    items = scan.path(source) if isinstance(source, str | Path) else None
    for _ in items if items is not None else scan_articles(source, columns=columns, encoding=encoding, report=report):
        pass
    return report


class _Scan:
    """One pass over a source: the choices, the report, and the ids given so far."""

    def __init__(
        self,
        columns: Mapping[str, str | None] | None,
        encoding: str | None,
        report: ImportReport | None,
        *,
        lone_errors: bool = True,
    ) -> None:
        self._columns, self._encoding, self._report = columns, encoding, report
        self._lone_errors = lone_errors
        self._ids: set[bytes] = set()

    # --- sources ---

    def items(self, source: Iterable[Any]) -> Iterator[Article | Refused]:
        note = FileNote("") if self._report is None else None
        for item in source:
            if isinstance(item, Article | Refused):
                if self._report is not None:
                    note = note or self._report.begin("(articles)")
                    note.format = "articles"
                    note.date = "missing" if isinstance(item, Refused) or item.published is None else "parsed"
                    self._report.add(note, item)
                yield item
            elif isinstance(item, Path):
                yield from self._file(item, item.stem)
            else:
                raise TypeError(
                    f"annotate takes Articles, Paths or what scan_articles gives, got {type(item).__name__}: {_WAY_OUT}"
                )

    def path(self, source: str | Path) -> Iterator[Article | Refused]:
        text = str(source)
        if len(text) > 400 or "\n" in text:
            read_article(text)  # says that a text is no path
        if text.lower().startswith(("http://", "https://")):
            return self.items([read_article(text)])
        path = Path(source).expanduser()
        if path.is_file():
            return self._lone(path)
        if not path.is_dir() and not glob.has_magic(text):
            read_article(path)  # says that there is no such file
        found = path.rglob("*") if path.is_dir() else map(Path, glob.glob(str(path), recursive=True))
        files = sorted(file for file in found if file.is_file() and not is_hidden(file.name))
        if not any(format_of(file.name) or inner_suffix(file.name) in NOT_READ for file in files) and (
            path.is_dir() or not files
        ):
            known = ", ".join(sorted([*FORMATS, ".zip"]))
            raise ValueError(f"no article in {text}: looked for files ending in {known}")
        return self._files(files, path if path.is_dir() else None)

    def _files(self, files: list[Path], folder: Path | None) -> Iterator[Article | Refused]:
        stems = Counter(_stem(file) for file in files)
        for file in files:
            if folder is not None and not format_of(file.name) and inner_suffix(file.name) not in NOT_READ:
                if self._report is not None:
                    self._report.begin(file.as_posix()).note = "passed over: not the name of a file with articles"
                continue
            alone = stems[_stem(file)] == 1
            yield from self._file(file, _stem(file) if alone else file.as_posix())

    def _lone(self, path: Path) -> Iterator[Article | Refused]:
        """A file by itself: if nothing at all can be read from it, that is an error."""
        items = self._file(path, _stem(path))
        begun = list(islice(items, 2))
        lone = begun[0] if len(begun) == 1 else None
        if self._lone_errors and isinstance(lone, Refused) and not lone.place:
            raise ArticleError(lone.reason if str(path) in lone.reason else f"{path}: {lone.reason}")
        return chain(begun, items)

    def frame(self, frame: pd.DataFrame) -> Iterator[Article | Refused]:
        names = [str(name) for name in frame.columns]
        table = frame.set_axis(names, axis=1)
        head = [present(row) for row in table.head(50).to_dict("records")]
        try:
            mapping = guess_columns(names, head, self._columns)
        except ArticleError as error:
            raise ValueError(
                f"the DataFrame has no column 'text' and {error}; or rename yours: df.rename(columns={{…: 'text'}})"
            ) from None
        if "article_id" not in mapping and "article_id" not in (self._columns or {}):
            raise ValueError(
                "the DataFrame has no column 'article_id'; rename yours: df.rename(columns={…: 'article_id'})"
            )
        note = self._report.begin("(DataFrame)") if self._report is not None else FileNote("(DataFrame)")
        note.format, note.columns = "DataFrame", mapping
        used = table[list(mapping.values())]
        dates = DateReader(lambda: iter(used[mapping["published"]]) if "published" in mapping else iter(()))
        for number, row in enumerate(used.to_dict("records")):
            values = present(row)
            given = values.get(mapping.get("article_id", ""))
            if given is None and "article_id" in mapping:
                item: Article | Refused = Refused(
                    f"row {number}", "the article_id is missing", "", note.path, f"row {number}"
                )
            else:
                fallback = f"row {number}" if given is None else as_id(given)
                item = article_of(values, mapping, fallback, dates, note, f"row {number}")
                date = values.get(mapping.get("published", ""))
                if isinstance(item, Article) and date is not None and item.published is None:
                    warnings.warn(
                        f"article {item.article_id!r}: published {date!r} is no date and left out", stacklevel=2
                    )
            if self._report is not None:
                self._report.add(note, item)
            yield item
        note.date_order, note.dates_assumed = dates.order, dates.assumed

    # --- one file ---

    def _file(self, path: Path, name: str) -> Iterator[Article | Refused]:
        """The articles of a file, or of the files in a ZIP archive; whatever goes wrong is one refused more."""
        try:
            if path.suffix.lower() == ".zip":
                yield from self._archive(path)
            else:
                yield from self._input(plain_input(path), name)
        except Exception as error:  # as in _input
            note = self._begin(path.as_posix())
            yield self._refuse(note, name, f"{path} cannot be opened: {reason_of(error)}", "")

    def _archive(self, path: Path) -> Iterator[Article | Refused]:
        empty = True
        for source in zip_inputs(path):
            empty = False
            if isinstance(source, tuple):
                yield self._refuse(self._begin(source[0]), *source, "")
            elif format_of(source.path) or inner_suffix(source.path) in NOT_READ:
                yield from self._input(source, source.path.removeprefix(path.as_posix() + "/"))
            else:
                self._begin(source.path).note = "passed over: not the name of a file with articles"
        if empty:
            yield self._refuse(self._begin(path.as_posix()), path.stem, f"{path} is an empty archive", "")

    def _begin(self, path: str) -> FileNote:
        return self._report.begin(path) if self._report is not None else FileNote(path)

    def _refuse(self, note: FileNote, name: str, reason: str, place: str) -> Refused:
        refused = Refused(
            self._free(name, reason, f"{note.path}#{note.found + 1}") or name, reason, "", note.path, place
        )
        if self._report is not None:
            self._report.add(note, refused)
        else:
            note.found += 1
        return refused

    def _input(self, source: Input, name: str) -> Iterator[Article | Refused]:
        note = self._begin(source.path)
        try:
            for item in self._articles(source, name, note):
                yield self._counted(item, note)
        except Exception as error:  # a damaged file breaks its reader in many ways; it must not cost the others
            after = f" after {note.found} articles" if note.found else ""
            reason = reason_of(error)
            reason = reason if source.path in reason else f"{source.path}: {reason}"
            yield self._refuse(
                note, f"{name}#{note.found + 1}" if note.found else name, reason + after, "the end" * bool(after)
            )

    def _counted(self, item: Article | Refused, note: FileNote) -> Article | Refused:
        """The item under an id that no earlier one has; the same id and text again is refused."""
        text = item.text if isinstance(item, Article) else item.reason
        place = f"{note.path}#{note.found + 1}"
        identity = self._free(item.article_id, text, place)
        if identity is None:
            reason = f"the id {item.article_id!r} and the text came before: it is the same article"
            item = Refused(
                self._free(place, place, f"{place}, again") or place, reason, "", note.path, f"article {note.found + 1}"
            )
        elif identity != item.article_id:
            item = replace(item, article_id=identity)
            note.renumbered += isinstance(item, Article)
        if self._report is not None:
            self._report.add(note, item)
        else:
            note.found += 1
        return item

    def _free(self, identity: str, text: str, otherwise: str) -> str | None:
        """The id if it is free, else another; None if the same id came with the same text. Eight bytes are kept."""
        key, both = _digest(identity), _digest(f"{identity}\0{text}")
        if key not in self._ids:
            self._ids |= {key, both}
            return identity
        if both in self._ids:
            return None
        self._ids |= {both, _digest(otherwise)}
        return otherwise

    def _articles(self, source: Input, name: str, note: FileNote) -> Iterator[Article | Refused]:
        kind = note.format = format_of(source.path) or "text"
        head = source.head(SNIFF)
        if inner_suffix(source.path) == ".doc" and head.startswith(b"{\\rtf"):
            kind = note.format = "RTF"
        elif (why := NOT_READ.get(inner_suffix(source.path))) is not None:
            note.format = ""
            raise ArticleError(f"{source.path} is {why}")
        if not head:
            note.empty += 1
            raise ArticleError(
                f"{source.path} is empty: it has no text. Check that it was saved or exported completely."
            )
        if kind in {"text", "CSV", "TSV", "JSON Lines", "JSON", "HTML"}:
            note.encoding = self._encoding or guess_encoding(head)
        if kind == "WARC":
            yield from self._pages(source, name, note)
        elif kind in {"text", "DOCX", "RTF"}:
            yield from self._prose(source, name, note, head)
        elif kind == "HTML":
            if FACTIVA.search(head):
                note.format = "Factiva HTML"
                data = source.whole(MAX_WHOLE // 2)
                yield from self._table(lambda: factiva_records(data, note.encoding), name, note, exports=True)
            else:
                yield whole_article(
                    article_from(
                        source.whole(MAX_WHOLE // 4), name=source.path, article_id=name, encoding=self._encoding
                    ),
                    note,
                )
        else:
            yield from self._table(self._records(source, kind, note.encoding), name, note, exports=False)

    def _records(self, source: Input, kind: str, encoding: str) -> Callable[[], Iterator[Record]]:
        """A function that reads the rows of a table from the start: for the articles, and once more for the dates."""
        if kind in {"Excel", "Parquet"}:
            return partial({"Excel": excel_records, "Parquet": parquet_records}[kind], source)
        if kind == "JSON":
            return partial(json_records, source, lambda data: data.decode(encoding, "replace"))
        read = json_lines_records if kind == "JSON Lines" else partial(csv_records, tabs=kind == "TSV")
        return lambda: read(self._lines(source, encoding))

    def _lines(self, source: Input, encoding: str) -> Iterator[str | None]:
        try:
            with source.open() as stream:
                yield from lines_of(stream, encoding, strict=self._encoding is not None)
        except LookupError as error:
            raise ArticleError(f"{error}. Pass a Python codec such as encoding='utf-8'") from error

    def _prose(self, source: Input, name: str, note: FileNote, head: bytes) -> Iterator[Article | Refused]:
        """Text, DOCX and RTF: the export of a database if it looks like one, else one article."""
        read: Callable[[], Iterator[str | None]] = {
            "text": lambda: self._lines(source, note.encoding),
            "DOCX": lambda: docx_lines(source),
            "RTF": lambda: rtf_lines(source),
        }[note.format]
        first = list(islice(up_to(read(), SNIFF), 20_000))
        layout = layout_of(first)
        if layout is not None:
            kind = note.format
            note.format = f"{layout} {'TXT' if kind == 'text' else kind}"
            yield from self._table(lambda: export_records(read(), layout, note.remark), name, note, exports=True)
            return
        if note.format == "text":
            data = source.whole(4 * MAX_CHARACTERS)
            yield whole_article(article_from(data, name=source.path, article_id=name, encoding=self._encoding), note)
            return
        text = "\n\n".join(line.strip() for line in up_to(read(), MAX_CHARACTERS) if line and line.strip())
        if not text:
            note.empty += 1
            raise ArticleError(f"{source.path} is empty: it has no text")
        yield whole_article(Article(article_id=name, text=text), note)

    def _pages(self, source: Input, name: str, note: FileNote) -> Iterator[Article | Refused]:
        for place, address, page in warc_pages(source):
            if isinstance(page, str):
                yield Refused(address, page, "", note.path, place)
                continue
            try:
                article = article_from(page, name=f"{address}.html", article_id=address)
            except ArticleError as error:
                yield Refused(address, str(error), "", note.path, place)
                continue
            yield whole_article(replace(article, url=article.url or address), note)

    def _table(
        self, records: Callable[[], Iterator[Record]], name: str, note: FileNote, *, exports: bool
    ) -> Iterator[Article | Refused]:
        """The articles of the rows of a table, or of the documents of an export, in one way."""
        rows = records()
        head: list[Record] = []
        damage: list[Exception] = []
        try:
            head += islice(rows, 50)
        except (ArticleError, OSError, *DAMAGED) as error:  # what came before is still there
            damage.append(error)
        values = [row for _, row in head if isinstance(row, dict)]
        mapping = {field: field for field in ("title", "outlet", "published", "author", "url", "language")}
        if not exports:
            names = list(dict.fromkeys(key for row in values for key in row))
            if not values and damage:
                raise damage[0]
            if not names:
                yield from (
                    Refused(f"{name}#{n}", str(why), "", note.path, place) for n, (place, why) in enumerate(head, 1)
                )
                if not head:
                    note.remark("it has no rows")
                return
            mapping = guess_columns(names, values, self._columns)
            note.columns = mapping
            note.unused = tuple(n for n in names if n not in mapping.values())[:50]
            if mapping["text"].lower() == "title":
                note.remark("it has no texts: the headlines are read as texts")
        column = mapping.get("published")
        dates = DateReader(lambda: read_again(records, column) if column else iter(()))
        for n, (place, row) in enumerate(chain(head, rows), start=1):
            if isinstance(row, str):
                note.empty += row == "it has no text"
                yield Refused(f"{name}#{n}", row, "", note.path, place)
            else:
                yield article_of(present(row), mapping, f"{name}#{n}", dates, note, place)
            note.date_order, note.dates_assumed = dates.order, dates.assumed
        if damage:
            raise damage[0]


def _stem(path: Path) -> str:
    name = path.name
    for _ in range(2):
        if PurePosixPath(name).suffix.lower() in {".gz", ".bz2", ".xz"}:
            name = name[: name.rindex(".")]
    return PurePosixPath(name).stem


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
