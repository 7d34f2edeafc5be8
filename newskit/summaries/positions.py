"""Who supports and who opposes an issue: positions with their sentences, and the discourse network of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from newskit.annotation.frames.issues import POSITIONS, Cue, Issue, IssueMatcher, IssueReading, load_issue
from newskit.resources.language import tagger
from newskit.resources.lexicons import word_lists
from newskit.schema import ACTING, OUTLET, UNNAMED, AnyCorpus

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


_Row = Mapping[Any, Any]
"""A row of a table of the corpus, by column."""
REACH: Final = 3
"""Sentences after one on the issue in which "the move" still means it."""
_COLUMNS: Final = {
    **{"issue": "str", "issue_version": "str", "article_id": "str", "sentence_id": "int64", "start": "int64"},
    **{"end": "int64", "text": "str", "actor_id": "str", "actor": "str", "position": "str", "when": "str"},
    **{"voice": "str", "term": "str", "sentence": "str", "published": "datetime64[us]"},
}
_CHAIN: Final = frozenset({"AUX", "PART", "ADV"})
_FIRST_PERSON: Final = frozenset({"i", "we"})


def positions(corpus: AnyCorpus, issue: str | Path | Issue) -> pd.DataFrame:
    """Who supports, opposes, makes conditions or wavers on an issue, one row a position, in the order of the text.

    `issue` is an `Issue`, the name of a shipped one or the path of a TOML file, as for `load_issue`. Columns: `issue`,
    `issue_version`, `article_id`, `sentence_id`, `start`, `end`, `text` (the words that tell it), `actor_id`, `actor`
    (who holds it), `position` (support, opposition, condition, ambivalence), `when` ("earlier" if the text says that
    it was held before, else "now"), `voice` (whose words report it, as in stances), `term` (the issue's term that
    matched), `sentence` (the evidence) and `published`.

    A sentence counts that speaks of the issue and has a term of a position. An act ("urged … to approve") that stands
    near to what names the issue is held by its subject, a claim ("provocative") by the speaker of the quotation around
    it, or by the subject of the verb that judges ("sees the move as"). What nobody known to the corpus holds is left
    out, and so is what could merely happen. An actor has a position once a sentence. Words decide, so irony and new
    wording are missed.

    Raises `IssueError` (a `ValueError`) for an unknown issue or a file with a mistake.
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
        for n, found in _on_issue(matcher, loaded, own, docs):
            rows += [dict(row, article_id=article_id, published=published) for row in text.held(n, docs[n], found)]
    same = dict(issue=loaded.name, issue_version=loaded.version)
    full = [dict(row, **same, actor=actors.get(row["actor_id"])) for row in rows]
    columns = {name: pd.array([r[name] for r in full], dtype=kind) for name, kind in _COLUMNS.items()}  # type: ignore[call-overload]
    return pd.DataFrame(columns)


def _by_article(table: pd.DataFrame) -> dict[str, list[_Row]]:
    """The rows of each article."""
    found: dict[str, list[_Row]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row["article_id"]), []).append(row)
    return found


def _on_issue(
    matcher: IssueMatcher, issue: Issue, sentences: Sequence[_Row], docs: Sequence[Doc]
) -> Iterator[tuple[int, IssueReading]]:
    """The numbers of the sentences that speak of the issue and have cues, with what they say."""
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
    """The sentences of an article with its actors and quotations, and who holds what in them."""

    def __init__(self, sentences: Sequence[_Row], mentions: Sequence[_Row], quotes: Sequence[_Row]) -> None:
        self.sentences, self.mentions, self.quotes = sentences, mentions, quotes

    def plain(self) -> Iterator[str]:
        """The texts of the sentences; of headings in lower case, but for the actors, so that verbs are known."""
        for sentence in self.sentences:
            text = str(sentence["text"])
            if sentence["part"] != "body" and len(text.lower()) == len(text):
                lower = text.lower()
                for start, end in self._places(sentence):
                    lower = lower[:start] + text[start:end] + lower[end:]
                text = lower
            yield text

    def _inside(self, sentence: _Row) -> list[_Row]:
        return [m for m in self.mentions if sentence["start"] <= m["start"] and m["end"] <= sentence["end"]]

    def _places(self, sentence: _Row) -> list[tuple[int, int]]:
        at = int(sentence["start"])
        return [(int(m["start"]) - at, int(m["end"]) - at) for m in self._inside(sentence)]

    def held(self, number: int, doc: Doc, found: IssueReading) -> Iterator[dict[str, Any]]:
        """The positions of a sentence, each once."""
        sentence = self.sentences[number]
        at = int(sentence["start"])
        clause = _Clause(doc, found, list(zip(self._places(sentence), self._inside(sentence), strict=True)))
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
                    voice=OUTLET if quote is None else spoken or UNNAMED,
                    term=cue.term,
                    sentence=sentence["text"],
                )

    def _quotation(self, start: int, end: int) -> _Row | None:
        """The innermost quotation whose content holds the characters."""
        around = [q for q in self.quotes if q["content_start"] <= start and end <= q["content_end"]]
        return min(around, key=lambda q: int(q["content_end"]) - int(q["content_start"]), default=None)


