"""Who supports and who opposes an issue: positions with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.frames.holders import Clause
from newskit.annotation.frames.issues import Issue, IssueMatcher, IssueReading, load_issue
from newskit.resources.language import tagger
from newskit.schema import ACTING, OUTLET, SAYING, UNNAMED, UNRESOLVED, AnyCorpus, result_table, returns_columns

if TYPE_CHECKING:
    from spacy.tokens import Doc


_TableRow = Mapping[Any, Any]
"""A row of a table of the corpus, by column."""
REACH: Final = 3
"""Number of sentences after one on the issue in which "the move" can still refer to it."""


@returns_columns("positions")
def positions(corpus: AnyCorpus, issue: str | Path | Issue) -> pd.DataFrame:
    """Find who supports, opposes, sets conditions for or wavers on an issue.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    issue : Issue, str or Path
        An issue, the name of one that ships with newskit, or the path of a TOML file; see `load_issue`.

    Returns
    -------
    DataFrame
        One row per position, in the order of the text, with the columns

        {columns}

    Raises
    ------
    newskit.errors.IssueError
        A `ValueError`: for an unknown issue or a file with a mistake.

    Notes
    -----
    A sentence counts if it speaks of the issue and has a term of a position. An act ("urged … to approve") near the
    words that name the issue is held by its subject. A claim ("provocative") is held by the speaker of the quotation
    around it, or by the subject of a verb of judging before it ("sees the move as"). Positions of actors unknown to the
    corpus are left out, and so are mere possibilities. An actor has a position once per sentence. The method goes by
    words, so irony and new wording are missed.

    Examples
    --------
    >>> positions(corpus, "missile_transfer")  # doctest: +SKIP
    """
    loaded = issue if isinstance(issue, Issue) else load_issue(issue)
    matcher = IssueMatcher(loaded)
    actors = corpus.actors.set_index("actor_id")["label"]
    annotated = corpus.articles[corpus.articles["status"] == "annotated"]
    acting = corpus.mentions[corpus.mentions["kind"].isin(ACTING) & corpus.mentions["actor_id"].notna()]
    sentences, mentions, quotes = map(_by_article, (corpus.sentences, acting, corpus.quotes))
    rows: list[dict[str, Any]] = []
    for article_id, published in zip(annotated["article_id"], annotated["published"], strict=True):
        own = sorted(sentences.get(article_id, []), key=lambda sentence: int(sentence["start"]))
        text = _Sentences(own, mentions.get(article_id, []), quotes.get(article_id, []))
        docs = list(tagger().pipe(text.plain()))
        same = dict(issue=loaded.name, issue_version=loaded.version, article_id=article_id, published=published)
        for n, found in _on_issue(matcher, loaded, own, docs):
            rows += [dict(row, **same, actor=actors.get(row["actor_id"])) for row in text.held(n, docs[n], found)]
    return result_table("positions", rows)


def _by_article(table: pd.DataFrame) -> dict[str, list[_TableRow]]:
    """The rows of each article."""
    found: dict[str, list[_TableRow]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row["article_id"]), []).append(row)
    return found


def _on_issue(
    matcher: IssueMatcher, issue: Issue, sentences: Sequence[_TableRow], docs: Sequence[Doc]
) -> Iterator[tuple[int, IssueReading]]:
    """The sentences, by number, that speak of the issue and have cues of a position, each with what was found in it."""
    found = [matcher(doc) for doc in docs]
    if issue.context and not any(one.context for one in found):
        return
    sections = [sentence["section"] if isinstance(sentence["section"], str) else "" for sentence in sentences]
    for n, one in enumerate(found):
        before = range(max(0, n - REACH), n)
        refers = one.refer and any(found[m].topic and sections[m] == sections[n] for m in before)
        heads = sentences[n]["part"] != "body" and n + 1 < len(docs) and found[n + 1].topic
        if one.cues and (one.topic or refers or heads):
            yield n, one


class _Sentences:
    """The sentences of an article with its actors and quotations, and who holds which position in them."""

    def __init__(
        self, sentences: Sequence[_TableRow], mentions: Sequence[_TableRow], quotes: Sequence[_TableRow]
    ) -> None:
        self.sentences, self.mentions, self.quotes = sentences, mentions, quotes

    def plain(self) -> Iterator[str]:
        """The texts of the sentences; headings in lower case except for actors, so that the tagger recognises verbs."""
        for sentence in self.sentences:
            text = str(sentence["text"])
            if sentence["part"] != "body" and len(text.lower()) == len(text):
                lower = text.lower()
                for start, end in self._places(sentence):
                    lower = lower[:start] + text[start:end] + lower[end:]
                text = lower
            yield text

    def _inside(self, sentence: _TableRow) -> list[_TableRow]:
        """The mentions of actors in a sentence."""
        return [m for m in self.mentions if sentence["start"] <= m["start"] and m["end"] <= sentence["end"]]

    def _places(self, sentence: _TableRow) -> list[tuple[int, int]]:
        """Their first and last characters, counted from the start of the sentence."""
        at = int(sentence["start"])
        return [(int(m["start"]) - at, int(m["end"]) - at) for m in self._inside(sentence)]

    def held(self, number: int, doc: Doc, found: IssueReading) -> Iterator[dict[str, Any]]:
        """The positions of a sentence, each once."""
        sentence = self.sentences[number]
        at = int(sentence["start"])
        clause = Clause(doc, found, list(zip(self._places(sentence), self._inside(sentence), strict=True)))
        seen: set[tuple[str, str]] = set()
        for cue in found.cues:
            start, end = at + doc[cue.start].idx, at + doc[cue.end - 1].idx + len(doc[cue.end - 1])
            quote = self._quotation(start, end)
            spoken = None if quote is None or pd.isna(quote["speaker_id"]) else str(quote["speaker_id"])
            first = 0
            if quote is not None and quote["content_start"] > at:
                first = next((t.i for t in doc if at + t.idx >= quote["content_start"]), 0)
            for holder in clause.holders(cue, first=first, speaker=spoken):
                if (holder.actor_id, holder.position) in seen:
                    continue
                seen.add((holder.actor_id, holder.position))
                yield dict(
                    sentence_id=int(sentence["sentence_id"]),
                    start=start,
                    end=end,
                    text=str(sentence["text"])[start - at : end - at],
                    actor_id=holder.actor_id,
                    position=holder.position,
                    when=holder.when,
                    voice=self._voice(start, end),
                    term=cue.term,
                    sentence=sentence["text"],
                )

    def _voice(self, start: int, end: int) -> str:
        """Whose words the characters are in; what somebody intends is told by the outlet."""
        quote = self._quotation(start, end, acts=SAYING)
        if quote is None:
            return OUTLET
        speaker = quote["speaker_id"]
        if isinstance(speaker, str):
            return speaker
        return UNRESOLVED if quote["sourcing"] == "unresolved" else UNNAMED

    def _quotation(self, start: int, end: int, acts: Iterable[str] | None = None) -> _TableRow | None:
        """The innermost quotation whose content includes the characters, of those with one of the acts."""
        around = [
            q
            for q in self.quotes
            if q["content_start"] <= start and end <= q["content_end"] and (acts is None or q["act"] in acts)
        ]
        return min(around, key=lambda q: int(q["content_end"]) - int(q["content_start"]), default=None)
