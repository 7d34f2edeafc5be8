"""The import report: what became of every article of every file."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from newskit.reading.article import Article, Refused, detect_language
from newskit.reading.stories import StoryIndex

if TYPE_CHECKING:
    import pandas as pd


@dataclass(slots=True)
class FileNote:
    """What is known of one file; the importers fill it while they read."""

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
    languages: Counter[str] | None = None
    columns: dict[str, str] | None = None
    unused: tuple[str, ...] = ()
    note: str = ""
    date: str = ""
    """Of the article that comes next: whether its date was parsed, missing or unparsed."""
    cut: bool = False
    """Of the article that comes next: whether it ends in the middle."""

    def remark(self, text: str) -> None:
        """Add a remark on the file as a whole."""
        self.note = f"{self.note}; {text}" if self.note else text


_COUNTS: Final = (
    *("found", "read", "refused", "dates_parsed", "dates_missing", "dates_unparsed", "dates_assumed"),
    *("empty", "truncated", "garbled", "duplicates", "renumbered"),
)
_GARBLED = re.compile("\ufffd|â€|Ã[\u0080-\u00bf]")


class ImportReport:
    """What an import found, file by file; filled by `scan_articles(…, report=report)` or made by `import_report`.

    `files` has one row a file: `path`, `format`, `encoding`, `found`, `read`, `refused` (found = read + refused),
    `dates_parsed`, `dates_missing`, `dates_unparsed`, `dates_assumed` (03/04/2020 and no date of the file tells
    which is the month), `date_order`, `empty` (refused for having no text), `truncated` (articles that end in the
    middle: shorter than the file says, or cut at an ellipsis), `garbled` (with signs of a wrong encoding),
    `duplicates` (articles with the words of an earlier one of the import), `renumbered` (articles whose id an
    earlier one has already: they get one of their file and place), `languages` ("en 38, de 2"), `note`.
    `refused` has one row for each that could not be read: `path`, `place`, `reason`. `columns` has the columns of
    each table and what they were taken for. With `stories=True` near-duplicates are counted too: `story_ids` and
    `stories`, one row an outlet with its placements and stories.
    """

    def __init__(self, *, stories: bool = False) -> None:
        self._notes: list[FileNote] = []
        self._refused: list[Refused] = []
        self._texts: set[bytes] = set()
        self._with_stories = stories
        self._outlets: list[str | None] = []
        self._index: Any = None

    def begin(self, path: str) -> FileNote:
        """Start the row of a file."""
        self._notes.append(FileNote(path))
        return self._notes[-1]

    def add(self, note: FileNote, item: Article | Refused) -> None:
        """Count an article, or one that was refused, in the row of its file."""
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
        words = blake2b(" ".join(item.text.casefold().split()).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        note.duplicates += words in self._texts
        self._texts.add(words)
        if note.languages is None:
            note.languages = Counter()
        # The first thousand characters tell; annotate looks at more.
        note.languages[item.language or detect_language(item.text[:1000])] += 1
        if self._with_stories:
            self._outlets.append(item.outlet)
            if self._index is None:
                self._index = StoryIndex()
            self._index.add(item.article_id, item.text)

    @property
    def files(self) -> pd.DataFrame:
        """One row a file; see the class."""
        import pandas as pd

        names = ["path", "format", "encoding", *_COUNTS, "languages", "date_order", "note"]
        rows = [
            {name: getattr(note, name) for name in names} | {"languages": _told(note.languages)} for note in self._notes
        ]
        table = pd.DataFrame(rows, columns=names)
        return table.astype({name: "int64" if name in _COUNTS else "str" for name in names})

    @property
    def refused(self) -> pd.DataFrame:
        """One row for each that could not be read: `path`, `place`, `reason`, `article_id`."""
        import pandas as pd

        names = ["path", "place", "reason", "article_id"]
        return pd.DataFrame([[getattr(r, name) for name in names] for r in self._refused], columns=names, dtype="str")

    @property
    def columns(self) -> pd.DataFrame:
        """One row a column of a table of articles: `path`, `column`, `field` (missing if it is not used)."""
        import pandas as pd

        rows = [
            (note.path, column, of.get(column))
            for note in self._notes
            if note.columns is not None
            for of in [{column: name for name, column in note.columns.items()}]
            for column in (*note.columns.values(), *note.unused)
        ]
        return pd.DataFrame(rows, columns=["path", "column", "field"], dtype="str")

    @property
    def story_ids(self) -> pd.Series:
        """The `story_id` of each article read, by `article_id`. Raises `ValueError` if stories were not counted."""
        if not self._with_stories:
            raise ValueError("stories were not counted: ImportReport(stories=True) or import_report(source)")
        index: StoryIndex = self._index if self._index is not None else StoryIndex()
        return index.story_ids()

    @property
    def stories(self) -> pd.DataFrame:
        """One row an outlet: `outlet`, `placements` (articles), `stories` (different ones), most placements first."""
        import pandas as pd

        ids = self.story_ids
        table = pd.DataFrame({"outlet": pd.array(self._outlets, dtype="str"), "story": ids.to_numpy()})
        grouped = table.groupby("outlet", dropna=False)["story"]
        found = grouped.agg(placements="size", stories="nunique").reset_index()
        return found.sort_values(["placements", "outlet"], ascending=[False, True], ignore_index=True)

    def totals(self) -> dict[str, int]:
        """The counts of all files together."""
        return {name: sum(getattr(note, name) for note in self._notes) for name in _COUNTS}

    def __str__(self) -> str:
        return "\n".join([*self._lines(), *(f"  {line}" for line in self._per_file())])

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
            + (f"; of {total['dates_assumed']:,} it is assumed which is the month" if total["dates_assumed"] else "")
        )
        languages = Counter[str]()
        for note in self._notes:
            languages.update(note.languages or {})
        yield f"languages: {_told(languages) or 'none'}"
        kinds = {
            "empty": "without a text",
            "truncated": "cut short",
            "garbled": "with signs of a wrong encoding",
            "duplicates": "word for word as an earlier one",
            "renumbered": "with an id that was taken",
        }
        told = [f"{total[name]:,} {text}" for name, text in kinds.items() if total[name]]
        if told:
            yield "; ".join(told)
        if self._with_stories and total["read"]:
            n = self.story_ids.nunique()
            yield f"{total['read']:,} placements tell {n:,} stories ({1 - n / total['read']:.0%} are repetitions)"

    def _per_file(self) -> Iterator[str]:
        for note in self._notes[:20]:
            told = [f"{note.path} ({note.format or 'no format'}): {note.read} of {note.found} read"]
            if note.columns:
                told.append("columns " + ", ".join(f"{name} = {column}" for name, column in note.columns.items()))
            told += [text for text in (note.date_order and f"dates {note.date_order}", note.note) if text]
            yield "; ".join(told)
        if len(self._notes) > 20:
            yield f"… and {len(self._notes) - 20:,} more files: report.files"
        for reason, n in Counter(re.sub(r"\d+", "…", r.reason) for r in self._refused).most_common(10):
            first = next(r for r in self._refused if re.sub(r"\d+", "…", r.reason) == reason)
            yield f"refused, {n}: {first.reason} ({first.path}{f', {first.place}' if first.place else ''})"

    def _repr_html_(self) -> str:
        files = self.files
        shown = [n for n in files.columns if n in ("path", "format", "found", "read", "refused") or _tells(files[n])]
        parts = ["".join(f"<p>{html.escape(line)}</p>" for line in self._lines())]
        parts.append(files[shown].head(50).to_html(index=False, border=0))
        if self._refused:
            parts.append(self.refused[["path", "place", "reason"]].head(20).to_html(index=False, border=0))
        return "".join(parts)


def _tells(column: pd.Series) -> bool:
    return bool((column != 0).any()) if column.dtype.kind == "i" else bool((column.fillna("") != "").any())


def _told(languages: Counter[str] | None) -> str:
    return ", ".join(f"{code} {n:,}" for code, n in languages.most_common()) if languages else ""
