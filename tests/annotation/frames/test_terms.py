"""Terms: what each way of writing them matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.annotation.frames.terms import parse_term
from tests.annotation.frames.samples import book


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


@given(st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8})?( [a-z]{2,8})?", fullmatch=True))
def test_every_term_finds_itself(term: str) -> None:
    assert parse_term(term)
    assert nk.code_frames([f"They said {term} and left."], book(term)) == [{"a"}]
