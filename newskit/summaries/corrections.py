"""Summaries corrected by codings: the numbers of the model beside those that the codings make right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from newskit.corpus.observations import OTHERS_WORDS
from newskit.errors import CodingsError
from newskit.schema import LABELS, NOT_VALIDATED
from newskit.validation.coded_units import actor_codes, coded_units, frame_codes, frame_measures, tone_codes
from newskit.validation.codings import check_codings
from newskit.validation.estimation import MIN_CASES, MIN_CLUSTERS, Estimates

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.corpus.observations import Coding
    from newskit.validation.codings import Codings

FEWEST: Final = MIN_CASES
"""Coded rows of a group from which its numbers are corrected."""


@dataclass(frozen=True)
class Corrected:
    """A column of a summary with its estimates, one per group of `groups`."""

    column: str
    low: str
    high: str
    estimates: Estimates
    coded: np.ndarray
    """Coded rows of each group."""


def with_corrections(
    table: pd.DataFrame, groups: pd.DataFrame, keys: Sequence[str], found: Sequence[Corrected], *, meant: str
) -> pd.DataFrame:
    """The table with corrected numbers where there are codings enough, and with what was there before beside them.

    The first of `found` tells how many codings there are and what they are worth; `meant` says of coded rows which are
    what the numbers are about (" with a frame").
    """
    at = _places(table, groups, keys)
    inside = at >= 0
    first = found[0].estimates
    n = np.where(inside, found[0].coded[at], 0)
    right = inside & (first.n_coded[at] >= FEWEST)
    table = table.assign(
        estimate=[
            f"corrected with {count} codings" if ok else NOT_VALIDATED for count, ok in zip(n, right, strict=True)
        ],
        n_codings=n,
        worth=np.where(right, first.worth[at], np.nan),
        reason=pd.array(_reasons(found, at, right, n, meant), dtype="str"),
    )
    for one in found:
        name = "uncorrected" if one is found[0] else f"{one.column}_uncorrected"
        table[name] = table[one.column]
        low, high = one.estimates.interval()
        least, most = (0, 1) if one.estimates.share else (-1, 1)
        value = np.clip(one.estimates.mean[at], least, most)
        for column, new in ((one.column, value), (one.low, low[at]), (one.high, high[at])):
            table[column] = np.where(right, np.clip(new, least, most), table[column])
    return table


def _places(table: pd.DataFrame, groups: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    """The number of the group of each row of a table; -1 if there is none."""
    if not keys:
        return np.zeros(len(table), dtype=int)
    numbered = groups.assign(group=range(len(groups)))
    found = table[list(keys)].merge(numbered, on=list(keys), how="left")["group"]
    return np.asarray(found.fillna(-1), dtype=int)


def _reasons(
    found: Sequence[Corrected], at: np.ndarray, right: np.ndarray, n: np.ndarray, meant: str
) -> list[str | None]:
    told: list[str | None] = []
    for row, ok in enumerate(right):
        if not ok:
            few = f"fewer than five coded rows{meant if n[row] >= FEWEST else ''}"
            told.append(few if n[row] else "no coded rows")
            continue
        without = [one for one in found if not one.estimates.enough[at[row]]]
        if not without:
            told.append(None)
        elif without[0].estimates.n_clusters[at[row]] < MIN_CLUSTERS:
            told.append("fewer than five articles")
        else:
            told.append(f"fewer than five coded cases: no interval of {', '.join(one.column for one in without)}")
    return told


def corrected_tone(
    table: pd.DataFrame, corpus: Corpus, counting: Corpus, codings: Codings, *, keys: list[str], own_words: bool = True
) -> pd.DataFrame:
    """A summary of tone with its means and shares corrected."""
    units = coded_units(
        corpus,
        codings,
        "stances",
        by=keys,
        measures=tone_measures(),
        counting=counting,
        method=next(iter(table["method"]), None),
        only="true" if own_words else OTHERS_WORDS,
    )
    codes = tone_codes(units.codings)
    mean = units.estimates(codes, "tone", share=False)
    coded = mean.n_coded  # groups are of actors: rows that are not of the actor are none of theirs
    found = [Corrected("mean", "low", "high", mean, coded)]
    for label in LABELS:
        estimates = units.estimates(tone_codes(units.codings, label), label, share=True)
        found.append(Corrected(label, f"{label}_low", f"{label}_high", estimates, coded))
    return with_corrections(table, units.groups, keys, found, meant="")


def tone_measures() -> dict[str, str]:
    """The model's values of an observation, as SQL: its score, and the probability, or the share, of each label."""
    return {"tone": "score", **{label: f"coalesce(p_{label}, {label})" for label in LABELS}}


def corrected_frames(
    table: pd.DataFrame, corpus: Corpus, counting: Corpus, codings: Codings, *, coding: Coding, keys: list[str]
) -> pd.DataFrame:
    """A summary of frames with the shares of those that were coded corrected."""
    check_codings(codings)
    book, told = coding.codebook, codings.sample.design
    if told["unit"] == "frames" and told["codebook"] != book:
        raise CodingsError(f"the codings are not of {book!r}: draw_sample(corpus, 'frames', codebook={book!r})")
    units = coded_units(
        corpus,
        codings,
        "frames",
        by=keys,
        measures=frame_measures(codings),
        counting=counting,
        method=coding.method,
        version=coding.version,
    )
    parts = []
    for frame, rows in table.groupby("frame", sort=False):
        codes = frame_codes(units.codings, str(frame))
        estimates = units.estimates(codes, str(frame), share=True)
        one = Corrected("share", "low", "high", estimates, units.n_coded(codes))
        parts.append(with_corrections(rows, units.groups, keys, [one], meant=" with a frame"))
    return pd.concat(parts).sort_index() if parts else table


def corrected_frequency(
    table: pd.DataFrame, corpus: Corpus, counting: Corpus, codings: Codings, *, keys: list[str]
) -> pd.DataFrame:
    """A summary of mentions with the shares of the actors that were coded often enough corrected."""
    check_codings(codings)
    measures = {actor: f"(actor_id = {_in_sql(actor)})::double" for actor in coded_actors(codings)}
    units = coded_units(corpus, codings, "mentions", by=keys, measures=measures, counting=counting)
    mentioned = codings.sample.rows.set_index("row_id")["target_id"]
    codes = actor_codes(units.codings)
    coded = units.n_coded(codes)
    parts = []
    for actor, part in table.groupby("actor_id", sort=False):
        if actor not in measures:
            at = _places(part, units.groups, keys)
            n = np.where(at >= 0, coded[at], 0)
            few = ["fewer than five coded rows of the actor" if some else "no coded rows" for some in n]
            reason = pd.array(few, dtype="str")
            parts.append(part.assign(n_codings=n, worth=np.nan, reason=reason, uncorrected=part["share"]))
            continue
        values = (mentioned.reindex(codes.index) == actor).astype(float).where(codes.notna())
        estimates = units.estimates(values, str(actor), share=True)
        one = Corrected("share", "low", "high", estimates, coded)
        parts.append(with_corrections(part, units.groups, keys, [one], meant=" of their actor"))
    return pd.concat(parts).sort_index() if parts else table


def coded_actors(codings: Codings) -> list[str]:
    """The actors with mentions enough that are coded."""
    mentioned = codings.sample.rows.set_index("row_id")["target_id"]
    often = mentioned.reindex(codings.values("actor_ok").index).value_counts()
    return [str(actor) for actor in often.index[often >= FEWEST]]


def _in_sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
