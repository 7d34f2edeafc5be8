"""From an annotated Doc to the rows of the tables, one article at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from newskit.annotation.components import DIRECTED, Evaluation, FrameHit, Said, Tones
from newskit.annotation.parsing import make_doc, sentence_spans
from newskit.annotation.quotes.quote import innermost
from newskit.annotation.tone.target import Tone
from newskit.annotation.tone.textblob import Sentiment, label_of
from newskit.reading.article import Article, Block, Refused, detect_language
from newskit.reading.columns import ARTICLE_FIELDS

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from newskit.annotation.actors.mentions import Mention


# --- one article -------------------------------------------------------------------------------------


def annotate_article(item: Article | Refused, nlp: Language) -> dict[str, list[dict[str, Any]]]:
    """The rows of one article for each table; one that fails or is skipped has a row in articles alone."""
    fields = [value for name in ARTICLE_FIELDS if isinstance(value := getattr(item, name, None), str)]
    if any("\ud800" <= letter <= "\udfff" for value in fields for letter in value):
        reason = "it has halves of characters (surrogates), which no file can hold: read it as UTF-8"
        identity = item.article_id.encode("utf-8", "backslashreplace").decode()
        return {"articles": [dict(article_id=identity, text="", n_tokens=0, status="failed", reason=reason)]}
    if isinstance(item, Refused):
        row = dict(article_id=item.article_id, text=item.text, n_tokens=0, status="failed", reason=item.reason)
        return {"articles": [row]}
    row = {name: getattr(item, name) for name in ARTICLE_FIELDS} | {"n_tokens": 0}
    if not item.text.strip():
        return {"articles": [row | dict(status="skipped", reason="the text is empty")]}
    language = item.language or detect_language(item.text)
    row["language"] = language
    if language != "en":
        reason = f"not English but {language!r}; if it is English, set its language to 'en'"
        return {"articles": [row | dict(status="skipped", reason=reason)]}
    try:
        doc = make_doc(nlp, item.text, item.blocks)
        tables = _rows_of(item, doc)
    except Exception as error:  # one article that breaks must not cost the others
        return {"articles": [row | dict(status="failed", reason=f"{type(error).__name__}: {error}")]}
    row |= dict(n_tokens=sum(not token.is_space for token in doc), status="annotated")
    return {"articles": [row], **tables}


def _rows_of(article: Article, doc: Doc) -> dict[str, list[dict[str, Any]]]:
    mentions: Sequence[Mention] = doc._.newskit_mentions
    said: Sequence[Said] = doc._.newskit_quotes
    tones: Tones = doc._.newskit_tone
    moods = tones.sentences
    hits: Sequence[FrameHit] = doc._.newskit_frames
    directed: dict[int, list[Evaluation]] = {}
    for evaluation in doc.user_data.get(DIRECTED, ()):
        directed.setdefault(evaluation.target, []).append(evaluation)
    sentences = sentence_spans(doc)
    sentence_at = {i: n for n, s in enumerate(sentences) for i in range(s.start_char, s.end_char)}
    spans = [*((m.start, m.end) for m in mentions), *((h.hit.start, h.hit.end) for h in hits)]
    around = innermost([s.quote for s in said], spans)
    in_mentions, in_hits = around[: len(mentions)], around[len(mentions) :]

    def place(start: int, end: int) -> dict[str, Any]:
        return dict(
            article_id=article.article_id,
            sentence_id=sentence_at.get(start, 0),
            start=start,
            end=end,
            text=article.text[start:end],
        )

    block_at = {i: block for block in article.blocks for i in range(block.start, block.end)}
    nowhere = Block(0, 0)
    rows: dict[str, list[dict[str, Any]]] = {}
    rows["sentences"] = [
        place(span.start_char, span.end_char)
        | dict(
            part=block_at.get(span.start_char, nowhere).part,
            section=block_at.get(span.start_char, nowhere).section,
            polarity=mood.polarity,
            subjectivity=mood.subjectivity,
        )
        for span, mood in zip(sentences, moods, strict=True)
    ]
    rows["mentions"] = [
        place(m.start, m.end)
        | dict(
            mention_id=n,
            entity_id=m.entity,
            kind=m.kind,
            name=m.name or None,
            name_type=m.type if m.name else None,
            gender=m.gender or None,
            ner_label=m.ner_label,
            rule=m.rule,
        )
        for n, m in enumerate(mentions)
    ]
    rows["quotes"] = [
        place(s.quote.start, s.quote.end)
        | dict(
            quote_id=n,
            kind=s.quote.kind,
            content_start=s.quote.content_start,
            content_end=s.quote.content_end,
            cue=s.quote.cue,
            source_start=s.quote.source_start,
            source_end=s.quote.source_end,
            speaker_mention_id=s.speaker,
            flag=s.quote.flag,
        )
        for n, s in enumerate(said)
    ]
    rows["stances"] = [
        place(m.start, m.end) | dict(mention_id=n, quote_id=in_mentions[n]) | stance
        for n, m in enumerate(mentions)
        if m.is_target
        for stance in _stances(tones.mentions[n], moods[sentence_at[m.start]], directed.get(n, ()))
    ]
    rows["frames"] = [
        place(h.hit.start, h.hit.end)
        | dict(
            codebook=h.codebook.name,
            codebook_version=h.codebook.version,
            frame=h.hit.frame,
            method="lexicon",
            quote_id=quote_id,
        )
        for h, quote_id in zip(hits, in_hits, strict=True)
    ]
    return rows


def _stances(tone: Tone | None, mood: Sentiment, directed: Sequence[Evaluation]) -> Iterator[dict[str, Any]]:
    """The stance toward one mention by each method: the model's, TextBlob's of the sentence as the baseline, and those
    of the actors in the sentence who evaluate it."""
    if tone is not None:
        yield dict(method="model", label=tone.label, **_scores(tone))
    yield dict(method="textblob", label=label_of(mood.polarity), score=mood.polarity)
    for source, _, of_source in directed:
        label = "positive" if of_source.score > 0 else "negative"
        yield dict(method="directed", source_mention_id=source, label=label, **_scores(of_source))


def _scores(tone: Tone) -> dict[str, float]:
    return {"score": tone.score, **{f"p_{label}": chance for label, chance in tone._asdict().items()}}
