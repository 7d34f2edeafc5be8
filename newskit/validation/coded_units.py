"""Codings held against a corpus: all units by group and cluster, and the coded rows among them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from newskit.corpus.queries import in_quotes
from newskit.errors import CodingsError, LostRowsWarning
from newskit.validation.codings import check_codings
from newskit.validation.estimation import Estimates, corrected
from newskit.validation.matching import asked_again
from newskit.validation.unit_queries import Asked
from newskit.validation.units import Population as Units
from newskit.validation.units import population
from newskit.validation.weighing import Coded, Population

if TYPE_CHECKING:
    import duckdb

    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

TONES: Final = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


@dataclass(frozen=True)
class CodedUnits:
    """The units that a sample was drawn from, as they are in the corpus now, and its rows."""

    codings: Codings
    """The codings that hold for the corpus as it is now."""
    keys: list[str]
    """The columns that make groups."""
    groups: pd.DataFrame
    """The values of the keys in each group, in order."""
    units: pd.DataFrame
    """By group and cluster: `group`, `cluster`, `n`, and the sum of each measure of the model."""
    rows: pd.DataFrame
    """The sampled rows that the corpus has, by `row_id`: `group` (-1 if in none), `cluster`, `stratum`, `probability`,
    what newskit says now (in columns that begin with "said "), and each measure."""

    def coded(self, codes: pd.Series) -> pd.DataFrame:
        """The rows that have a code, with the probability that they were drawn and coded, and strata from 0."""
        rows = self.rows[self.rows.index.isin(codes.index)]
        drawn, coded = self.rows["stratum"].value_counts(), rows["stratum"].value_counts()
        probability = rows["probability"] * (rows["stratum"].map(coded) / rows["stratum"].map(drawn))
        _, strata = np.unique(rows["stratum"].to_numpy(), return_inverse=True)
        return rows.assign(probability=probability, stratum=strata)

    def n_coded(self, codes: pd.Series) -> np.ndarray:
        """How many rows of each group have a code, be they meant or not."""
        group = self.coded(codes)["group"].to_numpy()
        return np.bincount(group[group >= 0], minlength=len(self.groups))

    def estimates(
        self, codes: pd.Series, measure: str, *, share: bool, generalize: bool = True, tuning: float | None = None
    ) -> Estimates:
        """The mean of what coders say in each group, corrected from a measure of the model.

        `codes` are numbers by `row_id`, NaN where the row is not meant; rows without one were not coded. Those that
        were stand for all rows of their stratum.
        """
        rows = self.coded(codes)
        units = self.units
        return corrected(
            Population.of(
                units["group"].to_numpy(), units["cluster"].to_numpy(), units[measure].to_numpy(), units["n"].to_numpy()
            ),
            Coded(
                groups=rows["group"].to_numpy(),
                clusters=rows["cluster"].to_numpy(),
                model=rows[measure].to_numpy(dtype=float),
                values=codes.reindex(rows.index).to_numpy(dtype=float),
                probabilities=rows["probability"].to_numpy(dtype=float),
                strata=rows["stratum"].to_numpy(),
            ),
            share=share,
            generalize=generalize,
            tuning=tuning,
        )


def coded_units(
    corpus: Corpus,
    codings: Codings,
    unit: str,
    *,
    by: Sequence[str],
    measures: Mapping[str, str],
    counting: Corpus | None = None,
    method: str | None = None,
    version: str | None = None,
    only: str = "true",
) -> CodedUnits:
    """Hold codings against a corpus.

    `measures` are the model's values of a unit, as SQL over the columns of `population`; `counting` is the corpus with
    the articles that count, if these are not all; with columns in `by`, `only` is a condition on the units that count,
    as SQL. Raises `CodingsError` for codings of other units or another corpus.
    """
    check_codings(codings)
    design = codings.sample.design
    if design["unit"] != unit:
        raise CodingsError(f"the codings are of {design['unit']}, not of {unit}: draw_sample(corpus, {unit!r}, …)")
    if unit == "stances" and method is not None and design["method"] not in (None, method):
        raise CodingsError(
            f"the codings are of rows by method {design['method']!r}, not {method!r}: choose that method"
        )
    codings = _held(corpus, codings)
    asked = asked_again(design)
    if unit == "frames":  # a sentence is the same, however it is coded
        asked = Asked(unit, method, asked.codebook, version)
    where = design["where"]
    everything = population(counting or corpus, asked, by=[*by], where=where)
    units = unit_sums(counting or corpus, everything, by, measures, only=only)
    connection = everything.connection
    connection.register("sampled", codings.sample.rows[["row_id", "stratum", "probability"]])
    said = "".join(f", {in_quotes(name)} as {in_quotes(f'said {name}')}" for name in everything.predictions)
    values = "".join(f", ({sql})::double as {in_quotes(name)}" for name, sql in measures.items())
    # Rows that do not count were drawn like the others: they stay, in no group.
    counts = "".join(f"case when {only} then {in_quotes(name)} end as {in_quotes(name)}, " for name in by)
    rows = connection.execute(
        f"""select row_id, {counts}cluster, s.stratum, s.probability{said}{values}
        from clustered join sampled s using (row_id)"""
    ).df()
    if counting is not None and counting is not corpus:
        rows = _with_those_not_counted(corpus, codings, asked, where, rows)
    groups, units["group"], rows["group"] = _numbered(units, rows, [*by])
    rows["cluster"] = rows["cluster"].fillna(0).astype("int64")
    return CodedUnits(codings, [*by], groups, units, rows.set_index("row_id"))


def unit_sums(
    corpus: Corpus, everything: Units, by: Sequence[str], measures: Mapping[str, str], *, only: str = "true"
) -> pd.DataFrame:
    """Of all units with values of `by` for which `only` holds: these, `cluster`, `n`, and the sum of each measure.

    It makes the view `clustered` of the units, with their cluster.
    """
    _add_clusters(corpus, everything.connection)
    present = " and ".join([only, *(f"{in_quotes(name)} is not null" for name in by)])
    keys = "".join(f"{in_quotes(name)}, " for name in by)
    sums = "".join(f", sum({sql})::double as {in_quotes(name)}" for name, sql in measures.items())
    return everything.connection.execute(
        f"select {keys}cluster, count(*) as n{sums} from clustered where {present} group by all order by all"
    ).df()


def _add_clusters(corpus: Corpus, connection: duckdb.DuckDBPyConnection) -> None:
    """Give the units the number of their story, or article, or sentence if there is one article."""
    connection.execute("select count(*) from articles where status = 'annotated'")
    several = connection.fetchall()[0][0] > 1
    story = "coalesce(a.story_id, a.article_id)" if "story_id" in corpus.tables.columns("articles") else "a.article_id"
    told = story if several else "u.sentence_id"
    connection.execute(
        f"""create temp view clustered as select u.*, dense_rank() over (order by {told}) - 1 as cluster
        from units u join articles a using (article_id)"""
    )


def _with_those_not_counted(
    corpus: Corpus, codings: Codings, asked: Asked, where: dict[str, Any], rows: pd.DataFrame
) -> pd.DataFrame:
    """The rows with those of articles that do not count, which are in no group but were drawn like the others."""
    everything = population(corpus, asked, where=where)
    everything.connection.register("sampled", codings.sample.rows[["row_id", "stratum", "probability"]])
    there = everything.connection.execute(
        "select row_id, s.stratum, s.probability from units join sampled s using (row_id)"
    ).df()
    others = there[~there["row_id"].isin(rows["row_id"])].assign(cluster=np.nan)
    return pd.concat([rows, others], ignore_index=True)


def _held(corpus: Corpus, codings: Codings) -> Codings:
    """The codings that hold for a corpus; a warning says how many do not."""
    matched, lost = codings.matched(corpus), codings.lost(corpus)
    if len(lost):
        reasons = ", ".join(f"{n} × {reason}" for reason, n in lost["reason"].value_counts().items())
        warnings.warn(
            f"{len(lost)} of {len(codings.sample.rows)} sampled rows do not hold for the corpus as it is now "
            f"({reasons}); the others stand for them; codings.lost(corpus) lists them",
            LostRowsWarning,
            stacklevel=6,
        )
    return matched


def _numbered(units: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """The groups, and the number of that of each unit and row; -1 for rows in none."""
    if not keys:
        inside = rows["cluster"].notna()
        return pd.DataFrame(index=[0]), pd.Series(0, index=units.index), inside.astype("int64") - 1
    groups = units[keys].drop_duplicates(ignore_index=True)
    numbered = groups.assign(group=range(len(groups)))
    of_units = units[keys].merge(numbered, on=keys, how="left")["group"]
    of_rows = rows[keys].merge(numbered, on=keys, how="left")["group"].fillna(-1).astype("int64")
    return groups, of_units.set_axis(units.index), of_rows.set_axis(rows.index)


def tone_codes(codings: Codings, measure: str = "tone") -> pd.Series:
    """Coded tone by `row_id`: -1, 0, 1, or whether it is a label; NaN where the mention is not that actor."""
    tone = codings.values("tone")
    found = tone.map(TONES).astype(float) if measure == "tone" else (tone == measure).astype(float)
    return _of_those_meant(found, codings, "target_ok")


def frame_measures(codings: Codings) -> dict[str, str]:
    """Whether newskit found each frame in a sentence, as SQL."""
    frames = [variable.name for variable in codings.sample.variables]
    return {frame: f"list_contains(hits, '{frame}')::int" for frame in frames}


def frame_codes(codings: Codings, frame: str) -> pd.Series:
    """Whether a sentence has a frame, by `row_id`; NaN where it has none of the codebook's."""
    codes = pd.DataFrame({one.name: codings.values(one.name) for one in codings.sample.variables})
    found: pd.Series = (codes[frame] == "yes").astype(float).where((codes == "yes").any(axis=1))
    return found


def actor_codes(codings: Codings) -> pd.Series:
    """1 by `row_id` for mentions of their actor, NaN for others."""
    return _of_those_meant(codings.values("actor_ok").map({"yes": 1.0, "no": 1.0}), codings, "actor_ok")


def _of_those_meant(values: pd.Series, codings: Codings, variable: str) -> pd.Series:
    if variable not in [one.name for one in codings.sample.variables]:
        return values
    meant = codings.values(variable)
    wrong = meant.index[meant == "no"]
    found: pd.Series = values.reindex(values.index.union(wrong))
    found.loc[wrong] = np.nan
    return found
