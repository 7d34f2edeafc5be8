"""Names and cells that a terminal would obey, or that are no UTF-8: shown with escapes, and nothing is lost."""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.cli import main
from newskit.errors import ArticleError, CodebookError, LostRowsWarning
from newskit.resources.shown import shown, shown_name

STORY = "Anna Novak praised Russia in talks on Monday, and the ministers agreed on grain and on trade."
OBEYED = ["\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\x7f", "\r", "\b", "\u202egnp", "\u2066"]


def is_harmless(text: str) -> bool:
    return not any((ord(mark) < 32 and mark not in "\n\t") or 127 <= ord(mark) < 160 for mark in text) and not (
        {*text} & {*"\u202e\u2066"} or any("\ud800" <= mark <= "\udfff" for mark in text)
    )


@pytest.mark.parametrize("mark", OBEYED)
def test_a_name_with_controls_is_shown_escaped(mark: str, tmp_path: Path) -> None:
    (tmp_path / f"story{mark}one.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / f"empty{mark}.txt").write_text("", encoding="utf-8")
    (tmp_path / f"left{mark}.exe").write_text("x", encoding="utf-8")
    (tmp_path / "rows.csv").write_text(f'text,"note{mark}"\n"{STORY} Again.",1\n', encoding="utf-8", newline="")
    report = nk.import_report(tmp_path, stories=False)
    tables = [report.files, report.refused, report.columns]
    assert all(map(is_harmless, [str(report), *(table.to_csv() for table in tables)]))
    assert report.totals()["read"] == 2
    with pytest.raises(ArticleError) as error:
        nk.read_article(tmp_path / f"empty{mark}.txt")
    assert is_harmless(str(error.value))
    assert f"empty{shown(mark)}.txt" in str(error.value)


def test_a_line_feed_in_a_name_makes_no_line_of_the_report(tmp_path: Path) -> None:
    (tmp_path / "a\n9 articles found.txt").write_text(STORY, encoding="utf-8")
    report = nk.import_report(tmp_path, stories=False)
    assert not [line for line in str(report).splitlines() if line.startswith("9 articles")]
    assert "a\\n9 articles found.txt" in str(report)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf8(tmp_path: Path, nlp: Language) -> None:
    odd = os.fsencode(tmp_path / "latin")
    (tmp_path / "latin").mkdir()
    for name in (b"caf\xe9.txt", b"\xff\xfe.txt", b"plain.txt"):
        Path(os.fsdecode(odd + b"/" + name)).write_text(f"{STORY} {len(name)}", encoding="utf-8")
    Path(os.fsdecode(odd + b"/empt\xff.txt")).write_text("", encoding="utf-8")
    report = nk.import_report(tmp_path / "latin")
    names = {path.rpartition("/")[2] for path in report.files["path"]}
    assert names == {"caf\\xe9.txt", "empt\\xff.txt", "plain.txt", "\\xff\\xfe.txt"}
    assert report.totals()["read"] == 3
    str(report).encode()
    articles = nk.annotate(tmp_path / "latin", nlp=nlp, progress=False).articles.set_index("article_id")
    assert articles["status"].to_dict() == {
        "caf\\xe9": "annotated",
        "empt\\xff": "failed",
        "plain": "annotated",
        "\\xff\\xfe": "annotated",
    }
    assert nk.read_article(Path(os.fsdecode(odd + b"/caf\xe9.txt"))).article_id == "caf\\xe9"


def test_errors_and_warnings_escape_what_they_quote() -> None:
    for kind in (ArticleError, CodebookError, LostRowsWarning):
        error = kind("two\nlines of \x1b[31mred")
        assert str(error) == "two\nlines of \\x1b[31mred"
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_the_command_line_shows_escapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-report", str(tmp_path / "no\x1b[2Jsuch.txt")]) != 0
    printed = capsys.readouterr()
    assert "no\\x1b[2Jsuch.txt" in printed.err
    assert is_harmless(printed.out + printed.err)


def test_names_of_all_languages_stay() -> None:
    for name in ("Київ – Kyiv.txt", "北京", "القدس", "naïve café", "🙂"):
        assert shown_name(name) == shown(name) == name
    assert pd.Series([name]).map(shown).tolist() == [name]


def test_halves_of_characters_in_ids_and_outlets_are_reported(tmp_path: Path) -> None:
    rows = [{"article_id": f"{n}\ud800", "outlet": "o\udc00", "text": STORY * (n + 1)} for n in range(2)]
    source = tmp_path / "odd.jsonl"
    source.write_text("\n".join([*map(json.dumps, rows), '{"article_id": "\\ud800", "text": ""}']), encoding="utf-8")
    report = nk.import_report(source)
    assert report.totals()["read"] == 2
    assert "\\ud800" in report.story_ids.iloc[0]
    assert is_harmless(str(report) + report._repr_html_())
    assert set(report.stories["outlet"]) == {"o\\udc00"}
    assert len(report.refused) == 1
