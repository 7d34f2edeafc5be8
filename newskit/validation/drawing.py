"""Drawing a probability sample of a corpus: `draw_sample`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

import newskit
from newskit.corpus.observations import actor_names
from newskit.corpus.queries import in_quotes
from newskit.errors import SampleError
from newskit.validation.allocation import allocate, weights_of
from newskit.validation.samples import Sample
from newskit.validation.units import KEPT, Asked, Population, population
from newskit.validation.variables import pages, variables_of

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus

CONTEXT: Final = 2
"""Sentences of context before and after the one to code."""
_UNCERTAINTY: Final = "uncertainty"


def draw_sample(
    corpus: Corpus,
    unit: str,
    *,
    n: int,
    by: str | Sequence[str] = (),
    strata: str | Sequence[str] | None = None,
    allocation: str | None = None,
    min_per_stratum: int = 2,
    second: float = 0.25,
    seed: int = 0,
    method: str | None = None,
    **where: Any,
) -> Sample:
    """Draw rows of a corpus at random for coding by hand, each with a known inclusion probability.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk; from disk it is queried, not loaded.
    unit : str
        What a row is: "stances", one target in one sentence in one voice, as `stance_summary` counts it.
    n : int
        Rows to draw; all are drawn if there are fewer.
    by : str or sequence of str, optional
        The groups that you want estimates of: columns of articles ("outlet"), year, month, week, day, or "target_id",
        "part", "voice". Each is a stratum; rows without a value make one of their own.
    strata : str or sequence of str, optional
        Further columns to stratify by, also what newskit says ("tone").
    allocation : {"proportional", "equal", "neyman"}, optional
        How many rows each stratum gets. "proportional" to its size, the default; "equal": as many in each group of
        `by`; "neyman": more where the model is unsure, with thirds of its uncertainty as strata.
    min_per_stratum : int, default 2
        Rows drawn of each stratum at least, or all of it.
    second : float, default 0.25
        Share of the rows that a second coder codes too.
    seed : int, default 0
        The same corpus and seed give the same rows, in memory and on disk.
    method : str, optional
        The method whose rows are drawn, as in `stance_summary`.
    **where
        Values that the rows must have, by column, as in `Corpus.table`: `target_id="russia"`.

    Returns
    -------
    Sample

    Raises
    ------
    newskit.errors.SampleError
        A `ValueError`: if no row fits, or `n` is too small for the strata.
    ValueError
        For an unknown unit, column, method or allocation.

    Notes
    -----
    Within a stratum rows are drawn without replacement, all with the same probability: rows drawn / rows there are. A
    total is estimated without bias by the sum of value / probability (Horvitz, D. G., & Thompson, D. J. (1952). A
    generalization of sampling without replacement from a finite universe. Journal of the American Statistical
    Association, 47(260), 663-685).

    Examples
    --------
    >>> sample = draw_sample(corpus, "stances", n=400, by="outlet", target_id="russia")  # doctest: +SKIP
    """
    if n < 1 or not 0 <= second <= 1 or min_per_stratum < 1:
        raise SampleError("n and min_per_stratum are at least 1, and second is a share from 0 to 1")
    rng = np.random.default_rng(seed)
    groups = [by] if isinstance(by, str) else list(by)
    finer = [strata] if isinstance(strata, str) else list(strata or ())
    allocation = allocation or "proportional"
    everything = population(corpus, Asked(unit, method), by=[*groups, *finer], where=where)
    if not everything.n:
        raise SampleError(f"the corpus has no {unit}{f' with {where}' if where else ''} to draw from")
    table = _strata(everything, groups, finer, allocation)
    sizes = table["population"].to_numpy()
    weights = weights_of(allocation, sizes, table["group"].to_numpy(), table["doubt"].to_numpy())
    try:
        table["sampled"] = allocate(n, sizes, weights=weights, at_least=min_per_stratum)
    except ValueError as problem:
        raise SampleError(str(problem)) from None
    drawn = _drawn(everything, table, rng)
    predictions, rows = _shown(corpus, everything, drawn, groups)
    rows["second"] = False
    rows.loc[rng.permutation(len(rows))[: round(second * len(rows))], "second"] = True
    design = {
        "unit": unit,
        "n": len(rows),
        "population": everything.n,
        "by": groups,
        "where": {name: value if isinstance(value, str) else repr(value) for name, value in where.items()},
        "allocation": allocation,
        "strata": _listed(table, [*groups, *finer]),
        "second": second,
        "seed": seed,
        "method": everything.asked.method,
        "newskit": newskit.__version__,
        "corpus": corpus_note(corpus),
    }
    return Sample(rows, predictions, variables_of(unit), design, pages(unit))


def corpus_note(corpus: Corpus) -> dict[str, Any]:
    """What a sample keeps of its corpus: how many articles, a hash of their ids, and the models."""
    found = corpus.sql(
        """select count(*) as n, coalesce(bit_xor(md5_number_lower(article_id)), 0)::varchar as articles
        from articles where status = 'annotated'"""
    )
    models: dict[str, Any] = {name: corpus.manifest[name] for name in ["versions", "models"] if name in corpus.manifest}
    return {"n_articles": int(found["n"].iloc[0]), "articles": str(found["articles"].iloc[0]), **models}


def _strata(everything: Population, groups: list[str], finer: list[str], allocation: str) -> pd.DataFrame:
    """The strata, numbered: their columns, `population`, `doubt` (mean) and `group`, the number of the group of `by`.

    It adds the column `stratum` to the units.
    """
    ask = everything.connection.execute
    names = list(dict.fromkeys([*groups, *finer]))
    if allocation == "neyman" and ask("select count(distinct doubt) from units").fetchall()[0][0] > 3:
        inside = f"partition by {', '.join(map(in_quotes, names))}" if names else ""
        ask(
            f"create temp table thirds as select *, ntile(3) over ({inside} order by doubt, row_id) as {_UNCERTAINTY} "
            "from units"
        )
        ask("drop table units")
        ask("alter table thirds rename to units")
        names.append(_UNCERTAINTY)
    keys = "".join(f"{in_quotes(name)}, " for name in names)
    table = ask(f"select {keys} count(*) as population, avg(doubt) as doubt from units group by all order by all").df()
    table.insert(0, "stratum", range(len(table)))
    table["group"] = table.groupby(groups, dropna=False, sort=True).ngroup() if groups else 0
    everything.connection.register("strata", table)
    return table


def _drawn(everything: Population, table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The units drawn, in random order: of each stratum, whose units are numbered in the order of their ids, some."""
    names = [name for name in table.columns if name not in ("stratum", "population", "doubt", "group", "sampled")]
    picks = [
        (stratum, int(number))
        for stratum, size, sampled in table[["stratum", "population", "sampled"]].itertuples(index=False, name=None)
        for number in rng.choice(size, size=sampled, replace=False)
    ]
    chosen = pd.DataFrame(picks, columns=["stratum", "number"])
    everything.connection.register("chosen", chosen.assign(place=rng.permutation(len(chosen))))
    same = " and ".join(["true", *(f"u.{in_quotes(name)} is not distinct from s.{in_quotes(name)}" for name in names)])
    drawn: pd.DataFrame = everything.connection.execute(
        f"""with numbered as (
            select u.*, s.stratum, row_number() over (partition by s.stratum order by u.row_id) - 1 as number
            from units u join strata s on {same}
        )
        select n.* exclude (number), c.place from numbered n join chosen c using (stratum, number) order by c.place"""
    ).df()
    share = table.set_index("stratum")["sampled"] / table.set_index("stratum")["population"]
    return drawn.assign(probability=drawn["stratum"].map(share)).drop(columns="place")


