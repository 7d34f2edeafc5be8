"""Intercoder agreement: how far two people, or a person and a model, code the same rows alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from newskit.resources.nearest import nearest
from newskit.schema import LABELS, RESULTS, result_table, returns_columns
from newskit.validation.checking import NEWSKIT, SETTLED
from newskit.validation.codings import check_codings
from newskit.validation.coefficients import MEASURES, Ratings, bootstrap, coefficients, counts_of

if TYPE_CHECKING:
    from newskit.validation.codings import Codings

MIN_GIVEN: Final = 5
"""Fewest times that a code was given, and that it was not, for an interval: some resamples would lack it."""


@returns_columns("agreement")
def agreement(
    codings: Codings | pd.DataFrame,
    *,
    coders: Sequence[str] | None = None,
    ordered: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how far coders agree, for each variable and for each of its codes.

    Parameters
    ----------
    codings : Codings or DataFrame
        Codings of a sample; or any table with the columns `row_id`, `coder`, `variable` and `code`, one line for each
        decision. With a column `article_id`, intervals resample articles.
    coders : sequence of str, optional
        Which coders to compare, two or more; by default all but newskit. "newskit" is what newskit said when the
        sample was drawn; a language model or another tool is one more coder in the codings.
    ordered : mapping of str to sequence of str, optional
        Variables whose codes have an order, each with its codes from low to high. Tone (negative, neutral, positive)
        need not be given.
    seed : int, default 0
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        For each variable a row with `code` missing, then one for each code (this code or any other). The columns are

        {columns}

    Raises
    ------
    ValueError
        For an unknown coder, a table without the columns or with two codings of one row by one coder, an unknown
        variable in `ordered` or a code that it leaves out, and if no row was coded by two of the coders.

    Notes
    -----
    Alpha is Krippendorff's, for any number of coders and with missing codings; in `alpha_ordinal` the distance between
    the codes counts. Kappa is Cohen's, for more than two coders the mean over their pairs (Light 1971). AC1 is Gwet's;
    unlike the others it does not drop when nearly all rows have the same code. Where the rows compared have one code
    only, there is nothing to measure, and all but `observed` are missing.

    Intervals are 95 % percentile intervals of a bootstrap over articles, or over rows if their articles are not
    known; with fewer than 100 rows they are too narrow (`benchmarks/README.md`). They are missing if there are fewer
    than five articles (or rows) that two of them coded, if the coders never disagree, or if a code was given (or not
    given) fewer than five times. Settled codes are left out, since they are not an independent coding.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20 (1),
    37-46.

    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high agreement. British
    Journal of Mathematical and Statistical Psychology 61 (1), 29-48.

    Krippendorff, K. (2019). Content analysis: an introduction to its methodology (4th ed.), chapter 12. Sage.

    Light, R. J. (1971). Measures of response agreement for qualitative data. Psychological Bulletin 76 (5), 365-377.

    Examples
    --------
    >>> ann, ben = ["positive", "neutral", "neutral", "negative"], ["positive", "neutral", "negative", "negative"]
    >>> lines = [(f"r{i}", who, "tone", codes[i]) for i in range(4) for who, codes in (("ann", ann), ("ben", ben))]
    >>> table = pd.DataFrame(lines, columns=["row_id", "coder", "variable", "code"])
    >>> agreement(table)[["variable", "code", "n", "observed", "alpha", "kappa", "ac1"]].round(2).head(1)
      variable code  n  observed  alpha  kappa   ac1
    0     tone  NaN  4      0.75   0.67   0.64  0.63
    """
    table = _of_coders(codings, coders)
    _check_ordered(codings, ordered or {})
    names = [*dict.fromkeys(table["coder"])]
    rows = []
    for variable, one in table.groupby("variable", sort=False):
        codes = _codes(codings, str(variable), one["code"], ordered or {})
        wide = one.pivot(index="row_id", columns="coder", values="code").reindex(columns=names)
        wide = wide.loc[:, wide.notna().any()]
        if (wide.notna().sum(axis=1) >= 2).any():
            articles = one.drop_duplicates("row_id").set_index("row_id")["article_id"].reindex(wide.index)
            clusters = pd.factorize(articles.where(articles.notna(), wide.index.to_series()))[0]
            is_ordered = variable in (ordered or {}) or codes == [*LABELS]
            rows += _measured(str(variable), wide, codes, clusters, ordered=is_ordered, seed=seed)
    if not rows:
        raise ValueError(f"no row was coded by two of {', '.join(names)}: nothing to compare")
    return result_table("agreement", rows)


