"""What coders decided, from their files: one table, checked against the sample."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from newskit.errors import CodingsError
from newskit.validation.samples import Sample, load_sample

SETTLED: Final = "settled"
"""The coder under whose name disagreements are settled."""
COLUMNS: Final = ("row_id", "coder", "variable", "code", "unsure", "note")


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


def header(sample: Sample, coder: str) -> dict[str, Any]:
    """The first line of a coder's file of JSON Lines."""
    return {"newskit_codings": 1, "sample": sample.id, "coder": coder}


def load_codings(
    files: str | Path | pd.DataFrame | Sequence[str | Path | pd.DataFrame], *, sample: Sample | str | Path
) -> Codings:
    """Load what coders decided, from one file or several.

    Parameters
    ----------
    files : str, Path, DataFrame or sequence of them
        Files of JSON Lines, as `code_sample` writes them.
    sample : Sample, str or Path
        The sample that was coded, or the file that it was saved to.

    Returns
    -------
    Codings

    Raises
    ------
    newskit.errors.CodingsError
        A `ValueError`: for codings of another sample, an unknown row, variable or code; it names file and row.

    Examples
    --------
    >>> codings = load_codings(["a.jsonl", "b.jsonl"], sample="sample.json")  # doctest: +SKIP
    """
    known = sample if isinstance(sample, Sample) else load_sample(sample)
    given = [files] if isinstance(files, str | Path | pd.DataFrame) else list(files)
    rows = [row for path in given for row in _from_jsonl(Path(str(path)).expanduser(), known)]
    return Codings(known, codings_table(rows))


def codings_table(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Decisions as a table of the fixed columns."""
    dtypes = {"row_id": "str", "coder": "str", "variable": "str", "code": "str", "unsure": "bool", "note": "str"}
    return pd.DataFrame([[row[name] for name in COLUMNS] for row in rows], columns=list(COLUMNS)).astype(dtypes)


class Checker:
    """Checks decisions against a sample; a mistake names the place where it stands."""

    def __init__(self, sample: Sample) -> None:
        self.rows = {*sample.rows["row_id"]}
        self.codes = {variable.name: variable.codes for variable in sample.variables}

    def check(self, place: str, row_id: str, variable: str, code: str) -> None:
        """Raise `CodingsError` for a row, a variable or a code that the sample does not have."""
        if row_id not in self.rows:
            raise CodingsError(f"{place}: row {row_id} is not in the sample: was the sheet made from another one?")
        if variable not in self.codes:
            hint, known = nearest(variable, self.codes), ", ".join(self.codes)
            raise CodingsError(f"{place}: no variable {variable!r}{hint}; the sample has {known}")
        if code not in self.codes[variable]:
            hint, known = nearest(code, self.codes[variable]), ", ".join(self.codes[variable])
            raise CodingsError(f"{place}: {code!r} is no code of {variable}{hint}; it takes {known}")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest right spelling, if one is near."""
    found = difflib.get_close_matches(word.strip().lower(), list(known), n=1, cutoff=0.5)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _from_jsonl(path: Path, sample: Sample) -> Iterator[dict[str, Any]]:
    """The last decision of each row, coder and variable; a last line that a crash cut short is passed over."""
    lines = path.read_text(encoding="utf-8").split("\n")
    latest: dict[tuple[str, str, str], dict[str, Any]] = {}
    checker = Checker(sample)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except ValueError as problem:
            if number == len(lines):  # no line end after it: writing was interrupted
                continue
            raise CodingsError(
                f"{path}, line {number}: no JSON ({problem}): delete the line, or restore the file"
            ) from None
        if "newskit_codings" in told:
            if told["sample"] != sample.id:
                raise CodingsError(
                    f"{path} has codings of the sample {told['sample']}, not of {sample.id}: load them with their own"
                )
            continue
        row = {name: told.get(name) for name in COLUMNS} | {
            "unsure": bool(told.get("unsure")),
            "note": told.get("note") or "",
        }
        key = (str(row["row_id"]), str(row["coder"]), str(row["variable"]))
        if row["code"] is None:  # taken back
            latest.pop(key, None)
            continue
        checker.check(f"{path}, line {number}", key[0], key[2], str(row["code"]))
        latest[key] = row
    yield from latest.values()