@dataclass(frozen=True, slots=True)
class _Holder:
    actor_id: str
    position: str
    when: str = "now"


@dataclass(frozen=True, slots=True)
class _Subject:
    """The actors that are subject of a verb, the words between, and if there is none, whether the speaker may be it."""

    actors: tuple[str, ...]
    words: frozenset[str]
    may_speak: bool = False


class _Clause:
    """Who is the subject of a verb in a tagged sentence: told from the words between, since no table has the syntax."""

    def __init__(self, doc: Doc, found: IssueReading, actors: Sequence[tuple[tuple[int, int], _Row]]) -> None:
        self.doc, self.found = doc, found
        self.words = word_lists("positions")
        self.offices = word_lists("reporting_verbs")["offices"]
        self.actor_at: dict[int, tuple[int, int, str]] = {}
        for (start, end), mention in actors:
            tokens = [t.i for t in doc if t.idx < end and start < t.idx + len(t)]
            for i in tokens:
                self.actor_at[i] = (tokens[0], tokens[-1], str(mention["actor_id"]))

    def holders(self, cue: Cue, *, first: int, speaker: str | None) -> list[_Holder]:
        """Who holds the position of a cue, looked for from token `first` on; else the speaker may be it."""
        if cue.kind == "claim":
            return [_Holder(actor, cue.position) for actor in self._claimants(cue, first, speaker)]
        place = self.found.object_of(cue)
        if place is None and (self.found.topic or self.found.refer):
            return []
        subject = self._subject(cue.start, first)
        passive = "be" in subject.words and any(t.tag_ == "VBN" for t in self.doc[cue.start : cue.end])
        actors = self._agents(cue) or (
            () if passive else subject.actors or ([speaker] if speaker and subject.may_speak else [])
        )
        position = self._turned(cue, subject, place)
        if position is None or subject.words & self.words["possible"]:
            return []
        when = "earlier" if subject.words & self.words["earlier"] else "now"
        return [_Holder(actor, position, when) for actor in actors]

    def _turned(self, cue: Cue, subject: _Subject, place: tuple[int, int] | None) -> str | None:
        """The position of an act; the opposite if it is refused, or the issue is to be undone; None if it is denied."""
        position = cue.position
        if subject.words & (self.words["negations"] | self.words["refusing"]):
            if position != "support":
                return None
            position = "opposition"
        between = self.doc[cue.end : place[0]] if place is not None and place[0] > cue.end else ()
        if any(t.lemma_.lower() in self.words["undoing"] for t in between):
            position = {"support": "opposition", "opposition": "support"}.get(position, position)
        return position

    def _claimants(self, cue: Cue, first: int, speaker: str | None) -> Sequence[str]:
        """The subject of the last verb of judging before the claim, or the speaker."""
        if any(t.lower_ in self.words["negations"] for t in self.doc[max(first, cue.start - 3) : cue.start]):
            return []
        verbs = [t.i for t in self.doc[first : cue.start] if t.lemma_.lower() in self.words["judging"]]
        actors = self._subject(verbs[-1], first).actors if verbs else ()
        return actors or ([speaker] if speaker else [])

    def _agents(self, cue: Cue) -> tuple[str, ...]:
        """The actor after "by", of a passive."""
        after = cue.end
        if after + 1 < len(self.doc) and self.doc[after].lower_ == "by":
            for i in range(after + 1, min(after + 6, len(self.doc))):
                if i in self.actor_at:
                    return (self.actor_at[i][2],)
        return ()

    def _subject(self, verb: int, first: int) -> _Subject:
        """The subject of the verb at a token, not before token `first`."""
        between: set[str] = set()
        i, loose = verb - 1, False
        if i >= first and self.doc[i].text == "-":
            return _Subject((), frozenset())  # "Russian-backed"
        while i >= first:
            token = self.doc[i]
            if i in self.actor_at:
                start, end, _ = self.actor_at[i]
                if self._is_subject(start, end, verb):
                    return _Subject(self._joined(i, first), frozenset(between))
                i, loose = start - 1, True
            elif loose or self._links(token):
                between |= set() if loose else {token.lower_, token.lemma_.lower()}
                i -= 1
            elif token.lower_ in _FIRST_PERSON:
                return _Subject((), frozenset(between), may_speak=True)
            elif token.pos_ == "NOUN":
                return _Subject(self._office(token, first), frozenset(between))
            elif token.pos_ in {"PUNCT", "CCONJ", "SCONJ"} or token.tag_ in {"WP", "WDT", "WRB"}:
                i, loose = i - 1, True
            else:
                return _Subject((), frozenset(between))
        return _Subject((), frozenset(between), may_speak=not loose)

    def _joined(self, at: int, first: int) -> tuple[str, ...]:
        """The actor at a token, and those joined to it before: "Hungary and Slovakia", "Poland, Latvia and Norway"."""
        found: list[str] = []
        while at in self.actor_at:
            start, _, actor = self.actor_at[at]
            found.append(actor)
            at = start - 1
            joints = set()
            while at >= first and self.doc[at].lower_ in {"and", ",", "or"}:
                joints.add(self.doc[at].lower_)
                at -= 1
            if not joints or (len(found) == 1 and joints == {","}):
                break
        return tuple(reversed(found))

    def _links(self, token: Token) -> bool:
        """Whether a token can stand between a subject and its verb: "is expected to", "will again", "has vowed to"."""
        if token.pos_ in _CHAIN:
            return True
        after = self.doc[token.i + 1].lower_ if token.i + 1 < len(self.doc) else ""
        return token.pos_ in {"VERB", "ADJ"} and after in {"to", "not", "n't"}

    def _is_subject(self, start: int, end: int, verb: int) -> bool:
        """Whether the actor at tokens can be a subject: no attribute ("the U.S. sale"), object or part of a phrase."""
        doc = self.doc
        after = doc[end + 1] if end + 1 < len(doc) else None
        if end + 1 == verb:
            return True
        if after is not None and (after.lower_ in {"'s", "’s", "'", "’"} or after.pos_ in {"NOUN", "PROPN", "ADJ"}):
            return False
        if doc[start].tag_ == "PRP$":
            return False
        before = start - 1
        while before >= 0 and doc[before].pos_ in {"DET", "ADJ", "PROPN", "NOUN"} and before not in self.actor_at:
            before -= 1
        if before < 0:
            return True
        if doc[before].pos_ == "ADP":
            return False
        return not (doc[before].pos_ == "VERB" and after is not None and after.lower_ in {"to", "not"})

    def _office(self, token: Token, first: int) -> tuple[str, ...]:
        """The actor for whom a noun of office speaks: "Russian officials"."""
        noun = token.lower_
        if not {noun, noun.removesuffix("s")} & self.offices:
            return ()
        near = [self.actor_at[i] for i in range(max(first, token.i - 3), token.i) if i in self.actor_at]
        return (near[-1][2],) if near else ()


