"""Columns of articles that the user brought: an outlet's ownership, the arm of an experiment, a country."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from newskit.annotation.notes import to_json
from newskit.corpus.folder import METADATA, Folder, checksum, read_manifest
from newskit.corpus.tables import ParquetTables
from newskit.corpus.views import PERIODS
from newskit.errors import ArticleError
from newskit.reading.article import Article, Refused
from newskit.reading.columns import guess_columns, present
from newskit.resources.nearest import nearest
from newskit.schema import RESULTS, TABLES, columns

_SUMMARIES: Final = (
    *("actor_frequency", "stance_summary", "voice_matrix", "source_summary", "frame_summary", "frame_stance"),
)
IN_USE: Final = frozenset(
    {name for table in TABLES if table != "actors" for name in columns(table)}
    | {column.name for summary in _SUMMARIES for column in RESULTS[summary]}
    | {*PERIODS, "count", "unit", "filename", "file_row_number"}
)
"""The names that mean something to newskit, and cannot be those of other columns of articles."""
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
"""A number in a text file; not a code with zeros in front, such as 007."""


def own_columns(frame: pd.DataFrame, given: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """The columns of a DataFrame of articles that are no field of an Article, row by row.

    Warns of those that are left out because newskit uses their name.
    """
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    head = [present(row) for row in frame.head(50).to_dict("records")]
    try:
        fields = guess_columns(list(frame.columns), head, given).values()
    except ArticleError:  # no text: who reads the articles says so
        return pd.DataFrame()
    return _usable(frame[[name for name in frame.columns if name not in fields]])


class Collected:
    """Articles, whose metadata (from the tables that they come in) are kept while they pass.

    >>> items = Collected([Article("a", "Talks resume.", metadata={"desk": "7"}), Article("b", "Talks fail.")])
    >>> [item.article_id for item in items], items.columns_of(["a", "b"])["desk"].tolist()
    (['a', 'b'], [7, <NA>])
    """

    def __init__(self, articles: Iterable[Article | Refused]) -> None:
        self._articles = articles
        self._rows: dict[str, Mapping[str, Any]] = {}

    def __iter__(self) -> Iterator[Article | Refused]:
        for item in self._articles:
            if isinstance(item, Article) and item.metadata:
                self._rows[item.article_id] = item.metadata
            yield item

    def columns_of(self, ids: Iterable[str]) -> pd.DataFrame:
        """The columns of some articles, row by row: of whole numbers where all texts are such, and the like.

        Warns of those that are left out because newskit uses their name.
        """
        rows = [self._rows.get(one, {}) for one in ids]
        names = dict.fromkeys(name for row in rows for name in row)
        return _usable(pd.DataFrame({name: _as_column([row.get(name) for row in rows]) for name in names}))


def _as_column(values: list[Any]) -> pd.Series:
    """Values from a file: numbers if all are, else as they are."""
    given = [value for value in values if value is not None]
    numeric = all(isinstance(value, str) and _NUMBER.fullmatch(value.strip()) for value in given)
    column = pd.Series([float(value) if numeric and value is not None else value for value in values], dtype=object)
    found: pd.Series = column.infer_objects()
    return found.convert_dtypes() if found.dtype.kind in "fiub" or numeric else found


def _usable(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns whose names are free, in dtypes that a file and a query can hold."""
    known = {name.casefold() for name in IN_USE}
    left_out, kept = list[str](), list[str]()
    for name in frame.columns:
        (left_out if name.casefold() in known else kept).append(name)
        known.add(name.casefold())
    if left_out:
        warnings.warn(
            f"left out the column(s) {', '.join(map(repr, left_out))}: newskit uses these names for something else; "
            f"rename yours to keep them: df.rename(columns={{{left_out[0]!r}: 'my_{left_out[0]}'}})",
            stacklevel=4,
        )
    return frame[kept].apply(_storable).reset_index(drop=True)


