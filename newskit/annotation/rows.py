"""From an annotated Doc to the rows of the tables, one article at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newskit.annotation.components import Evaluation, FrameHit, Said, Tones
from newskit.annotation.limits import NO_MORE, Limits, OutOfTimeError, time_limit
from newskit.annotation.parsing import make_doc, sentence_spans
from newskit.annotation.quotes.quote import innermost, mostly_inside
from newskit.annotation.tone.directed import DIRECTED
from newskit.annotation.tone.target import Reading, Tone
from newskit.annotation.tone.textblob import Sentiment, label_of
from newskit.reading.article import Article, Block, Refused, detect_language
from newskit.reading.boilerplate import mark_boilerplate
from newskit.reading.columns import ARTICLE_FIELDS
from newskit.reading.foreign import mark_foreign
from newskit.resources.shown import storable
from newskit.schema import LEFT_OUT, SAYING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from newskit.annotation.actors.mentions import Mention


Row = dict[str, Any]


def annotate_article(item: Article | Refused, nlp: Language, limits: Limits = NO_MORE) -> dict[str, list[Row]]:
    """Annotate one article: its rows for each table. One that fails or is skipped has a row in `articles` only."""
    fields = [value for name in ARTICLE_FIELDS if isinstance(value := getattr(item, name, None), str)]
    if any("\ud800" <= letter <= "\udfff" for value in fields for letter in value):
        reason = "it contains unpaired surrogates (halves of characters), which no file can store: read it as UTF-8"
        return {
            "articles": [
                dict(article_id=storable(item.article_id), text="", n_tokens=0, status="failed", reason=reason)
            ]
        }
    if isinstance(item, Refused):
        row = dict(article_id=item.article_id, text=item.text, n_tokens=0, status="failed", reason=item.reason)
        return {"articles": [row]}
    row = {name: getattr(item, name) for name in ARTICLE_FIELDS} | {"n_tokens": 0}
    if (why := limits.too_long(item.text)) is not None:
        return {"articles": [row | dict(status="failed", reason=why)]}
    if not item.text.strip():
        return {"articles": [row | dict(status="skipped", reason="the text is empty")]}
    language = item.language or detect_language(item.text)
    row["language"] = language
    if language != "en":
        reason = f"not English but {language!r}; if it is English, set its language to 'en'"
        return {"articles": [row | dict(status="skipped", reason=reason)]}
    try:
        with time_limit(limits.seconds):
            marked = mark_boilerplate(item.text, item.blocks, outlet=item.outlet, author=item.author)
            item = replace(item, blocks=mark_foreign(item.text, marked))
            doc = make_doc(nlp, item.text, item.blocks)
            tables = ArticleRows(item, doc).tables()
    except OutOfTimeError:
        return {"articles": [row | dict(status="failed", reason=limits.too_slow())]}
    except Exception as error:  # one article that breaks must not cost the others
        return {"articles": [row | dict(status="failed", reason=f"{type(error).__name__}: {error}")]}
    row |= dict(n_tokens=sum(not token.is_space for token in doc), status="annotated")
    return {"articles": [row], **tables}


class ArticleRows:
    """The rows of one annotated article, a method for each table."""

    def __init__(self, article: Article, doc: Doc) -> None:
        self.article, self.spans, self.view = article, sentence_spans(doc), doc._.newskit_view
        self.found_mentions: Sequence[Mention] = doc._.newskit_mentions
        self.said: Sequence[Said] = doc._.newskit_quotes
        self.tones: Tones = doc._.newskit_tone
        self.hits: Sequence[FrameHit] = doc._.newskit_frames
        self.evaluations: dict[int, list[Evaluation]] = {}
        for evaluation in doc.user_data.get(DIRECTED, ()):
            self.evaluations.setdefault(evaluation.target, []).append(evaluation)
        self.found_sentences = self._numbered_sentences()
        self.sentence_at = {
            i: number
            for number, (_, _, found) in enumerate(self.found_sentences)
            if found is not None
            for i in range(self.spans[found].start_char, self.spans[found].end_char)
        }
        self.block_at = {i: b for b in article.blocks if b.part not in LEFT_OUT for i in range(b.start, b.end)}

    def _numbered_sentences(self) -> list[tuple[int, int, int | None]]:
        """The places in the text of the sentences, and of what is not annotated between them (None), in order."""
        found = [(*self.view.span(s.start_char, s.end_char), n) for n, s in enumerate(self.spans)]
        inside = {i for start, end, _ in found for i in range(start, end)}
        other = [b for b in self.article.blocks if b.part in LEFT_OUT and b.start not in inside]
        return sorted([*found, *((b.start, b.end, None) for b in other)], key=lambda row: row[:2])

    def tables(self) -> dict[str, list[Row]]:
        """The rows by table."""
        said = [s.quote for s in self.said]
        spans = [*((m.start, m.end) for m in self.found_mentions), *((h.hit.start, h.hit.end) for h in self.hits)]
        around = innermost(said, spans)
        n = len(self.found_mentions)
        if any(h.score is not None for h in self.hits):  # whole sentences
            contents = [(q.content_start, q.content_end, i) for i, q in enumerate(said) if q.act in SAYING]
            around[n:] = mostly_inside(contents, spans[n:])
        return {
            "sentences": list(self.sentences()),
            "mentions": list(self.mentions()),
            "quotes": list(self.quotes()),
            "stances": list(self.stances(around[:n])),
            "frames": list(self.frames(around[n:])),
        }

    def place(self, start: int, end: int) -> Row:
        """The columns that say where in the text a row is that was found at a place in the view."""
        return self._row(self.sentence_at.get(start, 0), *self.view.span(start, end))

    def _row(self, sentence: int, start: int, end: int) -> Row:
        article = self.article
        return dict(
            article_id=article.article_id, sentence_id=sentence, start=start, end=end, text=article.text[start:end]
        )

    def sentences(self) -> Iterator[Row]:
        """A row for each sentence, and for what is not annotated between them."""
        apart = {(b.start, b.end): b.part for b in self.article.blocks if b.part in LEFT_OUT}
        for number, (start, end, found) in enumerate(self.found_sentences):
            row = self._row(number, start, end)
            if found is None:
                yield row | dict(part=apart[start, end])
                continue
            block, mood = self.block_at.get(start, Block(0, 0)), self.tones.sentences[found]
            yield row | dict(
                part=block.part, section=block.section, polarity=mood.polarity, subjectivity=mood.subjectivity
            )

    def mentions(self) -> Iterator[Row]:
        """A row for each mention."""
        for n, m in enumerate(self.found_mentions):
            yield self.place(m.start, m.end) | dict(
                mention_id=n,
                entity_id=m.entity,
                kind=m.kind,
                name=m.name or None,
                name_type=m.type if m.name else None,
                gender=m.gender or None,
                ner_label=m.ner_label,
                rule=m.rule,
            )

    def quotes(self) -> Iterator[Row]:
        """A row for each quotation."""
        for n, (said, quote) in enumerate((s, s.quote) for s in self.said):
            yield self.place(quote.start, quote.end) | dict(
                quote_id=n,
                act=quote.act,
                kind=quote.kind,
                **self._place_of("content", quote.content_start, quote.content_end),
                cue=quote.cue,
                **self._place_of("source", quote.source_start, quote.source_end),
                speaker_mention_id=said.speaker,
                speaks_for_mention_id=said.speaks_for,
                sourcing=said.source.sourcing,
                source_kind=said.source.kind,
                flag=quote.flag,
            )

    def _place_of(self, what: str, start: int | None, end: int | None) -> Row:
        place = (None, None) if start is None or end is None else self.view.span(start, end)
        return {f"{what}_start": place[0], f"{what}_end": place[1]}

    def stances(self, quoted_in: Sequence[int | None]) -> Iterator[Row]:
        """A row for each target by each method; `quoted_in` has the quotation around each mention."""
        for n, (m, read, quote_id) in enumerate(zip(self.found_mentions, self.tones.mentions, quoted_in, strict=True)):
            if m.is_target:
                mood = self.tones.sentences[self.found_sentences[self.sentence_at[m.start]][2] or 0]
                for stance in _stances(read, mood, self.evaluations.get(n, ())):
                    yield self.place(m.start, m.end) | dict(mention_id=n, quote_id=quote_id) | stance

    def frames(self, quoted_in: Sequence[int | None]) -> Iterator[Row]:
        """A row for each hit of a codebook; `quoted_in` has the quotation around each hit."""
        for found, quote_id in zip(self.hits, quoted_in, strict=True):
            yield self.place(found.hit.start, found.hit.end) | dict(
                codebook=found.codebook.name,
                codebook_version=found.codebook.version,
                frame=found.hit.frame,
                method=found.method,
                score=found.score,
                quote_id=quote_id,
            )


def _stances(read: Reading | None, mood: Sentiment, directed: Sequence[Evaluation]) -> Iterator[Row]:
    """The stance toward one mention by each method.

    The model's, TextBlob's of the sentence as the baseline, and those of the actors in the sentence who evaluate it.
    """
    if read is not None:
        yield dict(method="model", label=read.label, fate=read.fate, speaks=read.speaks, **_scores(read.tone))
    yield dict(method="textblob", label=label_of(mood.polarity), score=mood.polarity)
    for source, _, of_source in directed:
        label = "positive" if of_source.score > 0 else "negative"
        yield dict(method="directed", source_mention_id=source, label=label, **_scores(of_source))


def _scores(tone: Tone) -> dict[str, float]:
    return {"score": tone.score, **{f"p_{label}": chance for label, chance in tone._asdict().items()}}