# --- the discourse network ------------------------------------------------------------------------------


def discourse_network(table: pd.DataFrame) -> pd.DataFrame:
    """The discourse network of positions (Leifeld 2017): one row an actor and issue, most positions first.

    `table` is from `positions`, of one issue or, joined with `pandas.concat`, of several. Columns: `actor_id`, `actor`,
    `issue`, `support`, `opposition`, `condition`, `ambivalence` (how many positions), `n` (all of them), `n_articles`
    and `agreement`: (support - opposition) / (support + opposition), 1 for agreement, -1 for disagreement, NaN if
    there is neither. What an actor held earlier counts too: leave out rows by `when` for a network of the present.

    Raises `ValueError` for another table.
    """
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        raise ValueError(f"the table has no column {missing[0]!r}: it must come from positions(…)")
    keys = ["actor_id", "actor", "issue"]
    grouped = table.groupby(keys, sort=True)
    counts = {name: (table["position"] == name).groupby([table[key] for key in keys]).sum() for name in POSITIONS}
    network = pd.DataFrame(counts).astype("int64").assign(n=grouped.size(), n_articles=grouped["article_id"].nunique())
    plain = (network["support"] + network["opposition"]).where(lambda total: total > 0)
    network = network.assign(agreement=(network["support"] - network["opposition"]) / plain).reset_index()
    return network.sort_values(["n", *keys], ascending=[False, True, True, True], ignore_index=True)
