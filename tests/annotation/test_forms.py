"""The same article in many forms: wrapped, with other spaces and marks, with garbled letters."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Any

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.frames.codebook import Frame
from newskit.reading.view import view_of
from tests.conftest import check_offsets


def _marked(opening: str, closing: str) -> Any:
    return lambda text: text.replace("“", opening).replace("”", closing)


def _wrapped(text: str, gap: str, end: str = "\n") -> str:
    return gap.join(textwrap.fill(line, 78).replace("\n", end) for line in text.split("\n") if line)


FORMS: dict[str, Any] = {
    "plain": str,
    "wrapped": lambda text: _wrapped(text, "\n\n"),
    "wrapped, CR LF": lambda text: _wrapped(text, "\r\n\r\n", "\r\n"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "two spaces": lambda text: text.replace(" ", "  "),
    "soft hyphens": lambda text: re.sub(r"(\w{3})(?=\w{3})", "\\1\u00ad", text),
    "no-break hyphens, ligatures": lambda text: text.replace("-", "\u2011").replace("fi", "\ufb01"),
    "combining marks": lambda text: unicodedata.normalize("NFD", text),
    "mojibake": lambda text: text.encode().decode("cp1252", "ignore"),
    "plain marks": _marked('"', '"'),
    "apostrophes": _marked("''", "''"),
    "grave accents": _marked("``", "''"),
    "single": _marked("‘", "’"),
    "single, straight": lambda text: _marked("'", "'")(text).replace("’", "'"),
    "guillemets": _marked("« ", " »"),
    "German": _marked("„", "“"),
}


@pytest.fixture(scope="module")
def forms(nlp: Language, article: nk.Article) -> nk.Corpus:
    return nk.annotate([nk.Article(name, form(article.text)) for name, form in FORMS.items()], nlp=nlp, progress=False)


def _found(corpus: nk.Corpus, name: str) -> list[Any]:
    """What was found in a form of the article, as it reads in the view and without its marks."""

    def words(text: Any) -> str:
        return " ".join(re.findall(r"\w+", view_of(text).text))

    text = corpus.articles.set_index("article_id")["text"][name]
    tables = [corpus.mentions, corpus.quotes, corpus.frames]
    mentions, quotes, frames = (table[table["article_id"] == name] for table in tables)
    said = [
        (kind, words(text[start:end]), cue, None if pd.isna(speaker) else speaker)
        for kind, start, end, cue, speaker in quotes[
            ["kind", "content_start", "content_end", "cue", "speaker_id"]
        ].itertuples(index=False)
    ]
    return [
        [(words(row.text), row.kind, str(row.actor_id), row.sentence_id) for row in mentions.itertuples()],
        said,
        [(row.codebook, row.frame, words(row.text), row.sentence_id) for row in frames.itertuples()],
    ]


@pytest.mark.parametrize("name", [name for name in FORMS if name != "plain"])
def test_an_article_in_another_form_is_the_same_article(forms: nk.Corpus, name: str) -> None:
    assert _found(forms, name) == _found(forms, "plain")


def test_rows_point_into_the_unchanged_text(forms: nk.Corpus, article: nk.Article) -> None:
    check_offsets(forms)
    texts = forms.articles.set_index("article_id")["text"]
    assert all(texts[name] == form(article.text) for name, form in FORMS.items())
    again = forms.recode(["news_frames", "missile_debate"])
    order = ["article_id", "start", "end", "codebook", "frame"]
    both = [one.frames[order].sort_values(order, ignore_index=True) for one in (forms, again)]
    pd.testing.assert_frame_equal(both[0], both[1])
    rows = nk.concordance(forms, "long-range missiles")
    assert len(rows) == len(FORMS)
    assert len(nk.keyness(texts[:1], reference=texts[1:6], min_count=1)) > 100


def test_a_doc_of_its_own_is_that_of_the_view(nlp: Language) -> None:
    doc = nlp("Saudi\u00a0Arabia spoke.\nThe United  States’ envoy left Ger\u00admany.")
    assert doc.text == "Saudi Arabia spoke.\nThe United States’ envoy left Germany."
    view = doc._.newskit_view
    names = [(m.start, m.end) for m in doc._.newskit_mentions if m.kind == "name"]
    assert [view.span(*name) for name in names][:2] == [(0, 12), (24, 38)]


def test_terms_and_words_in_another_form() -> None:
    book = nk.Codebook("b", "1.0.0", "en", "", "", (Frame("f", "", "", include=("cease-fire", "don’t know")),))
    texts = ["A cease\u2011fire.", "We don't know.", "We don’t know.", "Hold the cease\u00ad-fire."]
    assert nk.code_frames(texts, book) == [{"f"}] * 4
    table = nk.keyness(
        ["I don’t know. It failed.Bonn wept.", "The U.S. left."], reference=["I don't know."], min_count=1
    )
    counts = table.set_index("term")[["n_focus", "n_reference"]].T.to_dict("list")
    assert counts["don't"] == [1, 1]
    assert {"failed", "bonn", "u.s"} <= set(counts)
