"""The import report: how many articles each file has, and what became of them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import pandas as pd

from newskit.reading.article import Article, Refused, detect_language
from newskit.reading.boilerplate import is_boilerplate
from newskit.reading.letters import letter_case
from newskit.reading.stories import StoryIndex
from newskit.resources.shown import shown_name, storable
from newskit.schema import RESULTS, result_table, returns_columns


@dataclass(slots=True)
class FileNote:
    """What is known of one file; its readers fill it while they read."""

    path: str
    format: str = ""
    encoding: str = ""
    found: int = 0
    read: int = 0
    refused: int = 0
    dates_parsed: int = 0
    dates_missing: int = 0
    dates_unparsed: int = 0
    dates_assumed: int = 0
    date_order: str = ""
    empty: int = 0
    truncated: int = 0
    garbled: int = 0
    duplicates: int = 0
    renumbered: int = 0
    boilerplate: int = 0
    odd_case: int = 0
    languages: Counter[str] | None = None
    columns: dict[str, str] | None = None
    unused: tuple[str, ...] = ()
    note: str = ""
    unread_date: str = ""
    """The first date that was not understood."""
    date: str = ""
    """Of the article that is added next: whether its date was parsed, missing or unparsed."""
    markup: int = 0
    """How many texts of a table had HTML in them."""
    cut: bool = False
    """Of the article that is added next: whether it ends early."""

    def remark(self, text: str) -> None:
        """Add a remark on the file as a whole."""
        if text not in self.note:  # a file may be read twice, for its dates
            self.note = f"{self.note}; {text}" if self.note else text


_FILE_COLUMNS: Final = [column.name for column in RESULTS["ImportReport.files"]]
_COUNTS: Final = [column.name for column in RESULTS["ImportReport.files"] if column.dtype == "int64"]
_GARBLED = re.compile("\ufffd|â€|Ã[\u0080-\u00bf]")


class ImportReport:
    """What an import found, file by file: filled by `scan_articles(…, report=report)`, or made by `import_report`.

    Printed, it is a summary in words; in a notebook, a table of the files.

    Parameters
    ----------
    stories : bool, default False
        Whether to find near-duplicates too, at about a millisecond and a kilobyte of memory per article.

    Examples
    --------
    >>> import newskit as nk
    >>> text = "The ministers met in Geneva on Monday and spoke about grain for three hours."
    >>> report = nk.ImportReport(stories=True)
    >>> items = list(nk.scan_articles([nk.Article("a", text), nk.Article("b", text)], report=report))
    >>> print(report)
    2 articles found in 1 file = 2 read + 0 refused
    dates: 0 read, 2 missing, 0 not understood
    languages: en 2
    1 with the same words as an earlier one
    2 placements tell 1 story (50% are repetitions)
      (articles) (articles): 2 of 2 read
    """

    def __init__(self, *, stories: bool = False) -> None:
        self._notes: list[FileNote] = []
        self._refused: list[Refused] = []
        self._texts: set[bytes] = set()
        self._outlets: list[str | None] = []
        self._index = StoryIndex() if stories else None

    def begin(self, path: str) -> FileNote:
        """Start the row of a file; `scan_articles` does it.

        Parameters
        ----------
        path : str
            The name of the file in the report.

        Returns
        -------
        FileNote
            The row, to be filled while the file is read.
        """
        self._notes.append(FileNote(shown_name(path)))
        return self._notes[-1]

    def add(self, note: FileNote, item: Article | Refused) -> None:
        """Count an article, or one that was refused, in the row of its file; `scan_articles` does it.

        Parameters
        ----------
        note : FileNote
            The row, from `begin`.
        item : Article or Refused
            What was found.
        """
        note.found += 1
        if isinstance(item, Refused):
            note.refused += 1
            self._refused.append(item)
            return
        note.read += 1
        note.dates_parsed += note.date == "parsed"
        note.dates_unparsed += note.date == "unparsed"
        note.dates_missing += note.date in ("missing", "")
        note.truncated += note.cut
        note.garbled += _GARBLED.search(item.text) is not None
        paragraphs = [item.text[block.start : block.end] for block in item.blocks]
        note.boilerplate += sum(map(is_boilerplate, paragraphs))
        note.odd_case += 2 * sum(letter_case(paragraph) is not None for paragraph in paragraphs) > len(paragraphs)
        words = blake2b(" ".join(item.text.casefold().split()).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        note.duplicates += words in self._texts
        self._texts.add(words)
        if note.languages is None:
            note.languages = Counter()
        # A thousand characters are enough for a report; annotate looks at more.
        note.languages[item.language or detect_language(item.text[:1000])] += 1
        if self._index is not None:
            self._outlets.append(None if item.outlet is None else storable(item.outlet))
            self._index.add(item.article_id, item.text)

    @property
    @returns_columns("ImportReport.files")
    def files(self) -> pd.DataFrame:
        """The files, with what was found in each.

        Returns
        -------
        DataFrame
            One row per file, in the order of reading, with the columns

            {columns}
        """
        rows = (
            [_listed(note.languages) if name == "languages" else getattr(note, name) for name in _FILE_COLUMNS]
            for note in self._notes
        )
        return result_table("ImportReport.files", rows)

    @property
    @returns_columns("ImportReport.refused")
    def refused(self) -> pd.DataFrame:
        """What could not be read.

        Returns
        -------
        DataFrame
            One row per article or file that was refused, in the order of reading, with the columns

            {columns}
        """
        rows = (tuple(map(storable, (r.path, r.place, r.reason, r.article_id))) for r in self._refused)
        return result_table("ImportReport.refused", rows)

    @property
    @returns_columns("ImportReport.columns")
    def columns(self) -> pd.DataFrame:
        """The columns of the tables that were read, and what they were taken for.

        Returns
        -------
        DataFrame
            One row per column of each table, with the columns

            {columns}
        """
        rows = (
            (note.path, shown_name(column), field)
            for note in self._notes
            if note.columns is not None
            for field, column in (
                *note.columns.items(),
                *((None, name) for name in note.unused),
            )
        )
        return result_table("ImportReport.columns", rows)

    @property
    def story_ids(self) -> pd.Series:
        """Which of the articles read tell the same story.

        Returns
        -------
        Series
            The `story_id` of each article, by `article_id`; see `newskit.story_ids`.

        Raises
        ------
        ValueError
            If stories were not counted.
        """
        if self._index is None:
            raise ValueError("stories were not counted: use ImportReport(stories=True) or import_report(source)")
        return self._index.story_ids()

    @property
    @returns_columns("ImportReport.stories")
    def stories(self) -> pd.DataFrame:
        """How many articles, and how many different stories, each outlet has.

        Returns
        -------
        DataFrame
            One row per outlet, most placements first, with the columns

            {columns}

        Raises
        ------
        ValueError
            If stories were not counted.
        """
        ids = self.story_ids
        table = pd.DataFrame({"outlet": pd.array(self._outlets, dtype="str"), "story": ids.to_numpy()})
        grouped = table.groupby("outlet", dropna=False)["story"]
        found = grouped.agg(placements="size", stories="nunique").reset_index()
        return found.sort_values(["placements", "outlet"], ascending=[False, True], ignore_index=True)

    def totals(self) -> dict[str, int]:
        """The counts of all files together.

        Returns
        -------
        dict of str to int
            The sums of the numeric columns of `files`, by column.
        """
        return {name: sum(getattr(note, name) for note in self._notes) for name in _COUNTS}

    def __str__(self) -> str:
        lines = [*self._lines(), *(f"  {line}" for line in self._per_file())]
        return "\n".join(map(shown_name, lines))

    __repr__ = __str__

    def _lines(self) -> Iterator[str]:
        total = self.totals()
        with_articles = sum(note.found > 0 for note in self._notes)
        yield (
            f"{total['found']:,} articles found in {with_articles:,} {'file' if with_articles == 1 else 'files'} = "
            f"{total['read']:,} read + {total['refused']:,} refused"
        )
        yield (
            f"dates: {total['dates_parsed']:,} read, {total['dates_missing']:,} missing, "
            f"{total['dates_unparsed']:,} not understood"
            + (
                f"; in {total['dates_assumed']:,} it is assumed which number is the month"
                * bool(total["dates_assumed"])
            )
        )
        languages = Counter[str]()
        for note in self._notes:
            languages.update(note.languages or {})
        yield f"languages: {_listed(languages) or 'none'}"
        kinds = {
            "empty": "without a text",
            "truncated": "cut short",
            "garbled": "with signs of a wrong encoding",
            "duplicates": "with the same words as an earlier one",
            "renumbered": "with an id that was taken already",
            "odd_case": "in capitals or in small letters",
        }
        words = [f"{total[name]:,} {text}" for name, text in kinds.items() if total[name]]
        if words:
            yield "; ".join(words)
        if total["boilerplate"]:
            yield f"{total['boilerplate']:,} paragraphs that are boilerplate, which annotate leaves out"
        if self._index is not None and total["read"]:
            n = self.story_ids.nunique()
            stories = "story" if n == 1 else "stories"
            yield f"{total['read']:,} placements tell {n:,} {stories} ({1 - n / total['read']:.0%} are repetitions)"

    def _per_file(self) -> Iterator[str]:
        for note in self._notes[:20]:
            words = [f"{note.path} ({note.format or 'no format'}): {note.read} of {note.found} read"]
            if note.columns:
                words.append("columns " + ", ".join(f"{name} = {column}" for name, column in note.columns.items()))
            words += [text for text in (note.date_order and f"dates {note.date_order}", note.note) if text]
            yield "; ".join(words)
        if len(self._notes) > 20:
            yield f"… and {len(self._notes) - 20:,} more files: report.files"
        for reason, n in Counter(re.sub(r"\d+", "…", r.reason) for r in self._refused).most_common(10):
            first = next(r for r in self._refused if re.sub(r"\d+", "…", r.reason) == reason)
            where = ", ".join(filter(None, (first.path, first.place)))
            yield f"refused, {n}: {first.reason}" + (f" ({where})" if where else "")

    def _repr_html_(self) -> str:
        files = self.files
        shown = [n for n in files.columns if n in ("path", "format", "found", "read", "refused") or _is_told(files[n])]
        parts = ["".join(f"<p>{html.escape(line)}</p>" for line in self._lines())]
        parts.append(files[shown].head(50).to_html(index=False, border=0))
        if self._refused:
            parts.append(self.refused[["path", "place", "reason"]].head(20).to_html(index=False, border=0))
        return "".join(parts)


def _is_told(column: pd.Series) -> bool:
    """Whether a column has anything but zeros or empty strings."""
    return bool((column != 0).any()) if column.dtype.kind == "i" else bool((column.fillna("") != "").any())


def _listed(languages: Counter[str] | None) -> str:
    return ", ".join(f"{code} {n:,}" for code, n in languages.most_common()) if languages else ""
