"""The article view: all text is there once, escaped, and the marks are where the tables say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import newskit as nk
from newskit.output.article_view import ArticleView, _Cast, _mark, _Span
from newskit.schema import ACTING, make_table


@dataclass
class Mark:
    """An element: its class, its title and the article's text inside it."""

    kind: str
    title: str
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Read a view: paragraphs of visible text, marks, tags; fails on elements that do not nest."""

    paragraphs: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    legend: str = ""
    elements: set[str] = field(default_factory=set)
    open: list[tuple[str, Mark]] = field(default_factory=list)
    rawdata: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        mark = Mark(values.get("class", ""), values.get("title", ""))
        self.elements.add(tag)
        self.open.append((tag, mark))
        if tag == "p":
            self.paragraphs.append("")
        elif mark.kind == "nk-tag":
            self.notes.append("")
        elif tag == "span" and not self._inside("nk-legend"):
            self.marks.append(mark)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self._inside("nk-legend"):
            self.legend += data
        elif self._inside("nk-tag"):
            self.notes[-1] += data
        elif any(tag == "p" for tag, _ in self.open):
            self.paragraphs[-1] += data
            for _, mark in self.open:
                mark.text += data

    def _inside(self, kind: str) -> bool:
        return any(mark.kind == kind for _, mark in self.open)


def read(view: ArticleView) -> Page:
    page = Page()
    page.feed(view.html)
    page.close()
    assert page.open == []
    return page


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def seed(corpus: nk.Corpus) -> Page:
    return read(nk.show_article(corpus))


def test_the_text_is_there_once_and_in_order(seed: Page, article: nk.Article) -> None:
    assert seed.paragraphs == lines(article.text)
    assert seed.elements == {"style", "div", "p", "span"}


def test_every_mention_is_a_mark_with_its_rule(seed: Page, corpus: nk.Corpus) -> None:
    names = corpus.actors.set_index("actor_id")["label"]
    mentions = corpus.mentions[corpus.mentions["kind"].isin(ACTING)]
    expected = [(row["text"], f"{names[row['actor_id']]}: {row['rule']}") for row in mentions.to_dict("records")]
    marked = [(mark.text, mark.title) for mark in seed.marks if mark.kind == "nk-actor"]
    assert sorted(marked) == sorted(expected)


def test_every_quotation_and_frame_is_marked(seed: Page, corpus: nk.Corpus, article: nk.Article) -> None:
    said = [article.text[row["content_start"] : row["content_end"]] for row in corpus.quotes.to_dict("records")]
    assert len(said) > 10
    voices = [mark.text for mark in seed.marks if mark.kind == "nk-voice"]
    assert sorted("".join(text.split()) for text in voices) == sorted("".join(text.split()) for text in said)
    framed = set(zip(corpus.frames["start"], corpus.frames["end"], strict=True))
    frames = [mark.text for mark in seed.marks if mark.kind == "nk-frame"]
    assert sorted(frames) == sorted(article.text[a:b] for a, b in framed)


def test_speakers_stand_behind_their_words(seed: Page) -> None:
    assert "Dmitry Peskov" in seed.notes
    assert "unnamed: officials" in seed.notes
    titles = {mark.title for mark in seed.marks if mark.kind == "nk-voice"}
    assert "unnamed: officials (According to)" in titles


def test_every_speaker_is_marked(seed: Page, corpus: nk.Corpus, article: nk.Article) -> None:
    named = corpus.quotes.dropna(subset="source_start")
    spans = set(zip(named["source_start"], named["source_end"], strict=True))
    sources = [mark for mark in seed.marks if mark.kind == "nk-source"]
    assert sorted(mark.text for mark in sources) == sorted(article.text[a:b] for a, b in spans)
    assert "speaker: Dmitry Peskov" in {mark.title for mark in sources}


def test_headings_are_headings(corpus: nk.Corpus) -> None:
    html = nk.show_article(corpus).html
    assert html.count('<p class="nk-headline">') == 1
    assert html.count('<p class="nk-heading">') == 4


def test_the_legend_counts_the_mentions(seed: Page, corpus: nk.Corpus) -> None:
    acting = corpus.mentions[corpus.mentions["kind"].isin(ACTING)]
    labels = dict(zip(corpus.actors["actor_id"], corpus.actors["label"], strict=True))
    for actor, n in acting["actor_id"].value_counts().items():
        assert f"{labels[str(actor)]} {n}" in seed.legend
    assert "Budapest" not in seed.legend, "only a place"


@pytest.mark.parametrize(
    ("layers", "kinds"),
    [
        (["actors"], {"nk-actor"}),
        (["voices"], {"nk-voice", "nk-source"}),
        (["frames"], {"nk-frame"}),
        (["frames", "actors"], {"nk-frame", "nk-actor"}),
        ([], set()),
    ],
)
def test_layers_are_chosen(corpus: nk.Corpus, article: nk.Article, layers: list[str], kinds: set[str]) -> None:
    page = read(nk.show_article(corpus, layers=layers))
    assert {mark.kind for mark in page.marks} == kinds
    assert page.paragraphs == lines(article.text)
    assert bool(page.legend.strip()) == bool(layers)


def test_a_codebook_is_chosen(corpus: nk.Corpus, small: nk.Corpus) -> None:
    one = corpus.frames[corpus.frames["codebook"] == "news_frames"]
    page = read(nk.show_article(corpus, codebook="news_frames"))
    assert sorted(mark.text for mark in page.marks if mark.kind == "nk-frame") == sorted(one["text"])
    with pytest.raises(ValueError, match="not coded with a codebook named 'mine'"):
        nk.show_article(corpus, codebook="mine")
    assert "missile_debate" not in set(small.frames["codebook"])
    none = read(nk.show_article(small, "a1", codebook="missile_debate"))
    assert "nk-frame" not in {mark.kind for mark in none.marks}, "coded with it, and found nothing"


def test_what_show_article_refuses(corpus: nk.Corpus, small: nk.Corpus, nlp: Language) -> None:
    with pytest.raises(ValueError, match="unknown layer 'colour'; the layers are actors, voices, frames"):
        nk.show_article(corpus, layers=["actors", "colour"])
    with pytest.raises(ValueError, match="no article 'gone' in the corpus; it has 'a0'"):
        nk.show_article(small, "gone")
    with pytest.raises(ValueError, match="the corpus has 6 articles; say which one"):
        nk.show_article(small)
    with pytest.raises(ValueError, match="the corpus has 0 articles"):
        nk.show_article(nk.annotate([], nlp=nlp))


def test_one_of_several_articles(small: nk.Corpus) -> None:
    page = read(nk.show_article(small, "a1"))
    mentions = small.mentions[small.mentions["kind"].isin(ACTING)]
    assert page.paragraphs == lines(small.articles["text"][1])
    assert sum(mark.kind == "nk-actor" for mark in page.marks) == len(mentions[mentions["article_id"] == "a1"])
    assert "Anna Novak 2" in page.legend, "the legend counts this article's mentions"


def test_everything_is_escaped(nlp: Language, corpus: nk.Corpus) -> None:
    text = (
        'Moscow <script>alert("x")</script> & Kyiv.\n'
        '<b>Officials</b> said Russia\'s "plan" &amp; that of Anna Novak had failed.'
    )
    hostile = nk.annotate(nk.Article(article_id="<i>", text=text, language="en"), nlp=nlp)
    page = read(nk.show_article(hostile))
    assert page.elements == {"style", "div", "p", "span"}
    assert page.paragraphs == lines(text)
    label = "\"><img src=x onerror='y'>&lt;"
    named = read(nk.show_article(corpus.with_tables(actors=corpus.actors.assign(label=label))))
    assert named.elements == {"style", "div", "p", "span"}
    assert label in named.notes
    assert {mark.title.startswith(label + ": ") for mark in named.marks if mark.kind == "nk-actor"} == {True}
    assert f"{label} 15" in named.legend


def test_marks_that_cross(small: nk.Corpus) -> None:
    text = small.articles["text"][0]
    start, end = text.index("Novak"), text.index("Novak") + len("Novak said")
    hit = dict(article_id="a0", sentence_id=1, start=start, end=end, text=text[start:end], codebook="x", frame="f<g")
    page = read(nk.show_article(small.with_tables(frames=make_table("frames", [hit])), "a0"))
    assert page.paragraphs == [text]
    assert "".join(mark.text for mark in page.marks if mark.kind == "nk-frame") == "Novak said"
    assert page.notes.count("f<g") == 1
    assert [mark.text for mark in page.marks if "Anna Novak: full name" in mark.title] in (
        ["Anna ", "Novak"],
        ["Anna Novak"],
    )


@given(
    st.text(alphabet="ab<&\"' ", min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(-3, 14), st.integers(1, 9), st.integers(0, 2)), max_size=6),
)
def test_any_marks_over_any_text(text: str, places: list[tuple[int, int, int]]) -> None:
    """Each character stands inside just the marks that cover it; each mark that ends here is tagged once."""
    spans = [
        _Span(a, a + n, f'<span class="x" title="{i}">', f'<span class="nk-tag">{i}</span>', rank)
        for i, (a, n, rank) in enumerate(places)
    ]
    page = Page()
    page.feed(f"<p>{_mark(text, 0, len(text), spans)}</p>")
    page.close()
    assert page.open == []
    assert page.paragraphs == [text]
    for i, span in enumerate(spans):
        inside = "".join(mark.text for mark in page.marks if mark.title == str(i))
        assert inside == text[max(0, span.start) : max(0, span.end)]
        ends_here = span.start < len(text) and 0 < span.end <= len(text)
        assert page.notes.count(str(i)) == ends_here


def test_a_mark_over_two_paragraphs_is_in_both(small: nk.Corpus, nlp: Language) -> None:
    text = "Officials met in Geneva.\n\nOthers stayed at home all day."
    plain = nk.annotate(nk.Article(article_id="x", text=text, language="en"), nlp=nlp)
    hit = dict(article_id="x", sentence_id=0, start=10, end=32, text=text[10:32], codebook="x", frame="f")
    page = read(nk.show_article(plain.with_tables(frames=make_table("frames", [hit])), layers=["frames"]))
    assert page.paragraphs == lines(text)
    assert [mark.text for mark in page.marks] == ["met in Geneva.", "Others"]
    assert page.notes == ["f"]


def test_actors_have_hues_of_their_own(corpus: nk.Corpus) -> None:
    """An actor has one mark wherever it is, and no two share one."""
    marks = re.findall(r'class="nk-actor" style="([^"]*)" title="([^:]+):', nk.show_article(corpus).html)
    styles: dict[str, set[str]] = {}
    for style, name in marks:
        styles.setdefault(name, set()).add(style)
    assert all(len(found) == 1 for found in styles.values())
    shown = [style for (style,) in styles.values()]
    assert len(set(shown)) == len(shown) >= 12


def test_no_two_actors_share_a_mark_when_there_are_more_than_hues() -> None:
    ids = [f"a{n}" for n in range(40)]
    cast = _Cast.of(pd.DataFrame({"actor_id": ids, "label": ids}), ids)
    assert len({cast.tint(actor) for actor in ids}) == 40


def test_a_notebook_shows_the_html(corpus: nk.Corpus) -> None:
    view = nk.show_article(corpus)
    assert view._repr_html_() == view.html
    assert repr(view) == f"ArticleView({len(view.html)} characters of HTML; displayed by a notebook)"
    assert view.html == nk.show_article(corpus, "trump-putin-budapest").html


@pytest.mark.parametrize("text", ["It rained all day, and nothing happened at all.", "Es regnete den ganzen Tag.", ""])
def test_an_article_without_annotations(nlp: Language, text: str) -> None:
    plain = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp)
    assert plain.mentions.empty
    page = read(nk.show_article(plain))
    assert page.paragraphs == lines(text)
    assert page.marks == []


def test_an_article_that_came_without_text(nlp: Language) -> None:
    failed = nk.annotate(pd.DataFrame({"article_id": ["x"], "text": [None]}), nlp=nlp)
    assert failed.articles["status"].tolist() == ["failed"]
    assert read(nk.show_article(failed)).paragraphs == []
