"""Work grows with the length of a text, not with its square: counted, not timed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.actors import identity, people
from newskit.annotation.actors.names import NameIndex
from newskit.annotation.frames.codebook import Codebook, Frame
from newskit.annotation.frames.coding import code_frames
from newskit.annotation.frames.terms import MOST_WORDS, check_term
from newskit.annotation.parsing import LONGEST_SENTENCE, make_doc
from newskit.reading.article import find_blocks
from newskit.reading.formats import page_blocks, page_bounds
from newskit.reading.formats.proquest import proquest_articles
from newskit.resources.language import blank_english
from newskit.resources.tokenizer import LONGEST_STRETCH, BoundedTokenizer

SYLLABLES = ["".join(pair) for pair in itertools.product("bdfgklmnprstvz", "aeiou")]


def surnames(n: int) -> Iterator[str]:
    """Invented surnames, all different."""
    return ("".join(parts).capitalize() for parts in itertools.islice(itertools.product(SYLLABLES, repeat=3), n))


def test_a_list_of_names_without_end_is_cut_into_sentences(nlp: Language) -> None:
    text = "The guests were " + ", ".join(f"Anna {name}" for name in surnames(400)) + "."
    with nlp.select_pipes(disable=["newskit_quotes", "newskit_tone", "newskit_frames"]):
        doc = make_doc(nlp, text, find_blocks(text))
    assert doc.text == text
    assert len(doc) > 2 * LONGEST_SENTENCE
    lengths = [len(sentence) for sentence in doc.sents]
    assert max(lengths) <= LONGEST_SENTENCE
    ends = [doc[sentence.end - 1].text for sentence in doc.sents]
    assert set(ends) <= {",", "."}, "cut after a comma, not inside a name"


def test_sentences_of_news_are_not_cut(nlp: Language, article: nk.Article, corpus: nk.Corpus) -> None:
    long = max(len(text.split()) for text in corpus.sentences["text"])
    assert long < LONGEST_SENTENCE / 3


@pytest.mark.parametrize("mark", ["“", "(", '"', "a-", "👍"])
def test_what_has_no_space_in_it_is_told_apart_in_parts(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"He said: {mark * 1200} and left."
    tokenizer = blank_english().tokenizer
    assert isinstance(tokenizer, BoundedTokenizer)
    whole, longest = tokenizer.whole, 0

    class Counting:
        vocab = whole.vocab

        def __call__(self, part: str) -> object:
            nonlocal longest
            longest = max(longest, *map(len, part.split()))
            return whole(part)

    monkeypatch.setattr(tokenizer, "whole", Counting())
    doc = blank_english().make_doc(text)
    assert doc.text == text
    assert longest <= LONGEST_STRETCH
    assert len(doc) < 500 or mark == "a-"
    assert [token.text for token in doc][:3] == ["He", "said", ":"]
    assert [token.text for token in doc][-3:] == ["and", "left", "."]


def test_an_address_that_is_long_stays_one_word() -> None:
    address = "https://news.example/" + "/".join(["section"] * 25)
    assert [token.text for token in blank_english().make_doc(f"See {address} now.")][1] == address


def test_names_that_begin_alike_are_looked_up_not_tried_one_by_one() -> None:
    names = {f"John {name}": name for name in surnames(300)}
    index = NameIndex(names.items())
    text = ", ".join([*names, "JOHN BABABE", "John Nobody", "John Baba"])
    found = [(text[start:end], name) for start, end, name in index.find(text)]
    assert found == [*names.items(), ("JOHN BABABE", "Bababe")]
    assert sum(len(alike.lengths) for alike in index._by_first.values()) <= 2
    assert not list(index.find("John Bab")), "the text ends inside a name"


@pytest.mark.parametrize("what", ["article", "corpus"])
def test_people_of_one_surname_are_not_all_compared(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    initials = [f"{a}. {b}." for a, b in itertools.product("ABCDEFGHIJKLMNOPQRST", repeat=2)]
    full = [f"John {letters} Smith" for letters in initials]
    asked = 0
    module, rule = (people, "is_same_name") if what == "article" else (identity, "is_same_person")
    same = getattr(module, rule)

    def counted(a: str, b: str) -> bool:
        nonlocal asked
        asked += 1
        return bool(same(a, b))

    monkeypatch.setattr(module, rule, counted)
    if what == "article":
        known = people.People()
        for name in full:
            known.add(name, "")
        n = len(people._merge_spellings(known, "").all)
    else:
        table = pd.DataFrame({"name": full, "type": "person", "n": 1})
        n = len({link.actor_id for link in identity.link_names(table, nk.load_actors("world"))})
    assert n == len(full) == 400
    assert asked < 10 * len(full)


def test_names_with_and_without_middle_names_are_still_one_person() -> None:
    names = ["Anna Maria Novak", "Anna M. Novak", "Anna Novak", "Anna K. Novak"]
    table = pd.DataFrame({"name": names, "type": "person", "n": [9, 5, 4, 3]})
    ids = [link.actor_id for link in identity.link_names(table, nk.load_actors("world"))]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_gaps_are_tried_once_at_each_place() -> None:
    gaps = Frame("f", "F", "d", include=(" <9> ".join(["aa"] * 8) + " <9> bb",))
    book = Codebook("b", "1.0.0", "en", "t", "s", (gaps,))
    assert code_frames(["aa " * 600, "aa " * 600 + "bb"], book) == [set(), {"f"}]  # 9 ** 8 ways without memory


def test_hits_with_context_negation_and_exclusion_in_one_paragraph() -> None:
    frame = Frame("f", "F", "d", include=("war",), exclude=("war game",), context=("talk",), window=2, negation=3)
    book = Codebook("b", "1.0.0", "en", "t", "s", (frame,))
    coded = code_frames(
        ["war talk", "war far away from any talk", "no war talk", "war game talk", "talk war", "war game, a war, talk"],
        book,
    )
    assert coded == [{"f"}, set(), set(), set(), {"f"}, {"f"}]
    every = replace(frame, context=(), negation=0)
    text = "war " * 5000
    assert code_frames([text], Codebook("b", "1.0.0", "en", "t", "s", (every,))) == [{"f"}]


@pytest.mark.parametrize("term", ["anti-war|pro-peace " * 10, "word " * (MOST_WORDS + 1)])
def test_terms_that_can_be_read_in_too_many_ways_are_refused(term: str) -> None:
    problem = check_term(term.strip())
    assert problem is not None
    assert "more than" in problem
    assert ("several terms" in problem) or ("shorten" in problem)


PAGE = "<html><body{attributes}><article><p>{text}</p>{more}<p>{text}</p></article></body></html>"
WORDS = "The minister said on Monday that the talks in Geneva would go on for another week, and left. "


@pytest.mark.parametrize(
    "more",
    [
        "<p>" + '<a href="x">link</a> ' * 1200 + "</p>",
        "<p>" + "one<br>" * 1200 + "</p>",
        "<p>Short.</p>" * 1200,
        "<table>" + "<tr><td>a</td><td>b</td></tr>" * 1200 + "</table>",
    ],
)
def test_thousands_of_elements_side_by_side_are_grouped(more: str) -> None:
    page = PAGE.format(attributes="", text=WORDS * 3, more=more)
    tree = page_bounds.bounded_tree(page)
    assert max(len(element) for element in tree.iter()) <= page_bounds.MOST_CHILDREN
    article = nk.read_article(page, language="en")
    assert article.text.count("talks in Geneva") == 6


@pytest.mark.parametrize("attribute", ['a{}="x"', 'a{}="<>"', "a{}", "a{}='>'"])
def test_thousands_of_attributes_are_left_out(attribute: str) -> None:
    attributes = " " + " ".join(attribute.format(number) for number in range(4000 if "=" in attribute else 30_000))
    page = PAGE.format(attributes=attributes, text=WORDS * 3, more='<p id="kept">More.</p>')
    tree = page_bounds.bounded_tree(page)
    assert max(len(element.attrib) for element in tree.iter()) <= page_bounds.MOST_ATTRIBUTES
    assert nk.read_article(page, language="en").text.count("talks in Geneva") == 6


def test_the_lines_of_a_long_paragraph_are_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counting(block: page_blocks.PageBlock) -> str:
        nonlocal asked
        asked += len(block.lines) > 100
        return " ".join(block.lines)

    monkeypatch.setattr(page_blocks.PageBlock, "words", property(counting))
    page = "<html><body><p>" + "Milley spoke\u2028" * 800
    assert nk.read_article(page, language="en").text.count("Milley") == 800
    assert asked < 40, "not once a line"


def test_a_page_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(nk.errors.ArticleError, match="never end"):
        page_bounds.bounded_tree("<html><body>" + ' x="y" <a "' * 4000)
    monkeypatch.setattr(page_bounds, "LONGEST_PAGE", 1000)
    with pytest.raises(nk.errors.ArticleError, match=r"characters, more than 1,000"):
        nk.read_article(PAGE.format(attributes="", text=WORDS * 20, more=""))


def test_a_long_field_of_a_database_export_is_put_together_once() -> None:
    lines = ["Document 1 of 1\n", "Title: Talks\n", "  resume\n", "Full text: They met.\n", "\n", "Subject: War\n"]
    lines += ["Peace\n"] * 3000 + ["\n", "Publication title: The Example\n"]
    (_, record), *_ = proquest_articles(lines, lambda note: None)
    assert isinstance(record, dict)
    assert (record["title"], record["outlet"], record["body"]) == ("Talks resume", "The Example", "They met.")
