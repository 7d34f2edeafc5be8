"""Finding quotations by rules on the parse and the quotation marks."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from newskit.annotation.quotes.dialogue import Dialogue
from newskit.annotation.quotes.quote import (
    CLOSING_MARKS,
    OPENING_MARKS,
    PLAIN_MARK,
    Quote,
    antecedent,
    attribution,
    kind_of,
    pair_marks,
    unbalanced_flag,
)
from newskit.annotation.quotes.signed import find_signed
from newskit.annotation.quotes.turns import find_turns, with_turns
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token


_LEANING: Final = frozenset(
    ["conj", "advcl", "xcomp", "relcl", "acl", "ccomp", "pcomp", "prep", "dep", "parataxis", "dobj", "pobj"]
)
"""Dependencies across which a verb can share the subject of the word above it."""
_SEEN_AS: Final = frozenset(["regard", "see", "view"])
"""Verbs whose object is something as which it is seen: "views the sale as leverage"."""
_LONGEST_CLAUSE: Final = 500
"""Most tokens of a sentence, or of a clause, that are read together: in noise, the parser finds endless ones."""


def find_quotes(
    doc: Doc,
    blocks: Sequence[tuple[int, int]],
    actors: Sequence[tuple[int, int]] = (),
) -> list[Quote]:
    """Find quotations in a parsed Doc, by rules on its parse and its quotation marks.

    There are four patterns: a clause under a reporting verb ("Peskov said the move would be …"), an infinitive under a
    demand or promise ("urged Washington to approve …"), "according to", and words in quotation marks with the verb that
    governs them or stands beside them. Quotation marks are paired within their block; one without a partner only adds a
    `flag` to the quotations of the block. `actors` are the character spans of known actors, which can be sources
    whatever their form.

    The turns of transcripts and interviews are quotations, too.

    Quotations are returned in order of their content; they may nest ("Trump said Putin had congratulated him").
    """
    marks, _ = pair_marks(doc.text, blocks)
    dialogue = Dialogue(doc, marks, blocks)
    turns = find_turns(doc.text, blocks, actors)
    signed = find_signed(doc.text, blocks, actors, dialogue)
    return with_turns(rule_quotes(doc, blocks, actors, dialogue), [*turns, *signed], marks, doc.text)


def rule_quotes(
    doc: Doc,
    blocks: Sequence[tuple[int, int]],
    actors: Sequence[tuple[int, int]] = (),
    dialogue: Dialogue | None = None,
) -> list[Quote]:
    """What `find_quotes` finds, without turns; `dialogue` is that of the Doc, if it is already there."""
    marks, unbalanced = pair_marks(doc.text, blocks)
    reader = _QuoteReader(doc, actors)
    found = [*reader.clauses(), *reader.according_to()]
    found += list(reader.quoted(marks, found, dialogue or Dialogue(doc, marks, blocks)))
    quotes: dict[tuple[int, int], Quote] = {}
    for quote in found:
        if quote in reader.pieces:
            continue
        quote = replace(quote, kind=kind_of(quote, marks, reader.text), flag=unbalanced_flag(quote, unbalanced))
        known = quotes.get((quote.content_start, quote.content_end))
        if known is None or (known.source_start is None and quote.source_start is not None):
            quotes[quote.content_start, quote.content_end] = quote
    return sorted(quotes.values(), key=lambda q: (q.content_start, -q.content_end))


class _QuoteReader:
    """Reads the quotations of one Doc."""

    def __init__(self, doc: Doc, actors: Sequence[tuple[int, int]]) -> None:
        self.doc = doc
        self.cues = word_lists("reporting_verbs")
        self.verbs = self.cues["speech"] | self.cues["judgement"] | self.cues["directive"]
        self.text = doc.text  # spaCy assembles it anew each time
        self.sentences = [
            doc[at : min(at + _LONGEST_CLAUSE, sentence.end)]
            for sentence in doc.sents
            for at in range(sentence.start, sentence.end, _LONGEST_CLAUSE)
        ]
        self.starts = [sentence.start for sentence in self.sentences]
        self.pieces: set[Quote] = set()
        self.actor_chars = {i for start, end in actors for i in range(start, end)}

    def sentence_of(self, token: Token) -> Span:
        """The sentence of a token; unlike `token.sent`, this does not take longer in a longer Doc."""
        return self.sentences[bisect.bisect_right(self.starts, token.i) - 1]

    def clauses(self) -> Iterator[Quote]:
        """Clauses and infinitives under reporting verbs."""
        for verb in self.doc:
            if verb.pos_ not in {"VERB", "AUX"}:
                continue
            lemma = verb.lemma_.lower()
            speech, directive = lemma in self.cues["speech"], lemma in self.cues["directive"]
            silent = lemma in self.cues["silent_when_negated"] and any(child.dep_ == "neg" for child in verb.children)
            if silent or not (speech or directive or lemma in _SEEN_AS):
                continue
            source = self.source_of(verb)
            if source is None:
                continue
            if lemma in _SEEN_AS and (judged := self._judged(verb)) is not None:
                yield self._quote(*judged, cue=verb, source=source)
                continue
            for child in verb.children:
                clause = speech and child.dep_ == "ccomp" and self._is_finite(child)
                order = directive and child.dep_ in {"xcomp", "ccomp"} and child.i > verb.i and self._has_to(child)
                if clause or order:
                    span = self._content(child, verb)
                    if span is not None:
                        yield self._quote(span[0], span[1], cue=verb, source=source)
                    break

    def _judged(self, verb: Token) -> tuple[int, int] | None:
        """The characters of an object and of what it is seen as: "views the sale as leverage"."""
        found = next((t for t in verb.rights if t.dep_ == "dobj"), None)
        if found is None:
            return None
        likeness = next((t for t in (*verb.rights, *found.rights) if t.lower_ == "as" and t.dep_ == "prep"), None)
        if likeness is None:
            return None
        last = self.doc[min(likeness.right_edge.i, likeness.i + _LONGEST_CLAUSE)]
        return self._close_marks(self.doc[max(found.left_edge.i, verb.i + 1)].idx, last.idx + len(last))

    def _is_finite(self, clause: Token) -> bool:
        tags = {"VBD", "VBP", "VBZ", "MD"}
        return clause.tag_ in tags or any(t.tag_ in tags for t in clause.children if t.dep_ in {"aux", "auxpass"})

    def _has_to(self, clause: Token) -> bool:
        return any(token.tag_ == "TO" for token in clause.children)

    def _content(self, clause: Token, verb: Token) -> tuple[int, int] | None:
        """Characters of a clause, without the words of the verb above it and without another reporting phrase in it."""
        left, right = (
            max(clause.left_edge.i, clause.i - _LONGEST_CLAUSE),
            min(clause.right_edge.i, clause.i + _LONGEST_CLAUSE),
        )
        indices = [i for i in range(left, right + 1) if not self.doc[i].is_space]
        for token in clause.children:
            cut = token.dep_ == "advcl" and token.tag_ == "VBG" and token.lemma_.lower() in self.cues["speech"]
            if cut and token.i > clause.i:
                indices = [i for i in indices if not token.left_edge.i <= i <= token.right_edge.i]
        side = [i for i in indices if (i > verb.i) == (clause.i > verb.i)]
        if not side:
            return None
        first, last = side[0], side[-1]
        while first < last and (self.doc[first].is_punct and self.doc[first].text not in OPENING_MARKS + PLAIN_MARK):
            first += 1
        while last > first and (self.doc[last].text in {",", "—", "–", "-", ";", ":", "."}):
            last -= 1
        start, end = self.doc[first].idx, self.doc[last].idx + len(self.doc[last])
        return self._close_marks(start, end)

    def _close_marks(self, start: int, end: int) -> tuple[int, int]:
        """Include a closing mark that belongs to an opening one inside, and leave out one without a partner."""
        content = self.text[start:end]
        after = re.match(f"[,.!?]?[{CLOSING_MARKS}{PLAIN_MARK}]", self.text[end : end + 2])
        opened = sum(content.count(m) for m in OPENING_MARKS) + content.count(PLAIN_MARK) % 2
        closed = sum(content.count(m) for m in CLOSING_MARKS)
        if after and opened > closed:
            return start, end + after.end()
        if content[-1:] in CLOSING_MARKS and closed > opened:
            return start, end - 1
        return start, end

    def according_to(self) -> Iterator[Quote]:
        """ "According to officials, …": the rest of the clause is theirs."""
        for token in self.doc[:-2]:
            if token.lower_ != "according" or self.doc[token.i + 1].lower_ != "to":
                continue
            heads = [child for child in self.doc[token.i + 1].children if child.dep_ == "pobj"]
            if not heads:
                continue
            words = [t.i for t in self.sentence_of(token) if not t.is_space]
            before = [i for i in words if i < token.i]
            after = [i for i in words if i > max(token.right_edge.i, heads[0].right_edge.i)]
            content = self._strip(after if len(after) > len(before) else before)
            if content is not None:
                yield self._quote(*content, cue=token, source=heads[0], cue_text=f"{token.text} to")

    def _strip(self, indices: Sequence[int]) -> tuple[int, int] | None:
        punctuation = {",", ".", ";", ":", "—", "–", "-"}
        side = [i for i in indices if self.doc[i].text not in punctuation]
        return (self.doc[side[0]].idx, self.doc[side[-1]].idx + len(self.doc[side[-1]])) if side else None

    def quoted(self, marks: Sequence[tuple[int, int]], known: Sequence[Quote], dialogue: Dialogue) -> Iterator[Quote]:
        """Words in quotation marks, with the verb of saying or judging that governs them or stands beside them."""
        last: Quote | None = None
        by_sentence: dict[int, list[Quote]] = defaultdict(list)
        for quote in known:
            token = self.doc.char_span(quote.content_start, quote.content_start + 1, alignment_mode="expand")
            if token is not None:
                by_sentence[self.sentence_of(token[0]).start].append(quote)
        beside = dict(zip(dialogue.pieces, dialogue.cues, strict=True))
        for start, end in marks:
            span = self.doc.char_span(start, end, alignment_mode="contract")
            if span is None or not any(t.is_alpha for t in span):
                continue
            cue = self._cue(span, beside[start, end])
            same = by_sentence.get(self.sentence_of(span[0]).start, [])
            around = [q for q in same if q.content_start <= start + 1 and end - 1 <= q.content_end]
            found = None
            if cue is not None and not any(q.cue == cue.text and q.content_start >= cue.idx for q in around):
                source = self.source_of(cue, quotation=span)
                if source is None and cue is beside[start, end]:
                    source = self._named_behind(cue)
                if source is not None or not around:
                    found = self._quote(start, end, cue=cue, source=source)
            elif not around and last is not None and self._continues(last, span):
                found = replace(last, end=end, content_start=start, content_end=end)
            elif not around and len(span) >= 8 and re.search(r"[.!?,]\W*$", span.text):
                # A whole sentence of somebody who is not named: not the outlet's own words.
                found = Quote(start, end, start, end, cue="", kind="direct")
            if found is not None:
                last = found
                self._drop_pieces(found, span, by_sentence)
                yield found

    def _drop_pieces(self, whole: Quote, span: Span, by_sentence: dict[int, list[Quote]]) -> None:
        """Mark reported clauses that are only a part of a quotation with the same cue and source."""
        at = bisect.bisect_right(self.starts, span.start) - 1
        while at < len(self.starts) and self.starts[at] < span.end:
            for quote in by_sentence.get(self.starts[at], []):
                inside = whole.content_start <= quote.content_start and quote.content_end <= whole.content_end
                if inside and quote != whole and (quote.cue, quote.source_start) == (whole.cue, whole.source_start):
                    self.pieces.add(quote)
            at += 1

    def _named_behind(self, cue: Token) -> Token | None:
        """The name or pronoun right behind a verb: "shouted Novak"."""
        following = list(self.doc[cue.i + 1 : cue.i + 8])
        named = list(takewhile(lambda t: not t.is_punct and not t.is_space, following))
        if named and named[0].pos_ == "PRON":
            return named[0]
        names = list(takewhile(lambda t: t.pos_ == "PROPN", named))
        return names[-1] if names else None

    def _cue(self, span: Span, beside: Token | None) -> Token | None:
        """The verb that says whose the quoted words are."""
        governing = self._governing_cue(span)
        if beside is None:
            return governing or self._cue_beside(span)
        whole = len(span) >= 5 or re.search(r"[,?!]\W$", span.text) is not None
        if governing is not None and self.sentence_of(governing).start == self.sentence_of(beside).start:
            return governing if not whole else beside
        return beside if whole else governing

    def _governing_cue(self, span: Span) -> Token | None:
        """The nearest verb above the quoted words that can be said of them."""
        inside = range(span.start, span.end)
        for token in islice(span.root.ancestors, 50):
            if token.i not in inside and token.lemma_.lower() in self.verbs and token.pos_ in {"VERB", "AUX"}:
                return token
        return None

    def _cue_beside(self, span: Span) -> Token | None:
        """A reporting verb in the same sentence outside the marks, for quotations that are whole sentences."""
        if len(span) < 5:
            return None
        first, last = self.sentence_of(span[0]), self.sentence_of(span[-1])
        outside = [*self.doc[first.start : span.start], *self.doc[span.end : last.end]]
        near = [t for t in outside if t.lemma_.lower() in self.cues["speech"] and t.pos_ == "VERB"]
        return min(near, key=lambda t: min(abs(t.i - span.start), abs(t.i - span.end)), default=None)

    def _continues(self, last: Quote, span: Span) -> bool:
        """Whether a whole quoted sentence continues the quotation before it: "…," he said. "…"."""
        if len(span) < 5 or span.start_char - last.end >= 200:
            return False
        between = self.text[last.end : span.start_char]
        return not re.search(r"\n\s*\n.*\w", between) and "\n" not in between.strip()

    def source_of(self, verb: Token, *, quotation: Span | None = None) -> Token | None:
        """The head word of the source: the subject of the verb, or one of a clause above it that can speak."""
        at = verb
        for _ in range(6):
            subject = self._subject(at, quotation)
            if subject is not None and (at == verb or self._can_speak(subject)):
                return self._named(antecedent(subject))
            if subject is not None and at.dep_ not in {"advcl", "conj", "ccomp"}:
                return None
            if at.dep_ == "acl" and self._can_speak(at.head):
                return at.head
            if at.dep_ not in _LEANING:
                return None
            at = at.head
        return None

    def _subject(self, verb: Token, quotation: Span | None) -> Token | None:
        """The agent of a passive, or the subject of an active verb, unless it stands inside the quotation."""
        for child in verb.children:
            if child.dep_ == "agent":
                return next((token for token in child.children if token.dep_ == "pobj"), None)
        inside = range(quotation.start, quotation.end) if quotation is not None else range(0)
        return next((child for child in verb.children if child.dep_ == "nsubj" and child.i not in inside), None)

    def _named(self, source: Token) -> Token:
        """The name in apposition to a description: "the secretary of state, Brad Raffensperger"."""
        if source.idx in self.actor_chars:
            return source
        return next((t for t in source.rights if t.dep_ == "appos" and t.idx in self.actor_chars), source)

    def _can_speak(self, token: Token) -> bool:
        return (
            token.idx in self.actor_chars
            or token.pos_ == "PROPN"
            or (token.pos_ == "PRON" and token.lower_ in {"he", "she", "they", "i", "we", "who"})
            or token.lemma_.lower() in self.cues["speakers"]
        )

    def _quote(self, start: int, end: int, *, cue: Token, source: Token | None, cue_text: str | None = None) -> Quote:
        span = head = None
        if source is not None:
            span, head = self._noun_phrase(source, (start, end)), source.idx + len(source) - 1
        cue_span = (cue.idx, cue.idx + len(cue))
        return attribution((start, end), cue_span, cue_text or cue.text, source=span, source_head=head)

    def _noun_phrase(self, head: Token, content: tuple[int, int]) -> tuple[int, int]:
        """Characters of a source: its head with all that stands before it, and short phrases after it."""
        left = max(head.left_edge.i, head.i - 50)
        while left < head.i and (self.doc[left].is_punct or self.doc[left].dep_ in {"cc", "advmod", "dep", ""}):
            left += 1
        ends = [child.right_edge.i for child in head.rights if child.dep_ in {"prep", "case"}]
        right = max([head.i, *(end for end in ends if end - head.i <= 12)])
        start, end = self.doc[left].idx, self.doc[right].idx + len(self.doc[right])
        if start < content[1] and content[0] < end:
            return head.idx, head.idx + len(head)
        return start, end