def _shown(
    corpus: Corpus, everything: Population, drawn: pd.DataFrame, groups: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What newskit says of the rows drawn, and what coders see of them."""
    said = list(dict.fromkeys([*everything.predictions, *everything.own]))
    predictions = drawn.set_index("row_id")[said]
    if "voice_code" in predictions:
        predictions = predictions.rename(columns={"voice": "voice_id"}).rename(columns={"voice_code": "voice"})
    ids = drawn["article_id"].unique().tolist()
    rows = drawn[["row_id", *KEPT]].assign(target=drawn["target_id"].map(actor_names(corpus)))
    about = corpus.table("articles", columns=["article_id", "text", "outlet"], article_id=ids)
    about = about.rename(columns={"text": "whole"})
    rows = rows.merge(about, on="article_id", how="left")
    for name in groups:
        if name not in said and name not in rows.columns and name != "part":
            rows[name] = drawn[name].to_numpy()
    sentences = _sentences(corpus, ids)
    rows = rows.merge(sentences, on=["article_id", "sentence_id"], how="left")
    rows["text"] = [whole[a:b] for whole, a, b in zip(rows["whole"], rows["start"], rows["end"], strict=True)]
    spans = list(
        zip(rows["whole"], rows["sentence_start"], rows["sentence_end"], rows["from"], rows["to"], strict=True)
    )
    rows["sentence"] = [whole[a:b] for whole, a, b, _, _ in spans]
    rows["before"] = [whole[first:a] for whole, a, _, first, _ in spans]
    rows["after"] = [whole[b:last] for whole, _, b, _, last in spans]
    for name in ("stratum", "probability"):
        rows[name] = drawn[name].to_numpy()
    of_by = [name for name in groups if name in rows.columns]
    first = ["row_id", "article_id", "sentence_id", "start", "end", "text", "shown", "target_id", "target", "outlet"]
    last = ["part", "sentence", "sentence_start", "before", "after", "stratum", "probability"]
    return predictions, rows[list(dict.fromkeys([*first, *of_by, *last]))]


def _sentences(corpus: Corpus, ids: list[str]) -> pd.DataFrame:
    """The sentences of some articles, each with its place and that of its context (`from`, `to`)."""
    columns = ["article_id", "sentence_id", "start", "end", "part"]
    found = corpus.table("sentences", columns=columns, article_id=ids).sort_values(["article_id", "start"])
    of_article = found.groupby("article_id", sort=False)
    found["from"] = of_article["start"].shift(CONTEXT).fillna(of_article["start"].transform("first")).astype("int64")
    found["to"] = of_article["end"].shift(-CONTEXT).fillna(of_article["end"].transform("last")).astype("int64")
    return found.rename(columns={"start": "sentence_start", "end": "sentence_end"})


def _listed(table: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """The strata for the design: number, columns, population, rows drawn, probability."""
    shown = [name for name in dict.fromkeys([*names, _UNCERTAINTY]) if name in table.columns]
    plain = table[["stratum", *shown, "population", "sampled"]].astype(object)
    plain = plain.assign(probability=table["sampled"] / table["population"])
    return [
        {
            str(name): None if pd.isna(value) else value if isinstance(value, int | float) else str(value)
            for name, value in row.items()
        }
        for row in plain.to_dict("records")
    ]
