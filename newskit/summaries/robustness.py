"""Whether a finding holds under other reasonable choices: the table behind a specification curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from newskit.corpus.observations import actor_names
from newskit.corpus.queries import connect
from newskit.corpus.views import articles_by, one_per_story
from newskit.errors import CodingsError
from newskit.resources.nearest import nearest
from newskit.schema import result_table, returns_columns
from newskit.summaries.sums import check_column
from newskit.validation.coded_units import tone_codes
from newskit.validation.codings import check_codings
from newskit.validation.differences import Differences
from newskit.validation.estimation import corrected, model_alone
from newskit.validation.units import row_id
from newskit.validation.weighing import Coded, Population

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

CHOICES: Final[Mapping[str, tuple[Any, ...]]] = {
    "method": ("model", "textblob"),
    "count": ("placements", "stories"),
    "headlines": ("with", "without"),
    "pronouns": ("with", "without"),
    "own_words": ("with", "without"),
    "min_score": (0.0, 0.5),
    "corrected": ("no", "yes"),
}
"""What can be chosen, each time what the summaries do first."""


@returns_columns("robustness")
def robustness(
    corpus: Corpus,
    *,
    target: str,
    between: str | None = None,
    groups: Sequence[str] | None = None,
    codings: Codings | None = None,
    choices: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Estimate a finding again under all combinations of reasonable choices, to see whether it depends on one of them.

    The finding is the mean tone toward an actor, or its difference between two groups of articles.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    target : str
        The `actor_id` of the actor.
    between : str, optional
        The column of articles that tells the groups apart ("outlet"), or year, month, week, day. Without it the finding
        is the mean tone.
    groups : sequence of str, optional
        The two values to compare: the finding is the first less the second. By default the only two that there are.
    codings : Codings, optional
        Codings of a sample of stances. Each estimate is then also corrected with them.
    choices : mapping of str to value or sequence, optional
        What to try instead of everything that the corpus allows, such as `{"min_score": [0, 0.3]}`.

    Returns
    -------
    DataFrame
        One row per combination, from the lowest estimate to the highest. The columns are

        {columns}

    Raises
    ------
    ValueError
        For an actor without a row of `stances`, and for groups or choices that the corpus does not have.
    newskit.errors.CodingsError
        A `ValueError`: for codings of another corpus or of other units, and if none is about the actor.

    Notes
    -----
    The choices: the tone by each `method` of the corpus; to `count` placements or stories (after `find_stories`); with
    or without `headlines`, mentions by `pronouns` and the target's `own_words`; scores whose absolute value is below
    `min_score` taken as 0; `corrected` with codings or not. Where the corpus leaves no choice, all rows are the same.

    Intervals are for articles like these, clustered by article or, where known, by story; without correction they take
    the tone as read without error. The rows share their data: they are no independent tests, and how many of them agree
    is no p-value.

    References
    ----------
    Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). Specification curve analysis. Nature Human Behaviour 4,
    1208-1214.

    Examples
    --------
    >>> robustness(corpus, target="russia", between="outlet", groups=["Daily", "Post"])  # doctest: +SKIP
    """
    if codings is not None:
        check_codings(codings)
    if between is not None:
        check_column(between)
    rows, pair = _mentions(corpus, target, between, groups)
    tried = _tried(_offered(rows, codings), choices or {})
    kept = _kept(corpus, between) if "stories" in tried["count"] else set()
    sampled = None if codings is None else _sampled(corpus, codings, rows, target, pair)
    name = str(actor_names(corpus).get(target, target))
    finding = f"tone toward {name}" + (f", {pair[0]} less {pair[1]}" if pair else "")
    found = []
    for values in product(*tried.values()):
        spec = dict(zip(tried, values, strict=True))
        with_codings = sampled if spec["corrected"] == "yes" else None
        estimate = _estimate(_observed(rows, spec, kept), with_codings, differ=pair is not None)
        found.append({"finding": finding, **spec, **estimate, "usual": spec == _usual(tried)})
    usual = next(row["conclusion"] for row in found if row["usual"])
    found.sort(key=lambda row: (np.isnan(row["estimate"]), row["estimate"]))
    return result_table("robustness", [{**row, "flips": row["conclusion"] != usual} for row in found])


