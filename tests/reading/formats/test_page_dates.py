"""The date of a page, and what else a page says beside its text."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

import newskit as nk
from newskit.reading.formats.markup import without_markup
from newskit.reading.formats.page_dates import page_date
from tests.reading.scans import scan

BODY = (
    "<p>The ferry left Harbourton at noon with forty people, and nobody on the pier knew when it would come back.</p>"
)


@pytest.mark.parametrize(
    ("head", "above", "day"),
    [
        ("<meta name='parsely-pub-date' content='2019-04-03T23:30:00Z'>", "", "2019-04-03"),
        (
            "<meta itemprop='datePublished' content='2019-04-03'><meta name='date' content='2020-01-01'>",
            "",
            "2019-04-03",
        ),
        (
            '<script type=\'application/ld+json\'>{"@graph": [{"@type": "VideoObject", "datePublished": "2018-01-01"}, '
            '{"@type": ["NewsArticle"], "dateModified": "2020-05-05", "datePublished": "2019-04-03"}]}</script>',
            "",
            "2019-04-03",
        ),
        (
            "<script type='application/ld+json'>\n//<![CDATA[\n"
            '{"@type": "NewsArticle", "datePublished": "2019-04-03T23:50:00-08:00"}\n//]]>\n</script>',
            "",
            "2019-04-03",
        ),
        (
            "<script type='application/ld+json'><![CDATA["
            '{"@type": "NewsArticle", "datePublished": "2019-04-03", "headline": "]]>"}]]></script>',
            "",
            "2019-04-03",
        ),
        (
            "",
            "<time class='updated' datetime='2020-05-05'>May 5</time><time datetime='2019-04-03'>x</time>",
            "2019-04-03",
        ),
        ("", "<p class='byline'>By Ada Quist | April 3, 2019 9:00 AM</p>", "2019-04-03"),
        ("", "<div class='post-date'>03/04/2019</div>", None),
        (
            "<link rel='canonical' href='https://a.test/2019/04/03/f'>",
            "<div class='post-date'>03/04/2019</div>",
            "2019-04-03",
        ),
        ("", "<aside><time datetime='2018-01-01'>x</time></aside>", None),
        ("<meta property='article:modified_time' content='2020-05-05'>", "<p>On May 1, 2018, it sank.</p>", None),
        ("", "<p class='meta'>Last updated: May 5, 2020</p>", None),
        (
            "",
            "<div><span>Updated <time datetime='2020-05-05'>x</time></span><time datetime='2019-04-03'>x</time></div>",
            "2019-04-03",
        ),
        ("", "<p class='byline'>Updated: May 5, 2020 | Published: April 3, 2019</p>", "2019-04-03"),
        ("", "<p class='posted-on'>Posted on April 3, 2019 by Ada Quist</p>", "2019-04-03"),
        ("", "<abbr class='published' title='2019-04-03T09:14:00-07:00'>Wednesday</abbr>", "2019-04-03"),
        ("", "<h2 class='date-header'><span>Wednesday, April 3, 2019</span></h2>", "2019-04-03"),
        ("", "<div data-testid='published-timestamp'><span>April 3, 2019</span></div>", "2019-04-03"),
        ("", "<div class='post'><time datetime='2019-04-03'>9:00</time></div>" * 3, None),
    ],
)
def test_date_of_a_page(head: str, above: str, day: str | None) -> None:
    below = "<div class='event-date'>June 1, 2011</div><footer><span class='date'>Copyright 1 May 2009</span></footer>"
    tree = html.document_fromstring(
        f"<html><head>{head}</head><body><article>{above}{BODY}{below}</article></body></html>"
    )
    found = page_date(tree)
    assert (found and str(found.date())) == day


def test_line_breaks_and_embedded_posts_of_a_page() -> None:
    by = "&mdash; Ada Quist (@adaquist) <a href='x'>May 3</a>"
    post = f"<blockquote class='twitter-tweet'><p>The pier is shut again.</p>{by}</blockquote>"
    lines = "<p>The pier was built by Norway<br>Sweden paid for the ferry<br>and for its crew.</p>"
    page = f"<html><body><article>{BODY}{lines}{post}{BODY}</article></body></html>"
    text = nk.read_article(page).text
    assert "built by Norway\n\nSweden paid for the ferry and for its crew." in text
    assert "shut again. — Ada Quist (@adaquist) May 3" in text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>One.</p>\n<p>Two <i>words</i>.</p>", "One.\n\nTwo words."),
        ("A<br/>B<br>C", "A\nB\nC"),
        ("Post &amp; Son&#8217;s", "Post & Son’s"),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("<ul><li>One</li><li>Two</li></ul><script>x()</script>", "One\n\nTwo"),
        ("Tom &amp;amp; Ann", "Tom & Ann"),
    ],
)
def test_html_in_a_text_of_a_table(text: str, plain: str) -> None:
    assert without_markup(text) == plain


def test_html_in_a_table_is_said_in_the_report(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,title,text\n1,A &amp; B,<p>The <b>ferry</b> left.</p>\n2,C,if a < b & c\n")
    articles, _, report = scan(tmp_path / "t.csv")
    assert [(article.title, article.text) for article in articles] == [
        ("A & B", "The ferry left."),
        ("C", "if a < b & c"),
    ]
    assert report.files["note"][0] == "HTML in 1 texts was read as text"


@pytest.mark.parametrize(
    "body",
    [
        "<article><p>It fell on <time datetime='1989-11-09'>9 November 1989</time>, they said.</p></article>",
        "<article><h1>T</h1><p class='lead meta'>On 9 November 1989 the wall fell, and nobody knew why.</p></article>",
        "<div class='teaser'><time datetime='2018-01-01'>x</time></div><article><p>Text.</p></article>",
        "<article><p>Text.</p></article><div class='more-news'><time datetime='2018-01-01'>x</time></div>",
        "<article><p>Text.</p></article><div id='footer'><span class='date'>1 January 2026</span></div>",
    ],
)
def test_a_date_in_the_text_or_beside_it_is_not_that_of_the_page(body: str) -> None:
    assert page_date(html.document_fromstring(f"<html><body>{body}{BODY}</body></html>")) is None


def test_the_byline_counts_and_not_the_masthead() -> None:
    page = (
        "<div class='masthead'><span class='date'>Tuesday, December 1, 2026</span></div>"
        "<p class='byline'>By Ada Quist, May 3, 2024</p>"
    )
    found = page_date(html.document_fromstring(f"<html><body>{page}{BODY}</body></html>"))
    assert str(found)[:10] == "2024-05-03"
