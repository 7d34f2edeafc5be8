"""A probability sample of a corpus, to be coded by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from newskit.annotation.notes import fingerprint
from newskit.errors import CodingsError, SampleError
from newskit.resources.files import whole_file
from newskit.validation.variables import Variable

_FORMAT: Final = 1
SHEETS: Final = (".csv", ".tsv", ".xlsx", ".xls", ".ods")
"""What files of sheets are called."""


@dataclass(frozen=True, repr=False)
class Sample:
    """Rows of a corpus drawn at random, each with its inclusion probability; you get one from `draw_sample`.

    Attributes
    ----------
    rows : DataFrame
        What there is to code, one row per unit in random order: `row_id, article_id, sentence_id, start, end, text,
        shown, target_id, target, outlet`, the columns of `by`, `part, sentence, sentence_start, before, after, stratum,
        probability, second`. `shown` is the kind of row (mention, quotation, sentence, position), `stratum` a number,
        `second` whether a second coder codes it too. Nothing in it says how newskit coded the row. Coders see the
        target, the sentence with the passage marked, and the text before and after; in a sheet also the ids of row and
        sample. They see no outlet, stratum or probability.
    predictions : DataFrame
        What newskit said when the sample was drawn, by `row_id`: a column for each variable that it codes, and the
        scores behind them. Coders never see it.
    variables : tuple of Variable
        What coders decide, in order.
    design : dict
        How the sample was drawn: unit, number of rows, population, columns of `by`, strata with their numbers,
        allocation, seed, versions, and the articles of the corpus.
    codebook : str
        The codebook pages for coders, in Markdown.
    """

    rows: pd.DataFrame
    predictions: pd.DataFrame
    variables: tuple[Variable, ...]
    design: dict[str, Any]
    codebook: str = ""

    def __repr__(self) -> str:
        of = f" of {self.design['population']:,}" if "population" in self.design else ""
        return f"Sample({len(self.rows)}{of} {self.unit}, id {self.id})"

    @property
    def unit(self) -> str:
        """What a row is: stances, quotes, frames, mentions or positions."""
        return str(self.design["unit"])

    @property
    def id(self) -> str:
        """What tells this sample from others: a hash of its rows and design."""
        # A letter in front, so that no spreadsheet takes it for a number.
        return "s" + fingerprint({"rows": sorted(self.rows["row_id"]), "design": self.design})[:11]

    def asked(self, row_id: str) -> tuple[Variable, ...]:
        """Give the variables that are coded of a row.

        Parameters
        ----------
        row_id : str
            A row of the sample.

        Returns
        -------
        tuple of Variable
            Those that are asked of its kind, in coding order.
        """
        shown = self.rows.loc[self.rows["row_id"] == row_id, "shown"].item()
        return tuple(variable for variable in self.variables if variable.of in ("", shown))

    def to_excel(self, path: str | Path, *, coder: str, second: bool = False) -> Path:
        """Write a sheet for a coder without Python as an Excel workbook.

        Parameters
        ----------
        path : str or Path
            The workbook, an .xlsx, which is replaced if it exists.
        coder : str
            Who codes.
        second : bool, default False
            Whether to write only the rows for a second coder.

        Returns
        -------
        Path
            The workbook. The first sheet has a row per unit, with the passage to code in double square brackets and
            lists of codes to choose from; texts are locked. The second has the codebook. It contains neither what
            newskit said nor the inclusion probabilities, which might give that away. `load_codings` reads it back.

        Raises
        ------
        newskit.errors.CodingsError
            A `ValueError`: for a name that no coder can have ("newskit", "settled", a column of `disagreements`), a
            file of another kind than .xlsx, or if there are no rows for a second coder.

        Examples
        --------
        >>> sample.to_excel("coding/ben.xlsx", coder="ben", second=True)  # doctest: +SKIP
        """
        return _written(self, path, "excel", coder=coder, second=second)

    def to_csv(self, path: str | Path, *, coder: str, second: bool = False) -> Path:
        """Write a sheet for a coder without Python as CSV, as `to_excel` does.

        Parameters
        ----------
        path : str or Path
            The file, a .csv, which is replaced if it exists.
        coder, second
            As for `to_excel`.

        Returns
        -------
        Path
            The file, in UTF-8. Texts that a spreadsheet would run as formulas have an apostrophe in front;
            `load_codings` takes it off.

        Raises
        ------
        newskit.errors.CodingsError
            As for `to_excel`, but of a file of another kind than .csv.
        """
        return _written(self, path, "csv", coder=coder, second=second)

    def save(self, path: str | Path) -> Path:
        """Write the sample, with what newskit said of its rows, to a JSON file.

        Parameters
        ----------
        path : str or Path
            The file, which is replaced if it exists.

        Returns
        -------
        Path
            The file.
        """
        path = Path(path).expanduser()
        told = {
            "newskit_sample": _FORMAT,
            "id": self.id,
            "design": self.design,
            "variables": [asdict(variable) for variable in self.variables],
            "codebook": self.codebook,
            "rows": _to_lists(self.rows),
            "predictions": _to_lists(self.predictions.reset_index()),
        }
        with whole_file(path) as part:
            part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        return path


def _written(sample: Sample, path: str | Path, kind: str, *, coder: str, second: bool) -> Path:
    # They need Sample, so they come later.
    from newskit.validation import sheets
    from newskit.validation.checking import SETTLED, check_coder

    path = Path(path).expanduser()
    check_coder(coder)
    if coder.strip() == SETTLED:
        raise CodingsError(
            f"{SETTLED!r} is for disagreements, not for a sheet: give a coder's name, or settle with "
            "code_sample(…, coder='settled', only=disagreements(…))"
        )
    suffix = ".xlsx" if kind == "excel" else ".csv"
    if path.suffix.lower() != suffix:
        right = path.with_suffix(suffix)
        raise CodingsError(f"{path} is not named as {suffix}, so it could not be read back: name it {right}")
    write = sheets.write_excel if kind == "excel" else sheets.write_csv
    write(sample, path, coder=coder, second=second)
    return path


def load_sample(path: str | Path) -> Sample:
    """Load a sample that was saved.

    Parameters
    ----------
    path : str or Path
        A file from `Sample.save`.

    Returns
    -------
    Sample

    Raises
    ------
    newskit.errors.SampleError
        A `ValueError`: if it is no such file, or was changed since.

    Examples
    --------
    >>> sample = load_sample("coding/sample.json")  # doctest: +SKIP
    """
    path = Path(path).expanduser()
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as problem:
        why = "it is a coding sheet" if path.suffix.lower() in SHEETS else problem
        raise SampleError(
            f"{path} cannot be read as a sample ({why}): give a file that Sample.save has written; "
            "coders' files go to load_codings"
        ) from problem
    except OSError as problem:
        raise SampleError(f"{path} cannot be read as a sample: {problem}") from problem
    if not isinstance(told, Mapping) or told.get("newskit_sample") != _FORMAT:
        raise SampleError(f"{path} is no sample: give a file that Sample.save has written")
    variables = [Variable(**{**one, "codes": tuple(one["codes"])}) for one in told["variables"]]
    predictions = _from_lists(told["predictions"]).set_index("row_id")
    sample = Sample(_from_lists(told["rows"]), predictions, tuple(variables), told["design"], told["codebook"])
    if sample.id != told["id"]:
        raise SampleError(f"{path} was changed since it was saved: draw it again with the same seed, or take a copy")
    return sample


def _to_lists(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as JSON can hold it, with its dtypes."""
    return {
        "dtypes": {str(name): str(dtype) for name, dtype in frame.dtypes.items()},
        "rows": [[_plain(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None)],
    }


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _from_lists(told: Mapping[str, Any]) -> pd.DataFrame:
    columns = list(told["dtypes"])
    return pd.DataFrame(told["rows"], columns=columns, dtype=object).astype(told["dtypes"])
