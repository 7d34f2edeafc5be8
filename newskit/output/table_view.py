"""Tables as a notebook or a paper shows them: escaped, rounded, with headings to read and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.output.paper_tables import Paper, as_paper
from newskit.output.table_files import as_html, as_latex, save_table
from newskit.resources.nearest import nearest
from newskit.resources.shown import shown, shown_name

if TYPE_CHECKING:
    from collections.abc import Hashable

LONGEST_CELL: Final = 1000
"""Most characters of a cell that are shown."""
_LEAST_P: Final = 0.001
"""Smaller p-values are "<0.001"."""


class TableView:
    """A table that a notebook displays, and that can be saved for a paper.

    Parameters
    ----------
    cells : DataFrame
        The table as it is shown, all texts; its columns are the headings.
    title : str, optional
        What stands above it.
    notes : sequence of str, optional
        What stands below it.

    Attributes
    ----------
    html, latex, text : str
        The table as HTML, in which no text of an article is markup, as LaTeX (for the package booktabs), and as plain
        text.

    Examples
    --------
    >>> import pandas as pd
    >>> view = format_table(pd.DataFrame({"n_mentions": [3], "share": [1 / 3]}))
    >>> print(view)
     n mentions share
              3  0.33
    """

    def __init__(self, cells: pd.DataFrame, *, title: str | None = None, notes: Sequence[str] = ()) -> None:
        self._cells, self._title, self._notes = cells, title, list(notes)

    @property
    def html(self) -> str:
        """The table as HTML."""
        return as_html(self._cells, self._title, self._notes)

    @property
    def latex(self) -> str:
        """The table as LaTeX."""
        return as_latex(self._cells, self._title, self._notes)

    @property
    def text(self) -> str:
        """The table as plain text."""
        with pd.option_context("display.max_colwidth", None):
            lines = [self._cells.to_string(index=False), *self._notes]
        return "\n".join([self._title, *lines] if self._title else lines)

    def save(self, path: str | Path) -> Path:
        """Write the table into a file for a paper.

        Parameters
        ----------
        path : str or Path
            The file, which ends in `.docx` (Word; needs python-docx), `.tex` (LaTeX, with the package booktabs) or
            `.html`. Its folders are made, and a file that exists is replaced.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ValueError
            For another ending.
        ImportError
            For Word without python-docx.

        Examples
        --------
        >>> format_table(actor_frequency(corpus)).save("table1.docx")  # doctest: +SKIP
        """
        return save_table(self._cells, self._title, self._notes, Path(path).expanduser())

    def _repr_html_(self) -> str:
        return self.html

    def _repr_latex_(self) -> str:
        return self.latex

    def __repr__(self) -> str:
        return self.text


def format_table(
    table: pd.DataFrame | pd.Series[Any],
    *,
    columns: Sequence[str] | None = None,
    digits: int = 2,
    labels: Mapping[str, str] | None = None,
    max_rows: int = 100,
    title: str | None = None,
    notes: str | Sequence[str] = (),
) -> TableView:
    """Format a table for a notebook or a paper: safe to show, rounded, and with headings and notes to read.

    Texts come from strangers, and what looks like HTML in them is shown, not run. `DataFrame.style` does not do that:
    it puts a headline such as "<script>…" into the page as it is.

    Parameters
    ----------
    table : DataFrame or Series
        A summary, evidence, or any other table.
    columns : sequence of str, optional
        The columns to show, in this order. By default all; but of a summary those that readers of a paper need, with
        the intervals in brackets and what all rows have in common (the method, the kind of interval, whether it was
        validated) in notes; and of evidence the sentence, what was found in it, and the article.
    digits : int, default 2
        Decimal places of numbers that are no whole numbers by their dtype; p-values have three.
    labels : mapping of str to str, optional
        Headings by column; by default the name of the column with spaces for underscores.
    max_rows : int, default 100
        Rows to show; how many there are more is said below them.
    title : str, optional
        What stands above the table.
    notes : str or sequence of str, optional
        What stands below it, after newskit's own notes.

    Returns
    -------
    TableView
        What a notebook displays as a table and a terminal as plain text; `view.save("table.docx")`, also `.tex` and
        `.html`, is for a paper. Missing values are "–", and texts of more than 1,000 characters are cut, with "…". An
        index is shown if it says something: if it is named, or is no plain numbering of rows.

    Raises
    ------
    TypeError
        For anything but a table.
    ValueError
        For a column that the table lacks, and for digits or rows below 0.

    Examples
    --------
    >>> import newskit as nk
    >>> articles = [nk.Article(article_id="a", text="Moscow rejected the <b>plan</b>. Kyiv praised NATO.")]
    >>> corpus = nk.annotate(articles)
    >>> view = nk.format_table(corpus.sentences, columns=["sentence_id", "text"])
    >>> "&lt;b&gt;plan" in view.html
    True
    >>> nk.format_table(nk.actor_frequency(corpus))
      actor n mentions n sentences n articles share
       NATO          1           1          1  0.33
     Russia          1           1          1  0.33
    Ukraine          1           1          1  0.33
    No intervals: too few sentences, or shares of nothing or everything.
    Not validated on this corpus.
    """
    if isinstance(table, pd.Series):
        table = table.to_frame()
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"format_table takes a table, got {type(table).__name__}: pass a DataFrame, such as a summary")
    if digits < 0 or max_rows < 0:
        raise ValueError(f"digits and max_rows are 0 or more, got {digits} and {max_rows}")
    for name in columns or ():
        if name not in table.columns:
            raise ValueError(f"the table has no column {name!r}{nearest(name, map(str, table.columns))}")
    paper = as_paper(table) if columns is None else Paper(table[list(columns)], {}, [])
    paper = paper or Paper(table, {}, [])
    rows, limits = paper.table.head(max_rows), table.head(max_rows)
    levels = [] if _is_numbering(rows.index) else [rows.index.get_level_values(n) for n in range(rows.index.nlevels)]
    cells = [[_cell(one, digits) for one in level] for level in levels]
    for place, name in enumerate(rows.columns):
        column = [_number(one, name, digits) for one in rows.iloc[:, place]]
        low, high = paper.intervals.get(name, (None, None)) if isinstance(name, str) else (None, None)
        if low is not None:
            ends = zip(limits[low], limits[high], strict=True)
            column = [f"{one}{_bracket(end, digits)}" for one, end in zip(column, ends, strict=True)]
        cells.append(column)
    made = pd.DataFrame(dict(enumerate(cells)), dtype=object)
    headings = [_label(n, labels or {}, paper.intervals) for n in [*(one.name for one in levels), *rows.columns]]
    made.columns = pd.Index(headings)
    more = [f"… {len(table) - len(rows):,} more rows"] if len(table) > len(rows) else []
    told = [shown(note) for note in ([notes] if isinstance(notes, str) else notes)]
    return TableView(made, title=None if title is None else shown_name(title), notes=[*more, *paper.notes, *told])


def _cell(value: Any, digits: int) -> str:
    """A value as its cell shows it."""
    if isinstance(value, float):
        return "–" if pd.isna(value) else _rounded(value, digits)
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return str(value.date())
    text = shown(str(value))
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _number(value: Any, name: Hashable, digits: int) -> str:
    """A value as the cell of a column shows it: p-values have three digits, and no p-value is 0."""
    if name not in ("p", "q") or not isinstance(value, float) or pd.isna(value):
        return _cell(value, digits)
    return f"<{_LEAST_P}" if value < _LEAST_P else f"{value:.3f}"


def _bracket(ends: tuple[float, float], digits: int) -> str:
    """An interval behind its value; nothing if there is none."""
    low, high = ends
    return "" if pd.isna(low) or pd.isna(high) else f" [{_rounded(low, digits)}, {_rounded(high, digits)}]"


def _rounded(value: float, digits: int) -> str:
    """A number with so many decimal places; 0 has no sign."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text


def _is_numbering(index: pd.Index) -> bool:
    """Whether an index only numbers the rows."""
    return index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index)


def _label(name: Hashable, labels: Mapping[str, str], intervals: Mapping[str, tuple[str, str]]) -> str:
    """The heading of a column, on one line."""
    if isinstance(name, tuple):
        return " ".join(_label(part, labels, {}) for part in name if part != "")
    if isinstance(name, str):
        plain = name.removesuffix("_label") if name == "frame_label" else name
        told = labels.get(name, plain.replace("_", " ") + (" [95 %]" if name in intervals else ""))
    else:
        told = "" if name is None else str(name)
    return shown_name(told)[:LONGEST_CELL]
