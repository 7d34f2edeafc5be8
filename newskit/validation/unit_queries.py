"""What the units of each kind are, as queries to the tables of a corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from newskit.annotation.frames.issues import Issue
from newskit.annotation.frames.positions import positions
from newskit.corpus.observations import chosen_method, coded_with, observation_rows
from newskit.schema import ACTING, LABELS, LEFT_OUT, OUTLET, UNNAMED

if TYPE_CHECKING:
    import duckdb

    from newskit.corpus.corpus import Corpus

_PLACE: Final = 2**31
"""Start and end of a mention in one number, so that the first of several is the least."""
_VOICE: Final = f"case voice when '{OUTLET}' then 'outlet' when '{UNNAMED}' then 'unnamed' else 'named' end"
"""An unresolved source is one that the text names or describes."""
_AS_CODES: Final = {"speaks": "case when speaks then 'yes' when not speaks then 'no' end"}
"""How a query says the codes of a variable whose column holds something else."""
_EVEN: Final = 0.5
"""Doubt about a unit of which the model gives no probability: as likely wrong as right."""
_RARE: Final = 0.22
"""Doubt about a sentence without a hit: the standard deviation if one in twenty should have one."""


class Asked(NamedTuple):
    """Which units are asked for: their kind, and the method, codebook or issue that they are of."""

    unit: str
    method: str | None = None
    codebook: str | None = None
    version: str | None = None
    issue: Issue | None = None


class UnitQuery(NamedTuple):
    """Units of one kind, as a query with what it needs."""

    sql: str
    """Columns `article_id, sentence_id, start, end, text, key, shown, target_id`, then `own` and `predictions`."""
    asked: Asked
    """With the method, codebook and version that were chosen."""
    own: tuple[str, ...]
    """Columns that one can group by."""
    predictions: tuple[str, ...]
    """Columns with what newskit says."""
    doubt: str
    """The standard deviation of the model's error, as far as the model tells."""
    parameters: list[object]


def _stances(corpus: Corpus, connection: duckdb.DuckDBPyConnection, asked: Asked) -> UnitQuery:
    corpus.tables.register(connection, "stances")
    method = chosen_method(connection, asked.method)
    more = [name for name in ("speaks", "fate") if name in corpus.tables.columns("stances")]
    at = f'(start * {_PLACE} + "end")'
    # One mention can be evaluated by several others, so who evaluates tells directed stances apart.
    key = "voice" if method == "directed" else "''"
    probabilities = [f"p_{label}" for label in LABELS]
    rows = observation_rows(
        ["article_id", "sentence_id", "target_id", "voice", "method"],
        more=[
            f"min{at} as place",
            f"arg_min(text, {at}) as text",
            *(f"avg({name}) as {name}" for name in probabilities),
            *(f"arg_min({_AS_CODES.get(name, name)}, {at}) as {name}" for name in more),
        ],
    )
    sql = f"""select *, place // {_PLACE} as start, place % {_PLACE} as "end", {key} as key, 'mention' as shown,
        {_VOICE} as voice_code, 'yes' as target_ok,
        case when negative > positive and negative >= neutral then 'negative'
            when positive > negative and positive >= neutral then 'positive' else 'neutral' end as tone
        from ({rows})"""
    return UnitQuery(
        sql,
        asked._replace(method=method),
        own=("voice", "method"),
        predictions=("tone", "score", *LABELS, *probabilities, "voice_code", "target_ok", *more),
        doubt=f"coalesce(sqrt(greatest(p_negative + p_positive - (p_positive - p_negative) ** 2, 0)), {_EVEN})",
        parameters=[method],
    )


def _quotes(corpus: Corpus, connection: duckdb.DuckDBPyConnection, asked: Asked) -> UnitQuery:
    """Quotations, and the sentences that none of them touches."""
    corpus.tables.register(connection, "quotes")
    corpus.tables.register(connection, "sentences")
    said = ["kind", "cue", "source_start", "source_end", "speaker_id"]
    said += [name for name in ("act",) if name in corpus.tables.columns("quotes")]
    content = "content_start || ':' || content_end"
    nothing = ", ".join(f"null as {name}" for name in said)
    sql = f"""select article_id, sentence_id, start, "end", text, speaker_id as target_id, 'quotation' as shown,
            {content} || ':' || row_number() over (partition by article_id, start, "end", {content} order by quote_id)
            as key, {", ".join(said)}, 'yes' as speaker_ok, null as missed
        from quotes
        union all by name
        select article_id, sentence_id, start, "end", text, null as target_id, 'sentence' as shown, '' as key,
            {nothing}, null as speaker_ok, 'no' as missed
        from sentences s where s.part not in {LEFT_OUT} and not exists (
            select 1 from quotes q where q.article_id = s.article_id and q.start < s."end" and q."end" > s.start
        )"""
    return UnitQuery(
        sql,
        asked,
        own=("speaker_id",),
        predictions=(*(name for name in said if name != "speaker_id"), "speaker_ok", "missed"),
        doubt=f"case t.shown when 'quotation' then {_EVEN} else {_RARE} end",
        parameters=[],
    )


