"""Codebooks: their terms, their mistakes, and the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import newskit as nk
from newskit.codebook import Codebook, CodebookError, Frame
from newskit.framing import LexiconCoder
from newskit.terms import parse_term
from tests.conftest import ROOT

HEAD = '[codebook]\nname = "mine"\nversion = "1.0.0"\nlanguage = "en"\ntitle = "Mine"\nsource = "me"\n\n'
FRAME = '[[frame]]\nname = "{name}"\nlabel = "A frame"\ndefinition = "It is one."\ninclude = [{include}]\n{more}\n'


def frame(name: str = "a", include: str = '"escalat*"', more: str = "") -> str:
    return FRAME.format(name=name, include=include, more=more)


def book(*terms: str, exclude: tuple[str, ...] = (), scope: tuple[str, ...] = ()) -> Codebook:
    one = Frame("a", "A", "a frame", include=terms, exclude=exclude)
    return Codebook("test", "1.0.0", "en", "Test", "tests", (one,), scope=scope)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "newskit" / "codebooks").glob("*.toml")))
def test_shipped_codebooks_are_whole(name: str) -> None:
    codebook = nk.load_codebook(name)
    assert codebook.name == name
    assert codebook.source
    for one in codebook.frames:
        assert one.definition.strip().endswith(".")
        assert one.matches, one.name
        assert one.misses, one.name


def test_generic_frames_are_the_five_of_semetko_and_valkenburg() -> None:
    codebook = nk.load_codebook("news_frames")
    assert {f.name for f in codebook.frames} == {"responsibility", "human_interest", "conflict", "morality", "economic"}
    assert "Semetko" in codebook.source


@pytest.mark.parametrize(
    ("terms", "text", "found"),
    [
        (("missile",), "The missiles arrived.", True),
        (("missile",), "THE MISSILE ARRIVED.", True),
        (("missile",), "The miss was narrow.", False),
        (("escalat*",), "This escalates, an escalation.", True),
        (("*provoc*",), "It was highly provocative.", True),
        (("bargaining chip",), "They became bargaining chips.", True),
        (("bargaining chip",), "The bargaining over the chip went on.", False),
        (("urge|press",), "She pressed them.", True),
        (("long-range missile",), "a long-range missile", True),
        (("red line",), "They crossed red lines.", True),
        (("peace talk",), "No talks on peace.", False),
    ],
)
def test_terms(terms: tuple[str, ...], text: str, found: bool) -> None:
    assert nk.code_frames([text], book(*terms)) == [{"a"} if found else set()]


def test_exclude_drops_the_hit_inside_it_and_no_other() -> None:
    coded = book("leverag*", exclude=("leveraged buyout",))
    assert nk.code_frames(["a leveraged buyout", "a leveraged buyout gave them leverage"], coded) == [set(), {"a"}]


def test_scope_is_decided_by_paragraph() -> None:
    coded = book("provoc*", scope=("tomahawk*",))
    assert nk.code_frames(["Tomahawks? A provocation.", "A provocation.", "Tomahawks.\nA provocation."], coded) == [
        {"a"},
        set(),
        set(),
    ]


def test_heading_shares_the_scope_of_the_paragraph_below(nlp: Language) -> None:
    body = "The Tomahawk sale was discussed for hours by the ministers of both countries in the capital on Monday."
    text = f"Talks resume\n{body.replace('Tomahawk ', '')}\nWarning Against Provocation\n{body}"
    coder_nlp = nk.make_nlp(codebooks=[book("provocation", scope=("tomahawk*",))])
    frames = nk.annotate(nk.Article(article_id="x", text=text), nlp=coder_nlp).frames
    assert frames["text"].tolist() == ["Provocation"]


def test_hits_carry_their_words(nlp: Language) -> None:
    doc = nlp("Officials called it a bargaining chip, more leverage.")
    hits = LexiconCoder(book("bargaining chip", "leverage", "chip"))(doc)
    assert [(doc.text[h.start : h.end], h.term) for h in hits] == [
        ("bargaining chip", "bargaining chip"),
        ("leverage", "leverage"),
    ]


def test_frames_of_the_seed(corpus: nk.Corpus, article: nk.Article) -> None:
    frames = corpus.frames[corpus.frames["codebook"] == "missile_debate"]
    found = dict(zip(frames["text"].str.lower(), frames["frame"], strict=True))
    assert found["provocative"] == "escalation"
    assert found["leverage"] == "leverage"
    drones = article.text.index("over 300 drones")
    assert not ((frames["start"] < drones + 60) & (frames["end"] > drones)).any(), "the war is not the debate"
    voices = frames.set_index(frames["text"].str.lower())["voice"]
    assert voices["provocative"] == "dmitry-peskov"


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
        (HEAD, None, r"no \[\[frame\]\]"),
        ("[codebook\n", None, "mine.toml"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=message) as caught:
        nk.load_codebook(path)
    assert f"mine.toml:{line}:" in str(caught.value) if line else "mine.toml" in str(caught.value)


def test_codebooks_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="shipped: missile_debate, news_frames"):
        nk.load_codebook("news_frame")
    with pytest.raises(CodebookError, match="no such codebook file"):
        nk.load_codebook(tmp_path / "none.toml")


def test_edited_codebook_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + frame(), encoding="utf-8")
    first = nk.load_codebook(path)
    path.write_text(HEAD.replace("1.0.0", "1.1.0") + frame(name="b"), encoding="utf-8")
    assert (first.version, nk.load_codebook(path).version) == ("1.0.0", "1.1.0")


def test_bad_calls() -> None:
    with pytest.raises(TypeError, match="pass a list"):
        nk.code_frames("one text", "news_frames")
    with pytest.raises(ValueError, match="none of lexicon"):
        nk.code_frames([], "news_frames", method="guess")  # type: ignore[arg-type]
    assert nk.code_frames([], "news_frames") == []


@given(st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8})?( [a-z]{2,8})?", fullmatch=True))
def test_every_term_finds_itself(term: str) -> None:
    assert parse_term(term)
    assert nk.code_frames([f"They said {term} and left."], book(term)) == [{"a"}]
