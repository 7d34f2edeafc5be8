"""Drawing a probability sample of a corpus: `draw_sample`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

import newskit
from newskit.annotation.frames.codebook import Codebook
from newskit.annotation.frames.codebook_files import load_codebook
from newskit.annotation.frames.issues import Issue, load_issue
from newskit.errors import CodebookError, SampleError
from newskit.validation.samples import Sample
from newskit.validation.sheet_rows import shown
from newskit.validation.strata import Plan, listed, pick, stratify
from newskit.validation.unit_queries import QUERIES, Asked
from newskit.validation.units import Population, population
from newskit.validation.variables import questions_of

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus

_FINER: Final[Mapping[str, tuple[str, ...]]] = {"quotes": ("shown",), "frames": ("hit",)}
"""The strata of units that also have rows without a hit."""
_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "method": ("stances", "frames"),
    "codebook": ("frames",),
    "version": ("frames",),
    "issue": ("positions",),
}
"""The units that an argument is for."""


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
    codebook: str | Path | Codebook | None = None,
    version: str | None = None,
    issue: str | Path | Issue | None = None,
    **where: Any,
) -> Sample:
    """Draw rows of a corpus at random for coding by hand, each with a known inclusion probability.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk; from disk it is queried, not loaded.
    unit : {"stances", "quotes", "frames", "mentions", "positions"}
        What a row is, as the summaries count it. "stances": one target in one sentence in one voice. "quotes": a
        quotation, or a sentence without any. "frames": a sentence, with or without a frame; all frames of the codebook
        are coded. "mentions": a mention of an actor. "positions": a row of `positions`.
    n : int
        Rows to draw; all are drawn if there are fewer.
    by : str or sequence of str, optional
        The groups that you want estimates of: columns of articles ("outlet"), year, month, week, day, or "target_id",
        "part", "voice". Each is a stratum; rows without a value make one of their own.
    strata : str or sequence of str, optional
        Further columns to stratify by; these may be what newskit says ("tone"). By default, quotations and sentences
        without one are separate strata ("shown"), and so are sentences with and without a frame ("hit"); another choice
        is "frame", the rarest frame of a sentence.
    allocation : {"proportional", "equal", "neyman"}, optional
        How the rows are shared out among the strata. "proportional": by size, the default for stances, mentions and
        positions. "equal": the same number for each group of `by`. "neyman": more where the model is less certain, the
        default for quotes and frames. Certainty comes from the model's probabilities, and if `n` is large enough each
        stratum is split into thirds by it. Where there are no probabilities, a hit is assumed to be wrong half of the
        time, and one in twenty sentences without a hit to be a miss.
    min_per_stratum : int, default 2
        Fewest rows to draw from a stratum; a smaller stratum is drawn whole.
    second : float, default 0.25
        Share of the rows that a second coder codes as well.
    seed : int, default 0
        A whole number from 0. The same corpus and seed give the same rows, in memory and on disk.
    method, version : str, optional
        The method whose rows are drawn, and for frames the version of the codebook, if there are several.
    codebook : str, Path or Codebook, optional
        For frames: the codebook, by its name if it ships; needed if the corpus was coded with more than one.
    issue : str, Path or Issue, optional
        For positions: the issue, as for `positions`.
    **where
        Values that the rows must have, by column, as in `Corpus.table`: `target_id="russia"`. Dates may be texts:
        `published="2025-03-01"`.

    Returns
    -------
    Sample

    Raises
    ------
    newskit.errors.SampleError
        A `ValueError`: if no row fits, `n` is too small for the strata, or a number is not what it can be.
    ValueError
        For an unknown unit, column, method, codebook or allocation, and for an argument that the unit has no use for.

    Notes
    -----
    Within a stratum rows are drawn without replacement, all with the same probability: rows drawn / rows there are. A
    total is estimated without bias by the sum of value / probability (Horvitz, D. G., & Thompson, D. J. (1952). A
    generalization of sampling without replacement from a finite universe. Journal of the American Statistical
    Association, 47(260), 663-685).

    Examples
    --------
    >>> sample = draw_sample(corpus, "stances", n=400, by="outlet", target_id="russia")  # doctest: +SKIP
    >>> sample = draw_sample(corpus, "frames", n=300, codebook="news_frames", strata="frame")  # doctest: +SKIP
    """
    n, seed = _whole("n", n, 1), _whole("seed", seed, 0)
    min_per_stratum = _whole("min_per_stratum", min_per_stratum, 1)
    if not 0 <= second <= 1:
        raise SampleError(f"second is a share from 0 to 1, not {second!r}")
    _check_uses(unit, method=method, codebook=codebook, version=version, issue=issue)
    plan = Plan(
        groups=(by,) if isinstance(by, str) else tuple(by),
        finer=_FINER.get(unit, ()) if strata is None else (strata,) if isinstance(strata, str) else tuple(strata),
        allocation=allocation or ("neyman" if unit in _FINER else "proportional"),
        n=n,
        at_least=min_per_stratum,
    )
    book = _codebook(codebook)
    asked = Asked(unit, method, book if isinstance(book, str | None) else book.name, version, _issue(issue))
    everything = population(corpus, asked, by=[*plan.groups, *plan.finer], where=where)
    if not everything.n:
        raise SampleError(f"the corpus has no {unit}{f' with {where}' if where else ''} to draw from")
    rng = np.random.default_rng(seed)
    table = stratify(everything, plan)
    drawn = pick(everything, table, rng)
    questions = questions_of(corpus, everything.asked, book)
    predictions, rows = shown(corpus, everything, drawn, plan.groups)
    rows["second"] = False
    rows.loc[rng.permutation(len(rows))[: round(second * len(rows))], "second"] = True
    design = {
        **_told(everything, plan, table),
        "n": len(rows),
        "where": {name: _plain(value) for name, value in where.items()},
        "second": second,
        "seed": seed,
        "newskit": newskit.__version__,
        "corpus": corpus_note(corpus),
    }
    return Sample(rows, predictions, questions.variables, design, questions.pages)


def _whole(name: str, given: object, least: int) -> int:
    """A whole number; raises `SampleError` for another value, or one that is too small."""
    if isinstance(given, bool) or not isinstance(given, Integral) or given < least:
        why = "; without one the same rows could not be drawn again" if name == "seed" and given is None else ""
        raise SampleError(f"{name} is a whole number, at least {least}, not {given!r}{why}")
    return int(given)


def _check_uses(unit: str, **given: object) -> None:
    """Raise `ValueError` for an argument that is given and means nothing for the unit."""
    for name, value in given.items():
        if value is not None and unit in QUERIES and unit not in _OF[name]:
            raise ValueError(f"{name} is for {' and '.join(_OF[name])}; {unit} have none: leave it out")


def _plain(value: Any) -> Any:
    """A value, or several, as JSON can hold them."""
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _codebook(given: str | Path | Codebook | None) -> str | Codebook | None:
    """The codebook, or the name of one that cannot be loaded: a corpus also knows those of others."""
    if given is None or isinstance(given, Codebook):
        return given
    if Path(given).suffix:
        return load_codebook(given)
    try:
        return load_codebook(given)
    except CodebookError:
        return str(given)


def _issue(given: str | Path | Issue | None) -> Issue | None:
    return load_issue(given) if isinstance(given, str | Path) else given


def _told(everything: Population, plan: Plan, table: pd.DataFrame) -> dict[str, Any]:
    """What a design says of the units and strata."""
    asked = everything.asked
    issue = {} if asked.issue is None else {"issue": asked.issue.name, "issue_version": asked.issue.version}
    coded = {} if asked.codebook is None else {"codebook": asked.codebook, "codebook_version": asked.version}
    return {
        "unit": asked.unit,
        "method": asked.method,
        **coded,
        **issue,
        "population": everything.n,
        "by": list(plan.groups),
        "allocation": plan.allocation,
        "strata": listed(table, plan),
    }


def corpus_note(corpus: Corpus) -> dict[str, Any]:
    """What a sample keeps of its corpus: how many articles, a hash of their ids, and the models."""
    found = corpus.sql(
        """select count(*) as n, coalesce(bit_xor(md5_number_lower(article_id)), 0)::varchar as articles
        from articles where status = 'annotated'"""
    )
    models: dict[str, Any] = {name: corpus.manifest[name] for name in ["versions", "models"] if name in corpus.manifest}
    return {"n_articles": int(found["n"].iloc[0]), "articles": str(found["articles"].iloc[0]), **models}
