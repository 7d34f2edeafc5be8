from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import newskit as nk
from newskit.validation.codings import header


@pytest.fixture(scope="module")
def sample(debates: nk.Corpus) -> nk.Sample:
    return nk.draw_sample(debates, "stances", n=12, by="outlet", seed=3)


def write(path: Path, sample: nk.Sample, coder: str, *lines: dict[str, Any]) -> Path:
    usual = {"coder": coder, "variable": "tone", "unsure": False, "note": "", "at": "2025-01-01T00:00:00"}
    text = "".join(json.dumps(line) + "\n" for line in [header(sample, coder), *({**usual, **one} for one in lines)])
    path.write_text(text, encoding="utf-8")
    return path


def test_the_last_decision_counts_and_a_line_cut_short_is_passed_over(sample: nk.Sample, tmp_path: Path) -> None:
    first, second, third = sample.rows["row_id"][:3]
    path = write(
        tmp_path / "a.jsonl",
        sample,
        "a",
        {"row_id": second, "code": "negative"},
        {"row_id": first, "code": "negative"},
        {"row_id": first, "code": "positive", "unsure": True, "note": "ironic?"},
        {"row_id": third, "code": "neutral"},
        {"row_id": third, "code": None},
    )
    with path.open("a", encoding="utf-8") as file:
        file.write('{"row_id": "abc", "cod')
    codings = nk.load_codings(path, sample=sample)
    assert codings.values("tone").to_dict() == {first: "positive", second: "negative"}
    assert codings.table[["unsure", "note"]].to_numpy().tolist() == [[False, ""], [True, "ironic?"]]
    assert (codings.coders, codings.variables) == (("a",), ("tone",))


def test_settled_codes_come_before_those_of_the_first_coder(sample: nk.Sample, tmp_path: Path) -> None:
    first, second, third = sample.rows["row_id"][:3]
    paths = [
        write(
            tmp_path / "a.jsonl",
            sample,
            "a",
            {"row_id": first, "code": "negative"},
            {"row_id": second, "code": "neutral"},
        ),
        write(
            tmp_path / "b.jsonl",
            sample,
            "b",
            {"row_id": first, "code": "positive"},
            {"row_id": third, "code": "positive"},
        ),
        write(tmp_path / "s.jsonl", sample, "settled", {"row_id": first, "code": "neutral"}),
    ]
    codings = nk.load_codings(paths, sample=sample.save(tmp_path / "sample.json"))
    assert codings.values("tone").to_dict() == {first: "neutral", second: "neutral", third: "positive"}
    assert codings.values("tone", coder="b").to_dict() == {first: "positive", third: "positive"}
    with pytest.raises(ValueError, match="no coder 'c'; there are a, b, settled"):
        codings.values("tone", coder="c")
    with pytest.raises(ValueError, match="no variable 'tune'"):
        codings.values("tune")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"code": "negativ"}, "line 2: 'negativ' is no code of tone .did you mean 'negative'"),
        ({"code": "yes", "variable": "speaking"}, "no variable 'speaking' .did you mean 'speaks'"),
        ({"row_id": "0" * 16, "code": "neutral"}, "row 0000000000000000 is not in the sample"),
    ],
)
def test_what_the_sample_does_not_know(sample: nk.Sample, tmp_path: Path, line: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "a.jsonl", sample, "a", {"row_id": sample.rows["row_id"][0], **line})
    with pytest.raises(nk.errors.CodingsError, match=message):
        nk.load_codings(path, sample=sample)


def test_codings_of_another_sample(debates: nk.Corpus, sample: nk.Sample, tmp_path: Path) -> None:
    other = nk.draw_sample(debates, "stances", n=12, seed=5)
    with pytest.raises(nk.errors.CodingsError, match=f"codings of the sample {other.id}, not of {sample.id}"):
        nk.load_codings(write(tmp_path / "a.jsonl", other, "a"), sample=sample)


def test_a_broken_line_in_the_middle_is_no_crash(sample: nk.Sample, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"row_id"\n{}\n', encoding="utf-8")
    with pytest.raises(nk.errors.CodingsError, match="line 1: no JSON"):
        nk.load_codings(path, sample=sample)


def test_what_are_no_files_of_codings(sample: nk.Sample, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "number.jsonl").write_text("3\n", encoding="utf-8")
    saved = sample.save(tmp_path / "sample.json")
    for files, message in (
        ([], "there are no files to load"),
        (tmp_path / "empty.jsonl", "is empty"),
        (tmp_path / "number.jsonl", "line 1: no decision"),
        (saved, "is a sample, not codings"),
        (tmp_path, "is a folder: give the files in it"),
        (tmp_path / "*.csv", r"is a pattern, not a file: .*glob\('\*\.csv'\)"),
    ):
        with pytest.raises(nk.errors.CodingsError, match=message):
            nk.load_codings(files, sample=sample)
    assert nk.load_codings(write(tmp_path / "a.jsonl", sample, "a"), sample=sample).table.empty


def test_a_sheet_is_no_sample(sample: nk.Sample, tmp_path: Path) -> None:
    for path in (
        sample.to_csv(tmp_path / "a.csv", coder="ann"),
        sample.to_excel(tmp_path / "a.xlsx", coder="ann"),
    ):
        with pytest.raises(nk.errors.SampleError, match=r"it is a coding sheet.*give a file that Sample\.save has"):
            nk.load_codings(path, sample=path)
