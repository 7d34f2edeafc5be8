"""Coded rows, and their texts put back."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from training.tone.codes import COLUMNS, HEADS, LOGITS, label_of, read_coded
from training.tone.gold import invented, mark_of, texts_in, with_text

GOLD = ROOT / "data" / "gold" / "tone"
TEXT = "He left. Critics accused Johnson of corruption. She stayed."
ROW = {
    "article_id": "a", "start": "25", "end": "32", "sentence_start": "9", "sentence_end": "47",
    "sentence_sha1": mark_of(TEXT[9:47]), "part": "train", "weight": "2.5", "tone": "negative", "fate": "none",
    "speaks": "no", "unsure": "no", "junk": "no",
}  # fmt: skip


def test_a_row_gets_its_sentence_and_the_place_of_its_target() -> None:
    row = with_text(ROW, {"a": TEXT})
    assert row["sentence"] == "Critics accused Johnson of corruption."
    assert (row["target_start"], row["target_end"]) == (16, 23)
    assert (row["weight"], row["speaks"], row["junk"]) == (2.5, False, False)


@pytest.mark.parametrize("texts", [{}, {"a": TEXT.replace("Critics", "Friends")}, {"a": "x" + TEXT}])
def test_a_text_that_is_missing_or_another_is_refused(texts: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match="a: characters 9 to 47 are not the sentence"):
        with_text(ROW, texts)


def test_texts_of_articles_and_headlines(tmp_path: Path) -> None:
    articles, titles = tmp_path / "articles.jsonl.gz", tmp_path / "titles.txt"
    with gzip.open(articles, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"id": "a", "text": TEXT}) + "\n")
    titles.write_text("First\n Second \n", encoding="utf-8")
    found = texts_in(articles, titles)
    assert (found["a"], found["title-0"], found["title-1"]) == (TEXT, "First", "Second")


def test_an_invented_sentence_loses_its_marks() -> None:
    codes = {"tone": "neutral", "fate": "none", "speaks": "yes"}
    row = invented(json.dumps({"sentence": "On Monday [[Ann]] spoke.", **codes}))
    assert row["sentence"] == "On Monday Ann spoke."
    assert (row["target_start"], row["target_end"], row["speaks"], row["part"]) == (10, 13, True, "train")


def test_the_numbers_of_codes() -> None:
    row = {"tone": "positive", "fate": "harmed", "speaks": True}
    assert label_of(row) == (2, 0, 1, -1)
    assert sum(at.stop - at.start for at in COLUMNS.values()) == LOGITS == sum(map(len, HEADS.values()))


def test_junk_is_not_learned_from(tmp_path: Path) -> None:
    rows = [with_text(row, {"a": TEXT}) for row in (ROW, ROW | {"junk": "yes"}, ROW | {"part": "test"})]
    path = tmp_path / "coded.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    sentences, weights = read_coded(path, "train")
    assert [(s.text, s.labels) for s in sentences] == [(TEXT[9:47], ((0, 1, 0, -1),))]
    assert weights.tolist() == [2.5]


def test_the_committed_rows_have_no_text_and_fit_their_codings() -> None:
    with (GOLD / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (GOLD / "codings.csv").open(encoding="utf-8", newline="") as file:
        codings = list(csv.DictReader(file))
    assert len(rows) >= 7900
    assert not {"sentence", "text", "mention"} & {*rows[0]}
    keys = {(row["article_id"], row["start"], row["end"]) for row in rows}
    assert len(keys) == len(rows)
    assert {(c["article_id"], c["start"], c["end"]) for c in codings} == keys
    parts = {row["article_id"]: row["part"] for row in rows}
    assert all(parts[row["article_id"]] == row["part"] for row in rows), "a part goes by article"
    assert sum(row["part"] == "test" and row["coders"] == "2" for row in rows) >= 1000
    for row in rows:
        assert row["tone"] in HEADS["tone"]
        assert row["fate"] in HEADS["fate"]
        assert {row["speaks"], row["unsure"], row["junk"]} <= {"yes", "no"}
        assert int(row["sentence_start"]) <= int(row["start"]) < int(row["end"])


def test_a_missing_text_stops_the_step(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "none.jsonl.gz", "wt", encoding="utf-8"):
        pass
    (tmp_path / "titles.txt").write_text("", encoding="utf-8")
    places = [GOLD, tmp_path / "out.jsonl", tmp_path / "none.jsonl.gz", tmp_path / "titles.txt"]
    done = subprocess.run(
        [sys.executable, "-m", "training.tone.gold", *map(str, places)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "are not the sentence that was coded" in done.stderr
