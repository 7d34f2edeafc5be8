"""Codebooks: their terms, their mistakes, and the shipped ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import newskit as nk
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.frames.lexicon import LexiconCoder
from newskit.annotation.frames.terms import parse_term
from newskit.errors import CodebookError
from tests.conftest import ROOT

HEAD = '[codebook]\nname = "mine"\nversion = "1.0.0"\nlanguage = "en"\ntitle = "Mine"\nsource = "me"\n\n'
FRAME = '[[frame]]\nname = "{name}"\nlabel = "A frame"\ndefinition = "It is one."\ninclude = [{include}]\n{more}\n'


def frame(name: str = "a", include: str = '"escalat*"', more: str = "") -> str:
    return FRAME.format(name=name, include=include, more=more)


def book(*terms: str, exclude: tuple[str, ...] = (), scope: tuple[str, ...] = ()) -> Codebook:
    one = Frame("a", "A", "a frame", include=terms, exclude=exclude)
    return Codebook("test", "1.0.0", "en", "Test", "tests", (one,), scope=scope)


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
        (("anti-war|peace rally|march",), "an anti-war march", True),
        (("anti-war|peace rally|march",), "a peace rally", True),
        (("anti-war|peace rally|march",), "a war rally", False),
        (("cannot|will accept",), "We cannot accept that.", True),
        (("cannot|will accept",), "They will accept it.", True),
        (("red line",), "They crossed red lines.", True),
        (("peace talk",), "No talks on peace.", False),
        (("strike/NOUN",), "The strike went on.", True),
        (("strike/NOUN",), "They will strike the port.", False),
        (("send <2> missile",), "They sent them more missiles.", True),
        (("send <2> missile",), "They sent Kyiv a lot of missiles.", False),
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
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, line: int | None, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match=message) as caught:
        nk.load_codebook(path)
    assert f"mine.toml:{line}:" in str(caught.value) if line else "mine.toml" in str(caught.value)


def test_codebooks_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="shipped: missile_debate, moral_foundations, news_frames, policy_frames"):
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
    with pytest.raises(ValueError, match="not one of lexicon, embedding"):
        nk.code_frames([], "news_frames", method="guess")  # type: ignore[arg-type]
    assert nk.code_frames([], "news_frames") == []


@given(st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8})?( [a-z]{2,8})?", fullmatch=True))
def test_every_term_finds_itself(term: str) -> None:
    assert parse_term(term)
    assert nk.code_frames([f"They said {term} and left."], book(term)) == [{"a"}]


def test_context_negation_and_overlap() -> None:
    near = Frame("a", "A", "a frame", include=("cut",), context=("budget",), window=3)
    coded = Codebook("test", "1.0.0", "en", "Test", "tests", (near,))
    assert nk.code_frames(["They cut the budget.", "They cut the rope; of the new state budget no word."], coded) == [
        {"a"},
        set(),
    ]
    denied = Codebook("test", "1.0.0", "en", "Test", "tests", (Frame("a", "A", "x", ("escalat*",), negation=3),))
    assert nk.code_frames(["It will escalate.", "It will not further escalate."], denied) == [{"a"}, set()]
    doc_text = "a bargaining chip"
    both = Codebook("t", "1.0.0", "en", "T", "t", (Frame("a", "A", "x", ("bargaining chip", "chip")),), overlap="all")
    from newskit.resources.language import tagger

    assert len(LexiconCoder(both)(tagger()(doc_text))) == 2
    assert len(LexiconCoder(book("bargaining chip", "chip"))(tagger()(doc_text))) == 1


def test_a_part_brings_its_whole() -> None:
    coded = nk.code_frames(["They called him a traitor."], "moral_foundations")
    assert coded == [{"betrayal", "loyalty_betrayal"}]


def test_saved_codebook_is_the_same(tmp_path: Path) -> None:
    for name in ("missile_debate", "moral_foundations"):
        codebook = nk.load_codebook(name)
        assert nk.load_codebook(codebook.save(tmp_path / f"{name}.toml")) == codebook


def test_diff_lists_what_an_edit_changes(small: nk.Corpus) -> None:
    old = book("praise", "lose")
    new = Codebook("test", "1.1.0", "en", "Test", "tests", (Frame("a", "A", "a frame", ("condemn", "lose")),))
    changes = new.diff(old, small)
    assert changes.groupby("change")["text"].unique().map(list).to_dict() == {
        "added": ["condemned"],
        "dropped": ["praised"],
    }
    assert (changes["old"] + changes["new"] == "1.0.01.1.0").all()
    assert all(row["text"] in row["sentence"] for row in changes.to_dict("records"))
    with pytest.raises(ValueError, match="raise the version"):
        book("x1").diff(old, small)


def test_recode_keeps_the_rest_and_agrees_with_annotate(corpus: nk.Corpus) -> None:
    again = corpus.recode(["news_frames", "missile_debate"])
    order = ["article_id", "start", "end", "codebook", "frame"]
    both = [one.frames.sort_values(order, ignore_index=True) for one in (corpus, again)]
    assert both[0].equals(both[1])
    by_meaning = corpus.recode("missile_debate", method="embedding")
    assert set(by_meaning.frames["method"]) == {"lexicon", "embedding"}
    rows = by_meaning.frames[by_meaning.frames["method"] == "embedding"]
    assert rows["score"].ge(2).all()
    with pytest.raises(ValueError, match="choose one, method='embedding' or 'lexicon'"):
        nk.frame_summary(by_meaning, codebook="missile_debate")
    table = nk.frame_comparison(by_meaning, codebook="missile_debate", between="voice")
    assert {"lexicon", "embedding", "changes_sign"} <= set(table.columns)
    with pytest.raises(ValueError, match="two methods"):
        nk.frame_comparison(corpus, codebook="missile_debate", between="voice")


def test_by_meaning() -> None:
    coded = nk.code_frames(
        ["Inflation and layoffs hit household budgets.", "The cat sat on the mat."], "news_frames", method="embedding"
    )
    assert coded == [{"economic"}, set()]
    with pytest.raises(ValueError, match="no frame has examples"):
        nk.code_frames(["x"], book("war"), method="embedding")


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


def test_cooccurrence_and_stance_of_frames(corpus: nk.Corpus) -> None:
    pairs = nk.frame_cooccurrence(corpus, codebook="missile_debate")
    names = [frame.name for frame in nk.load_codebook("missile_debate").frames]
    assert len(pairs) == len(names) * (len(names) - 1) // 2
    top = pairs.iloc[0]
    hits = corpus.frames[corpus.frames["codebook"] == "missile_debate"]
    having = [set(hits.loc[hits["frame"] == top[side], "sentence_id"]) for side in ("frame", "other")]
    assert top["n_sentences"] == len(having[0] & having[1]) > 0
    table = nk.frame_stance(corpus, codebook="missile_debate")
    assert {"frame", "target", "mean", "n"} <= set(table.columns)
    by_actor = nk.frame_summary(corpus, codebook="missile_debate", by="actor_id")
    assert by_actor["actor_id"].notna().all()


def test_another_debate_on_missiles_is_not_coded(nlp: Language) -> None:
    """The words that an article must have may stand anywhere in it."""
    debate = "Moscow called the sale of Tomahawk missiles a provocation."
    texts = [debate, f"The war in Ukraine went on.\n{debate}", f"Kyiv waited for news.\n{debate}"]
    assert nk.code_frames(texts, "missile_debate") == [set(), {"escalation"}, {"escalation"}]
    assert nk.code_frames(texts, "missile_debate", method="embedding")[0] == set()
    articles = [
        nk.Article(article_id=str(n), text=f"{text} Nobody said more about it.") for n, text in enumerate(texts)
    ]
    corpus = nk.annotate(articles, nlp=nlp)
    frames = corpus.frames[corpus.frames["codebook"] == "missile_debate"]
    assert set(frames["article_id"]) == {"1", "2"}
    by_meaning = corpus.recode("missile_debate", method="embedding").frames
    assert "0" not in set(by_meaning.loc[by_meaning["codebook"] == "missile_debate", "article_id"])
    assert set(nk.about(corpus, nk.load_codebook("missile_debate")).articles["article_id"]) == {"1", "2"}


def test_every_part_of_a_codebook_is_saved(tmp_path: Path) -> None:
    whole = Frame(
        "a",
        'A "label"',
        "It is\none.",
        ("war", "peace\ttalk"),
        exclude=("war room",),
        matches=("The army went to war.",),
        misses=("Hm.",),
        context=("army",),
        window=3,
        negation=2,
        parent="b",
    )
    book = Codebook(
        "mine",
        "1.2.0",
        "en",
        "Mine",
        "me",
        (whole, Frame("b", "B", "All.", ())),
        scope_exclude=("board game",),
        scope_context=("front",),
        overlap="all",
        description="Words – ‘quoted’.",
    )
    for one in (book, replace(book, scope=("war",)), replace(book, scope_exclude=(), scope_context=())):
        assert nk.load_codebook(one.save(tmp_path / "mine.toml")) == one
