"""A table of texts as HTML, LaTeX and Word.

Not by great-tables: it has no exporter for Word, and brings six packages, one of which drives a browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

import pandas as pd

from newskit.resources.files import whole_file
from newskit.resources.spreadsheets import XML_FORBIDDEN

_CSS: Final = """<style>
.newskit-table th,.newskit-table td{text-align:left!important;vertical-align:top!important;white-space:normal}
.newskit-table p{font-size:.85em;margin:.3em 0}
.newskit-table p.title{font-size:1em;font-weight:bold}
</style>
"""
_WORD_POINTS: Final = 9
_NUMBER: Final = r"[-–<]?[\d,.]*( \[.*\])?"
_LATEX: Final = str.maketrans(
    {
        **{one: f"\\{one}" for one in "&%$#_{}"},
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "[": "{[}",  # a row that begins with a bracket would be an option of the line before
    }
)


def as_html(cells: pd.DataFrame, title: str | None, notes: Sequence[str]) -> str:
    """A table as HTML in which no text is markup."""
    with pd.option_context("display.max_colwidth", None, "display.html.use_mathjax", False):
        table = cells.to_html(index=False, escape=True, border=0)
    above = f'<p class="title">{escape(title)}</p>' if title else ""
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f'{_CSS}<div class="newskit-table">{above}{table}{below}</div>'


def as_latex(cells: pd.DataFrame, title: str | None, notes: Sequence[str]) -> str:
    """A table as LaTeX, with the rules of booktabs and all special characters escaped."""

    def line(texts: Sequence[str]) -> str:
        return " & ".join(map(_escaped, texts)) + r" \\"

    rows = [line(row) for row in cells.itertuples(index=False, name=None)]
    tabular = [
        rf"\begin{{tabular}}{{{_alignment(cells)}}}",
        *(r"\toprule", line(list(cells.columns)), r"\midrule", *rows, r"\bottomrule"),
        r"\end{tabular}",
    ]
    caption = [rf"\caption{{{_escaped(title)}}}"] if title else []
    below = [r"\par\smallskip\footnotesize", " ".join(map(_escaped, notes))] if notes else []
    return "\n".join([r"\begin{table}", r"\centering", *caption, *tabular, *below, r"\end{table}", ""])


def _alignment(cells: pd.DataFrame) -> str:
    """Numbers to the right, texts to the left, as the columns of a tabular."""
    numbers = (cells.iloc[:, place].astype("str").str.fullmatch(_NUMBER).all() for place in range(cells.shape[1]))
    return "".join("r" if of_numbers else "l" for of_numbers in numbers)


def _escaped(text: object) -> str:
    """A text in one line in which nothing is a command of LaTeX."""
    return XML_FORBIDDEN.sub(" ", " ".join(str(text).split())).translate(_LATEX)


def save_table(cells: pd.DataFrame, title: str | None, notes: Sequence[str], path: Path) -> Path:
    """Write a table in the format that the ending of the path asks for."""
    ending = path.suffix.lower()
    if ending not in (".docx", ".tex", ".html"):
        raise ValueError(f"cannot write {path.name!r}: end it in .docx (Word), .tex (LaTeX) or .html")
    with whole_file(path) as part:
        if ending == ".docx":
            _write_word(cells, title, notes, part)
        elif ending == ".tex":
            part.write_text(as_latex(cells, title, notes), encoding="utf-8")
        else:
            head = f'<meta charset="utf-8"><title>{escape(title or "Table")}</title>'
            body = as_html(cells, title, notes)
            page = f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'
            part.write_text(page, encoding="utf-8")
    return path


def _write_word(cells: pd.DataFrame, title: str | None, notes: Sequence[str], path: Path) -> None:
    """Write a document with the table: a heading row that is repeated on each page, and the notes below."""
    try:
        import docx
        from docx.oxml import OxmlElement
        from docx.shared import Pt
    except ImportError as error:
        raise ImportError("Word files need python-docx: pip install python-docx") from error
    document = docx.Document()
    if title:
        document.add_paragraph(_plain(title), style="Caption")
    table = document.add_table(rows=1, cols=len(cells.columns), style="Light List")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    rows = [list(cells.columns), *cells.itertuples(index=False, name=None)]
    for number, row in enumerate(rows):
        places = table.rows[0].cells if number == 0 else table.add_row().cells
        for place, text in zip(places, row, strict=True):
            place.paragraphs[0].add_run(_plain(text)).font.size = Pt(_WORD_POINTS)
    for note in notes:
        document.add_paragraph().add_run(_plain(note)).font.size = Pt(_WORD_POINTS)
    with path.open("wb") as file:
        document.save(file)


def _plain(text: object) -> str:
    """A text that XML can hold."""
    return XML_FORBIDDEN.sub(" ", str(text))
