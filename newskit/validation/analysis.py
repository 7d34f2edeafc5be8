"""A flat table for one's own models: metadata, what the model measured, and the outcome adjusted by codings."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.issues import Issue, load_issue
from newskit.corpus.observations import actor_names
from newskit.corpus.queries import matching
from newskit.corpus.views import PERIODS
from newskit.errors import CodingsError
from newskit.validation.adjusting import adjusted
from newskit.validation.codings import check_codings
from newskit.validation.matching import asked_again
from newskit.validation.outcomes import Outcome, features_of, outcomes_of
from newskit.validation.unit_queries import Asked
from newskit.validation.units import Population, population
from newskit.validation.variables import questions_of

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

LEVELS: Final = ("article", "sentence", "observation")
_NOT_METADATA: Final = ("article_id", "text", "status", "reason")
_PLACE: Final = ["row_id", "article_id", "sentence_id", "start", "end", "target_id"]


def to_analysis(
    corpus: Corpus,
    *,
    unit: str = "observation",
    codings: Codings | None = None,
    of: str | None = None,
    by: str | Sequence[str] = (),
    method: str | None = None,
    codebook: str | Codebook | None = None,
    version: str | None = None,
    issue: str | Path | Issue | None = None,
    **where: Any,
) -> pd.DataFrame:
    """Give a flat table for your own models: metadata, what newskit measured, and the outcome adjusted by codings.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    unit : {"observation", "sentence", "article"}, default "observation"
        What a row is: an observation as `draw_sample` draws it, or all of a sentence or an article.
    codings : Codings, optional
        Codings of a sample of this corpus. The table then has only the observations that the sample was drawn from.
    of : {"stances", "quotes", "frames", "mentions", "positions"}, optional
        The observations; by default those of the sample, or stances.
    by : str or sequence of str, optional
        For sentences and articles: further columns to give separate rows for, such as "target_id" or
        "month".
    method, codebook, version, issue
        As for `draw_sample`; by default those of the sample. Codings are of words, so they also correct another method,
        or another version of the codebook.
    **where
        Values that the rows must have, by column: `target_id="russia"`.

    Returns
    -------
    DataFrame
        One row per unit, with `article_id`, columns of the observation (`row_id`, `sentence_id`, `target_id`, `target`,
        `voice`, …) or `n`, how many a row has; the columns of its article; and `cluster`, its story or article, for
        clustered errors. Then, for each outcome (of stances `tone`, -1 to 1, `negative`, `neutral`, `positive`; of
        frames each frame; …) what newskit measured. With codings also `sampled` and `probability`, and for each outcome
        `…_coded`, what coders say (NaN if not coded), `…_predicted` and `…_adjusted`. Rows of sentences and articles
        have means.

    Raises
    ------
    ValueError
        For an unknown unit or column, and for codings of other observations.

    Notes
    -----
    The adjusted outcome is the prediction, plus, for coded rows, (code - prediction) / probability. Its expectation is
    that of the codes whatever the model's errors, even if these depend on a variable in your regression; so a linear
    regression on it estimates what the same regression on the codes of all rows would (Egami, Hinck, Stewart and Wei
    2023). Single values can lie far outside the range of the codes: do not read them as codes. Cluster the standard
    errors by `cluster`. The prediction comes from what newskit says, calibrated on codings of other stories or
    articles.

    A row whose mention is coded as not its target (`target_ok` is no) counts here as neutral, not speaking and
    without a fate. The summaries leave such rows out, so their corrected means differ from those of this table.

    References
    ----------
    Egami, N., Hinck, M., Stewart, B. M., & Wei, H. (2023). Using imperfect surrogates for downstream inference:
    design-based supervised learning for social science applications of large language models. Advances in Neural
    Information Processing Systems, 36.

    Examples
    --------
    >>> table = to_analysis(corpus, codings=codings, target_id="russia")  # doctest: +SKIP
    >>> model = smf.ols("tone_adjusted ~ outlet", table)  # doctest: +SKIP
    >>> model.fit(cov_type="cluster", cov_kwds={"groups": table["cluster"]})  # doctest: +SKIP
    """
    if unit not in LEVELS:
        raise ValueError(f"unit is {', '.join(LEVELS)}, not {unit!r}")
    keys = [by] if isinstance(by, str) else list(by)
    if keys and unit == "observation":
        raise ValueError("by is for unit='sentence' and unit='article'; an observation is told by row_id")
    given = load_issue(issue) if isinstance(issue, str | Path) else issue
    book = codebook.name if isinstance(codebook, Codebook) else codebook
    asked = Asked(of or "stances", method, book, version, given)
    if codings is not None:
        check_codings(codings)
        asked = asked_of(codings, of, asked)
    rows, outcomes = observations(corpus, asked, codings, keys=keys, where=where)
    if unit == "observation":
        return rows
    return _means(rows, ["article_id", *(["sentence_id"] if unit == "sentence" else []), *keys], outcomes)


def observations(
    corpus: Corpus, asked: Asked, codings: Codings | None, *, keys: Sequence[str], where: Mapping[str, Any]
) -> tuple[pd.DataFrame, list[Outcome]]:
    """The table of observations with the columns of their articles, and the outcomes; `keys` are to be columns too."""
    periods = [name for name in dict.fromkeys([*keys, *where]) if name in PERIODS]
    rows, outcomes = measured(corpus, asked, codings, periods=periods)
    rows = _with_metadata(corpus, rows)
    unknown = {*where, *keys} - {*rows.columns}
    if unknown:
        raise ValueError(f"the table has no column {sorted(unknown)[0]!r}; it has {', '.join(rows.columns)}")
    return matching(rows, where).reset_index(drop=True), outcomes


def asked_of(codings: Codings, of: str | None, asked: Asked) -> Asked:
    """The units that were coded, by another method or version if one is asked for.

    Raises `CodingsError` if other units are asked for.
    """
    drawn = asked_again(codings.sample.design, asked.issue)
    if of not in (None, drawn.unit):
        raise CodingsError(f"the codings are of {drawn.unit}, not of {of}: draw_sample(corpus, {of!r}, …)")
    if asked.codebook not in (None, drawn.codebook):
        raise CodingsError(f"the codings are of the codebook {drawn.codebook!r}, not of {asked.codebook!r}")
    return drawn._replace(method=asked.method or drawn.method, version=asked.version or drawn.version)


def measured(
    corpus: Corpus, asked: Asked, codings: Codings | None, *, periods: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[Outcome]]:
    """All units in the order of their ids, with what newskit measured and, with codings, what coders say; the outcomes.

    With codings the units are those that the sample was drawn from.
    """
    where = {} if codings is None else codings.sample.design.get("where", {})
    everything = population(corpus, asked, by=["part", "section", *periods], where=where)
    units = everything.frame()
    variables = questions_of(corpus, everything.asked).variables if codings is None else codings.sample.variables
    outcomes = outcomes_of(asked.unit, variables)
    own = [name for name in everything.own if name not in _PLACE]
    rows = units[[*_PLACE, "part", "section", *periods, *own]].copy()
    rows.insert(len(_PLACE), "target", rows["target_id"].map(actor_names(corpus)).astype("str"))
    model = {one.name: one.modelled(units) for one in outcomes}
    rows = rows.assign(**{name: value for name, value in model.items() if value is not None})
    if codings is None:
        return rows, outcomes
    about = corpus.table("articles", columns=["article_id", "story_id"]).set_index("article_id")
    stories = about["story_id"].fillna(about.index.to_series())
    return _corrected(rows, units, everything, outcomes, model, codings, stories), outcomes


def _corrected(
    rows: pd.DataFrame,
    units: pd.DataFrame,
    everything: Population,
    outcomes: Sequence[Outcome],
    model: dict[str, pd.Series | None],
    codings: Codings,
    stories: pd.Series,
) -> pd.DataFrame:
    """The rows with what coders say and the adjusted outcomes."""
    sample = codings.sample.rows.set_index("row_id")[["stratum", "probability"]]
    there = units.loc[units["row_id"].isin(sample.index), ["row_id", "shown", "target_id"]].set_index("row_id")
    drawn = sample[sample.index.isin(there.index)]
    if drawn.empty:
        raise CodingsError("no row of the sample is in this corpus: codings.lost(corpus) says why")
    now = codings.sample.rows["row_id"].map(there["target_id"])
    then = codings.sample.rows["target_id"]
    codings = codings.without_actor(codings.sample.rows.loc[now.notna() & (now != then), "row_id"])
    rows = rows.assign(
        sampled=rows["row_id"].isin(drawn.index), probability=rows["row_id"].map(drawn["probability"]).astype("float64")
    )
    features = features_of(units, everything.predictions)
    clusters, _ = pd.factorize(units["article_id"].map(stories))
    kinds = drawn.index.to_series().map(there["shown"])
    chances: dict[str, pd.Series] = {}
    added: dict[str, NDArray[np.float64]] = {}
    for one in outcomes:
        codes = one.coded(codings)
        codes = codes[codes.index.isin(drawn.index)]
        if codes.empty:
            continue
        if one.variable not in chances:
            chances[one.variable] = response(codes, drawn[kinds == one.of] if one.of else drawn, one.variable)
        asked = np.ones(len(units), dtype=bool) if not one.of else (units["shown"] == one.of).to_numpy()
        coded = units["row_id"].map(codes).to_numpy(dtype="float64")
        said = model[one.name]
        predicted, found = np.full((2, len(units)), np.nan)
        predicted[asked], found[asked] = adjusted(
            coded[asked],
            units["row_id"].map(chances[one.variable]).to_numpy(dtype="float64")[asked],
            features[asked],
            clusters[asked],
            None if said is None else said.to_numpy()[asked],
        )
        added |= {f"{one.name}_coded": coded, f"{one.name}_predicted": predicted, f"{one.name}_adjusted": found}
    return rows.assign(**added)


def response(codes: pd.Series, drawn: pd.DataFrame, variable: str) -> pd.Series:
    """The probability of coded rows to be drawn and coded, by `row_id`: those coded stand for all of their stratum."""
    present = drawn.loc[drawn.index.isin(codes.index)]
    n_coded, n_drawn = present["stratum"].value_counts(), drawn["stratum"].value_counts()
    silent = n_drawn.index.difference(n_coded.index)
    if len(silent):
        warnings.warn(
            f"{len(silent)} of {len(n_drawn)} strata have no coded row of {variable}: nothing "
            "corrects the model there; code more rows",
            stacklevel=4,
        )
    found: pd.Series = present["probability"] * present["stratum"].map(n_coded) / present["stratum"].map(n_drawn)
    return found


def _with_metadata(corpus: Corpus, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns of their articles, and `cluster`."""
    names = [name for name in corpus.tables.columns("articles") if name not in _NOT_METADATA]
    about = corpus.table("articles", columns=["article_id", *names], status="annotated")
    about = about.rename(columns={name: f"article_{name}" for name in names if name in rows.columns})
    story = about["story_id"].fillna(about["article_id"]) if "story_id" in about else about["article_id"]
    place = [name for name in (*_PLACE, "target", "part", "section") if name in rows.columns]
    found = rows[place].merge(about.assign(cluster=story), on="article_id", how="left")
    return found.assign(**{str(name): rows[name] for name in rows.columns if name not in place})


def _means(rows: pd.DataFrame, keys: list[str], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The rows of each sentence or article as one: how many, and the means of the outcomes."""
    measures = [f"{one.name}{end}" for one in outcomes for end in ("", "_coded", "_predicted", "_adjusted")]
    measures = [name for name in measures if name in rows.columns]
    grouped = rows.groupby(keys, sort=True, dropna=False)
    same = [name for name in rows.columns if name not in keys and name not in (*_PLACE, *measures, "probability")]
    same = [name for name in same if (grouped[name].nunique(dropna=False) <= 1).all()]
    counts = {"n": grouped.size()}
    if "sampled" in rows:
        counts["n_sampled"] = grouped["sampled"].sum()
        same = [name for name in same if name != "sampled"]
    table = pd.concat([pd.DataFrame(counts), grouped[same].first(), grouped[measures].mean()], axis=1)
    return table.reset_index()
