"""Coding by terms: exclusion, context, negation, overlap and scope."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.frames.lexicon import LexiconCoder, word_hits
from newskit.resources.language import tagger
from tests.annotation.frames.samples import book


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
    assert len(LexiconCoder(both)(tagger()(doc_text))) == 2
    assert len(LexiconCoder(book("bargaining chip", "chip"))(tagger()(doc_text))) == 1


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


@pytest.mark.parametrize(("between", "found"), [(3, True), (4, False)])
def test_context_counts_up_to_its_window(between: int, found: bool) -> None:
    near = Frame("a", "A", "a frame", include=("cut",), context=("budget",), window=3)
    coded = Codebook("test", "1.0.0", "en", "Test", "tests", (near,))
    texts = [f"cut {'so ' * between}budget", f"budget {'so ' * between}cut"]
    assert nk.code_frames(texts, coded) == [{"a"} if found else set()] * 2


def test_hits_by_spelling_are_per_600_words() -> None:
    one = book("blame", "tax*")
    hits = word_hits(["They blamed the taxes", "blame " + "so " * 299, "so"], one)
    assert hits[:, 0].tolist() == pytest.approx([2 * 600 / 100, 600 / 300, 0])
