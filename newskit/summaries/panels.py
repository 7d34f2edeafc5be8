"""What is compared: estimates by actor or frame and group, by newskit alone and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from newskit.summaries.corrections import coded_actors, tone_measures
from newskit.summaries.frames import chosen_coding
from newskit.validation.coded_units import (
    CodedUnits,
    actor_codes,
    coded_units,
    frame_codes,
    frame_measures,
    tone_codes,
    unit_sums,
)
from newskit.validation.codings import check_codings
from newskit.validation.estimation import Estimates, model_alone
from newskit.validation.unit_queries import Asked
from newskit.validation.units import population
from newskit.validation.weighing import Population

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings


class Panel(NamedTuple):
    """Estimates of groups that can be compared with one another."""

    groups: pd.DataFrame
    """`item_id` (an actor or frame) and the column that is compared; a row per group."""
    weights: pd.DataFrame
    """`group`, `cluster` and `weight`: the observations of a group in each article."""
    alone: Estimates
    right: Estimates | None
    """The same corrected by codings."""
    n_codings: np.ndarray
    """Coded rows of each group."""


class _Found(NamedTuple):
    """Corrected estimates of groups."""

    estimates: Estimates
    groups: pd.DataFrame
    n_codings: np.ndarray

    @classmethod
    def of(cls, units: CodedUnits, codes: pd.Series, measure: str, *, share: bool) -> _Found:
        return cls(units.estimates(codes, measure, share=share), units.groups, units.n_coded(codes))


def tone_panel(
    corpus: Corpus,
    counting: Corpus,
    between: str,
    codings: Codings | None,
    *,
    measure: str,
    method: str | None,
) -> Panel:
    """Tone, or the share of a label, toward each actor in each group."""
    by = ["target_id", between]
    said = {"tone": "score"} if measure == "tone" else {measure: measure}
    everything = population(counting, Asked("stances", method), by=by)
    sums = unit_sums(counting, everything, by, said)
    groups, codes = _grouped(sums, by)
    share = measure != "tone"
    alone = model_alone(_population(codes, sums, sums[measure], sums["n"]), share=share)
    right, n_codings = None, np.zeros(len(groups), dtype=np.int64)
    if codings is not None:
        units = coded_units(
            corpus, codings, "stances", by=by, measures=tone_measures(), counting=counting,
            method=everything.asked.method,
        )  # fmt: skip
        found = units.estimates(tone_codes(units.codings, measure), measure, share=share)
        right, n_codings = _in_order(_Found(found, units.groups, found.n_coded), groups)
    weights = pd.DataFrame({"group": codes, "cluster": sums["cluster"], "weight": sums["n"]})
    return Panel(groups.rename(columns={"target_id": "item_id"}), weights, alone, right, n_codings)


def mention_panels(corpus: Corpus, counting: Corpus, between: str, codings: Codings | None) -> list[Panel]:
    """The share of each actor in the mentions of each group."""
    actors = [str(actor) for actor in corpus.actors["actor_id"]]
    sums = unit_sums(
        counting, population(counting, Asked("mentions"), by=["actor_id", between]), ["actor_id", between], {}
    )
    whole = sums.groupby([between, "cluster"])[["n"]].sum().reset_index()
    of_actor = dict(list(sums.groupby("actor_id", sort=False)))
    totals = {actor: _joined(whole, of_actor[actor], [between, "cluster"]) for actor in actors if actor in of_actor}
    units, codes, mentioned, often = None, None, None, set[str]()
    if codings is not None:
        check_codings(codings)
        mentioned = codings.sample.rows.set_index("row_id")["target_id"]
        often = {*coded_actors(codings)} & {*totals}
        measures = {actor: "(actor_id = '" + actor.replace("'", "''") + "')::double" for actor in sorted(often)}
        units = coded_units(corpus, codings, "mentions", by=[between], measures=measures, counting=counting)
        codes = actor_codes(units.codings)
    panels = []
    for actor, total in totals.items():
        found = None
        if units is not None and codes is not None and mentioned is not None and actor in often:
            values = (mentioned.reindex(codes.index) == actor).astype(float).where(codes.notna())
            found = _Found.of(units, values, actor, share=True)
        panels.append(_share_panel(actor, whole, total, whole["n"], between, found))
    return panels


def frame_panels(
    corpus: Corpus,
    counting: Corpus,
    between: str,
    codings: Codings | None,
    *,
    codebook: str | None,
    method: str | None,
) -> list[Panel]:
    """The share of each frame in the sentences of each group that have any."""
    coding = chosen_coding(counting, codebook, method, None)
    hits = {frame: f"list_contains(hits, '{frame}')::int" for frame in coding.labels}
    everything = population(counting, Asked("frames", coding.method, coding.codebook), by=[between])
    sums = unit_sums(counting, everything, [between], {"hit": "hit::int", **hits})
    units = None
    if codings is not None:
        units = coded_units(
            corpus, codings, "frames", by=[between], measures=frame_measures(codings), counting=counting,
            method=coding.method,
        )  # fmt: skip
    panels = []
    for frame in coding.labels:
        found = None
        if units is not None:
            found = _Found.of(units, frame_codes(units.codings, frame), frame, share=True)
        panels.append(_share_panel(frame, sums, sums[frame], sums["hit"], between, found))
    return panels


def _share_panel(
    item: str,
    sums: pd.DataFrame,
    totals: pd.Series,
    sizes: pd.Series,
    between: str,
    found: _Found | None,
) -> Panel:
    groups, codes = _grouped(sums, [between])
    some = sizes.to_numpy() > 0
    alone = model_alone(_population(codes[some], sums[some], totals[some], sizes[some]), share=True)
    right, n_codings = None, np.zeros(len(groups), dtype=np.int64)
    if found is not None:
        right, n_codings = _in_order(found, groups)
    weights = pd.DataFrame({"group": codes, "cluster": sums["cluster"], "weight": totals.to_numpy()})
    return Panel(groups.assign(item_id=item), weights, alone, right, n_codings)


def _grouped(sums: pd.DataFrame, by: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    codes = sums.groupby(by, sort=True).ngroup().to_numpy()
    groups = sums[by].groupby(codes, sort=True).first()
    return groups, codes


def _population(codes: np.ndarray, sums: pd.DataFrame, totals: pd.Series, sizes: pd.Series) -> Population:
    return Population.of(codes, sums["cluster"].to_numpy(), totals.to_numpy(dtype=float), sizes.to_numpy(dtype=float))


def _in_order(found: _Found, ours: pd.DataFrame) -> tuple[Estimates, np.ndarray]:
    """Estimates and coded rows in the order of other groups; those without any have no coded rows."""
    keys = [*ours.columns]
    numbered: Mapping[object, int] = {
        tuple(row): i for i, row in enumerate(found.groups[keys].itertuples(index=False, name=None))
    }
    at = np.array([numbered.get(tuple(row), -1) for row in ours.itertuples(index=False, name=None)], dtype=np.int64)
    return found.estimates.of(at).without(at < 0), np.where(at < 0, 0, found.n_codings[at])


def _joined(whole: pd.DataFrame, part: pd.DataFrame, keys: list[str]) -> pd.Series:
    """The counts of a part beside each row of the whole; 0 where it has none."""
    found: pd.Series = whole[keys].merge(part[[*keys, "n"]], on=keys, how="left")["n"].fillna(0)
    return found.set_axis(whole.index)
