"""Excel: the summaries of a corpus, one formatted sheet each, with their evidence, codebook and manifest."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from newskit.corpus.corpus import Corpus
from newskit.corpus.observations import coded_with
from newskit.output.drawing import in_words
from newskit.resources.files import whole_file
from newskit.resources.spreadsheets import cell_text
from newskit.schema import RESULTS, TABLES, WITH_CODINGS
from newskit.summaries.frames import frame_summary
from newskit.summaries.frequency import actor_frequency
from newskit.summaries.tone import stance_summary

EXCEL_ROWS: Final = 1_048_576
_OWN_SHEETS: Final = ("evidence", "codebook", "manifest")
_LONGEST_TITLE: Final = 31
_WIDTHS: Final = (8, 60)
"""Narrowest and widest column, in characters."""
_LOOKED_AT: Final = 200
"""Rows by which the widths are chosen."""
_DECIMALS: Final = "0.000"
_EVIDENCE: Final = (
    *("sentence", "text", "target_id", "target", "voice", "label", "score", "outlet", "published", "title"),
    *("article_id", "method", "sentence_id", "start", "end"),
)
"""The columns of the evidence, the sentence first."""


def write_workbook(corpus: Corpus, path: Path, tables: Mapping[str, pd.DataFrame] | None) -> None:
    """Write a workbook; `export_corpus` says what is in it."""
    from openpyxl import Workbook

    stances = stance_summary(corpus)
    method = stances["method"].iloc[0] if len(stances) else None
    n_rows = 0 if method is None else _count_stances(corpus, method)
    if n_rows >= EXCEL_ROWS:
        raise ValueError(f"{n_rows:,} stances are more than an Excel sheet holds: write CSV, to a path without ending")
    sheets = _summaries(corpus, stances) if tables is None else _checked(tables)
    book = Workbook(write_only=True)
    for title, table in sheets.items():
        _add_sheet(book, title, [table])
    _add_sheet(book, "evidence", (_evidence(part, method) for part in corpus.parts()))
    _add_sheet(book, "codebook", [_codebook(corpus, sheets)])
    notes = pd.json_normalize(corpus.manifest, sep=" ").T.reset_index().astype("str")
    _add_sheet(book, "manifest", [notes.set_axis(["what", "value"], axis=1)])
    with whole_file(path) as part:
        book.save(part)


def _summaries(corpus: Corpus, stances: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The summaries of a corpus without a choice of one's own."""
    found = {"actors": actor_frequency(corpus), "stances": stances}
    books = coded_with(corpus)
    for book in books:
        title = "frames" if len(books) == 1 else f"frames of {in_words(book)}"[:_LONGEST_TITLE]
        with contextlib.suppress(ValueError):  # coded by several methods: which of them counts is the user's choice
            found[title] = frame_summary(corpus, codebook=book)
    return found


