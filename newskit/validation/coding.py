"""Coding a sample in the notebook, one row at a time and blind to what newskit said."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.errors import CodingsError
from newskit.schema import RESULTS
from newskit.validation.checking import check_coder
from newskit.validation.journal import Journal
from newskit.validation.samples import SHEETS, Sample

if TYPE_CHECKING:
    from newskit.validation.widget import CodingWidget

_Row = Mapping[Hashable, Any]
_ABOUT: Final = {"stances": "Target", "quotes": "Speaker", "frames": "About", "mentions": "Actor", "positions": "Actor"}
"""What the name that is shown with a row is, by unit."""


def code_sample(
    sample: Sample,
    *,
    coder: str,
    file: str | Path,
    variables: str | Sequence[str] | None = None,
    second: bool = False,
    only: pd.DataFrame | None = None,
) -> CodingWidget:
    """Code a sample in the notebook, one row at a time, by keys or by mouse.

    Each decision is saved before the next one. Call it again with the same file, later or after a crash, and coding
    continues where it stopped.

    Parameters
    ----------
    sample : Sample
        The sample. Coders see its targets, its texts and its codebook, never what newskit said; no outlet is named but
        where a text or target names it.
    coder : str
        Who codes; not "newskit", nor a column of `disagreements`. Codes given as "settled" settle disagreements: they
        take precedence over those of all coders.
    file : str or Path
        The coder's own file of JSON Lines, made if it does not exist; lines are only ever added.
    variables : str or sequence of str, optional
        What to code, such as "tone"; all variables of the sample by default.
    second : bool, default False
        Whether to code only the rows that the sample gives to a second coder as well.
    only : DataFrame, optional
        The rows and variables to code, in this order: the table from `disagreements`, with the codes to settle, or any
        other with a column `row_id` and, unless all variables are meant, `variable`.

    Returns
    -------
    CodingWidget
        A notebook displays it; `coded` says how many rows are done.

    Raises
    ------
    ImportError
        If `anywidget` is not installed.
    newskit.errors.CodingsError
        A `ValueError`: for a name that no coder can have, and if the file is another coder's, is named as a sheet
        (.csv, .xlsx) or holds codings of another sample.
    ValueError
        If there is no row to code, or for a row or variable that the sample does not have.

    Notes
    -----
    Keys: 1, 2, 3 … give a code to the framed variable and go on to the next; j and k go to the next and the previous
    row, ↓ and ↑ to the next and the previous variable, g to the next row that is not coded; u marks the variable as
    unsure, n opens a note on it, 0 takes its code back; x answers no to all yes-no questions of the row that are still
    open; c shows the sentences around it, ? the codebook. Esc leaves the sheet to the notebook.

    Examples
    --------
    >>> code_sample(sample, coder="ann", file="codings-ann.jsonl")  # doctest: +SKIP
    >>> code_sample(sample, coder="ben", file="codings-ben.jsonl", second=True)  # doctest: +SKIP
    """
    try:
        from newskit.validation.widget import CodingWidget
    except ImportError as problem:
        if problem.name != "anywidget":
            raise
        message = 'coding in a notebook needs anywidget: pip install "newskit[notebooks]"; or code in Excel (to_excel)'
        raise ImportError(message, name="anywidget") from problem
    check_coder(coder)
    if Path(file).suffix.lower() in SHEETS:
        raise CodingsError(f"{file} would be read back as a sheet: name it {Path(file).with_suffix('.jsonl')}")
    rows = sheet(sample, variables=variables, second=second, only=only)
    return CodingWidget(rows, sample, Journal(file, sample, coder))


def sheet(
    sample: Sample,
    *,
    variables: str | Sequence[str] | None = None,
    second: bool = False,
    only: pd.DataFrame | None = None,
) -> list[dict[str, Any]]:
    """The rows to code as the widget shows them: texts, the variables asked, and nothing that newskit said.

    The sentence comes in three parts, before, in and behind the mark, since JavaScript counts characters differently.
    """
    rows = sample.rows[sample.rows["second"].astype(bool)] if second else sample.rows
    asked = {
        row: [one.name for one in sample.variables if one.of in ("", shown)]
        for row, shown in zip(rows["row_id"], rows["shown"], strict=True)
    }
    if variables is not None:
        variables = [variables] if isinstance(variables, str) else variables
        known = [one.name for one in sample.variables]
        if unknown := [name for name in variables if name not in known]:
            raise ValueError(f"no variable {unknown[0]!r}; the sample has {', '.join(known)}")
        asked = {row: names for row, all_names in asked.items() if (names := [n for n in all_names if n in variables])}
    hints: dict[tuple[str, str], str] = {}
    if only is not None:
        asked, hints = _chosen(only, asked)
    rows = rows.set_index("row_id", drop=False).loc[list(asked)]
    if rows.empty:
        which = "the sample gives no rows to a second coder" if second else "there are no rows"
        raise ValueError(f"nothing to code: {which}")
    found = []
    for row in rows.to_dict("records"):
        names = asked[row["row_id"]]
        shown = {name: _text(row.get(name)) for name in ("before", "after")}
        shown["target"] = f"{_ABOUT[sample.unit]}: {target}" if (target := _text(row.get("target"))) else ""
        told = {name: hints[row["row_id"], name] for name in names if (row["row_id"], name) in hints}
        found.append({"id": row["row_id"], "parts": _parts(row), "ask": names, "hints": told, **shown})
    return found


def _chosen(
    only: pd.DataFrame, asked: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], dict[tuple[str, str], str]]:
    """The variables to code of each row of a table, and what the coders in it said."""
    if "row_id" not in only.columns:
        raise ValueError("only needs a column row_id: give the table from disagreements(…)")
    coders = [name for name in only.columns if name not in {column.name for column in RESULTS["disagreements"]}]
    chosen: dict[str, list[str]] = {}
    hints = {}
    for row in only.to_dict("records"):
        row_id = row["row_id"]
        if row_id not in asked:
            raise ValueError(f"only has the row {row_id!r}, which is not in the rows to code")
        names = [row["variable"]] if "variable" in row else asked[row_id]
        if unknown := [name for name in names if name not in asked[row_id]]:
            raise ValueError(f"only has {unknown[0]!r} of row {row_id!r}; coded are {', '.join(asked[row_id])}")
        chosen.setdefault(row_id, []).extend(names)
        if "variable" in row and "unsure" in row:
            given = [f"{name}: {row[name]}" for name in coders if isinstance(row[name], str)]
            hints[row_id, row["variable"]] = " · ".join(given)
    return chosen, hints


def _parts(row: _Row) -> list[str]:
    """The sentence before, in and behind the mark; the mark is empty if all of the sentence is meant."""
    sentence, shift = str(row["sentence"]), int(row["sentence_start"])
    start, end = (min(max(int(row[name]) - shift, 0), len(sentence)) for name in ("start", "end"))
    if row["shown"] == "sentence" or start >= end:
        return [sentence, "", ""]
    return [sentence[:start], sentence[start:end], sentence[end:]]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