def _measured(
    variable: str, wide: pd.DataFrame, codes: list[str], clusters: np.ndarray, *, ordered: bool, seed: int
) -> list[dict[str, Any]]:
    """The rows of `agreement` for one variable: all its codes together, then each against the others."""
    number = {code: at for at, code in enumerate(codes)}
    ratings = wide.apply(lambda column: column.map(number)).fillna(-1).to_numpy(dtype=np.int64)
    coders = ", ".join(map(str, wide.columns))
    rows = []
    for at, code in [(None, None), *(enumerate(codes) if len(codes) > 2 else [])]:
        here: Ratings = ratings if at is None else np.where(ratings < 0, -1, (ratings == at).astype(np.int64))
        n_codes = max(2, len(codes)) if at is None else 2
        counts = counts_of(here, n_codes)
        coded = counts.sum(axis=1) >= 2
        given = counts[coded].sum(axis=0)
        row: dict[str, Any] = {"variable": variable, "code": code, "coders": coders, "n": int(coded.sum())}
        row["n_given"] = int(given.sum() if at is None else given[1])
        found = coefficients(here, n_codes, ordered=ordered and at is None)
        intervals = dict.fromkeys(MEASURES, (np.nan, np.nan))
        if at is None or min(given) >= MIN_GIVEN:
            intervals = bootstrap(here, clusters, n_codes, ordered=ordered and at is None, seed=seed)
        for name, value in found.items():
            row |= {name: value, f"{name}_low": intervals[name][0], f"{name}_high": intervals[name][1]}
        rows.append(row)
    return rows


def _check_ordered(codings: Codings | pd.DataFrame, ordered: Mapping[str, Sequence[str]]) -> None:
    """Raise `ValueError` for a variable that is not in the codings."""
    if isinstance(codings, pd.DataFrame):
        known = [*map(str, codings["variable"].dropna().unique())]
    else:
        known = [one.name for one in codings.sample.variables]
    if unknown := [name for name in ordered if name not in known]:
        raise ValueError(
            f"ordered: no variable {unknown[0]!r}{nearest(str(unknown[0]), known)}; there are {', '.join(known)}"
        )


def _codes(
    codings: Codings | pd.DataFrame, variable: str, given: pd.Series, ordered: Mapping[str, Sequence[str]]
) -> list[str]:
    """The codes of a variable: in the order asked for, else those of the codebook, then others that were given."""
    seen = sorted(given.unique())
    if variable in ordered:
        codes = [*ordered[variable]]
        if lost := set(seen) - set(codes):
            raise ValueError(f"ordered[{variable!r}] leaves out {', '.join(map(repr, sorted(lost)))}")
        return codes
    if isinstance(codings, pd.DataFrame):
        known: Sequence[str] = LABELS if set(seen) <= set(LABELS) else ()
    else:
        known = next((one.codes for one in codings.sample.variables if one.name == variable), ())
    return [*dict.fromkeys([*known, *seen])]


def _of_coders(codings: Codings | pd.DataFrame, coders: Sequence[str] | None) -> pd.DataFrame:
    """The codings of the coders to compare, two or more, in the order asked for."""
    table = _table(codings)
    known = [*dict.fromkeys(table["coder"])]
    people = [name for name in known if name not in (SETTLED, NEWSKIT)]
    chosen = people if coders is None else [*dict.fromkeys([coders] if isinstance(coders, str) else coders)]
    if unknown := [name for name in chosen if name not in known]:
        raise ValueError(f"no codings by {unknown[0]!r}; there are those of {', '.join(known) or 'nobody'}")
    if len(chosen) < 2:
        if not people and SETTLED not in known:
            raise ValueError("nobody has coded a row yet: load the files of two coders with load_codings")
        raise ValueError(
            f"agreement needs two coders, got {', '.join(chosen) or 'none'}; there are codings by {', '.join(known)}"
        )
    return pd.concat([table[table["coder"] == name] for name in chosen], ignore_index=True)