def _checked(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The user's tables by the title of their sheets; raises for what Excel does not take."""
    for title, table in tables.items():
        if not isinstance(table, pd.DataFrame):
            raise TypeError(
                f"tables takes DataFrames by the title of the sheet, got {type(table).__name__} for {title!r}"
            )
        if not title.strip() or len(title) > _LONGEST_TITLE or re.search(r"[\[\]:*?/\\]", title):
            raise ValueError(f"{title!r} cannot be the title of a sheet: at most 31 characters, none of [ ] : * ? / \\")
        if title.casefold() in _OWN_SHEETS or [one.casefold() for one in tables].count(title.casefold()) > 1:
            raise ValueError(f"there is a sheet {title!r} already: give the table another title")
        if len(table) >= EXCEL_ROWS:
            raise ValueError(f"the table {title!r} has {len(table):,} rows, more than an Excel sheet holds")
    return {title: _with_index(table) for title, table in tables.items()}


def _with_index(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an index that says something as columns."""
    plain = table.index.nlevels == 1 and table.index.name is None and pd.api.types.is_integer_dtype(table.index)
    return table if plain else table.reset_index()


def _count_stances(corpus: Corpus, method: str) -> int:
    quoted = method.replace("'", "''")
    return int(corpus.sql(f"select count(*) as n from stances where method = '{quoted}'")["n"].iloc[0])


def _evidence(corpus: Corpus, method: str | None) -> pd.DataFrame:
    """The stances by one method with what a reader needs to check them, the sentence first."""
    rows = corpus.evidence("stances", method=method)
    about = corpus.table("articles", columns=["article_id", "title", "outlet", "published"])
    rows = rows.merge(about, on="article_id", how="left")
    rows["target"] = rows["target_id"].map(corpus.actors.set_index("actor_id")["label"])
    return rows[list(_EVIDENCE)]


def _codebook(corpus: Corpus, sheets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What each column of each sheet means, and each frame of the codebooks."""
    own = {column.name: column.meaning for table in ("actors", "articles", "stances") for column in TABLES[table]}
    own |= {"target": "its name", "sentence": "the sentence that it stands in"}
    rows = [(title, name, meaning) for title, table in sheets.items() for name, meaning in _meanings(table).items()]
    rows += [("evidence", name, own[name]) for name in _EVIDENCE]
    for book, frames in coded_with(corpus).items():
        rows += [(f"frames of {in_words(book)}", frame, label) for frame, label in frames.items()]
    return pd.DataFrame(rows, columns=["of", "name", "meaning"])


def _meanings(table: pd.DataFrame) -> dict[str, str]:
    """What each column of a summary means; the columns of the summary that it is most like."""
    names = [str(name) for name in table.columns]
    known = {
        summary: {column.name: column.meaning for column in (*own, *WITH_CODINGS.get(summary, ()))}
        for summary, own in RESULTS.items()
    }
    likest = max(known.values(), key=lambda meanings: len({*meanings} & {*names}) - len({*meanings} - {*names}))
    articles = {column.name: column.meaning for column in TABLES["articles"]}
    return {name: likest.get(name) or articles.get(name) or "a group" for name in names}


def _add_sheet(book: Any, title: str, frames: Iterable[pd.DataFrame]) -> None:
    """Add a sheet with the rows of all frames, which have the same columns: a heading that stays, filters, widths."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)

    def cell(value: Any) -> Any:
        if value is None or value is pd.NaT or (pd.api.types.is_scalar(value) and pd.isna(value)):
            return None
        if not isinstance(value, str):
            value = value.item() if hasattr(value, "item") else value
            if not isinstance(value, float):
                return value if isinstance(value, int | bool | dt.date) else cell(str(value))
            made = WriteOnlyCell(sheet, value)
            made.number_format = _DECIMALS
            return made
        made = WriteOnlyCell(sheet, cell_text(value))
        made.data_type = "s"  # a text that begins with "=" is a text, not a formula
        return made

    n_rows, last = 1, "A"
    for number, frame in enumerate(frames):
        if number == 0:
            # All of this has to be told before the first row is written.
            sheet.freeze_panes = "A2"
            last = get_column_letter(max(1, len(frame.columns)))
            for place, width in enumerate(_widths(frame), start=1):
                sheet.column_dimensions[get_column_letter(place)].width = width
            headings = [cell(str(name)) for name in frame.columns]
            for heading in headings:
                heading.font = Font(bold=True)
            sheet.append(headings)
        for row in frame.astype(object).itertuples(index=False, name=None):
            sheet.append([cell(value) for value in row])
        n_rows += len(frame)
    sheet.auto_filter.ref = f"A1:{last}{n_rows}"


def _widths(frame: pd.DataFrame) -> list[int]:
    """A width for each column, by its heading and most of its first rows."""
    narrowest, widest = _WIDTHS
    found = []
    for place, name in enumerate(frame.columns):
        texts = [f"{one:.3f}" if isinstance(one, float) else str(one) for one in frame.iloc[:_LOOKED_AT, place]]
        usual = pd.Series(texts, dtype="str").str.len().quantile(0.9) if texts else 0
        found.append(int(min(max(usual, len(str(name)) + 3, narrowest), widest)))
    return found
