"""Querying tables: row filters for pandas and for SQL, and the DuckDB connection."""

from __future__ import annotations

import re
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import duckdb

_EXPLAIN = re.compile(r"(?i)\s*explain\s+(?:analyze\s+)?(?:\([\w\s,]*\)\s*)?")
_PIVOT = re.compile(rf"(?i)(?:{_EXPLAIN.pattern.removeprefix('(?i)')})?\s*pivot(?:_wider)?\s")
_MEMORY: Final = "1GB"


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB in memory that spills to disk what does not fit."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        # A folder of its own, made when it is needed: what lies beside it is no business of a query.
        "temp_directory": str(Path(tempfile.gettempdir(), f"newskit-{uuid.uuid4().hex}")),
    }
    connection = duckdb.connect(config=settings if threads is None else settings | {"threads": threads})
    connection.execute("set enable_progress_bar = false")
    return connection


def as_literal(path: str) -> str:
    """A path as DuckDB, which takes paths for globs, must be given it to read that file and no other."""
    return re.sub(r"[*?\[]", r"[\g<0>]", path)


def lock_down(connection: duckdb.DuckDBPyConnection, query: str, *, allowed: str | None = None) -> None:
    """Let a connection read nothing but what it was given and, under the path `allowed`, the files of a corpus.

    It can load no extension, reach no network and change no setting. Raises `ValueError` for a query that does
    anything but read.
    """
    import duckdb

    statements = duckdb.extract_statements(query)
    if not statements:
        raise ValueError("the query is empty: write one such as select * from articles")
    if not all(map(_only_reads, statements)):
        raise ValueError(
            "a query may only read the tables of the corpus (select, with, pivot, describe, summarize, explain); for "
            "one that writes, attaches or sets something, and that you trust: corpus.sql(…, trusted=True)"
        )
    connection.execute("set python_enable_replacements = false")
    if allowed is not None:
        # As it is called, and as the views of its files call it.
        quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in (allowed, as_literal(allowed)))
        connection.execute(f"set allowed_directories = [{quoted}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _only_reads(statement: Any) -> bool:
    """Whether a statement of DuckDB reads and does nothing else."""
    import duckdb

    kind = statement.type
    if kind == duckdb.StatementType.SELECT:
        return True
    if kind == duckdb.StatementType.EXPLAIN:  # with "analyze" it runs what it explains
        explained = _EXPLAIN.sub("", statement.query, count=1)
        try:
            return explained != statement.query and all(map(_only_reads, duckdb.extract_statements(explained)))
        except duckdb.Error:
            return False
    # A pivot is three statements: types for its columns, the query, and the types dropped.
    return kind == duckdb.StatementType.MULTI and _PIVOT.match(statement.query) is not None


def in_quotes(name: str) -> str:
    """The name of a column as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def show(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Give a DuckDB a frame, which is scanned in place; one whose rows run backwards is copied, since DuckDB cannot."""
    plain = [at for at, dtype in enumerate(frame.dtypes) if isinstance(dtype, np.dtype)]
    backwards = any(frame.iloc[:, at].to_numpy().strides[0] < 0 for at in plain)
    connection.register(name, frame.copy() if backwards else frame)


def is_missing(value: Any) -> bool:
    """Whether a value stands for a missing one."""
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


class Wanted(NamedTuple):
    """What a column must be: one of some values, or missing."""

    values: list[Any]
    missing: bool


def wanted(value: Any, dtype: Any) -> Wanted:
    """What is asked of a column of a dtype by one value or several; None and NaN ask for missing values.

    A value that the column cannot hold, such as a string where it has numbers, matches nothing.
    """
    several = isinstance(value, list | tuple | set | frozenset | pd.Series | pd.Index)
    given = list(value) if several else [value]
    fitting = (_fitting(one, dtype) for one in given if not is_missing(one))
    return Wanted([one for one in fitting if one is not None], any(is_missing(one) for one in given))


def _fitting(value: Any, dtype: Any) -> Any:
    """The value as the column would hold it; None if it cannot."""
    if isinstance(dtype, pd.CategoricalDtype):
        return _fitting(value, dtype.categories.dtype)
    if pd.api.types.is_string_dtype(dtype):
        return str(value) if isinstance(value, str) else None
    if pd.api.types.is_datetime64_any_dtype(dtype):
        moment = pd.to_datetime(value, errors="coerce") if pd.api.types.is_scalar(value) else pd.NaT
        return None if pd.isna(moment) or moment.tzinfo is not None else moment.to_pydatetime()
    if pd.api.types.is_numeric_dtype(dtype) and (pd.api.types.is_number(value) or pd.api.types.is_bool(value)):
        return value.item() if hasattr(value, "item") else value
    return None


def matching(frame: pd.DataFrame, where: Mapping[str, Any]) -> pd.DataFrame:
    """The rows whose columns have the wanted values; a missing value asks for missing ones."""
    for name, value in where.items():
        values, missing = wanted(value, frame[name].dtype)
        keep = frame[name].isin(values)
        frame = frame[keep | frame[name].isna() if missing else keep]
    return frame


def condition(name: str, asked: Wanted) -> tuple[str, list[Any]]:
    """What `matching` asks of a column, as SQL with parameters."""
    parts = [f"{in_quotes(name)} in ({', '.join('?' * len(asked.values))})"] if asked.values else []
    parts += [f"{in_quotes(name)} is null"] if asked.missing else []
    return f"({' or '.join(parts)})" if parts else "false", asked.values