def _mentions(
    corpus: Corpus, target: str, between: str | None, groups: Sequence[str] | None
) -> tuple[pd.DataFrame, tuple[str, str] | None]:
    """The mentions of the target with their tone, numbered by `observation`, `group` and `cluster`; the two groups."""
    connection = connect(threads=1)
    for table in ("stances", "mentions", "sentences", "articles"):
        corpus.tables.register(connection, table)
    rows = connection.execute(
        """select s.article_id, s.start, s."end", s.text, s.method, s.score, s.voice = s.target_id as is_own,
            m.kind = 'pronoun' as is_pronoun, t.part = 'headline' as in_headline, a.story_id is not null as has_story,
            dense_rank() over (order by s.article_id, s.sentence_id, s.voice) - 1 as observation,
            dense_rank() over (order by coalesce(a.story_id, s.article_id)) - 1 as cluster
        from stances s join mentions m using (article_id, mention_id)
        join sentences t on t.article_id = s.article_id and t.sentence_id = s.sentence_id
        join articles a on a.article_id = s.article_id
        where s.target_id = ? and s.voice is not null and s.method <> 'directed' and a.status = 'annotated'
        order by s.article_id, s.start, s."end" """,
        [target],
    ).df()
    if rows.empty:
        hint = nearest(target, corpus.actors["actor_id"])
        raise ValueError(f"the corpus has no tone toward an actor {target!r}{hint}")
    if between is None:
        if groups is not None:
            raise ValueError("groups are values of a column: name it, as in between='outlet'")
        return rows.assign(group=0), None
    names = articles_by(corpus.tables, [between]).set_index("article_id")[between]
    values = rows["article_id"].map(names.dropna().astype(str))
    there = sorted(values.dropna().unique())
    pair = [*there] if groups is None else [str(group) for group in groups]
    if len(pair) != 2 or pair[0] == pair[1] or not {*pair} <= {*there}:
        shown = ", ".join(map(repr, there[:10])) or "none"
        raise ValueError(f"groups are two values of {between!r}, the first less the second; there are {shown}")
    group = values.map({pair[0]: 0, pair[1]: 1})
    return rows[group.notna()].assign(group=group.dropna().astype("int64")), (pair[0], pair[1])


def _offered(rows: pd.DataFrame, codings: Codings | None) -> dict[str, list[Any]]:
    """Of each choice what the corpus allows."""
    present = {
        "count": rows["has_story"].any(),
        "headlines": rows["in_headline"].any(),
        "pronouns": rows["is_pronoun"].any(),
        "own_words": rows["is_own"].any(),
        "corrected": codings is not None,
    }
    offered = {name: [*values] if present.get(name, True) else [values[0]] for name, values in CHOICES.items()}
    return {**offered, "method": sorted(rows["method"].unique(), key=lambda name: (name != "model", name))}


