"""What coders decided, from their files: one table, checked against the sample."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.errors import CodingsError
from newskit.schema import returns_columns
from newskit.validation.checking import SETTLED, Checker, Decision, check_coder
from newskit.validation.matching import ABOUT_ACTOR, OTHER_ACTOR, lost_rows
from newskit.validation.samples import Sample, load_sample
from newskit.validation.sheet_reading import decisions

if TYPE_CHECKING:
    from newskit.annotation.frames.issues import Issue
    from newskit.corpus.corpus import Corpus

COLUMNS: Final = {
    **dict.fromkeys(("row_id", "coder", "variable", "code"), "str"),
    "unsure": "bool",
    "note": "str",
}
"""The columns of the table of codings, with their dtypes."""


@dataclass(frozen=True, repr=False)
class Codings:
    """The codes that coders gave to the rows of a sample; you get them from `load_codings`.

    Attributes
    ----------
    sample : Sample
        The sample that was coded.
    table : DataFrame
        One row per decision: `row_id, coder, variable, code, unsure, note`.
    """

    sample: Sample
    table: pd.DataFrame

    def __repr__(self) -> str:
        coded = self.table["row_id"].nunique()
        return f"Codings({coded} of {len(self.sample.rows)} rows, coders {', '.join(self.coders) or 'none'})"

    @property
    def coders(self) -> tuple[str, ...]:
        """The coders, in the order of their files."""
        return tuple(dict.fromkeys(self.table["coder"]))

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables with a code, in coding order."""
        present = {*self.table["variable"]}
        return tuple(variable.name for variable in self.sample.variables if variable.name in present)

    def values(self, variable: str, coder: str | None = None) -> pd.Series:
        """Give one code per row.

        Parameters
        ----------
        variable : str
            A variable of the sample.
        coder : str, optional
            The coder whose codes to give. By default the settled code of a row if there is one, else that of the first
            coder who coded it.

        Returns
        -------
        Series of str
            The codes of the rows that have one, by `row_id`, in the order of the sample.

        Raises
        ------
        ValueError
            For a variable that the sample does not have, or a coder who coded nothing.
        """
        known = [one.name for one in self.sample.variables]
        if variable not in known:
            raise ValueError(f"no variable {variable!r}; the sample has {', '.join(known)}")
        if coder is not None and coder not in self.coders:
            raise ValueError(f"no coder {coder!r}; there are {', '.join(self.coders)}")
        rows = self.table[self.table["variable"] == variable]
        order = [coder] if coder is not None else [SETTLED, *(one for one in self.coders if one != SETTLED)]
        rows = rows[rows["coder"].isin(order)]
        rows = rows.assign(rank=rows["coder"].map({one: rank for rank, one in enumerate(order)}))
        codes = rows.sort_values("rank", kind="stable").drop_duplicates("row_id").set_index("row_id")["code"]
        ordered = self.sample.rows["row_id"][self.sample.rows["row_id"].isin(codes.index)]
        found: pd.Series = codes.loc[ordered].rename(variable)
        return found

    @returns_columns("Codings.lost")
    def lost(self, corpus: Corpus, *, issue: Issue | None = None) -> pd.DataFrame:
        """List the rows of the sample that do not hold for a corpus that was annotated or linked anew.

        Rows are found by article, offsets and text, never by their position.

        Parameters
        ----------
        corpus : Corpus
            The corpus as it is now.
        issue : Issue, optional
            For positions on an issue that does not ship: the issue.

        Returns
        -------
        DataFrame
            One row per row of the sample that is not there, or is linked to another actor, with the columns

            {columns}

        Raises
        ------
        newskit.errors.SampleError
            A `ValueError`: if the issue is needed.

        Examples
        --------
        >>> codings.lost(corpus.relink("my-actors.toml"))["reason"].value_counts()  # doctest: +SKIP
        """
        return lost_rows(corpus, self.sample, issue=issue)

    def matched(self, corpus: Corpus, *, issue: Issue | None = None) -> Codings:
        """Keep the codings that hold for a corpus that was annotated or linked anew.

        Parameters
        ----------
        corpus : Corpus
            The corpus as it is now.
        issue : Issue, optional
            As for `lost`.

        Returns
        -------
        Codings
            Without the codes of rows that are lost. Where newskit names another actor now, the codes about the words
            stay, and those about the actor (`target_ok`, `actor_ok`, `speaker_ok`) go.

        Raises
        ------
        newskit.errors.CodingsError
            A `ValueError`: if no row of the sample is in the corpus.
        """
        lost = self.lost(corpus, issue=issue)
        relinked = lost["reason"] == OTHER_ACTOR
        gone = lost.loc[~relinked, "row_id"]
        if len(gone) == len(self.sample.rows):
            raise CodingsError(
                f"no row of the sample is in the corpus ({lost['reason'].iloc[0]}): open the corpus that it was drawn "
                "from, or draw a sample of this one"
            )
        kept = Codings(self.sample, self.table[~self.table["row_id"].isin(gone)].reset_index(drop=True))
        return kept.without_actor(lost.loc[relinked, "row_id"])

    def without_actor(self, row_ids: pd.Series) -> Codings:
        """Leave out the codes about the actor of some rows.

        Parameters
        ----------
        row_ids : Series of str
            The rows whose actor is another one now.

        Returns
        -------
        Codings
        """
        dropped = self.table["row_id"].isin(row_ids) & self.table["variable"].isin(ABOUT_ACTOR)
        return Codings(self.sample, self.table[~dropped].reset_index(drop=True)) if dropped.any() else self


def check_codings(codings: object, name: str = "codings") -> None:
    """Raise `TypeError` for what is no `Codings`, such as the file that they are in."""
    if not isinstance(codings, Codings):
        raise TypeError(
            f"{name} must come from load_codings(files, sample=sample), not be a {type(codings).__name__}: "
            f"{name}=load_codings(files, sample=sample)"
        )


