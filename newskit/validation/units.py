"""The units that can be drawn and coded, as a table in a DuckDB: what the summaries count, each with a lasting id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from newskit.corpus.queries import connect, in_quotes
from newskit.corpus.views import group_columns
from newskit.validation.unit_queries import QUERIES, Asked

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from newskit.corpus.corpus import Corpus

KEPT: Final = ("article_id", "sentence_id", "start", "end", "shown", "target_id")
_RESERVED: Final = frozenset({"row_id", "stratum", "probability", "population", "sampled", "doubt", "second"})


@dataclass
class Population:
    """All units of a corpus, in the table `units` of a DuckDB.

    Its columns are `row_id`, those of `KEPT`, those of `by` as in a summary, `own` and `predictions`, and `doubt`, the
    standard deviation of the model's error as far as the model tells.
    """

    connection: duckdb.DuckDBPyConnection
    asked: Asked
    own: tuple[str, ...]
    predictions: tuple[str, ...]
    n: int

    def frame(self) -> pd.DataFrame:
        """The units as a whole, in the order of their ids."""
        return self.connection.execute("select * from units order by row_id").df()


def row_id(unit: str, article_id: str, start: int, end: int, text: str, key: str = "") -> str:
    """The id of a unit: it stays the same as long as article, offsets and text do, wherever the row stands.

    `key` tells units in the same place apart: the codebook of frames, the content of a quotation, the holder of a
    position.

    >>> row_id("mentions", "a1", 0, 6, "Moscow")
    'r03ef65fdd29bff7'
    """
    told = (unit, str(start), str(end), str(len(article_id)), article_id, str(len(key)), key, text)
    digest = hashlib.md5("\x1f".join(told).encode(), usedforsecurity=False).hexdigest()
    return "r" + digest[:15]  # a letter in front, so that no spreadsheet takes it for a number


_ROW_ID: Final = """'r' || left(md5(concat_ws(chr(31), ?::varchar, t.start::varchar, t."end"::varchar,
    length(t.article_id)::varchar, t.article_id, length(t.key)::varchar, t.key, t.text)), 15)"""


def population(
    corpus: Corpus, asked: Asked, *, by: Sequence[str] = (), where: Mapping[str, Any] | None = None
) -> Population:
    """All units of a kind with their ids, the columns of `by` and what newskit says of each.

    Raises `ValueError` for an unknown unit or column, and for a method, codebook or issue that the corpus lacks.
    """
    if asked.unit not in QUERIES:
        raise ValueError(f"cannot draw {asked.unit!r}; the units are {', '.join(QUERIES)}")
    if _RESERVED & {*by}:
        raise ValueError(f"a column to draw by cannot be called {', '.join(_RESERVED & {*by})}: give it another name")
    connection = connect(threads=1)
    query = QUERIES[asked.unit](corpus, connection, asked)
    for table in ("articles", "sentences"):
        corpus.tables.register(connection, table)
    own = [*KEPT, *query.own, *query.predictions]
    groups = _groups(corpus, list(by), own)
    try:
        chosen = _groups(corpus, list(where or {}), own)
    except ValueError as problem:
        # The nearest column is no help for a misspelled argument.
        told = re.sub(r" \(did you mean [^)]*\)", "", str(problem))
        raise ValueError(told.replace("cannot group by", "no argument, and no column to choose rows by:")) from None
    conditions, values = _conditions(chosen, where or {})
    columns = [f't."{name}"' for name in dict.fromkeys([*KEPT, *query.own, *query.predictions])]
    columns += [f"{sql} as {in_quotes(name)}" for name, sql in groups.items() if name not in own]
    connection.execute(
        f"""create temp table units as with t as ({query.sql})
        select {_ROW_ID} as row_id, {query.doubt} as doubt, {", ".join(columns)}
        from t join articles a on a.article_id = t.article_id
        left join sentences s on s.article_id = t.article_id and s.sentence_id = t.sentence_id
        where {" and ".join(["a.status = 'annotated'", *conditions])}""",
        [*query.parameters, asked.unit, *values],
    )
    counted = connection.execute("select count(*) from units").fetchall()[0][0]
    return Population(connection, query.asked, query.own, query.predictions, int(counted))


def _groups(corpus: Corpus, names: Sequence[str], own: Sequence[str]) -> dict[str, str]:
    """Columns to group by as the query of the units says them, those of the sentence among them."""
    of_sentence = [name for name in ("part", "section") if name not in own]
    found = group_columns(corpus.tables, names, [*own, *of_sentence])
    return {name: f"s.{in_quotes(name)}" if name in of_sentence else sql for name, sql in found.items()}


def _conditions(groups: Mapping[str, str], where: Mapping[str, Any]) -> tuple[list[str], list[object]]:
    """What the rows must be: for each column one value or several, compared as they are written, and points in time
    as such; None is missing.
    """
    conditions, values = [], list[object]()
    for name, value in where.items():
        several = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
        given = [str(one) for one in several if one is not None]
        texts, moments = (", ".join([one] * len(given)) for one in ("?", "try_cast(? as timestamp)"))
        written = f"{groups[name]}::varchar"
        is_moment = f"typeof({groups[name]}) like 'TIMESTAMP%' and try_cast({written} as timestamp) in ({moments})"
        parts = [f"{written} in ({texts})", f"({is_moment})"] if given else []
        parts += [f"{groups[name]} is null"] if len(given) < len(several) else []
        conditions.append(f"({' or '.join(parts) or 'false'})")
        values += [*given, *given]
    return conditions, values
