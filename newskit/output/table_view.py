"""Tables as a notebook shows them: escaped, rounded, with headings to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.resources.nearest import nearest
from newskit.resources.shown import shown, shown_name

if TYPE_CHECKING:
    from collections.abc import Hashable

LONGEST_CELL: Final = 1000
"""Most characters of a cell that are shown."""
_CSS: Final = """<style>
.newskit-table th,.newskit-table td{text-align:left!important;vertical-align:top!important;white-space:normal}
.newskit-table p{font-size:.85em;margin:.3em 0}
</style>
"""


class TableView:
    """A table that a notebook displays.

    Parameters
    ----------
    html : str
        The table as HTML, in which no text of an article is markup.
    text : str
        The same as plain text.

    Attributes
    ----------
    html, text : str
        The same, to be saved or put into a page.

    Examples
    --------
    >>> import pandas as pd
    >>> view = format_table(pd.DataFrame({"n_mentions": [3], "share": [1 / 3]}))
    >>> print(view)
     n mentions share
              3  0.33
    """

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def format_table(
    table: pd.DataFrame | pd.Series[Any],
    *,
    columns: Sequence[str] | None = None,
    digits: int = 2,
    labels: Mapping[str, str] | None = None,
    max_rows: int = 100,
) -> TableView:
    """Format a table for a notebook: safe to show, rounded, and with headings to read.

    Texts come from strangers, and what looks like HTML in them is shown, not run. `DataFrame.style` does not do that:
    it puts a headline such as "<script>…" into the page as it is.

    Parameters
    ----------
    table : DataFrame or Series
        A summary, evidence, or any other table.
    columns : sequence of str, optional
        The columns to show, in this order; all by default.
    digits : int, default 2
        Decimal places of numbers that are no whole numbers by their dtype.
    labels : mapping of str to str, optional
        Headings by column; by default the name of the column with spaces for underscores.
    max_rows : int, default 100
        Rows to show; how many there are more is said below them.

    Returns
    -------
    TableView
        What a notebook displays as a table and a terminal as plain text; `view.html` is the HTML. Missing values are
        "–", and texts of more than 1,000 characters are cut, with "…". An index is shown if it says something: if it
        is named, or is no plain numbering of rows.

    Raises
    ------
    TypeError
        For anything but a table.
    ValueError
        For a column that the table lacks, and for digits or rows below 0.

    Examples
    --------
    >>> import newskit as nk
    >>> articles = [nk.Article(article_id="a", text="Moscow rejected the <b>plan</b>. Kyiv praised it.")]
    >>> view = nk.format_table(nk.annotate(articles).sentences, columns=["sentence_id", "text"])
    >>> "&lt;b&gt;plan" in view.html
    True
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
    rows = table if columns is None else table[list(columns)]
    shown_rows = rows.head(max_rows)
    index = shown_rows.index
    levels = [] if _is_numbering(index) else [index.get_level_values(level) for level in range(index.nlevels)]
    values = [*levels, *(shown_rows.iloc[:, i] for i in range(shown_rows.shape[1]))]
    cells = pd.DataFrame({i: [_cell(one, digits) for one in column] for i, column in enumerate(values)}, dtype=object)
    cells.columns = pd.Index([_label(n, labels or {}) for n in [*(level.name for level in levels), *rows.columns]])
    more = f"{len(rows) - len(shown_rows):,} more rows" if len(rows) > len(shown_rows) else ""
    with pd.option_context("display.max_colwidth", None, "display.html.use_mathjax", False):
        html = cells.to_html(index=False, escape=True, border=0)
        text = cells.to_string(index=False)
    html = f'{_CSS}<div class="newskit-table">{html}{f"<p>… {more}</p>" if more else ""}</div>'
    return TableView(html, text + (f"\n… {more}" if more else ""))


def _cell(value: Any, digits: int) -> str:
    """A value as its cell shows it."""
    if isinstance(value, float):
        return "–" if pd.isna(value) else f"{value:.{digits}f}"
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return str(value.date())
    text = shown(str(value))
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _is_numbering(index: pd.Index) -> bool:
    """Whether an index only numbers the rows."""
    return index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index)


def _label(name: Hashable, labels: Mapping[str, str]) -> str:
    """The heading of a column, on one line."""
    if isinstance(name, tuple):
        return " ".join(_label(part, labels) for part in name if part != "")
    told = labels.get(name, name.replace("_", " ")) if isinstance(name, str) else "" if name is None else str(name)
    return shown_name(told)[:LONGEST_CELL]
