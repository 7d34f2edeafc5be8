"""What is observed: a target in a sentence and voice, a frame in a sentence; shared by samples and summaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from newskit.corpus.queries import connect, in_quotes
from newskit.corpus.views import group_columns
from newskit.schema import LABELS, VOICES

if TYPE_CHECKING:
    import duckdb

    from newskit.corpus.corpus import Corpus


OTHERS_WORDS: Final = "voice <> target_id"
"""The condition that an observation is not what its target says of itself."""


class Grouping(NamedTuple):
    """The columns to group by, by name, and how a query says them."""

    keys: dict[str, str]

    @property
    def select(self) -> list[str]:
        """The columns of a query."""
        return [f"{sql} as {in_quotes(name)}" for name, sql in self.keys.items()]

    @property
    def present(self) -> list[str]:
        """The conditions that each of them has a value: rows without one are in no group."""
        return [f"{sql} is not null" for sql in self.keys.values()]


def grouping(corpus: Corpus, by: str | Sequence[str], own: Sequence[str], *, result: Sequence[str]) -> Grouping:
    """The grouping of rows whose own columns are given.

    Raises `ValueError` for a column that does not exist, is named twice, or is a column of the result already.
    """
    names = [by] if isinstance(by, str) else list(by)
    keys = group_columns(corpus.tables, names, own)
    if {*keys} & {*result} or len(keys) < len(names):
        raise ValueError(f"cannot group by {names}: name each column once, and none of {', '.join(result)}")
    return Grouping(keys)


def chosen_method(connection: duckdb.DuckDBPyConnection, method: str | None) -> str | None:
    """The method asked for, "model" if there are several, or the only one; raises `ValueError` if there is no such."""
    connection.execute("select distinct method from stances where method is not null order by 1")
    methods = [name for (name,) in connection.fetchall()]
    if method is None and "model" in methods:
        return "model"
    if method is None and len(methods) > 1:
        raise ValueError(
            f"the corpus has stances by several methods; choose one: method={' or '.join(map(repr, methods))}"
        )
    if method is not None and methods and method not in methods:
        raise ValueError(f"no stances by method {method!r}; the corpus has {', '.join(methods)}")
    return method or (methods[0] if methods else None)


def observation_rows(keys: Sequence[str], *, stances: str = "stances", more: Sequence[str] = ()) -> str:
    """The query for the observations of the method that is its parameter: one target in one sentence and voice.

    Each is the mean of its mentions: `score`, and the share of each label; `more` are further columns of the query.
    """
    labels = [f"avg((label = '{label}')::double) as {label}" for label in LABELS]
    return f"""select {", ".join([*keys, "avg(score) as score", *labels, *more])} from {stances}
        where target_id is not null and voice is not null and method = ? group by {", ".join(keys)}"""


class Coding(NamedTuple):
    """The codings of one codebook, by one method and version if these are named."""

    codebook: str
    labels: dict[str, str]
    """The label of each frame, in the order of the codebook."""
    method: str | None
    version: str | None

    def rows(self) -> tuple[str, list[str]]:
        """The query for its rows of `frames`, and its parameters."""
        asked = {"codebook": self.codebook, "method": self.method, "codebook_version": self.version}
        chosen = {name: value for name, value in asked.items() if value is not None}
        return f"select * from frames where {' and '.join(f'{name} = ?' for name in chosen)}", [*chosen.values()]


def coded_with(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The codebooks that a corpus was coded with: by name, the label of each frame.

    From its manifest, so that frames without a hit are there; a codebook that is only in the table
    has the frames found.
    """
    connection = connect(threads=1)
    corpus.tables.register(connection, "frames")
    connection.execute("select distinct codebook, frame from frames where codebook is not null order by all")
    books: dict[str, dict[str, str]] = {}
    for codebook, frame in connection.fetchall():
        books.setdefault(codebook, {})[frame] = frame
    return books | {name: dict(book["frames"]) for name, book in corpus.manifest.get("codebooks", {}).items()}


def actor_names(corpus: Corpus) -> pd.Series:
    """Name of each actor and voice; where two actors have one label, with their id."""
    names = corpus.actors.set_index("actor_id")["label"]
    shared = names.duplicated(keep=False)
    names = names.where(~shared, names + " (" + names.index + ")")
    for voice, name in VOICES.items():
        names.loc[voice] = name
    return names
