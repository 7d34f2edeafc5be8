"""Whose words are in the news: who is quoted how often, at what length and how, and who is quoted without a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from newskit.corpus.observations import actor_names, grouping
from newskit.corpus.speakers import speakers_of
from newskit.resources.nearest import nearest
from newskit.schema import NOT_VALIDATED, UNRESOLVED, VOICES, columns, returns_columns
from newskit.summaries.intervals import Interval, Weights, ratio_intervals
from newskit.summaries.sums import Units, counted, grouped_by_unit, groups_of, queries, with_count

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus

EACH: Final = {
    "source": ["speaker_id", "sourcing", "source_kind", "type", "gender"],
    "sourcing": ["sourcing"],
    "source_kind": ["sourcing", "source_kind"],
    "gender": ["gender"],
    "type": ["type"],
}
"""What a row can be, and the columns that tell it."""
_KINDS: Final = ("direct", "mixed", "indirect")
NOT_GIVEN: Final = "not given"
"""`source_kind` of a cue without a source."""
_ACTS: Final = ("speech", "belief")
_WORD: Final = r"[\pL\pN]\S*"
_SOURCINGS: Final = {"named": "named sources", "unnamed": "unnamed sources", "unresolved": "unresolved sources"}
_GENDERS: Final = {"f": "women", "m": "men", "unknown": "people of unknown gender"}
_SUMS: Final = ["n", "n_words", "n_direct", "n_mixed"]


@returns_columns("source_summary")
def source_summary(
    corpus: Corpus,
    *,
    by: str | Sequence[str] = (),
    each: str = "source",
    kinds: str | Sequence[str] = _KINDS,
    acts: str | Sequence[str] = _ACTS,
    count: str = "placements",
) -> pd.DataFrame:
    """Count who is quoted: how often, at what length, directly or not, and who without a name.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    by : str or sequence of str, optional
        What to group by: columns of quotes or articles, or year, month, week, day (of publication). Rows without a
        value are left out.
    each : {"source", "sourcing", "source_kind", "gender", "type"}, default "source"
        What a row is. "source": an actor who is quoted, each kind of unnamed sources (officials, critics, documents …),
        and all unresolved sources together. "sourcing": the named, the unnamed and the unresolved sources.
        "source_kind": the kinds of unnamed sources, among these alone. "gender": women, men and people of unknown
        gender, among the people quoted by name. "type": the types of actors (person, state, organization …), among
        the named sources.
    kinds : str or sequence of str, default ("direct", "mixed", "indirect")
        The kinds of quotations that count.
    acts : str or sequence of str, default ("speech", "belief")
        What the sources do; "intention" adds what they plan or want, in the words of the outlet.
    count : {"placements", "stories"}, default "placements"
        With "stories", only the first published of articles that are near-duplicates counts, in each group of `by`;
        see `Corpus.find_stories`.

    Returns
    -------
    DataFrame
        One row per source (or what `each` says) and group, most quotations first, with the columns of `by`, those that
        tell what the row is (with "source" the first six, with the others fewer), and

        {columns}

    Raises
    ------
    ValueError
        For an unknown `each`, kind, act, column or `count`.

    Notes
    -----
    A source is named if newskit knows its actor. It is unnamed if the text names nobody ("officials said"), and
    unresolved if there is a name, pronoun or description ("he", "the senator") of which newskit knows no actor: not the
    same as anonymous. Who wants to report anonymous sourcing counts the unnamed.

    Words are what stands between spaces and has a letter or digit; the words of a source and cue that interrupt a
    quotation are not counted. A quotation within another one counts as one of its own, and its words as words of both.

    Intervals are 95 % percentile intervals of a bootstrap over articles, or over sentences if there is one article
    (Efron and Tibshirani 1993, chapter 13); there is none if fewer than five of them have quotations, nor of the share
    of direct ones where none or all are direct. They know nothing of quotations that newskit missed or gave to the
    wrong source: see `benchmarks/README.md`, and code a sample (``draw_sample(corpus, "quotes", …)``) to learn how many
    those are in your corpus.

    Gender is what titles, pronouns and first names tell in the articles (`mentions.gender`).

    References
    ----------
    Asr, F. T., Mazraeh, M., Lopes, A., et al. (2021). The Gender Gap Tracker: using natural language processing to
    measure gender bias in media. PLOS ONE 16(1), e0245533.

    Carlson, M. (2011). On the condition of anonymity: unnamed sources and the battle for journalism. University of
    Illinois Press.

    Examples
    --------
    >>> source_summary(corpus, by="outlet")  # doctest: +SKIP
    >>> source_summary(corpus, each="sourcing", by="month")  # doctest: +SKIP
    """
    if each not in EACH:
        raise ValueError(f"each is one of {', '.join(EACH)}, not {each!r}{nearest(str(each), list(EACH))}")
    kinds = _chosen("kind", kinds, _KINDS)
    acts = _chosen("act", acts, (*_ACTS, "intention", "other"))
    corpus = counted(corpus, count, by)
    counts, names, units = _quote_counts(corpus, by, kinds, acts, EACH[each])
    rows = _rows_of(corpus, counts, each)
    weights = Weights(units.n) if units.n else None
    tables = []
    for key, group in groups_of(rows, names):
        found = _sources(group, each, units, weights)
        for name, value in zip(names, key, strict=True):
            found[name] = pd.Series([value] * len(found), index=found.index)
        tables.append(found)
    shown = [*names, *EACH[each][:1], "speaker", *EACH[each][1:], *_VALUES]
    table = pd.concat(tables, ignore_index=True)[shown] if tables else pd.DataFrame(columns=shown)
    table = table.assign(kinds="+".join(kinds), acts="+".join(acts), estimate=NOT_VALIDATED)
    return with_count(table, count)


_VALUES: Final = [
    *("n_quotes", "n_words", "n_articles", "n_sources", "n_all", "share", "low", "high"),
    *("share_words", "share_words_low", "share_words_high", "direct", "direct_low", "direct_high"),
    *("mixed", "indirect", "resampled"),
]


def _chosen(what: str, given: str | Sequence[str], known: Sequence[str]) -> list[str]:
    """The kinds or acts asked for, as a list; raises `ValueError` for another one, or none."""
    chosen = [given] if isinstance(given, str) else list(given)
    unknown = [one for one in chosen if one not in known]
    if unknown or not chosen:
        raise ValueError(f"{what} {unknown[0] if unknown else ''!r} is not one of {', '.join(known)}")
    return chosen


def _quote_counts(
    corpus: Corpus, by: str | Sequence[str], kinds: list[str], acts: list[str], own: list[str]
) -> tuple[pd.DataFrame, list[str], Units]:
    """Quotations, words and kinds of each group, source and unit, and the columns of the groups."""
    groups = grouping(corpus, by, columns("quotes"), result=[*own, "speaker_id", "speaker"])
    connection, units = queries(corpus, "quotes")
    counts = grouped_by_unit(
        connection,
        units,
        [
            *groups.select,
            *(f"t.{name} as {name}" for name in ("speaker_id", "sourcing", "source_kind") if name not in groups.keys),
            *(["unit", "count(*) as n", f"sum({_WORDS}) as n_words"]),
            *(f"count(*) filter (t.kind = '{kind}') as n_{kind}" for kind in ("direct", "mixed")),
        ],
        rows="select * from quotes",
        conditions=[*groups.present, "t.sourcing is not null", "list_contains(?, t.kind)", "list_contains(?, t.act)"],
        parameters=[kinds, acts],
    )
    return counts, list(groups.keys), units


def _words(text: str) -> str:
    return f"len(regexp_extract_all({text}, '{_WORD}'))"


def _part(name: str) -> str:
    return f"substr(a.text, (t.{name}_start + 1)::bigint, (t.{name}_end - t.{name}_start)::bigint)"


_INSIDE: Final = "t.source_start >= t.content_start and t.source_end <= t.content_end"
_WORDS: Final = (
    f"greatest(0, {_words(_part('content'))} - case when {_INSIDE} "
    f"then {_words(_part('source'))} + {_words('t.cue')} else 0 end)::bigint"
)
"""The words of a quotation `t` in an article `a`, as a query says them."""


def _rows_of(corpus: Corpus, counts: pd.DataFrame, each: str) -> pd.DataFrame:
    """The counts that are of something that a row is, with what tells it: its columns, and `key`."""
    speakers = speakers_of(corpus.tables)
    named = counts["sourcing"] == "named"
    counts = counts.assign(
        type=counts["speaker_id"].map(speakers["type"]).where(named),
        gender=counts["speaker_id"].map(speakers["gender"]).where(named),
    )
    if each == "source_kind":
        counts = counts[counts["sourcing"] == "unnamed"]
    elif each in ("gender", "type"):
        counts = counts[named & counts[each].notna()]
    if each == "source_kind":
        key, names = counts["source_kind"], counts["source_kind"].replace({NOT_GIVEN: "source not given"})
    else:
        key = counts[EACH[each][0]]
        names = key.map({**_SOURCINGS, **_GENDERS}) if each in ("sourcing", "gender") else key
    if each == "source":
        unnamed = "unnamed " + counts["source_kind"].astype("object").fillna("others")
        unnamed = unnamed.replace({f"unnamed {NOT_GIVEN}": "source not given"})
        others = unnamed.where(counts["sourcing"] == "unnamed", VOICES[UNRESOLVED])
        names = key.map(actor_names(corpus)).fillna(key).where(named, others)
        key = key.where(named, others)
    return counts.assign(key=key, speaker=names)


def _sources(rows: pd.DataFrame, each: str, units: Units, weights: Weights | None) -> pd.DataFrame:
    """The rows of one group."""
    told = rows.drop_duplicates("key").set_index("key")[[*EACH[each], "speaker"]]
    n_sources = rows.groupby("key")["speaker_id"].nunique()
    sums = rows.groupby(["key", "unit"], sort=True)[_SUMS].sum().reset_index()
    codes, keys = pd.factorize(sums["key"], sort=True)
    totals = {name: np.bincount(codes, weights=sums[name].astype(float)) for name in _SUMS}
    n, words = totals["n"], totals["n_words"]

    def interval(above: str, below: str, *, shared: bool) -> Interval:
        return ratio_intervals(
            sums[above].to_numpy(dtype=float),
            sums[below].to_numpy(dtype=float),
            units=sums["unit"].to_numpy(),
            n_units=units.n,
            groups=codes,
            n_groups=len(keys),
            shared_denominator=shared,
            weights=weights,
        )

    shares = {
        "share": (n / n.sum(), interval("n", "n", shared=True)),
        "share_words": (words / max(words.sum(), 1.0), interval("n_words", "n_words", shared=True)),
        "direct": (totals["n_direct"] / n, interval("n_direct", "n", shared=False)),
    }
    table = told.loc[keys].reset_index(drop=True)
    table["n_quotes"], table["n_words"] = n.astype("int64"), words.astype("int64")
    table["n_articles"] = np.bincount(codes) if units.name == "articles" else np.int64(1)
    table["n_sources"] = n_sources.loc[keys].to_numpy()
    table["n_all"] = int(n.sum())
    for name, (share, (low, high)) in shares.items():
        ends = ("low", "high") if name == "share" else (f"{name}_low", f"{name}_high")
        known = (low < high) | (name != "direct")
        table[name], table[ends[0]], table[ends[1]] = share, np.where(known, low, np.nan), np.where(known, high, np.nan)
    table["mixed"] = totals["n_mixed"] / n
    table["indirect"] = 1 - table["direct"] - table["mixed"]
    table["resampled"] = units.name
    return table.sort_values(["n_quotes", "speaker"], ascending=[False, True], ignore_index=True)