def _storable(column: pd.Series) -> pd.Series:
    """Objects of several kinds as texts; the rest as it is."""
    if column.dtype != object:
        return column
    better = column.convert_dtypes() if pd.api.types.infer_dtype(column, skipna=True) == "boolean" else column
    better = better.infer_objects()
    if better.dtype != object:
        return better
    return column.map(str, na_action="ignore").astype("str")


def joined(articles: pd.DataFrame, table: pd.DataFrame, on: str) -> pd.DataFrame:
    """The articles with the columns of a table; see `Corpus.with_metadata`."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"with_metadata takes a DataFrame, got {type(table).__name__}: read a file with pd.read_csv")
    table = table.set_axis([str(name) for name in table.columns], axis=1)
    for name, place in ((on, articles), (on, table)):
        if name not in place.columns:
            whose = "the corpus has" if place is articles else "the table has"
            known = ", ".join(map(str, place.columns))
            raise ValueError(f"{whose} no column {name!r}{nearest(name, place.columns)}; it has {known}")
    keys = table[on].astype("str")
    twice = keys[keys.duplicated() & keys.notna()]
    if len(twice):
        raise ValueError(f"the table has {on} {twice.iloc[0]!r} more than once: give one row for each")
    held = articles[on].astype("str")
    _tell_unmatched(keys, held, held[articles["status"] == "annotated"], on)
    more = _usable(table.drop(columns=on))
    at = pd.Index(keys.array).get_indexer(pd.Index(held.array))
    at[held.isna().to_numpy()] = -1
    taken = pd.DataFrame({name: _taken(more[name], at) for name in more.columns}, index=articles.index)
    kept = articles.drop(columns=[name for name in articles.columns if name in taken.columns])
    return pd.concat([kept, taken], axis=1)


def _taken(column: pd.Series, at: np.ndarray) -> pd.Series:
    """The values at some places, missing at -1; whole numbers and truth values stay what they are."""
    if (at == -1).any() and column.dtype.kind in "iub" and not pd.api.types.is_extension_array_dtype(column):
        nullable = {"b": pd.BooleanDtype(), "i": pd.Int64Dtype(), "u": pd.UInt64Dtype()}
        column = column.astype(nullable[column.dtype.kind])
    found: pd.Series = column.reset_index(drop=True).reindex(at)
    return found.set_axis(range(len(found)))


def _tell_unmatched(keys: pd.Series, held: pd.Series, annotated: pd.Series, on: str) -> None:
    """Warn of rows without an article, and of annotated articles without a row."""
    strange = sorted({*keys.dropna()} - {*held.dropna()})
    if strange and not {*keys.dropna()} & {*held.dropna()}:
        raise ValueError(f"no article has a value of {on} that the table has, such as {strange[0]!r}")
    if strange:
        warnings.warn(
            f"{len(strange)} row(s) of the table are of no article, such as {on} {strange[0]!r}"
            f"{nearest(strange[0], held.dropna().unique())}",
            stacklevel=4,
        )
    held = annotated
    lacking = ~held.isin(keys.dropna())
    if lacking.any():
        first = next(iter(held[lacking].dropna()), None)
        example = f"no {on}" if first is None else f"{on} {first!r}"
        warnings.warn(
            f"{int(lacking.sum())} article(s) are in no row of the table, such as with {example}: their values are "
            "missing, and they are in no group of these columns",
            stacklevel=4,
        )


def keep(folder: Folder, own: pd.DataFrame) -> None:
    """Write the user's columns of the articles, which are in order, into the folder of a finished corpus."""
    manifest = read_manifest(folder) or {}
    files = manifest.get("files", {})
    ids = ParquetTables(folder, {**manifest, "files": {}}).rows("articles", ["article_id"], {})
    buffer = io.BytesIO()
    pd.concat([ids, own.set_axis(ids.index)], axis=1).to_parquet(buffer, index=False, compression="zstd")
    data = buffer.getvalue()
    if files.get(METADATA) == checksum(data) and folder.read(METADATA) == data:
        return
    folder.write(METADATA, data)
    folder.write("manifest.json", to_json({**manifest, "files": {**files, METADATA: checksum(data)}}))
