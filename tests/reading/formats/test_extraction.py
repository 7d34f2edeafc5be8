"""The article in a page: which of its paragraphs, in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

import newskit as nk

ONE = "The ferry left Harbourton at noon with forty people, and nobody on the pier knew when it would come back."
TWO = "Officials in the port said that the crew had been warned twice about the weather before the ship sailed."
THREE = "Ada Quist, who owns the boat, told the council on Friday that she would pay for the search herself."
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav>"


def blocks(body: str, head: str = "<title>Ferry lost</title>") -> list[tuple[str, str]]:
    page = f"<!doctype html><html><head>{head}</head><body>{MENU}{body}</body></html>"
    article = nk.read_article(page, language="en")
    return [(block.part, article.text[block.start : block.end]) for block in article.blocks]


def text(body: str) -> list[str]:
    """The paragraphs of an article with something in it, without its headline and the paragraphs around."""
    found = blocks(f"<article><h1>Ferry lost</h1><p>{ONE}</p>{body}<p>{TWO}</p></article>")
    assert found[0] == ("headline", "Ferry lost")
    assert (found[1][1], found[-1][1]) == (ONE, TWO)
    return [words for _, words in found[2:-1]]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<p>It sank on <time datetime='1989-11-09'>9 November 1989</time>, they said.</p>",
            "It sank on 9 November 1989,",
        ),
        ("<p>The <q>worst storm</q> ever.</p>", "The “worst storm” ever."),
        (
            "<p>They saw the mayor, <a href='1'>Adelaide Quist</a><a href='2'>de Roth</a>.</p>",
            "Adelaide Quist de Roth.",
        ),
        (
            "<p>From <span>Tarn Bay</span><span>USA</span><b>Velmar</b> and back.</p>",
            "From Tarn Bay USA Velmar and back.",
        ),
        ("<p>Nobody <b>left.</b><i>Then</i> all did.</p>", "Nobody left. Then all did."),
        ("<p>Nobody left.<a href='1'>Ada Quist</a> did.</p>", "Nobody left. Ada Quist did."),
        ("<p><b>T</b>hree <i>Mc</i>Quists, H<sub>2</sub>O, U<b>.S.</b> ships.</p>", "Three McQuists, H2O, U.S. ships."),
        (
            "<p>A<span class='sr-only'> secret</span> ship<script>x()</script> and <del>one</del> two.</p>",
            "A ship and two.",
        ),
        ("<p>One line<br>of a verse<br/>Next line.</p>", "One line of a verse\n\nNext line."),
        (
            "<p>The ferry from the old harbour of the town sank as Bo<br>Roth of the coast guard had warned it would."
            "<br>Nobody was hurt.</p>",
            "The ferry from the old harbour of the town sank as Bo Roth of the coast guard had warned it would.\n\n"
            "Nobody was hurt.",
        ),
        (
            "<p>Bo Roth, captain of the coast guard of the old harbour<br>Ada Lund, mayor of the town</p>",
            "Bo Roth, captain of the coast guard of the old harbour\n\nAda Lund, mayor of the town",
        ),
    ],
)
def test_the_words_of_a_paragraph_are_those_that_a_reader_sees(body: str, words: str) -> None:
    assert words in "\n\n".join(text(body))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<ul><li>Bo Roth, captain<li>Ada<ul><li>her son</ul></ul>", ["Bo Roth, captain", "Ada", "her son"]),
        ("<ol><li><p>One at sea.</p><p>Two.</p></li></ol>", ["One at sea.", "Two."]),
        ("<dl><dt>Who?</dt><dd>The mayor.</dd></dl>", ["Who?", "The mayor."]),
        ("<blockquote>It is over.<p>All of it.</p>She left.</blockquote>", ["It is over.", "All of it. She left."]),
        (
            "<table><tr><th>Party</th><th>Seats</th></tr><tr><td>Greens</td><td><p>7</p></td></tr></table>",
            ["Party | Seats", "Greens | 7"],
        ),
        ("<figure class='t'><table><tr><td>Crew</td><td>9</td></tr></table></figure>", ["Crew | 9"]),
        ("<details><summary>Why now</summary><p>It rained.</p></details>", ["Why now", "It rained."]),
    ],
)
def test_lists_tables_and_boxes(body: str, found: list[str]) -> None:
    assert text(body) == found


@pytest.mark.parametrize(
    "body",
    [
        "<figure><img src='a'><figcaption>Ada Quist at sea. Photo: Bo Roth</figcaption></figure>",
        "<div class='wp-caption'><img src='a'><p class='wp-caption-text'>Ada Quist at sea</p></div>",
        "<p><strong>READ MORE: <a href='/x'>Minister slams the ferry</a></strong></p>",
        "<p>Also read – <a href='/x'>Ten storms that changed the coast</a></p>",
        "<p><a href='/x'>Minister slams the ferry once more</a></p>",
        "<div class='box'><h4>More</h4><ul><li><a href='/x'>Pier shut</a></li><li><a>Ship sold</a></li></ul></div>",
        f"<blockquote class='pullquote'>{ONE[:60]}</blockquote>",
        "<div class='newsletter'><h3>Every morning</h3><p>Sign up for our newsletter.</p></div>",
        f"<div hidden><p>{THREE}</p></div>",
        "".join(f"<div class='card'><h3><a href='/{n}'>Pier {n} shut</a></h3><p>{THREE}</p></div>" for n in "abc"),
    ],
)
def test_captions_links_and_offers_are_not_the_article(body: str) -> None:
    assert text(body) == []


def test_a_link_in_a_sentence_and_a_heading_that_links_are_the_article() -> None:
    sentence = "<a href='/x'>The report</a> says more: it was <a href='/y'>the wind and the waves</a>."
    assert text(f"<p>{sentence}</p>") == ["The report says more: it was the wind and the waves."]
    assert text(f"<h3><a href='/one'>What next</a></h3><p>{THREE}</p>") == ["What next", THREE]


@pytest.mark.parametrize(
    "body",
    [
        f"<div id='content'><h1>Ferry lost</h1>{ONE}<br>{TWO}<br><br>{THREE}</div>",
        f"<div class='story'><h1>Ferry lost</h1><div>{ONE}</div><p>{TWO}</p><div>{THREE}</div></div>",
        f"<table><tr><td><a>Home</a></td><td><b>Ferry lost</b><br><i>By Bo Roth</i><p>{ONE}<p>{TWO}<p>{THREE}</table>",
        f"<h1>Ferry lost</h1><div class='wire'><pre>{ONE}\n\n{TWO}\n\n{THREE}</pre></div>",
        f"<h1>Ferry lost</h1><p class='standfirst'>{ONE}</p><div class='article-body'><p>{TWO}</p><p>{THREE}</p></div>",
    ],
)
def test_text_that_is_not_in_paragraphs_is_read(body: str) -> None:
    assert blocks(body) == [("headline", "Ferry lost"), ("body", ONE), ("body", TWO), ("body", THREE)]


def test_entries_of_a_live_blog_have_their_times_and_headings() -> None:
    entry = "<div class='entry'><p class='block-time'><a href='#{0}'>{0}</a></p><h2>{1}</h2><p>{2}</p></div>"
    entries = "".join(
        map(entry.format, ("14:32", "13.05", "9am"), ("Crew found", "Search on", "Alarm"), (ONE, TWO, THREE))
    )
    found = blocks(f"<main><h1>Ferry lost: live</h1><div>{entries}</div></main>")
    assert found[1:7] == [
        *(("heading", "14:32"), ("heading", "Crew found"), ("body", ONE)),
        *(("heading", "13.05"), ("heading", "Search on"), ("body", TWO)),
    ]


def test_the_headline_that_is_shown_stands_once() -> None:
    head = (
        "<title>Ferry lost with all hands | The Courier</title><meta property='og:title' content='No one believed it'>"
    )
    body = f"<article><h1>Ferry lost with all hands</h1><p>By Bo Roth</p><p>{ONE}</p><p>{TWO}</p></article>"
    assert blocks(body, head) == [("headline", "Ferry lost with all hands"), ("body", ONE), ("body", TWO)]


def test_without_an_h1_the_heading_in_the_title_of_the_window_is_the_headline() -> None:
    box = f"<h3 class='title'>Crew</h3><p>{THREE}</p>"
    body = f"<div class='article-text'><h2>Ferry lost at sea</h2><p>{ONE}</p><p>{TWO}</p>{box}</div>"
    found = blocks(body, "<title>Ferry lost at sea | The Courier</title>")
    assert found[:2] == [("headline", "Ferry lost at sea"), ("body", ONE)]


def test_a_page_whose_text_is_in_its_structured_data_alone() -> None:
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{ONE} {TWO}"}}</script>'
    assert blocks("<div id='app'></div>", f"<title>Ferry lost</title>{data}")[-1] == ("body", f"{ONE} {TWO}")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "UTF-16BE", "utf-32", "utf-7"])
def test_a_page_that_wrongly_declares_a_wide_encoding(charset: str, tmp_path: Path) -> None:
    for more in ("", "x"):
        page = f"<html><head><meta charset={charset}></head><body><p>Zoë{more} left. {ONE}</p></body></html>"
        (tmp_path / "page.html").write_bytes(page.encode("cp1252"))
        assert nk.read_article(tmp_path / "page.html", language="en").text == f"Zoë{more} left. {ONE}"


def test_text_between_the_paragraphs_is_the_article_and_what_is_named_otherwise_is_not() -> None:
    callout = f"<div class='kg-card kg-callout'><div class='text'>{THREE}</div></div>"
    assert text(callout) == [THREE]
    assert text(f"<div class='sidebar-note'><div class='text'>{THREE}</div></div>") == []
    below = "<div class='support-us'><p>Will you support our journalism?</p></div>"
    page = f"<div><h1>Ferry lost</h1><div class='text'><p>{ONE}</p><p>{TWO}</p></div>{below}</div>"
    assert blocks(page)[1:] == [("body", ONE), ("body", TWO)]
    widget = "<div class='elementor-widget elementor-widget-text'><p>{}</p></div>"
    page = f"<div><h1>Ferry lost</h1>{''.join(map(widget.format, (ONE, TWO, THREE)))}</div>"
    assert blocks(page)[1:] == [("body", ONE), ("body", TWO), ("body", THREE)]


@pytest.mark.parametrize(
    "line",
    [
        "<div class='x1'>May 03, 2024</div>",
        "<ul><li><time datetime='2024-05-03'>Fri 3 May 2024 09.14 BST</time></li></ul>",
        "<p>By Bo Roth</p>",
        "<p><a href='#after'>SKIP ADVERTISEMENT</a></p>",
    ],
)
def test_lines_above_the_text_that_are_not_the_article(line: str) -> None:
    assert blocks(f"<article><h1>Ferry lost</h1>{line}<p>{ONE}</p><p>{TWO}</p></article>")[1:] == [
        ("body", ONE),
        ("body", TWO),
    ]


@pytest.mark.parametrize("name", ["class='subtitle'", "data-block='standfirst'", "class='article__summary'"])
def test_a_standfirst_is_text_whatever_its_tag(name: str) -> None:
    above = f"<h1>Ferry lost</h1><h3 {name}>Nobody knew when it would be back</h3><a href='/a'>Bo Roth</a>"
    assert blocks(f"<article>{above}<p>{ONE}</p><p>{TWO}</p></article>")[1] == (
        "body",
        "Nobody knew when it would be back",
    )


def test_a_list_of_sources_below_the_text_is_left_out() -> None:
    sources = "<h2>Sources</h2><ul><li>Bo Roth. <a href='/x'>Ferry gone</a>, May 2, 2024</li></ul>"
    assert blocks(f"<article><h1>Ferry lost</h1><p>{ONE}</p><p>{TWO}</p>{sources}</article>")[-1] == ("body", TWO)


def test_a_sentence_is_no_author_and_a_change_no_part_of_one() -> None:
    head = "<meta name='author' content='Ada Quist Updated 5:05 AM, May 4'>"
    page = f"<html><head>{head}</head><body><article><p>{ONE}</p><p>{TWO}</p></article></body></html>"
    assert nk.read_article(page, language="en").author == "Ada Quist"
    about = "<div class='author-box'><p>In a letter to us she asked.</p></div>"
    page = f"<article><h1>F</h1><p>{ONE}</p><p>{TWO}</p></article>{about}"
    assert nk.read_article(f"<html><body>{page}</body></html>", language="en").author is None