def header(sample: Sample, coder: str) -> dict[str, Any]:
    """The first line of a coder's file of JSON Lines."""
    return {"newskit_codings": 1, "sample": sample.id, "coder": coder}


def load_codings(
    files: str | Path | pd.DataFrame | Sequence[str | Path | pd.DataFrame], *, sample: Sample | str | Path
) -> Codings:
    """Load what coders decided, from one file or several, and check it against the sample.

    Parameters
    ----------
    files : str, Path, DataFrame or sequence of them
        Sheets that were coded, the first coder's first: JSON Lines from `code_sample`, workbooks from
        `Sample.to_excel`, CSV from `Sample.to_csv`. Codings made elsewhere are a DataFrame, CSV or workbook with one
        row per decision: the unit as `article_id`, `start`, `end` and `text`, or as `row_id`; then `coder`, `variable`
        and `code`; if you like `unsure` and `note`.
    sample : Sample, str or Path
        The sample that was coded, or the file that it was saved to.

    Returns
    -------
    Codings

    Raises
    ------
    newskit.errors.CodingsError
        A `ValueError` that names the file, the row and the way out: for another sample's sheet, a row that is lost, is
        there twice or is unknown, a text that was changed, an unknown variable or code, two codings of one row by one
        coder, names of coders that differ only by case, and if there is no file or nothing in it.

    Notes
    -----
    Rows are found by their ids, or by article, offsets and text, never by their position. In a file of JSON Lines the
    last decision counts. Cells without a code are not coded yet.

    Examples
    --------
    >>> codings = load_codings(["ann.jsonl", "ben.xlsx"], sample="sample.json")  # doctest: +SKIP
    """
    known = sample if isinstance(sample, Sample) else load_sample(sample)
    sources = [files] if isinstance(files, str | Path | pd.DataFrame) else [*files]
    if not sources:
        raise CodingsError("there are no files to load: give those of the coders")
    found: dict[tuple[str, str, str], Decision] = {}
    names: dict[str, Decision] = {}
    for source in sources:
        for one in _decisions(source, known):
            check_coder(one.coder, one.place)
            first = names.setdefault(one.coder.casefold(), one)
            if first.coder != one.coder:
                raise CodingsError(
                    f"{one.place}: the coder is {one.coder!r}, but {first.coder!r} in {first.place}: write the name "
                    "one way, or give two coders names that differ by more than case"
                )
            key = (one.row_id, one.coder, one.variable)
            if key in found:
                raise CodingsError(
                    f"{one.place}: {one.coder} has coded {one.variable} of row {one.row_id} already, in "
                    f"{found[key].place}: load one of the two"
                )
            found[key] = one
    return Codings(known, codings_table(found.values()))


def codings_table(found: Iterable[Decision]) -> pd.DataFrame:
    """Decisions as a table of the fixed columns."""
    return pd.DataFrame([one[: len(COLUMNS)] for one in found], columns=list(COLUMNS)).astype(COLUMNS)


def _decisions(source: str | Path | pd.DataFrame, sample: Sample) -> Iterator[Decision]:
    """The decisions in a file or table."""
    if isinstance(source, pd.DataFrame):
        return decisions(source, sample)
    path = Path(source).expanduser()
    if path.is_dir():
        raise CodingsError(
            f"{path} is a folder: give the files in it, such as sorted(Path({str(path)!r}).glob('*.csv'))"
        )
    if not path.is_file():
        if "*" in path.name or "?" in path.name:
            files = f"sorted(Path({str(path.parent)!r}).glob({path.name!r}))"
            raise CodingsError(f"{path} is a pattern, not a file: give the files that it stands for, {files}")
        raise CodingsError(f"{path}: there is no such file")
    if path.suffix.lower() in (".xlsx", ".csv", ".tsv"):
        return decisions(path, sample)
    if path.suffix.lower() in (".xls", ".ods"):
        raise CodingsError(f"{path}: save the sheet as .xlsx or .csv")
    return _from_jsonl(path, sample)


def _from_jsonl(path: Path, sample: Sample) -> Iterator[Decision]:
    """The last decision of each row, coder and variable; a last line that a crash cut short is passed over."""
    text = path.read_text(encoding="utf-8-sig")
    if not text.strip():
        raise CodingsError(f"{path} is empty: give a file with codings")
    if '"newskit_sample"' in text[:100]:
        raise CodingsError(f"{path} is a sample, not codings: give the coders' files, and this one as sample=…")
    lines = text.split("\n")
    latest: dict[tuple[str, str, str], Decision] = {}
    checker = Checker(sample)
    for number, line in enumerate(lines, 1):
        place = f"{path}, line {number}"
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except ValueError as problem:
            if number == len(lines):  # no line end after it: writing was interrupted
                continue
            raise CodingsError(f"{place}: no JSON ({problem}): delete the line, or restore the file") from None
        if not isinstance(told, dict):
            raise CodingsError(f"{place}: no decision: give a file from code_sample, or a sheet as .xlsx or .csv")
        if "newskit_codings" in told:
            if told["sample"] != sample.id:
                other = told["sample"]
                raise CodingsError(
                    f"{path} has codings of the sample {other}, not of {sample.id}: load them with theirs"
                )
            continue
        key = (str(told.get("row_id")), str(told.get("coder") or ""), str(told.get("variable")))
        if told.get("code") is None:  # taken back
            latest.pop(key, None)
            continue
        code = checker.code(place, key[0], key[2], str(told["code"]))
        latest[key] = Decision(*key, code, bool(told.get("unsure")), str(told.get("note") or ""), place)
    yield from latest.values()
