"""Reading codebooks: the shipped ones, mistakes in files, and dictionaries of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk
from newskit.errors import CodebookError
from tests.annotation.frames.samples import HEAD, frame
from tests.conftest import ROOT


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (ROOT / "newskit" / "resources" / "codebooks").glob("*.toml"))
)
def test_shipped_codebooks_are_whole(name: str) -> None:
    codebook = nk.load_codebook(name)
    assert codebook.name == name
    assert codebook.source
    parents = {one.parent for one in codebook.frames}
    for one in codebook.frames:
        if one.name in parents and not one.include:
            continue
        assert one.definition.strip().endswith(".")
        assert one.matches, one.name
        assert one.misses, one.name


def test_generic_frames_are_the_five_of_semetko_and_valkenburg() -> None:
    codebook = nk.load_codebook("news_frames")
    assert {f.name for f in codebook.frames} == {"responsibility", "human_interest", "conflict", "morality", "economic"}
    assert "Semetko" in codebook.source


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (HEAD + frame() + frame(), 15, "given twice"),
        (HEAD + frame(include='""'), None, "an empty term"),
        (HEAD + frame(include='"*"'), 12, "cannot read|nearly everything"),
        (HEAD + frame(include='"a*"'), 12, "nearly everything"),
        (HEAD + frame(include='"what (ever)"'), 12, "cannot read"),
        (HEAD + frame(include=""), None, "lacks include"),
        (HEAD + frame(more='includes = ["x"]'), 13, "unknown key 'includes'"),
        (HEAD + frame(more='examples.match = ["Nothing of it."]'), 13, "matched by no include term"),
        (HEAD + frame(more='examples.miss = ["It escalates."]'), 13, "matched by 'escalat"),
        (HEAD.replace("1.0.0", "one") + frame(), 3, "not MAJOR.MINOR.PATCH"),
        (HEAD.replace('title = "Mine"\n', "") + frame(), 1, "lacks title"),
        (HEAD, None, r"it has no \[\[frame\]\]"),
        ("[codebook\n", None, "mine.toml"),
        (HEAD + frame(include='"the"'), 12, "nearly every sentence"),
        (HEAD + frame(include='"war/NOUNS"'), 12, "not a part of speech"),
        (HEAD + frame(include='"<2> war"'), 12, "between two words"),
        (HEAD + frame(more='parent = "b"'), 13, "parent 'b' of 'a' is not a frame"),
        (HEAD + frame(more='parent = "a"'), 13, "a part of itself"),
        (HEAD + frame(more="negation = -1"), 13, "negation must be a number of words"),
        (HEAD + frame(more='context = "war"'), None, "list of terms"),
        (HEAD.replace("\n\n", '\noverlap = "some"\n\n') + frame(), 7, "not one of longest, all"),
        (HEAD + '[frame]\nname = "a"\n', None, r"begins with \[\[frame\]\]"),
        (HEAD + '[frame.examples]\nmatch = ["x"]\n', None, r"begins with \[\[frame\]\]"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=message) as caught:
        nk.load_codebook(path)
    assert f"mine.toml:{line}:" in str(caught.value) if line else "mine.toml" in str(caught.value)


def test_codebooks_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(
        CodebookError,
        match=r"did you mean 'news_frames'.*shipped: missile_debate, moral_found",
    ):
        nk.load_codebook("news_frame")
    with pytest.raises(CodebookError, match="no such codebook file"):
        nk.load_codebook(tmp_path / "none.toml")


def test_edited_codebook_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + frame(), encoding="utf-8")
    first = nk.load_codebook(path)
    path.write_text(HEAD.replace("1.0.0", "1.1.0") + frame(name="b"), encoding="utf-8")
    assert (first.version, nk.load_codebook(path).version) == ("1.0.0", "1.1.0")


def test_dictionaries_of_other_tools(tmp_path: Path) -> None:
    quanteda = tmp_path / "issues.yml"
    quanteda.write_text("economy:\n  taxes: [tax*, levy]\n  jobs: [unemployment]\nwar: [army, 'air strike*']\n")
    coded = nk.code_frames(["Taxes rose.", "An air strike."], quanteda)
    assert coded == [{"economy", "economy.taxes"}, {"war"}]
    liwc = tmp_path / "mine.dic"
    liwc.write_text("%\n1\tanger\n2\tjoy\n%\nhate*\t1\nhapp*\t2\nmad\t1\n")
    assert nk.code_frames(["She hated it.", "Happy days."], liwc) == [{"anger"}, {"joy"}]
    assert nk.load_codebook(liwc).version == "0.0.0"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yml", "economy: [tax, '*']\n", r"a.yml:1: economy: cannot read|a.yml:1: economy: '\*' would match"),
        ("a.yml", "economy: [tax\n", r"a.yml:2"),
        ("a.yml", "- tax\n", r"a.yml:1: a dictionary has keys"),
        ("a.yml", "economy:\n  taxes:\n", r"a.yml:2: the key 'economy.taxes' needs terms"),
        ("a.dic", "hate\t1\n", r"a.dic:1: a LIWC dictionary begins"),
        ("a.dic", "%\n1\tanger\n%\nhate\t7\n", r"a.dic:4: the category '7' is not in the head"),
        ("a.dic", "%\n1\tanger\n%\n:)\t1\n", r"a.dic:4: cannot read"),
    ],
)
def test_mistakes_in_dictionaries(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=message):
        nk.load_codebook(tmp_path / name)