def _frames(corpus: Corpus, connection: duckdb.DuckDBPyConnection, asked: Asked) -> UnitQuery:
    """All sentences, with the frames that they were coded with (`hits`) and the rarest of these (`frame`)."""
    corpus.tables.register(connection, "frames")
    corpus.tables.register(connection, "sentences")
    asked = _coding(corpus, connection, asked)
    given = [asked.codebook, asked.method, asked.version]
    sql = f"""with coded as (
            select distinct article_id, sentence_id, frame from frames
            where codebook = ? and (method = ? or method is null) and (codebook_version = ? or codebook_version is null)
        ), ranked as (select frame, row_number() over (order by count(*), frame) as rank from coded group by frame),
        found as (
            select article_id, sentence_id, list(frame order by frame) as hits, arg_min(frame, rank) as frame
            from coded join ranked using (frame) group by all
        )
        select s.article_id, s.sentence_id, s.start, s."end", s.text, null::varchar as target_id, 'sentence' as shown,
            ? as key, f.frame, coalesce(f.hits, []) as hits, f.hits is not null as hit
        from sentences s left join found f using (article_id, sentence_id) where s.part not in {LEFT_OUT}"""
    return UnitQuery(
        sql,
        asked,
        own=("frame",),
        predictions=("hits", "hit"),
        doubt=f"case when t.hit then {_EVEN} else {_RARE} end",
        parameters=[*given, asked.codebook],
    )


def _coding(corpus: Corpus, connection: duckdb.DuckDBPyConnection, asked: Asked) -> Asked:
    """The one codebook, method and version that are asked for; raises `ValueError` if there is none or several."""
    books = coded_with(corpus)
    if asked.codebook is None and len(books) == 1:
        asked = asked._replace(codebook=next(iter(books)))
    if asked.codebook is None or asked.codebook not in books:
        raise ValueError(f"choose a codebook that the corpus was coded with: {', '.join(map(repr, books)) or 'none'}")
    connection.execute(
        "select distinct method, codebook_version from frames where codebook = ? order by all", [asked.codebook]
    )
    coded = connection.fetchall()
    wanted = [(m, v) for m, v in coded if asked.method in (None, m) and asked.version in (None, v)]
    if len(wanted) > 1 or (coded and not wanted):
        there = "; ".join(f"method={m!r}, version={v!r}" for m, v in coded)
        raise ValueError(f"choose one coding with {asked.codebook!r}: {there}")
    method, version = wanted[0] if wanted else (asked.method, asked.version)
    return asked._replace(method=method, version=version)


def _mentions(corpus: Corpus, connection: duckdb.DuckDBPyConnection, asked: Asked) -> UnitQuery:
    corpus.tables.register(connection, "mentions")
    kinds = ", ".join(f"'{kind}'" for kind in ACTING)
    sql = f"""select article_id, sentence_id, start, "end", text, actor_id as target_id, actor_id, 'mention' as shown,
        '' as key, kind, rule, 'yes' as actor_ok
        from mentions where actor_id is not null and kind in ({kinds})"""
    own = ("actor_id", "kind", "rule")
    return UnitQuery(sql, asked, own=own, predictions=("actor_ok",), doubt=f"{_EVEN}", parameters=[])


def _positions(corpus: Corpus, connection: duckdb.DuckDBPyConnection, asked: Asked) -> UnitQuery:
    """The rows of `positions`, found some articles at a time."""
    if asked.issue is None:
        raise ValueError("positions are on an issue: issue='missile_transfer', for instance")
    found = pd.concat([positions(part, asked.issue) for part in corpus.parts()], ignore_index=True)
    connection.register("position_rows", found.drop(columns=["sentence", "published"]))
    sql = """select article_id, sentence_id, start, "end", text, actor_id as target_id, actor_id, 'position' as shown,
        actor_id as key, position, "when", voice, term
        from position_rows"""
    own = ("actor_id", "when", "voice", "term")
    return UnitQuery(sql, asked, own=own, predictions=("position",), doubt=f"{_EVEN}", parameters=[])


QUERIES: Final[Mapping[str, Callable[[Corpus, duckdb.DuckDBPyConnection, Asked], UnitQuery]]] = {
    "stances": _stances,
    "quotes": _quotes,
    "frames": _frames,
    "mentions": _mentions,
    "positions": _positions,
}
