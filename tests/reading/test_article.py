"""Articles: the parts of a text, and its language."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.reading.article import Block, dateline_end, detect_language, find_blocks
from tests.conftest import SEED

BODY = "The two ministers met in Geneva on Monday and agreed to continue the talks next week, officials said."


def test_seed_has_its_headline_and_four_headings(article: nk.Article) -> None:
    parts = [(b.part, article.text[b.start : b.end]) for b in article.blocks]
    assert article.title == "After Gaza Deal, Trump Plans Meeting with Putin on Ukraine"
    assert [text for part, text in parts if part == "headline"] == [article.title]
    assert [text for part, text in parts if part == "heading"] == [
        "Planned Meeting in Budapest",
        "Zelensky Pushes for Tomahawk Missiles",
        "Russia Warns Against Provocation",
        "Renewed Russian Attacks on Ukraine’s Energy Infrastructure",
    ]
    assert len(parts) == 20
    assert article.text == SEED.read_bytes().decode("utf-8")
    assert article.language == "en"


def test_wrapped_text_keeps_its_paragraphs() -> None:
    text = (
        "Ministers agree to talk\n\nThe two ministers met in Geneva on Monday and agreed\nto continue the talks in the "
        "coming week, an official\nof the host country said to reporters at the gate\nbefore they left.\n\n"
        "Nobody knows how long they will go on with all that\nand how often they are going to meet after the end\n"
        "of the summer.\n"
    )
    blocks = find_blocks(text)
    assert [b.part for b in blocks] == ["headline", "body", "body"]
    assert text[blocks[1].start : blocks[1].end].endswith("before they left.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("  \n\t ", []),
        ("Word", ["body"]),
        (f"By Ada Writer\n{BODY}", ["body", "body"]),
        (f"{BODY}\nAdvertisement\n{BODY}", ["body", "body", "body"]),
        (f"{BODY}\n- one item\n{BODY}", ["body", "body", "body"]),
        (f"Will they talk?\n{BODY}", ["headline", "body"]),
        (f"{BODY}\nWhat comes next\n{BODY}", ["body", "heading", "body"]),
        (f"{BODY}\nThe last line without a full stop", ["body", "body"]),
        (f"Talks resume\r\n\r\n{BODY}\r\n", ["headline", "body"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    assert [b.part for b in find_blocks(text)] == parts


@given(st.text())
def test_blocks_are_in_order_inside_the_text_and_hold_all_of_it(text: str) -> None:
    at = 0
    for block in find_blocks(text):
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip()
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        at = block.end
    assert not text[at:].strip()


def test_article_wants_strings() -> None:
    with pytest.raises(TypeError, match="article_id and text as str"):
        nk.Article(article_id="x", text=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "parts"),
    [
        ("Word " * 30, BODY, ["headline", "body"]),
        ("Word " * 31, BODY, ["body", "body"]),
        ("a headline without a capital", BODY, ["body", "body"]),
        ("1,200 people", BODY, ["headline", "body"]),
        ("***", BODY, ["body", "body"]),
        ("It ended.", BODY, ["body", "body"]),
        ("Will it end?", BODY, ["headline", "body"]),
        ("“It ended,” he said:", BODY, ["body", "body"]),
    ],
)
def test_headlines(first: str, second: str, parts: list[str]) -> None:
    assert [b.part for b in find_blocks(f"{first}\n{second}")] == parts


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (["Word " * 14, BODY], ["heading", "body"]),
        (["Word " * 15, BODY], ["body", "body"]),
        (["What comes next", "x" * 60], ["heading", "body"]),
        (["What comes next", "“" + "x" * 58 + "."], ["heading", "body"]),
        (["What comes next", "“" + "x" * 57 + "."], ["body", "body"]),
        (["What comes next", "And then", BODY], ["heading", "heading", "body"]),
        (["What comes next", "And then", "Or not", BODY], ["body", "heading", "heading", "body"]),
        (["Will it end?", BODY], ["body", "body"]),
    ],
)
def test_headings(lines: list[str], parts: list[str]) -> None:
    assert [b.part for b in find_blocks("\n".join([BODY, *lines]))][1:] == parts


def test_lines_that_end_with_their_sentences_are_paragraphs() -> None:
    line = "The two ministers met in Geneva on Monday and agreed."
    assert len(find_blocks("\n".join([line] * 4) + f"\n\n{line}")) == 5
    wrapped = line.replace(".", " to")
    assert len(find_blocks("\n".join([wrapped] * 4) + f"\n\n{wrapped}")) == 2
    assert len(find_blocks("\n".join(["short and"] * 4) + "\n\nshort and")) == 5
    assert len(find_blocks("\n".join([wrapped * 3] * 4) + f"\n\n{wrapped}")) == 5


def test_the_section_of_a_paragraph_is_the_heading_above_it() -> None:
    text = f"Talks resume\n{BODY}\nWhat comes next\n{BODY}"
    assert [block.section for block in find_blocks(text)] == [None, None, "What comes next", "What comes next"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Kanzler hat heute in Berlin lange gesprochen", "de"),
        ("Der Kanzler hat heute in Berlin gesprochen", "en"),  # seven words
        ("Prime Minister Robert Fico visits Bratislava Castle Monday evening", "en"),
        ("", "en"),
        ("Guests: " + "Prime Minister Władysław Żyła, Foreign Minister Szymon Wójcik and Jerzy Dąbrowski; " * 5, "en"),
        ("Goście: premier Władysław Żyła, minister spraw zagranicznych Szymon Wójcik i Jerzy Dąbrowski; " * 5, "pl"),
    ],
)
def test_short_texts_are_english_unless_they_are_clearly_not(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_dateline_is_one_of_the_body() -> None:
    text = "GENEVA, March 3 (Reuters) - The talks failed."
    assert text[dateline_end(text, Block(0, len(text))) :] == "The talks failed."
    assert dateline_end(text, Block(0, len(text), "headline")) == 0
    assert dateline_end("The talks failed.", Block(4, 17)) == 4


def test_hard_wrapped_text_without_blank_lines() -> None:
    long = "Delegates of forty states met for a long day of talks in the old town, and nobody believed in terms. "
    paragraphs = ["Talks on grain resume", long * 3 + "The end.", "What comes next", long * 2 + "It rained."]
    text = "\n".join(textwrap.fill(paragraph, 70) for paragraph in paragraphs)
    blocks = find_blocks(text)
    assert [" ".join(text[b.start : b.end].split()) for b in blocks] == paragraphs
    assert [b.part for b in blocks] == ["headline", "body", "heading", "body"]
