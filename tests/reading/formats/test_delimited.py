"""CSV and TSV: a stray mark costs the rows that it lies in, and no others; what is refused has its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from newskit.errors import ArticleError
from newskit.reading.formats import delimited
from newskit.reading.formats.delimited import csv_records

TYPED = ["nr", "text", "title", "day"]
UNTYPED = ["title", "text"]


def rows_of(header: Sequence[str], n: int = 30) -> list[list[str]]:
    found = []
    for i in range(n):
        text = f"Envoy {i} reached Tromsø, and the fishing talks went on for {i} days."
        text += ' "We agree", she said.' if i % 3 == 0 else ""
        text += "\n\nMore of it, and\nmore." if i % 4 == 0 else ""
        cells = {"nr": str(i), "text": text, "title": f"Talks, day {i}", "day": f"2023-02-{i % 28 + 1:02}"}
        found.append([cells[name] for name in header])
    return found


def written(header: Sequence[str], rows: Sequence[Sequence[str]], **dialect: object) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", **dialect)  # type: ignore[arg-type]
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def read(text: str, **choices: bool) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """The fields of the good rows, and (place, reason) of those refused."""
    records = list(csv_records(io.StringIO(text, newline="\n"), **choices))
    good = [list(row.values()) for _, row in records if isinstance(row, dict)]
    return good, [(place, row) for place, row in records if isinstance(row, str)]


@pytest.mark.parametrize("header", [TYPED, UNTYPED], ids=["typed", "untyped"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("escape", [{}, {"escapechar": "\\", "doublequote": False}], ids=["doubled", "escaped"])
def test_damage_costs_its_row_alone(header: list[str], separator: str, quoting: int, escape: dict[str, object]) -> None:
    rows = rows_of(header)
    text = written(header, rows, delimiter=separator, quoting=quoting, **escape)
    assert read(text, tabs=separator == "\t") == (rows, [])
    start, end = text.index("Envoy 13"), text.index("Envoy 14")
    for stray in ('"', "\0", '\\"', '""', '"x'):
        for at in range(start, end, 23):
            good, refused = read(text[:at] + stray + text[at:], tabs=separator == "\t")
            others = [row for row in rows if row in good]
            assert len(others) >= len(rows) - 1, (stray, text[at - 20 : at + 20])
            assert refused or len(good) == len(rows)  # a mark within an unquoted field is part of it


def test_the_first_row_may_be_the_damaged_one() -> None:
    for header in (TYPED, UNTYPED):
        text = written(header, rows_of(header), quoting=csv.QUOTE_ALL)
        good, refused = read(text.replace("Envoy 0", 'Envoy" 0'))
        assert good == rows_of(header)[1:]
        assert [place for place, _ in refused] == ["row 1 (lines 2 to 5)"]


def test_two_stray_marks_do_not_take_in_the_rows_between() -> None:
    rows = [f"{i},Envoy {i} reached Oslo.,2023-02-{i + 1:02}" for i in range(12)]
    rows[3], rows[7] = '3,"Envoy 3 reached Oslo.,2023-02-04', '7,Envoy 7 reached Oslo.",2023-02-08'
    good, refused = read("nr,text,day\n" + "\n".join(rows) + "\n")
    assert [row[0] for row in good] == [str(i) for i in range(12) if i != 3]
    assert [place for place, _ in refused] == ["row 4 (line 5)"]
    assert "takes in the rows below" in refused[0][1]


def test_a_block_of_nul_bytes() -> None:
    text = written(TYPED, rows_of(TYPED))
    at = text.index("Envoy 9")
    good, refused = read(text[:at] + "\0" * 120 + text[at + 120 :])
    assert [row for row in rows_of(TYPED) if row not in good] == rows_of(TYPED)[9:11]
    assert len(refused) == 1
    good, refused = read(text.replace("Envoy 9", "Env\0y 9"))
    assert refused == [("row 10 (line 20)", "it is damaged: it has NUL bytes")]
    assert len(good) == 29


def test_marks_that_enclose_nothing_are_kept() -> None:
    plain = ['a\t"Yes," he said.\tb', "c\tno\td", 'e\t"Never\tf', 'g\t5" pipe\th']
    assert read("x\ttext\ty\n" + "\n".join(plain), tabs=True) == ([line.split("\t") for line in plain], [])


def test_a_backslash_that_escapes_nothing_is_kept() -> None:
    text = 'nr,text\n1,"C:\\new \\\\ and \\"x\\""\n2,"a \\"b\\" c"\n3,"ends in \\"\n4,"last, one"\n'
    good, refused = read(text)
    assert good == [["1", 'C:\\new \\ and "x"'], ["2", 'a "b" c'], ["3", "ends in \\"], ["4", "last, one"]]
    assert refused == []


def test_marks_that_never_close_are_read_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_MAX_ROW", 2_000)
    taken = 0

    def lines() -> list[str]:
        return ["nr,text\n", *['"1,Envoy\n'] * 4_000, "2,She came to Oslo.\n"]

    original = delimited._Rows._feed

    def counted(self: delimited._Rows, escapes: bool) -> object:
        nonlocal taken
        for line in original(self, escapes):
            taken += len(line)
            yield line

    monkeypatch.setattr(delimited._Rows, "_feed", counted)
    records = list(csv_records(lines()))
    assert [row for _, row in records if isinstance(row, dict)] == [{"nr": "2", "text": "She came to Oslo."}]
    assert taken < 10 * sum(map(len, lines())) + 40 * 2_000


def test_a_header_with_a_stray_mark_says_so() -> None:
    with pytest.raises(ArticleError, match=r"no header.*quotation mark"):
        read('nr,"text,day\n1,"a",2\n')
