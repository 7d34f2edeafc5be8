"""Sums per group and unit, worked out in SQL: what every summary adds up, in memory or out of core."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from newskit.corpus.observations import OTHERS_WORDS, Coding, chosen_method, grouping, observation_rows
from newskit.corpus.queries import connect
from newskit.corpus.views import check_count, one_per_story
from newskit.schema import LABELS, columns

if TYPE_CHECKING:
    import duckdb

    from newskit.corpus.corpus import Corpus

SENTENCE_KEYS: Final = ["article_id", "sentence_id"]


def counted(corpus: Corpus, count: str, by: str | Sequence[str] = ()) -> Corpus:
    """The corpus to count in: itself, or with `count="stories"` one with a single article per story and group.

    Only the table of articles is shortened then: queries join the others to it.
    """
    return corpus.with_tables(articles=one_per_story(corpus.tables, by)) if check_count(count) else corpus


def check_column(between: object) -> None:
    """Raise `TypeError` unless groups are told apart by a single column."""
    if not isinstance(between, str):
        raise TypeError(f"between is one column, such as 'outlet', not {between!r}: compare by one at a time")


def check_least(min_n: object) -> None:
    """Raise `TypeError` for a `min_n` that is no number."""
    if not isinstance(min_n, Real):
        raise TypeError(f"min_n is a number, such as 5, not {min_n!r}")


class Units(NamedTuple):
    """What the bootstrap resamples: articles, or sentences when there is one article; and how many there are."""

    name: str
    n: int

    @property
    def keys(self) -> str:
        """The columns that tell the unit of a row."""
        return "article_id" if self.name == "articles" else "article_id, sentence_id"


def queries(corpus: Corpus, *tables: str) -> tuple[duckdb.DuckDBPyConnection, Units]:
    """A DuckDB with some tables of a corpus and `units`: their keys, and `unit`, the number of each from 0.

    It runs on one thread, so that sums are the same to the last bit whenever they are asked for.
    """
    connection = connect(threads=1)
    for table in {*tables, "articles"}:
        corpus.tables.register(connection, table)
    units = connection.execute("select article_id from articles where status = 'annotated'").df()
    name = "articles"
    if len(units) <= 1:
        name, units = "sentences", corpus.table("sentences", columns=SENTENCE_KEYS)
    connection.register("units", units.assign(unit=range(len(units))))
    return connection, Units(name, len(units))


def grouped_by_unit(
    connection: duckdb.DuckDBPyConnection,
    units: Units,
    select: Sequence[str],
    *,
    rows: str,
    conditions: Sequence[str],
    parameters: Sequence[object] = (),
) -> pd.DataFrame:
    """Sums of `rows`, a query, by unit and by the columns of `select` that are no sums, in order."""
    return connection.execute(
        f"""with t as ({rows})
        select {", ".join(select)}
        from t join units using ({units.keys}) join articles a on a.article_id = t.article_id
        where {" and ".join(["true", *conditions])} group by all order by all""",
        list(parameters),
    ).df()


def mention_counts(
    corpus: Corpus, *, by: str | Sequence[str], kinds: Sequence[str], sides: bool
) -> tuple[pd.DataFrame, Units]:
    """Mentions and sentences of each group, actor and unit: columns of `by`, `actor_id`, `unit`, `n`, `n_sentences`."""
    groups = grouping(corpus, by, columns("mentions"), result=["actor_id"])
    connection, units = queries(corpus, "mentions")
    rows, actor = "select * from mentions", "t.actor_id"
    if sides:
        connection.register("sides", corpus.actors[["actor_id", "group"]])
        rows = 'select m.*, coalesce(s."group", m.actor_id) as side from mentions m left join sides s using (actor_id)'
        actor = "t.side"
    counts = grouped_by_unit(
        connection,
        units,
        [*groups.select, f"{actor} as actor", "unit", "count(*) as n", "count(distinct t.sentence_id) as n_sentences"],
        rows=rows,
        conditions=["t.actor_id is not null", *groups.present, "list_contains(?, t.kind)"],
        parameters=[list(kinds)],
    )
    return counts.rename(columns={"actor": "actor_id"}), units


def observation_sums(
    corpus: Corpus,
    *,
    by: str | Sequence[str],
    method: str | None,
    coding: Coding | None = None,
    own_words: bool = True,
) -> tuple[pd.DataFrame, Units]:
    """Tone toward each target, by group and unit: `target_id`, columns of `by`, `unit`, `method`, `n` and the sums of
    `score` and of each label.

    An observation is one target in one sentence and voice: the mean of its mentions. With a coding, each frame of a
    sentence makes an observation of its own, and one can group by `frame`. Without `own_words`, observations in the
    target's own voice are left out.
    """
    connection, units = queries(corpus, "stances", *(["frames"] if coding else []))
    own = ["article_id", "sentence_id", "target_id", "voice", "method", *(["frame"] if coding else [])]
    groups = grouping(corpus, by, own, result=["target_id", "method"])
    method = chosen_method(connection, method)
    stances, parameters = "stances", list[str]()
    if coding:
        codings, parameters = coding.rows()
        once = f"select distinct frame, article_id, sentence_id from ({codings})"
        stances = f"(select s.*, f.frame from stances s join ({once}) f using (article_id, sentence_id))"
    sums = [f"sum({name}) as {name}" for name in ("score", *LABELS)]
    return grouped_by_unit(
        connection,
        units,
        ["t.target_id", *groups.select, "unit", "any_value(method) as method", "count(*) as n", *sums],
        rows=observation_rows(own, stances=stances),
        conditions=[*groups.present, *([] if own_words else [OTHERS_WORDS])],
        parameters=[*parameters, method],
    ), units


class FrameSums(NamedTuple):
    """What frame summaries add up."""

    hits: pd.DataFrame
    """Columns of the groups, `frame`, `unit`, `n_sentences` (with the frame) and `n_hits`."""
    coded: pd.DataFrame
    """Columns of the groups, `unit` and `n_coded`: sentences with any frame of the codebook."""
    groups: list[str]
    units: Units


def frame_sums(corpus: Corpus, coding: Coding, *, by: str | Sequence[str], parts_of: dict[str, str]) -> FrameSums:
    """Sentences with each frame, by group and unit; `actor_id` in `by` stands for the actors named in the sentence.

    `parts_of` gives the frame that another is counted as.
    """
    names = [by] if isinstance(by, str) else list(by)
    connection, units = queries(corpus, "frames", *(["mentions"] if "actor_id" in names else []))
    rows, parameters = coding.rows()
    if parts_of:
        whole = pd.DataFrame({"part": [*parts_of], "whole": [*parts_of.values()]}, dtype="str")
        connection.register("parts_of", whole)
        rows = f"""select f.* replace (coalesce(p.whole, f.frame) as frame)
            from ({rows}) f left join parts_of p on p.part = f.frame"""
    own = columns("frames")
    if "actor_id" in names:
        own = [*own, "actor_id"]
        rows = f"""select f.*, m.actor_id from ({rows}) f join (
            select distinct article_id, sentence_id, actor_id from mentions where actor_id is not null
        ) m using (article_id, sentence_id)"""
    groups = grouping(corpus, names, own, result=["codebook", "frame"])
    sentences = "count(distinct t.sentence_id)"
    hits, coded = (
        grouped_by_unit(
            connection,
            units,
            [*groups.select, *selected],
            rows=rows,
            conditions=groups.present,
            parameters=parameters,
        )
        for selected in (
            ["t.frame as frame", "unit", f"{sentences} as n_sentences", "count(*) as n_hits"],
            ["unit", f"{sentences} as n_coded"],
        )
    )
    return FrameSums(hits, coded, names, units)


def with_count(table: pd.DataFrame, count: str) -> pd.DataFrame:
    """The table with a column `count` if it does not count placements, so that `Corpus.evidence` can follow."""
    return table if count == "placements" else table.assign(count=count)


def groups_of(rows: pd.DataFrame, names: list[str]) -> Iterable[tuple[tuple[object, ...], pd.DataFrame]]:
    """The rows of each group, with its key."""
    if not names:
        return [((), rows)] if len(rows) else []
    return [(key if isinstance(key, tuple) else (key,), group) for key, group in rows.groupby(names)]
