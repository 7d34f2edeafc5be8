"""Sums per group and unit, in SQL, that every summary adds up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from newskit.corpus.tables import Stored, connect
from newskit.schema import LABELS, OUTLET, UNNAMED, AnyCorpus, columns

if TYPE_CHECKING:
    import duckdb


_PERIODS: Final = {
    "year": "strftime(a.published, '%Y')",
    "month": "strftime(a.published, '%Y-%m')",
    "week": "strftime(date_trunc('week', a.published), '%Y-%m-%d') || '/' "
    "|| strftime(date_trunc('week', a.published) + interval 6 day, '%Y-%m-%d')",
    "day": "strftime(a.published, '%Y-%m-%d')",
}
SENTENCE_KEYS: Final = ["article_id", "sentence_id"]


class Units(NamedTuple):
    """What the bootstrap resamples: articles, or sentences when there is one article; and how many there are."""

    name: str
    n: int


def queries(corpus: AnyCorpus, *tables: str) -> tuple[duckdb.DuckDBPyConnection, Units]:
    """A DuckDB with these tables of a corpus and `units`: `article_id`, `sentence_id` (if they are sentences), `unit`.

    It runs on one thread, so that sums are the same to the last bit whenever they are asked for.
    """
    connection = connect(threads=1)
    stored: Stored | None = getattr(corpus, "_stored", None)
    for table in {*tables, "articles"}:
        if stored is None or table in vars(corpus):
            connection.register(table, getattr(corpus, table))
        else:
            stored.view(connection, table)
    articles = connection.execute("select article_id, status from articles").df()
    units = articles.loc[articles["status"] == "annotated", ["article_id"]]
    name = "articles"
    if len(units) <= 1:
        name, keys = "sentences", ["article_id", "sentence_id"]
        units = corpus.sentences[keys]
    connection.register("units", units.assign(unit=range(len(units))))
    return connection, Units(name, len(units))


def group_columns(corpus: AnyCorpus, by: str | Sequence[str], own: Sequence[str]) -> dict[str, str]:
    """The columns to group by and how SQL says them: those of the rows (alias t), the articles (a), or a period.

    Raises `ValueError` for another.
    """
    names = [by] if isinstance(by, str) else list(by)
    is_loaded = getattr(corpus, "_stored", None) is None or "articles" in vars(corpus)
    about = list(corpus.articles.columns) if is_loaded else columns("articles")
    found = {}
    for name in names:
        if name in own:
            found[name] = f't."{name}"'
        elif name in _PERIODS:
            found[name] = _PERIODS[name]
        elif name in about:
            found[name] = f'a."{name}"'
        else:
            raise ValueError(f"cannot group by {name!r}; known: {', '.join(sorted({*own, *about, *_PERIODS}))}")
    return found


def mention_counts(
    corpus: AnyCorpus, *, by: str | Sequence[str], kinds: Sequence[str], sides: bool
) -> tuple[pd.DataFrame, Units]:
    """Mentions and sentences of each group, actor and unit: columns of `by`, `actor_id`, `unit`, `n`, `n_sentences`."""
    keys = group_columns(corpus, by, columns("mentions"))
    connection, units = queries(corpus, "mentions")
    on = "article_id, sentence_id" if units.name == "sentences" else "article_id"
    actor = "t.actor_id"
    join = ""
    if sides:
        connection.register("sides", corpus.actors[["actor_id", "group"]])
        actor, join = 'coalesce(s."group", t.actor_id)', "left join sides s on s.actor_id = t.actor_id"
    select = ", ".join([*(f'{sql} as "{name}"' for name, sql in keys.items()), f"{actor} as actor"])
    there = " and ".join(["t.actor_id is not null", *(f"{sql} is not null" for sql in keys.values())])
    rows = connection.execute(
        f"""select {select}, unit, count(*) as n, count(distinct t.sentence_id) as n_sentences
        from mentions t join units using ({on}) join articles a on a.article_id = t.article_id {join}
        where {there} and list_contains(?, t.kind) group by all order by all""",
        [list(kinds)],
    ).df()
    return rows.rename(columns={"actor": "actor_id"}), units


def observation_sums(corpus: AnyCorpus, *, by: str | Sequence[str], method: str | None) -> tuple[pd.DataFrame, Units]:
    """Tone toward each target, by group and unit: `target_id`, columns of `by`, `unit`, `method`, `n` and the sums of
    `score` and of each label.

    An observation is one target in one sentence and voice: the mean of its mentions.
    """
    connection, units = queries(corpus, "stances")
    frame = ["frame"] if "frame" in connection.table("stances").columns else []
    own = ["article_id", "sentence_id", "target_id", "voice", "method", *frame]
    keys = group_columns(corpus, by, own)
    method = chosen_method(connection, method)
    if set(keys) & {"target_id", "method"} or len({*keys}) < len([by] if isinstance(by, str) else list(by)):
        raise ValueError(f"cannot group by {[*keys]}: the target and the method are told apart anyway; name each once")
    on = "article_id, sentence_id" if units.name == "sentences" else "article_id"
    labels = ", ".join(f"avg((label = '{label}')::double) as {label}" for label in LABELS)
    sums = ", ".join(f"sum({name}) as {name}" for name in ("score", *LABELS))
    select = ", ".join(["t.target_id", *(f'{sql} as "{name}"' for name, sql in keys.items())])
    there = " and ".join(["true", *(f"{sql} is not null" for sql in keys.values())])
    grouped = ", ".join(own)
    rows = connection.execute(
        f"""with t as (
            select {grouped}, avg(score) as score, {labels} from stances
            where target_id is not null and voice is not null and method = ? group by {grouped}
        )
        select {select}, unit, any_value(method) as method, count(*) as n, {sums}
        from t join units using ({on}) join articles a on a.article_id = t.article_id
        where {there} group by all order by all""",
        [method],
    ).df()
    return rows, units


def chosen_method(connection: duckdb.DuckDBPyConnection, method: str | None) -> str | None:
    """The method asked for, "model" if there are several, or the only one; raises `ValueError` if that is none."""
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


def coded_with(corpus: AnyCorpus) -> dict[str, dict[str, str]]:
    """The codebooks that a corpus was coded with: by name, the label of each frame.

    From its manifest, so that frames without a hit are there; a codebook that is only in the table
    has the frames found.
    """
    manifest = getattr(corpus, "manifest", {}).get("codebooks", {})
    found = corpus.frames[["codebook", "frame"]].drop_duplicates().sort_values("frame")
    books = {name: dict(zip(group["frame"], group["frame"], strict=True)) for name, group in found.groupby("codebook")}
    return books | {name: dict(book["frames"]) for name, book in manifest.items()}


# --- intervals ---------------------------------------------------------------------------------------


def units_of(corpus: AnyCorpus, rows: pd.DataFrame) -> tuple[np.ndarray, int, str]:
    """What the bootstrap resamples: articles, or sentences when there is one article.

    Returns each row's unit, how many units there are (those without rows too), and their name.
    """
    annotated = corpus.articles.loc[corpus.articles["status"] == "annotated", "article_id"]
    if len(annotated) > 1:
        return pd.Index(annotated).get_indexer(rows["article_id"]), len(annotated), "articles"
    sentences = pd.MultiIndex.from_frame(corpus.sentences[SENTENCE_KEYS])
    return sentences.get_indexer(pd.MultiIndex.from_frame(rows[SENTENCE_KEYS])), len(sentences), "sentences"


def actor_names(corpus: AnyCorpus) -> pd.Series:
    """Name of each actor and voice; where two actors have one label, with their id."""
    names = corpus.actors.set_index("actor_id")["label"]
    shared = names.duplicated(keep=False)
    names = names.where(~shared, names + " (" + names.index + ")")
    names.loc[OUTLET], names.loc[UNNAMED] = "the outlet", "unnamed sources"
    return names


def with_count(table: pd.DataFrame, count: str) -> pd.DataFrame:
    """The table with a column `count` if it does not count placements, so that `Corpus.evidence` can follow."""
    return table if count == "placements" else table.assign(count=count)


def groups_of(rows: pd.DataFrame, names: list[str]) -> Iterable[tuple[tuple[object, ...], pd.DataFrame]]:
    """The rows of each group, with its key."""
    if not names:
        return [((), rows)] if len(rows) else []
    return [(key if isinstance(key, tuple) else (key,), group) for key, group in rows.groupby(names)]