def _tried(offered: Mapping[str, list[Any]], asked: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What is tried of each choice: what is offered, or what the caller asks for."""
    tried = dict(offered)
    for name, values in asked.items():
        if name not in offered:
            raise ValueError(f"no choice {name!r}{nearest(name, offered)}; there are {', '.join(offered)}")
        tried[name] = [values] if isinstance(values, str | float | int) else list(values)
        lost = [value for value in tried[name] if value not in offered[name]]
        if name == "min_score":
            lost = [value for value in tried[name] if not 0 <= value <= 1]
        if lost or not tried[name]:
            raise ValueError(f"{name} can be {' or '.join(map(repr, offered[name]))} in this corpus, not {lost}")
    return tried


def _usual(tried: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What the summaries do: the first of each, but corrected if there are codings."""
    return {**{name: values[0] for name, values in tried.items()}, "corrected": tried["corrected"][-1]}


def _kept(corpus: Corpus, between: str | None) -> set[str]:
    """The articles that stand for their stories."""
    articles = one_per_story(corpus.tables, between or ())
    return {*articles["article_id"]}


def _observed(rows: pd.DataFrame, spec: Mapping[str, Any], kept: set[str]) -> pd.DataFrame:
    """The observations under one combination of choices, with `group`, `cluster` and `score`."""
    chosen = rows["method"] == spec["method"]
    if spec["count"] == "stories":
        chosen &= rows["article_id"].isin(kept)
    for name, column in (("headlines", "in_headline"), ("pronouns", "is_pronoun"), ("own_words", "is_own")):
        if spec[name] == "without":
            chosen &= ~rows[column]
    some = rows[chosen]
    score = some["score"].where(some["score"].abs() >= spec["min_score"], 0.0)
    one = some.assign(score=score).groupby("observation", sort=True)
    observed: pd.DataFrame = one.agg(group=("group", "first"), cluster=("cluster", "first"), score=("score", "mean"))
    return observed


def _estimate(observed: pd.DataFrame, sampled: pd.DataFrame | None, *, differ: bool) -> dict[str, Any]:
    """The finding from some observations: estimate, interval and what it says."""
    n_groups = 2 if differ else 1
    told = {"n": len(observed), "n_articles": observed["cluster"].nunique()}
    if observed["group"].nunique() < n_groups:
        return {"estimate": np.nan, "low": np.nan, "high": np.nan, "conclusion": "open", **told}
    arrays = (observed[name].to_numpy() for name in ("group", "cluster", "score"))
    population = Population.of(*arrays)
    estimates = model_alone(population, share=False)
    if sampled is not None:
        estimates = corrected(population, _coded(observed, sampled), share=False)
    if differ:
        both = Differences(estimates, np.array([0]), np.array([1]))
        value, (low, high) = both.difference[0], both.interval()
    else:
        value, (low, high) = estimates.mean[0], estimates.interval()
    conclusion = "above 0" if low[0] > 0 else "below 0" if high[0] < 0 else "open"
    return {"estimate": value, "low": low[0], "high": high[0], "conclusion": conclusion, **told}


def _coded(observed: pd.DataFrame, sampled: pd.DataFrame) -> Coded:
    """The sampled rows as the estimator takes them; those that are not observed are in no group."""
    here = observed.reindex(sampled["observation"])
    return Coded(
        groups=here["group"].fillna(-1).to_numpy(dtype=np.int64),
        clusters=here["cluster"].fillna(0).to_numpy(dtype=np.int64),
        model=here["score"].fillna(0.0).to_numpy(),
        values=sampled["value"].to_numpy(),
        probabilities=sampled["probability"].to_numpy(),
        strata=sampled["stratum"].to_numpy(),
    )


def _sampled(
    corpus: Corpus, codings: Codings, rows: pd.DataFrame, target: str, pair: tuple[str, str] | None
) -> pd.DataFrame:
    """The coded rows of the sample with `observation` (-1 if it is of another actor), `value` and probability.

    Rows come in random order, so that a sample of which only a part is coded is a smaller sample.
    """
    sample = codings.sample
    if sample.unit != "stances":
        raise CodingsError(f"the codings are of {sample.unit}: tone is corrected with codings of stances")
    if narrower := [name for name in sample.design["where"] if name != "target_id"]:
        raise CodingsError(
            f"the sample is of some rows only (by {', '.join(narrower)}): it cannot correct what rests on others"
        )
    if "tone" not in codings.variables:
        raise CodingsError("no row has a code of tone: code it, or leave codings out")
    value = tone_codes(codings.matched(corpus))
    drawn = sample.rows.set_index("row_id")[["stratum", "probability"]]
    done = drawn.loc[value.index]
    coded, all_of = done.groupby("stratum").size(), drawn.groupby("stratum").size()
    first = rows.drop_duplicates("observation")[["article_id", "start", "end", "text", "observation", "group"]]
    ids = {row_id("stances", *told): place for *told, place in first.drop(columns="group").itertuples(index=False)}
    observed = drawn.index.to_series().map(ids).dropna()
    group = observed.map(first.set_index("observation")["group"])
    for number, of in enumerate([f" in {name!r}" for name in pair] if pair else [""]):
        _check_coded(group.index[group == number], value, f"{target!r}{of}")
    observation = [ids.get(row, -1) for row in done.index]
    return done.assign(
        observation=observation,
        value=value,
        probability=done["probability"] * done["stratum"].map(coded / all_of),
        stratum=pd.factorize(done["stratum"])[0],
    )


def _check_coded(sampled: pd.Index, value: pd.Series, whom: str) -> None:
    """Raise `CodingsError` if the sampled rows about an actor hold nothing that corrects its tone."""
    coded = value[value.index.isin(sampled)]
    if not len(sampled):
        raise CodingsError(
            f"no row of the sample is about {whom}: draw a sample with rows about it, or leave codings out"
        )
    if coded.empty:
        raise CodingsError(f"no coded row is about {whom}: code the {len(sampled)} that the sample has")
    if coded.isna().all():
        raise CodingsError(
            f"coders found no row about {whom}: target_ok is no in all {len(coded)} coded rows; code more, or leave "
            "codings out"
        )