def _table(codings: Codings | pd.DataFrame) -> pd.DataFrame:
    """One line for each decision, also newskit's, with `article_id` (missing if unknown), `unsure` and `note`."""
    if isinstance(codings, pd.DataFrame):
        needed = ["row_id", "coder", "variable", "code"]
        if missing := [name for name in needed if name not in codings.columns]:
            raise ValueError(f"the codings have no column {missing[0]!r}; they need {', '.join(needed)}")
        table = codings.reindex(columns=[*needed, "unsure", "note", "article_id"])
    else:
        check_codings(codings)
        sample = codings.sample
        predicted = sample.predictions.reset_index()
        names = [one.name for one in sample.variables if one.name in predicted.columns]
        long = predicted.melt("row_id", names, var_name="variable", value_name="code").assign(coder=NEWSKIT)
        table = pd.concat([codings.table, long], ignore_index=True)
        table = table.assign(article_id=table["row_id"].map(sample.rows.set_index("row_id")["article_id"]))
    table = table.dropna(subset=["row_id", "coder", "variable", "code"])
    twice = table[table.duplicated(["row_id", "coder", "variable"])]
    if len(twice):
        row = twice.iloc[0]
        raise ValueError(
            f"{row['coder']} coded {row['variable']!r} of row {row['row_id']!r} twice: keep one of the two codings"
        )
    unsure = table["unsure"].map(lambda value: value is True or value == 1)
    return table.assign(unsure=unsure.astype(bool), note=table["note"].astype(object).where(table["note"].notna(), ""))


@returns_columns("disagreements")
def disagreements(codings: Codings | pd.DataFrame, *, coders: Sequence[str] | None = None) -> pd.DataFrame:
    """List the codings on which coders differ, to be read again and settled.

    Parameters
    ----------
    codings : Codings or DataFrame
        As in `agreement`.
    coders : sequence of str, optional
        As in `agreement`.

    Returns
    -------
    DataFrame
        One row for each row of the sample and variable with two different codes; those that somebody was unsure about
        come first, and those that are settled are left out. The columns are these and, behind them, one for each coder
        with the code given.

        {columns}

    Raises
    ------
    ValueError
        For an unknown coder, one called as a column is, and a table without the columns or with two codings of one row
        by one coder.

    Notes
    -----
    To settle them in a notebook, code them once more, together, as the coder "settled":
    `code_sample(sample, coder="settled", file="settled.jsonl", only=disagreements(codings))`; give that file to
    `load_codings` with the others.

    Examples
    --------
    >>> lines = [("r1", "ann", "tone", "neutral"), ("r1", "ben", "tone", "negative")]
    >>> table = pd.DataFrame(lines, columns=["row_id", "coder", "variable", "code"])
    >>> disagreements(table)[["row_id", "variable", "ann", "ben"]]
      row_id variable      ann       ben
    0     r1     tone  neutral  negative
    """
    keys = ["row_id", "variable"]
    whole = _table(codings)
    settled = {*whole.loc[whole["coder"] == SETTLED, keys].itertuples(index=False, name=None)}
    table = _of_coders(codings, coders)
    n_codes = table.groupby(keys, sort=False)["code"].nunique()
    keyed = [key for key in n_codes[n_codes > 1].index if key not in settled]
    if taken := {*table["coder"]} & {column.name for column in RESULTS["disagreements"]}:
        raise ValueError(f"a coder is called {sorted(taken)[0]!r}, as a column is: give the coder another name")
    wide = table.pivot(index=keys, columns="coder", values="code")[[*dict.fromkeys(table["coder"])]]
    texts = {} if isinstance(codings, pd.DataFrame) else codings.sample.rows.set_index("row_id").to_dict("index")
    by_key = dict(iter(table.groupby(keys, sort=False)))
    found = []
    for row_id, variable in keyed:
        rows = by_key[row_id, variable]
        notes = " · ".join(f"{coder}: {note}" for coder, note in zip(rows["coder"], rows["note"], strict=True) if note)
        told = texts.get(row_id, {})
        found.append(
            [row_id, variable, told.get("text"), told.get("sentence"), bool(rows["unsure"].any()), notes or None]
        )
    listed = result_table("disagreements", found)
    listed[[str(name) for name in wide.columns]] = wide.loc[keyed].to_numpy() if keyed else None
    return listed.sort_values(["unsure", "variable"], ascending=[False, True], kind="stable", ignore_index=True)
