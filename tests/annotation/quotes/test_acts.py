"""What a cue reports: speech, belief, an intention, or none of these."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

import newskit as nk
from newskit.annotation.quotes.acts import act_of
from newskit.resources.lexicons import word_lists
from newskit.schema import OUTLET

TAGS = {"to": "TO", "be": "VBZ", "a": "DT", "not": "RB", "on": "IN", "clear": "JJ", "statement": "NN", "plan": "VBZ"}


@pytest.mark.parametrize(
    ("cue", "content", "source", "act"),
    [
        ("say", "that the talks had failed", "Novak", "speech"),
        ("accord to", "The talks had failed", "officials", "speech"),
        ("condemn", "the transfer", "Novak", "speech"),
        ("fear", "that the talks would fail", "Novak", "belief"),
        ("see", "the sale as leverage", "Novak", "belief"),
        ("see", "a crowd in the square", "Novak", "other"),
        ("expect", "that growth will slow", "analysts", "belief"),
        ("be expect to", "sign the bill", "Novak", "intention"),
        ("plan to", "announce her candidacy", "Novak", "intention"),
        ("want", "to leave", "Novak", "intention"),
        ("agree", "to have their envoys meet", "leaders", "intention"),
        ("agree", "that the talks had failed", "leaders", "speech"),
        ("refuse", "to sign the deal", "Novak", "other"),
        ("refuse", "to say whether she would sign", "Novak", "speech"),
        ("decline to comment on", "the deal", "Novak", "speech"),
        ("find", "that most voters are tired", "poll", "speech"),
        ("find", "a letter under the door", "Novak", "other"),
        ("show", "that the money was gone", "records", "speech"),
        ("approve", "a bill to ban it", "Senate", "other"),
        ("approve of", "the ban", "voters", "belief"),
        ("oppose", "the ban", "voters", "belief"),
        ("order", "a halt to the sale", "Novak", "other"),
        ("consider", "a ban", "Senate", "other"),
        ("consider", "banning the sale", "Senate", "intention"),
        ("make a statement", "that the talks had failed", "Novak", "speech"),
        ("be force to acknowledge", "that the talks had failed", "Novak", "speech"),
        ("unveil", "“a plan that nobody will ever read”", "Novak", "speech"),
        ("unveil", "a plan for “growth” in the north of the country by 2030", "Novak", "other"),
    ],
)
def test_act_by_the_cue(nlp: Language, cue: str, content: str, source: str, act: str) -> None:
    words = cue.split()
    doc = Doc(nlp.vocab, words=words, lemmas=words, tags=[TAGS.get(word, "VBD") for word in words])
    assert act_of(doc[:], content, source) == act


def test_without_a_cue_the_marks_say_it() -> None:
    assert act_of(None, "“We will not.”") == "speech"


def test_lists_are_lemmas_in_small_letters_and_do_not_contradict() -> None:
    lists = word_lists("acts")
    for name, words in lists.items():
        assert all(word == word.lower().strip() for word in words), name
    kinds = ("speech", "belief", "intention", "perceptions", "deeds", "surveying")
    for one in kinds:
        for other in kinds:
            assert one == other or not lists[one] & lists[other], (one, other, lists[one] & lists[other])


PLANS = "Novak Plans Talks With Russia\n\nAnna Novak plans to meet Russia’s envoys. She said that Russia was weak."


def test_the_outlet_tells_intentions(nlp: Language) -> None:
    corpus = nk.annotate(nk.Article(article_id="x", text=PLANS), nlp=nlp)
    voices = corpus.stances.drop_duplicates("start").set_index("start")["voice"]
    assert voices[PLANS.index("Russia\n")] == voices[PLANS.index("Russia’s")] == OUTLET
    assert voices[PLANS.index("Russia was")] == "anna-novak"
    assert set(corpus.quotes["act"]) <= {"speech", "belief", "intention"}


def test_every_attribution_of_polnear_on_request() -> None:
    nlp = nk.make_nlp(quotes="polnear")
    text = "The Senate approved a bill to ban the sale, and Anna Novak said that it would fail."
    quotes = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).quotes
    assert "speech" in set(quotes["act"])
    assert nlp.get_pipe("newskit_quotes").method == "polnear"  # type: ignore[attr-defined]
