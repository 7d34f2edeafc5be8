"""The command line: what it prints, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk
from newskit.cli import main


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "a.txt").write_text("Moscow rejected the plan. Anna Novak condemned the attack by Russia.")
    (folder / "b.txt").write_text("Anna Novak praised Russia.")
    (folder / "empty.txt").write_text("")
    return folder


@pytest.fixture(scope="module")
def out(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "corpus"
    assert main(["annotate", str(source), str(folder), "--quiet", "--shard-size", "2"]) == 0
    return folder


def test_annotate(source: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["annotate", str(source), str(out), "--quiet"]) == 0
    shown, problems = capsys.readouterr()
    assert "3 articles in = 2 annotated + 0 skipped + 1 failed" in shown
    assert "Russia (state): 3 mentions in 2 articles" in shown
    assert problems == ""
    assert len(nk.open_corpus(out).articles) == 3


def test_choices_reach_the_pipeline(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "by_rules"
    assert main(["annotate", str(source), str(out), "--quiet", "--quotes", "rules", "--directed"]) == 0
    manifest = nk.open_corpus(out).manifest
    assert manifest["quotes"] == "rules"
    assert manifest["directed"]["name"] == "directed-en"


def test_a_column_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.csv").write_text("key,story\na,Anna Novak praised Russia.\n")
    rows, out = str(tmp_path / "rows.csv"), str(tmp_path / "out")
    assert main(["import-report", rows, "--column", "text=story", "--column", "title="]) == 0
    assert main(["annotate", rows, out, "--quiet", "--column", "text=story", "--column", "article_id=key"]) == 0
    assert nk.open_corpus(out).articles["article_id"].tolist() == ["a"]
    with pytest.raises(SystemExit) as stopped:
        main(["annotate", rows, out, "--column", "story"])
    assert stopped.value.code == 2
    assert "FIELD=NAME" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], "2 annotated"),
        (["--what", "actors", "--top", "1"], "more rows (--top 0 for all)"),
        (["--what", "actors", "--csv"], "actor_id,actor,type,n_mentions"),
        (["--what", "stances", "--min-n", "2"], "Russia"),
        (["--what", "voices"], "outlet"),
        (["--what", "frames"], "n_sentences"),
    ],
)
def test_summary(out: Path, options: list[str], wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", str(out), *options]) == 0
    assert wanted in capsys.readouterr().out


def test_a_summary_is_cut_to_the_wanted_rows(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", str(out), "--what", "actors", "--top", "0"]) == 0
    everything = capsys.readouterr().out.splitlines()
    n_actors = len(nk.actor_frequency(nk.open_corpus(out)))
    assert len(everything) == 1 + n_actors > 2
    assert main(["summary", str(out), "--what", "actors", "--top", "1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3, "the head, a row, and how many more there are"
    assert main(["summary", str(out), "--what", "stances", "--min-n", "100"]) == 0
    assert capsys.readouterr().out == "nothing found\n"


def test_frames_are_grouped(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", str(out), "--what", "frames", "--by", "voice", "--csv"]) == 0
    assert "voice" in capsys.readouterr().out.splitlines()[0].split(",")


def test_options_of_the_folder(source: Path, tmp_path: Path) -> None:
    command = ["annotate", str(source), str(tmp_path / "c"), "--quiet"]
    assert main([*command, "--shard-size", "2"]) == 0
    assert len(list(nk.open_corpus(tmp_path / "c").parts())) == 2
    assert main([*command, "--codebook", "policy_frames"]) == 1
    assert main([*command, "--codebook", "policy_frames", "--overwrite"]) == 0
    assert set(nk.open_corpus(tmp_path / "c").manifest["codebooks"]) == {"policy_frames"}


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["summary", "nowhere"], "newskit: no corpus in nowhere"),
        (["summary", "{out}", "--what", "actors", "--by", "colour"], "newskit: cannot group by 'colour'"),
        (["annotate", "nowhere", "{out}"], "newskit: nowhere: no such file"),
        (["annotate", "{source}", "{out}", "--catalog", "mine"], "mine"),
        (["annotate", "{source}", "{out}", "--codebook", "policy_frames"], "--overwrite"),
        (["annotate", "{source}", "{source}"], "lies inside"),
    ],
)
def test_errors_have_no_traceback(
    arguments: list[str], wanted: str, source: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(source=source, out=out) for argument in arguments]) == 1
    shown, problems = capsys.readouterr()
    assert wanted in problems
    assert "Traceback" not in problems
    assert shown == ""


def test_import_report(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-report", str(source)]) == 0
    shown, problems = capsys.readouterr()
    assert shown == f"{nk.import_report(source)}\n"
    assert "empty.txt" in shown
    assert problems == ""


def test_an_interrupted_run_says_how_to_go_on(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("newskit.cli.nk.import_report", interrupt)
    assert main(["import-report", str(source)]) == 130
    assert "run the same command again" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["annotate", "--help"], ["summary", "-h"], ["import-report", "-h"]])
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(arguments)
    assert "exit status: 0 success" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["annotate"], ["summary", "x", "--what", "everything"], ["dance"]])
def test_wrong_calls(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
