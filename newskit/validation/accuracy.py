"""How often newskit is right on a corpus, by a coded sample: `accuracy`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from newskit.resources.nearest import nearest
from newskit.schema import LABELS, result_table, returns_columns
from newskit.validation.coded_units import CodedUnits, coded_units
from newskit.validation.codings import check_codings
from newskit.validation.estimation import MIN_CASES, corrected, wilson
from newskit.validation.weighing import Coded, Population

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

BY: Final = ("outlet", "voice", "kind", "speaks", "part")
"""What scores are also given by, where the sample knows it."""
WORST: Final = 20
_MOST_GROUPS: Final = 12
"""Groups of a column from which only those with most coded rows are shown."""
_ALL: Final = "all"
_SAID: Final = {"voice": "voice_code"}
"""Variables whose codes newskit gives in a column of another name."""


@dataclass(frozen=True, repr=False)
class Accuracy:
    """How often newskit is right on a corpus, by a coded sample; you get it from `accuracy`.

    Attributes
    ----------
    rows : DataFrame
        The coded rows, one for each variable: `row_id, variable, code, said, sure, probability, stratum`, and what
        scores are given by.
    by : tuple of str
        The columns that scores are given by.
    texts : DataFrame
        What can be read of each row, by `row_id`.
    """

    rows: pd.DataFrame
    by: tuple[str, ...]
    texts: pd.DataFrame

    def __repr__(self) -> str:
        told = self.scores
        right = told[told["by"].isna() & (told["code"] == _ALL)]
        parts = [f"{row['variable']} {row['precision']:.2f}" for row in right.to_dict("records")]
        return f"Accuracy({self.rows['row_id'].nunique()} coded rows; right: {', '.join(parts)})"

    @property
    @returns_columns("Accuracy.scores")
    def scores(self) -> pd.DataFrame:
        """Precision, recall and F1 of each code, of all rows and by group.

        Returns
        -------
        DataFrame
            One row per variable, group and code, with the columns

            {columns}
        """
        found = []
        for variable, rows in self.rows.groupby("variable", sort=False):
            codes = [*dict.fromkeys([*_order(rows), _ALL])]
            for by, group, some in _groups(rows, self.by):
                found += [[variable, by, group, code, *_scores(rows, some, code)] for code in codes]
        return result_table("Accuracy.scores", found)

    @property
    @returns_columns("Accuracy.confusion")
    def confusion(self) -> pd.DataFrame:
        """What newskit says where coders say what; `plot_accuracy` draws it.

        Returns
        -------
        DataFrame
            One row per variable and pair of codes, with the columns

            {columns}
        """
        found = []
        for variable, rows in self.rows.groupby("variable", sort=False):
            weights, codes = 1 / rows["probability"], _order(rows)
            for code in codes:
                for said in codes:
                    some = (rows["code"] == code) & (rows["said"] == said)
                    found.append([variable, code, said, int(some.sum()), weights[some].sum() / weights.sum()])
        return result_table("Accuracy.confusion", found)

    @property
    @returns_columns("Accuracy.worst")
    def worst(self) -> pd.DataFrame:
        """The twenty rows to read first: where newskit is wrong, the surest first, else those that stand for most.

        Returns
        -------
        DataFrame
            At most twenty rows, with the columns

            {columns}
        """
        wrong = self.rows[self.rows["said"] != self.rows["code"]]
        wrong = wrong.sort_values(["sure", "probability"], ascending=[False, True], na_position="last", kind="stable")
        rows = wrong.head(WORST).join(self.texts, on="row_id")
        names = result_table("Accuracy.worst", []).columns
        return result_table("Accuracy.worst", rows[names].itertuples(index=False, name=None))


def accuracy(
    corpus: Corpus, codings: Codings, *, variable: str | None = None, by: str | Sequence[str] | None = None
) -> Accuracy:
    """Measure how often newskit is right on your corpus, by what coders say of a sample of it.

    Parameters
    ----------
    corpus : Corpus
        The corpus that the sample was drawn from; what newskit says of it now is what is judged.
    codings : Codings
        The coded sample. The settled code of a row counts, else that of the first coder.
    variable : str, optional
        What to judge: a variable of the sample that newskit has an answer to ("tone", "speaks"). By default tone,
        quotations, every frame, or the actors of mentions, whatever the sample is of.
    by : str or sequence of str, optional
        Columns to give scores by as well: of the sample ("outlet", "part"), "voice", "kind" (of mention) or "speaks".
        By default all of these that the sample knows.

    Returns
    -------
    Accuracy
        With `scores`, `confusion` and `worst`; `plot_accuracy` draws the confusion.

    Raises
    ------
    ValueError
        For a variable that was not coded or that newskit does not code, and for an unknown column.
    newskit.errors.CodingsError
        A `ValueError`: for codings of another corpus.

    Notes
    -----
    Rows count by the inverse of their inclusion probability, so that scores are those of all units of the corpus,
    however the sample was drawn. Intervals are about this corpus: Wilson's, with the number of rows drawn at random
    that would give the same variance (Korn and Graubard 1998). There is none for fewer than five rows. Rows whose
    mention is coded as not the target (`target_ok` is no) count only for `target_ok`. For quotations the code "yes" is
    a quotation: precision is the share of those found that are one, recall the share of real ones that were found.
    Mentions have no recall, since the sample has none that newskit missed.

    Examples
    --------
    >>> result = accuracy(corpus, codings)  # doctest: +SKIP
    >>> result.scores.query("by.isna()")  # doctest: +SKIP
    """
    check_codings(codings)
    sample = codings.sample
    units = _held(corpus, codings)
    variables = _variables(codings, variable, [str(name) for name in units.rows.columns])
    facts = _facts(corpus, units.codings, units.rows)
    chosen = [name for name in BY if name in facts] if by is None else [by] if isinstance(by, str) else list(by)
    for name in chosen:
        if name not in facts:
            known = ", ".join(map(str, facts.columns))
            raise ValueError(f"no column {name!r}{nearest(name, map(str, facts.columns))}; the sample has {known}")
    parts = []
    for name in variables:
        codes = _codes(units.codings, name)
        rows = units.coded(codes)
        rows = rows.assign(code=codes.reindex(rows.index), said=_said(rows, name, sample.unit), sure=_sure(rows, name))
        rows = rows[rows["code"].notna() & rows["said"].notna()]
        rows = rows[["code", "said", "sure", "probability", "stratum"]].join(facts[chosen])
        parts.append(rows.assign(variable=name).rename_axis("row_id").reset_index())
    notes = codings.table.drop_duplicates("row_id").set_index("row_id")["note"]
    texts = sample.rows.set_index("row_id")[["article_id", "target", "text", "sentence"]].join(notes)
    return Accuracy(pd.concat(parts, ignore_index=True), tuple(chosen), texts)


def _held(corpus: Corpus, codings: Codings) -> CodedUnits:
    """The coded rows in the corpus; of frames that were coded in several ways those that the sample was drawn from."""
    design = codings.sample.design
    method, version = None, None
    if design["unit"] == "frames":
        coded = corpus.sql("select distinct codebook, method, codebook_version from frames")
        if (coded["codebook"] == design["codebook"]).sum() > 1:
            method, version = design["method"], design["codebook_version"]
    return coded_units(corpus, codings, design["unit"], by=[], measures={}, method=method, version=version)


_USUAL: Final = {"stances": ("tone",), "mentions": ("actor_ok",), "positions": ("position",), "quotes": ("quotation",)}


def _variables(codings: Codings, variable: str | None, columns: list[str]) -> list[str]:
    """The variables to judge."""
    unit = codings.sample.unit
    if variable is None:
        return list(_USUAL.get(unit, codings.variables))
    known = [one for one in codings.variables if unit == "frames" or f"said {_SAID.get(one, one)}" in columns]
    if unit == "quotes":
        known.append("quotation")
    if variable not in known:
        raise ValueError(f"cannot judge {variable!r}{nearest(variable, known)}; coded by both: {', '.join(known)}")
    return [variable]


def _codes(codings: Codings, variable: str) -> pd.Series:
    """What coders say, by `row_id`; missing where the mention is not that actor."""
    if variable == "quotation":
        told = codings.values("act").map(lambda code: "no" if code == "other" else "yes")
        both: pd.Series = pd.concat([told, codings.values("missed")])
        return both
    codes = codings.values(variable)
    if variable != "target_ok" and "target_ok" in codings.variables:
        meant = codings.values("target_ok").reindex(codes.index)
        codes = codes.where(meant != "no")
    return codes


def _said(rows: pd.DataFrame, variable: str, unit: str) -> pd.Series:
    """What newskit says of rows."""
    if unit == "frames":
        return pd.Series(["yes" if variable in hits else "no" for hits in rows["said hits"]], index=rows.index)
    if variable == "quotation":
        found: pd.Series = rows["said missed"].isna().map({True: "yes", False: "no"})
    else:
        found = rows[f"said {_SAID.get(variable, variable)}"]
    if found.dtype == bool:
        found = found.map({True: "yes", False: "no"})
    return found


def _sure(rows: pd.DataFrame, variable: str) -> pd.Series:
    """The probability of what newskit says of tone."""
    names = [f"said p_{label}" for label in LABELS]
    if variable != "tone" or names[0] not in rows:
        return pd.Series(np.nan, index=rows.index)
    found: pd.Series = rows[names].astype(float).max(axis=1)
    return found


def _facts(corpus: Corpus, codings: Codings, rows: pd.DataFrame) -> pd.DataFrame:
    """What scores can be given by, by `row_id`."""
    sample = codings.sample.rows.set_index("row_id")
    facts = sample[["outlet", "part", "target", *(name for name in codings.sample.design["by"] if name in sample)]]
    facts = facts.loc[:, ~facts.columns.duplicated()]
    if codings.sample.unit == "stances":
        ids = sample["article_id"].unique().tolist()
        place = ["article_id", "start", "end"]
        mentions = corpus.table("mentions", columns=[*place, "kind"], article_id=ids).drop_duplicates(place)
        kinds = sample[place].merge(mentions, on=place, how="left")["kind"].set_axis(sample.index)
        facts = facts.assign(voice=rows["said voice_code"].reindex(facts.index), kind=kinds)
        if "speaks" in codings.variables:
            facts = facts.assign(speaks=codings.values("speaks").reindex(facts.index))
    known = [name for name in facts.columns if facts[name].notna().any()]
    return facts[known]


def _order(rows: pd.DataFrame) -> list[str]:
    """The codes in use, those of tone from negative to positive, "yes" first."""
    there = {*rows["code"], *rows["said"]}
    usual = [code for code in (*LABELS, "yes", "no") if code in there]
    return [*usual, *sorted(there - {*usual})]


def _groups(rows: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[str | None, str | None, pd.Series]]:
    """All rows, and those of each group."""
    yield None, None, pd.Series(True, index=rows.index)
    for name in by:
        for value in rows[name].value_counts().index[:_MOST_GROUPS]:
            yield name, str(value), rows[name] == value


def _scores(rows: pd.DataFrame, some: pd.Series, code: str) -> list[float]:
    """Numbers of rows, then precision, recall and F1 with their intervals, of a code in some of the rows."""
    said, coded = ((rows[name] == code) & some for name in ("said", "code"))
    if code == _ALL:
        right = _share(rows, rows["said"] == rows["code"], some.astype(float))
        return [int(some.sum()), int(some.sum()), *right, *right, *right]
    both = said & coded
    parts = (said.astype(float), coded.astype(float), said.astype(float) + coded.astype(float))
    found = [value for times in parts for value in _share(rows, both, times)]
    return [int(said.sum()), int(coded.sum()), *found]


def _share(rows: pd.DataFrame, right: pd.Series, times: pd.Series) -> tuple[float, float, float]:
    """The weighted share of rows that are right, each counted so many times, and its interval."""
    inside = times.to_numpy() > 0
    n = int(inside.sum())
    if not n:
        return np.nan, np.nan, np.nan
    probability = rows["probability"].to_numpy(dtype=float)
    weight = times.to_numpy() / probability
    none = np.zeros(len(rows), dtype=np.int64)
    share = corrected(
        Population(none[:1], none[:1], np.array([weight.sum()]), np.zeros(1)),
        Coded(
            groups=np.where(inside, 0, -1),
            clusters=none,
            model=np.zeros(len(rows)),
            values=right.to_numpy(dtype=float),
            probabilities=probability / np.maximum(times.to_numpy(), 1),
            strata=rows["stratum"].to_numpy(),
        ),
        share=True,
        generalize=False,
        tuning=0,
    )
    mean, variance, df = float(share.mean[0]), float(share.variance[0]), float(share.df[0])
    if n < MIN_CASES:
        return mean, np.nan, np.nan
    if (probability[inside] >= 1).all():
        return mean, mean, mean
    if not 0 < mean < 1:  # none or all are right: the rows vary as if half of one were not
        least = np.clip(mean, 0.5 / n, 1 - 0.5 / n)
        effective = weight.sum() ** 2 / (weight**2).sum()
        variance, df = least * (1 - least) / effective * float(1 - probability[inside].mean()), n - 1
    width = np.array([student.ppf(0.975, df)])
    low, high = wilson(np.array([mean]), np.array([variance]), width, np.array([n]))
    return mean, float(low[0]) if mean > 0 else 0.0, float(high[0]) if mean < 1 else 1.0
