from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newskit as nk
from newskit.validation.samples import Sample
from newskit.validation.variables import Variable
from tests.validation import sheets as made

ODD = ["=cmd|' /C calc'!A0", "+1", "'- quoted", "plain", "two\nlines", "semi;colon", 'a "word"', "\u2028odd", "é🦊"]


def write(sample: Sample, path: Path, coder: str = "ann", **options: Any) -> Path:
    return (sample.to_excel if path.suffix == ".xlsx" else sample.to_csv)(path, coder=coder, **options)


def fill(path: Path, which: str, /, **cells: str) -> None:
    """Fill in cells of a row, as a coder does."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book["coding"]
        at = {cell.value: cell.column for cell in sheet[1]}
        row = next(
            cells[0].row for cells in sheet.iter_rows(2) if sheet.cell(cells[0].row, at["row_id"]).value == which
        )
        for name, value in cells.items():
            sheet.cell(row, at[name]).value = value
        book.save(path)
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for one in rows:
        if one["row_id"] == which:
            one.update(cells)
    save(path, rows)


def save(path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(params=["sheet.xlsx", "sheet.csv"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / "deep" / str(request.param)


def test_codes_come_back(path: Path) -> None:
    sample = made.sample()
    first, second, third = sample.rows["row_id"][:3]
    write(sample, path)
    fill(path, first, tone="negative", speaks="yes", unsure="all", note="- no formula")
    fill(path, second, tone=" Positive ", unsure="tone")
    fill(path, third, speaks="no", unsure="no")
    codings = nk.load_codings(path, sample=sample)
    assert codings.table.to_numpy().tolist() == [
        [first, "ann", "tone", "negative", True, "- no formula"],
        [first, "ann", "speaks", "yes", True, "- no formula"],
        [second, "ann", "tone", "positive", True, ""],
        [third, "ann", "speaks", "no", False, ""],
    ]


def test_odd_texts_go_out_and_come_back(path: Path) -> None:
    sample = made.sample(len(ODD))
    sample.rows["before"] = ODD
    sample.rows["target"] = ODD[::-1]
    write(sample, path)
    for row_id in sample.rows["row_id"]:
        fill(path, row_id, tone="neutral")
    assert nk.load_codings(path, sample=sample).values("tone").tolist() == ["neutral"] * len(ODD)


def test_no_cell_of_a_workbook_is_a_formula_and_texts_are_locked(tmp_path: Path) -> None:
    sample = made.sample(len(ODD))
    sample.rows["before"] = ODD
    book = openpyxl.load_workbook(write(sample, tmp_path / "sheet.xlsx"))
    assert book.sheetnames == ["coding", "codebook"]
    sheet = book["coding"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    at = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, at["before"]).value == ODD[0]
    assert sheet.cell(2, at["before"]).quotePrefix
    assert sheet.protection.sheet
    open_columns = {name for name, column in at.items() if not sheet.cell(2, column).protection.locked}
    assert open_columns == {"tone", "speaks", "unsure", "note"}
    lists = {rule.formula1: str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    tone = openpyxl.utils.get_column_letter(at["tone"])
    assert lists['"negative,neutral,positive"'] == f"{tone}2:{tone}{len(ODD) + 1}"
    lines = [row[0] for row in book["codebook"].iter_rows(values_only=True)]
    assert "tone: How do the words of this sentence evaluate the target?" in lines
    assert "# Tone" in lines


def test_sheets_are_blind(path: Path, debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "stances", n=20, by="outlet", strata="tone", seed=1)
    write(sample, path)
    if path.suffix == ".xlsx":
        header, *rows = openpyxl.load_workbook(path)["coding"].iter_rows(values_only=True)
        cells = [dict(zip(header, row, strict=True)) for row in rows]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.DictReader(file))
    assert not {*cells[0]} & {"score", "stratum", "probability", "outlet", "label", "method"}
    assert all(not row[name] for row in cells for name in ("tone", "speaks", "fate", "voice", "target_ok"))
    for row, own in zip(cells, sample.rows.to_dict("records"), strict=True):
        before, after = (own["start"] - own["sentence_start"], own["end"] - own["sentence_start"])
        whole = own["sentence"]
        assert row["sentence"] == f"{whole[:before]}[[{own['text']}]]{whole[after:]}"


def test_a_second_coder_has_the_rows_for_one(path: Path) -> None:
    sample = made.sample()
    write(sample, path, coder="ben", second=True)
    rows = sample.rows.loc[sample.rows["second"], "row_id"].tolist()
    for row_id in rows:
        fill(path, row_id, tone="neutral")
    codings = nk.load_codings(path, sample=sample)
    assert codings.values("tone", coder="ben").index.tolist() == rows
    with pytest.raises(nk.errors.CodingsError, match="coder is empty"):
        write(sample, path, coder=" ")
    sample.rows["second"] = False
    with pytest.raises(nk.errors.CodingsError, match="no rows for a second coder"):
        write(sample, path, second=True)


def test_only_what_is_asked_of_a_row_can_be_coded(path: Path, debates: nk.Corpus) -> None:
    sample = nk.draw_sample(debates, "quotes", n=12)
    write(sample, path)
    row_id = sample.rows.loc[sample.rows["shown"] == "sentence", "row_id"].iloc[0]
    fill(path, row_id, missed="no")
    assert nk.load_codings(path, sample=sample).values("missed").to_dict() == {row_id: "no"}
    fill(path, row_id, act="speech")
    with pytest.raises(nk.errors.CodingsError, match="act is not asked of this row: empty the cell"):
        nk.load_codings(path, sample=sample)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"tone": "negativ"},
            r"(row|line) 2: 'negativ' is no code of tone .did you mean 'negative'..; it takes negative,",
        ),
        (
            {"sentence": "Critics called Velmar careful."},
            r"(row|line) 2: 'sentence' was changed: it was 'Critics called",
        ),
        ({"target": "Ostrand"}, r"(row|line) 2: 'target' was changed: it was 'Velmar'"),
        ({"row_id": "r999"}, r"(row|line) 2: row r999 is not in the sample"),
        ({"row_id": "r001"}, r"row r001 is there twice, first at .* 2: delete one of them"),
        ({"sample": "s0123"}, r"(row|line) 2 is of the sample s0123, not of s\w+: load each sheet with its own"),
        ({"unsure": "perhaps"}, r"(row|line) 2: unsure is all, or variables by name, not 'perhaps'"),
        ({"coder": "", "tone": "neutral"}, r"(row|line) 2: no coder: say who coded the row"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(path: Path, cells: dict[str, str], message: str) -> None:
    sample = made.sample()
    write(sample, path)
    fill(path, "r000", **cells)
    if cells.get("row_id") == "r001":  # a copy of the next row
        fill(path, "r001", target="Ostrand", before="It rained.", sentence="[[Ostrand]] opened its border on Monday.")
    with pytest.raises(nk.errors.CodingsError, match=message):
        nk.load_codings(path, sample=sample)


def test_a_lost_row_a_lost_column_and_an_empty_sheet(tmp_path: Path) -> None:
    sample = made.sample()
    path = write(sample, tmp_path / "sheet.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    save(path, rows[:3] + rows[4:])
    with pytest.raises(nk.errors.CodingsError, match="lacks 1 of 8 rows, such as number 4, r003"):
        nk.load_codings(path, sample=sample)
    save(path, [{name: value for name, value in row.items() if name != "note"} for row in rows])
    with pytest.raises(nk.errors.CodingsError, match="lacks the column 'note': export the sheet again"):
        nk.load_codings(path, sample=sample)
    path.write_text("row_id\n", encoding="utf-8")
    with pytest.raises(nk.errors.CodingsError, match="has no rows"):
        nk.load_codings(path, sample=sample)
    for name, message in {
        "no.csv": "there is no such file",
        "old.xls": "save the sheet as",
        "bad.xlsx": "cannot be read",
    }.items():
        if name != "no.csv":
            (tmp_path / name).write_bytes(b"no workbook")
        with pytest.raises(nk.errors.CodingsError, match=message):
            nk.load_codings(tmp_path / name, sample=sample)


def test_rows_may_be_sorted_and_a_spreadsheet_may_choose_the_separator(tmp_path: Path) -> None:
    sample = made.sample()
    path = write(sample, tmp_path / "sheet.csv")
    for row_id in sample.rows["row_id"]:
        fill(path, row_id, tone="neutral" if row_id < "r004" else "positive")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    one = nk.load_codings(path, sample=sample).values("tone")
    save(path, rows[::-1], delimiter=";", encoding="utf-16")
    assert nk.load_codings(path, sample=sample).values("tone").to_dict() == one.to_dict()


def test_two_codings_of_a_row_by_one_coder(tmp_path: Path) -> None:
    sample = made.sample()
    paths = [write(sample, tmp_path / name) for name in ("a.xlsx", "b.csv")]
    for path in paths:
        fill(path, "r001", tone="neutral")
    with pytest.raises(
        nk.errors.CodingsError, match=r"b\.csv, line 3: ann has coded tone of row r001 already, in .*a\.xlsx"
    ):
        nk.load_codings(paths, sample=sample)


TABLE = ["article_id", "start", "end", "text", "coder", "variable", "code"]


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["tone", "speaks"])), unique=True), st.randoms())
def test_codings_made_elsewhere_are_found_by_article_offsets_and_text(keys: list[tuple[int, str]], random: Any) -> None:
    sample = made.sample()
    codes = {variable.name: variable.codes for variable in sample.variables}
    wanted = {(f"r{at:03}", name): random.choice(codes[name]) for at, name in keys}
    places = sample.rows.set_index("row_id")
    table = pd.DataFrame(
        [
            [*places.loc[row, ["article_id", "start", "end", "text"]], "gpt", name, code.upper()]
            for (row, name), code in wanted.items()
        ],
        columns=TABLE,
    ).sample(frac=1, random_state=random.randrange(99))
    if table.empty:
        return
    found = nk.load_codings(table, sample=sample).table
    assert {(row.row_id, row.variable): row.code for row in found.itertuples()} == wanted
    assert {*found["coder"]} == {"gpt"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"text": "Velma"}, "row 0: the text is 'Velma', but in the sample 'Velmar': copy it from sample.rows"),
        ({"start": 14}, "row 0: the sample has no row in article 'a0' from 14 to 21"),
        ({"variable": "Tone"}, "row 0: no variable 'Tone' .did you mean 'tone'"),
        ({"code": "good"}, "row 0: 'good' is no code of tone"),
    ],
)
def test_codings_made_elsewhere_that_do_not_fit(changed: dict[str, Any], message: str) -> None:
    sample = made.sample()
    row = dict(zip(TABLE, ["a0", 15, 21, "Velmar", "gpt", "tone", "neutral"], strict=True))
    assert len(nk.load_codings(pd.DataFrame([row]), sample=sample).table) == 1
    with pytest.raises(nk.errors.CodingsError, match=message):
        nk.load_codings(pd.DataFrame([{**row, **changed}]), sample=sample)
    with pytest.raises(nk.errors.CodingsError, match="lacks the column 'text': it needs row_id, or article_id"):
        nk.load_codings(pd.DataFrame([{k: v for k, v in row.items() if k != "text"}]), sample=sample)


def test_rows_in_one_place_are_told_apart(debates: nk.Corpus) -> None:
    sample = made.sample(2)
    for name in TABLE[:4]:
        sample.rows[name] = sample.rows[name].iloc[0]
    row = dict(zip(TABLE, ["a0", 15, 21, "Velmar", "gpt", "tone", "neutral"], strict=True))
    with pytest.raises(nk.errors.CodingsError, match="the sample has 2 rows in this place: tell them apart by row_id"):
        nk.load_codings(pd.DataFrame([row]), sample=sample)
    for told in ({"target_id": "ostrand"}, {"row_id": "r001"}):
        codings = nk.load_codings(pd.DataFrame([{**row, **told}]), sample=sample)
        assert codings.table["row_id"].tolist() == ["r001"]


def test_lists_that_are_too_long_for_a_workbook_are_left_out(tmp_path: Path) -> None:
    many = tuple(Variable(f"a_rather_long_name_of_a_frame_{at}", ("yes", "no"), "Is it there?") for at in range(12))
    sample = made.sample(3, variables=(*many, Variable("kind", tuple(f"code {at:03}" for at in range(40)), "Which?")))
    path = write(sample, tmp_path / "sheet.xlsx")
    rules = openpyxl.load_workbook(path)["coding"].data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == ['"yes,no"'] * 12
    assert max(len(title) for rule in rules for title in (rule.errorTitle, rule.promptTitle)) <= 32
    fill(path, "r001", kind="code 039", a_rather_long_name_of_a_frame_3="yes")
    assert nk.load_codings(path, sample=sample).values("kind").to_dict() == {"r001": "code 039"}


def test_nobody_codes_under_the_name_of_the_model(tmp_path: Path) -> None:
    sample = made.sample()
    path = write(sample, tmp_path / "sheet.csv")
    fill(path, "r001", tone="neutral", coder="newskit")
    with pytest.raises(nk.errors.CodingsError, match="line 3: 'newskit' stands for newskit's own codes"):
        nk.load_codings(path, sample=sample)


@pytest.mark.parametrize(
    ("coder", "message"),
    [
        ("Newskit", "stands for newskit's own codes"),
        ("settled", "is for disagreements, not for a sheet"),
        ("Settled", "'Settled' is not 'settled', who settles disagreements"),
        ("text", "'text' is a column of disagreements"),
        ("Note", "'Note' is a column of disagreements"),
    ],
)
def test_names_that_no_coder_can_have_are_refused_before_anybody_codes(path: Path, coder: str, message: str) -> None:
    with pytest.raises(nk.errors.CodingsError, match=message):
        write(made.sample(), path, coder=coder)
    assert not path.exists()


def test_names_that_differ_by_case_alone_are_refused(path: Path) -> None:
    sample = made.sample()
    write(sample, path)
    fill(path, "r000", tone="neutral")
    fill(path, "r001", tone="neutral", coder="Ann")
    with pytest.raises(nk.errors.CodingsError, match=r" 3: the coder is 'Ann', but 'ann' in .* 2: write the name one"):
        nk.load_codings(path, sample=sample)


def test_a_sheet_has_a_name_by_which_it_is_read_back(tmp_path: Path) -> None:
    sample = made.sample()
    for write_to, name, right in (
        (sample.to_excel, "a.xls", "a.xlsx"),
        (sample.to_excel, "a", "a.xlsx"),
        (sample.to_csv, "b.xlsx", "b.csv"),
    ):
        with pytest.raises(nk.errors.CodingsError, match=f"could not be read back: .*{right}$"):
            write_to(tmp_path / name, coder="ann")
    assert not [*tmp_path.iterdir()]


def test_tables_say_what_is_wrong_and_what_to_do() -> None:
    sample = made.sample()
    wide = pd.DataFrame({"row_id": ["r000", "r001"], "coder": "gpt", "tone": "neutral"})
    with pytest.raises(
        nk.errors.CodingsError, match=r"has the columns row_id, coder, tone: make it long with table\.melt"
    ):
        nk.load_codings(wide, sample=sample)
    long = wide.melt(["row_id", "coder"], var_name="variable", value_name="code")
    assert len(nk.load_codings(long, sample=sample).table) == 2
    with pytest.raises(nk.errors.CodingsError, match="lacks the column 'variable'"):
        nk.load_codings(long.drop(columns="variable"), sample=sample)
    for told, is_unsure in ((True, True), ("no", False), (1.0, True), (None, False)):
        found = nk.load_codings(long.assign(unsure=told), sample=sample).table["unsure"]
        assert found.tolist() == [is_unsure] * 2
    with pytest.raises(nk.errors.CodingsError, match="row 0: unsure is yes or no, not 'maybe'"):
        nk.load_codings(long.assign(unsure="maybe"), sample=sample)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT, st.sampled_from(["negative", "neutral", "positive"])), min_size=1, max_size=4)
)
def test_any_text_survives_the_trip_through_a_sheet(path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    """Whatever a sentence is made of, its sheet is read back, its texts are as they were, and the codes are there."""
    sample = made.sample(len(rows))
    for at, (before, word, after, _) in enumerate(rows):
        for name, value in {"before": before, "after": after, "text": word, "target": word}.items():
            sample.rows[name] = sample.rows[name].astype(object)
            sample.rows.loc[at, name] = value
        sample.rows.loc[at, "sentence"] = f"{before}{word}{after}"
        sample.rows.loc[at, ["start", "end"]] = [40 * at + len(before), 40 * at + len(before) + len(word)]
    write(sample, path)
    codes = dict(zip(sample.rows["row_id"], (code for *_, code in rows), strict=True))
    for row_id, code in codes.items():
        fill(path, row_id, tone=code)
    assert nk.load_codings(path, sample=sample).values("tone").to_dict() == codes
    again = nk.load_sample(sample.save(path.with_suffix(".json")))
    assert again.rows["sentence"].tolist() == sample.rows["sentence"].tolist()
