"""What the tests of actors share: mentions of short texts, and of Docs built by hand."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

import newskit as nk
from newskit.annotation.actors.mentions import Mention, find_mentions
from newskit.reading.article import find_blocks


def build(
    nlp: Language,
    words: str,
    *,
    heads: list[int],
    deps: list[str],
    pos: list[str],
    lemmas: list[str] | None = None,
    ents: list[tuple[int, int, str]] = (),  # type: ignore[assignment]
) -> list[Mention]:
    """Mentions of a Doc built by hand: words, parse and entities as given."""
    split = words.split()
    doc = Doc(nlp.vocab, words=split, heads=heads, deps=deps, pos=pos, lemmas=lemmas or [w.lower() for w in split])
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    return find_mentions(doc, find_blocks(doc.text), nk.load_actors())


def read(nlp: Language, text: str) -> dict[str, str]:
    """Actor of each mention of a text, by its words; "" for none; of several, the last."""
    mentions = nk.annotate(nk.Article(article_id="x", text=text), nlp=nlp).mentions
    return dict(zip(mentions["text"], mentions["actor_id"].fillna(""), strict=True))


def mentions_of(nlp: Language, text: str) -> list[Mention]:
    """The mentions of a text: of the pipeline, only what comes before them runs."""
    doc = nlp.make_doc(text)
    for name, component in nlp.pipeline:
        doc = component(doc)
        if name == "newskit_mentions":
            break
    mentions: list[Mention] = doc._.newskit_mentions
    return mentions


def who_is(nlp: Language, text: str) -> list[tuple[str, str]]:
    """The words of each mention of a text and the name it stands for; "" if unresolved."""
    return [(text[mention.start : mention.end], mention.name) for mention in mentions_of(nlp, text)]
