"""Finding quotations by the trained model and the rules together: the default."""

from __future__ import annotations

import bisect
import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from newskit.annotation.quotes.dialogue import Dialogue
from newskit.annotation.quotes.quote import Quote, antecedent, attribution, kind_of, pair_marks, unbalanced_flag
from newskit.annotation.quotes.rules import rule_quotes
from newskit.annotation.quotes.signed import find_signed
from newskit.annotation.quotes.turns import find_turns, with_turns
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from newskit.annotation.quotes.model import FoundQuote

_SENTENCE_SPACES: Final = 6
"""Fewest spaces of a sentence in quotation marks; with fewer, it may be a title."""
_UNLISTED: Final = 0.65
"""Lowest probability of a cue that has no verb of the lists: of those below, fewer than half are right.

With it, F1 with source is 0.725 instead of 0.720 on the articles of PolNeAR by which thresholds are chosen (F1 without
source: 0.752 and 0.753). With 0.7 it is 0.726, but one in twenty indirect quotations of the development part is lost.
"""
_OPEN: Final = re.compile(r"(?:wh[aeioy]\w*|how|if)\b", re.IGNORECASE)
"""Begins a content that leaves something open."""
_REFUSALS: Final = frozenset(["not", "n't", "n’t", "never", "decline", "refuse"])
_JOINING: Final = re.compile(r"[\s,;]*(?:\b(?:while|and|but|also|then|by)\s*)?$")
"""Before a second cue of the same speaker."""
_TURN: Final = re.compile(r",[”»\"] (\w+ing)\b")
"""After quoted words, the speaker goes on to do something: "…,” referring to …"."""
_PAUSES: Final = frozenset([*".,;:?!—–-…"])
"""Characters between a speaker and the rest of a quotation."""
_NEAR: Final = 40
"""Most characters between a short quotation and its cue."""
_Chars = tuple[int, int]
_OPENING: Final = '“„«"'
_CLOSING: Final = '”»"'


def tagged_quotes(
    doc: Doc, blocks: Sequence[_Chars], actors: Sequence[_Chars], found: Sequence[FoundQuote]
) -> list[Quote]:
    """Join what the model found with what only the rules find, in order of the content.

    The model takes precedence. Of what the rules find (see `find_quotes`, also for `blocks` and `actors`), two kinds
    are added: sentences in quotation marks that no content of the model overlaps, and quotations inside a content whose
    source is an actor by name ("Trump said Putin had congratulated him for “…”"), which the model was not taught to
    look for.
    """
    marks, unbalanced = pair_marks(doc.text, blocks)
    dialogue = Dialogue(doc, marks, blocks)
    writer = _Writer(doc, marks, actors, dialogue)
    read = [(quote, one.cue) for one in found if (quote := writer.quote(one)) is not None]
    around = _Contents(read)
    rules = rule_quotes(doc, blocks, actors, dialogue)
    text = doc.text  # spaCy assembles it anew each time
    quotes = around.mended(rules, text)
    quotes += [
        rule
        for rule in rules
        if (writer.is_sentence(rule) and not around.touch(rule)) or (writer.is_name(rule) and around.nest(rule))
    ]
    kept = {(q.content_start, q.content_end): q for q in reversed(quotes)}
    told = [
        replace(q, kind=kind_of(q, marks, text), flag=unbalanced_flag(q, unbalanced))
        for q in writer.nested(kept.values())
    ]
    signed = find_signed(text, blocks, actors, dialogue)
    return with_turns(told, [*find_turns(text, blocks, actors), *signed], marks, text)


class _Contents:
    """The model's quotations with their cues, for quick look-ups by place."""

    def __init__(self, read: Sequence[tuple[Quote, _Chars]]) -> None:
        self.read = sorted(read, key=lambda pair: (pair[0].content_start, -pair[0].content_end))
        self.starts = [quote.content_start for quote, _ in self.read]
        self.reach = list(accumulate((quote.content_end for quote, _ in self.read), max))

    def touch(self, rule: Quote) -> bool:
        """Whether a content of the model overlaps this one."""
        at = bisect.bisect_left(self.starts, rule.content_end) - 1
        return at >= 0 and self.reach[at] > rule.content_start

    def nest(self, rule: Quote) -> bool:
        """Whether a quotation, with its cue and source, lies inside the content of another source."""
        at = bisect.bisect_right(self.starts, rule.start) - 1
        if at < 0 or rule.source_start is None or rule.source_end is None:
            return False
        outer, cue = self.read[at]
        return rule.end <= outer.content_end and not _same_source(outer, rule) and not rule.start <= cue[0] < rule.end

    def mended(self, rules: Iterable[Quote], text: str) -> list[Quote]:
        """The model's quotations, corrected where the parse knows better, and the quotations that it splits off.

        "According to reports, …" extends to the end of the sentence; and a second cue of the same source begins a
        quotation of its own: "Peskov said it would be provocative, while questioning who would control it", "Trump
        said that he had a talk, describing it as “good”".
        """
        quotes = [quote for quote, _ in self.read]
        parted = []
        for rule in rules:
            at = bisect.bisect_right(self.starts, rule.content_start) - 1
            if rule.cue.lower() == "according to":
                for n in range(max(at, 0), min(at + 2, len(quotes))):
                    if quotes[n].cue.lower().startswith("according") and _overlap(quotes[n], rule):
                        quotes[n] = _widened(quotes[n], rule)
            elif at >= 0 and (found := self._second_cue(rule, at, text)) is not None:
                end, second = found
                quotes[at] = replace(quotes[at], content_end=end)
                parted.append(second)
        return quotes + parted

    def _second_cue(self, rule: Quote, at: int, text: str) -> tuple[int, Quote] | None:
        """Where a content ends if another clause of the same source follows, and the quotation of that clause."""
        outer, (cue, _) = self.read[at]
        start, end = outer.content_start, outer.content_end
        if not rule.cue.endswith("ing") or start <= cue < end:
            return None
        second = text.rfind(rule.cue, start, rule.content_start)
        if second < 0 or abs(rule.content_end - end) > 2:
            return None
        if _says_of_oneself(outer, rule, text):
            # The parse gives the speaker of the inner clause, and only the quoted words of what is said.
            after = second + len(rule.cue)
            after += len(text[after:end]) - len(text[after:end].lstrip())
            rule = replace(
                rule,
                start=outer.start,
                content_start=after,
                source_start=outer.source_start,
                source_end=outer.source_end,
                source_head=outer.source_head,
            )
        elif not _same_source(outer, rule) or rule.start > second:
            return None
        kept = _JOINING.sub("", text[start:second])
        return (start + len(kept), rule) if re.search(r"\w", kept) else None


def _says_of_oneself(outer: Quote, rule: Quote, text: str) -> bool:
    """Whether the content of a quotation begins with a pronoun that the parse takes for the source of the second cue.

    "(Trump said) that he had a talk, describing it as “good”": the pronoun is mostly the speaker, whose words the
    quoted ones are.
    """
    if rule.source_start is None or rule.source_end is None or rule.kind != "direct":
        return False
    before = text[outer.content_start : rule.source_end].lower()
    return re.fullmatch(r"(?:that )?(?:he|she|they|it|we|i)", before) is not None


def _overlap(one: Quote, other: Quote) -> bool:
    return one.content_start < other.content_end and other.content_start < one.content_end


def _same_source(one: Quote, other: Quote) -> bool:
    if one.source_start is None or one.source_end is None or other.source_start is None or other.source_end is None:
        return False
    return one.source_start < other.source_end and other.source_start < one.source_end


def _widened(quote: Quote, rule: Quote) -> Quote:
    """The quotation, extended by the content that the rules found."""
    return replace(
        quote,
        start=min(quote.start, rule.content_start),
        end=max(quote.end, rule.content_end),
        content_start=min(quote.content_start, rule.content_start),
        content_end=max(quote.content_end, rule.content_end),
    )


class _Writer:
    """Turns what the model found in one Doc into quotations."""

    def __init__(self, doc: Doc, marks: Sequence[_Chars], actors: Sequence[_Chars], dialogue: Dialogue) -> None:
        self.doc, self.text, self.dialogue = doc, doc.text, dialogue
        self.marks = sorted(marks)
        self.opened, self.closed = {a for a, _ in marks}, {b for _, b in marks}
        self.actors = sorted(actors)

    def is_sentence(self, rule: Quote) -> bool:
        """Whether it is speech in quotation marks, of some length: titles in quotation marks are short."""
        content = self.text[rule.content_start : rule.content_end]
        return (
            rule.kind == "direct"
            and content[0] in _OPENING
            and (not rule.cue or content.count(" ") >= _SENTENCE_SPACES or self._is_answer(rule))
        )

    def _is_answer(self, rule: Quote) -> bool:
        """Whether a sentence beside its cue is in quotation marks, however short: `“No,” Novak said. “Never.”`."""
        start, end = rule.content_start, rule.content_end
        begins = re.search(r"(?:^|[\n.!?:”\"])\s*$", self.text[max(0, start - 4) : start]) is not None
        if rule.cue_span is None or not begins or not self.text[start + 1].isupper():
            return False
        behind = 0 <= rule.cue_span[0] - end <= _NEAR and self.text[end - 2] in ",?!"
        return behind or (0 <= start - rule.cue_span[1] <= _NEAR and self.text[end - 2] in ".?!")

    def is_name(self, rule: Quote) -> bool:
        """Whether the source is an actor by name."""
        head = rule.source_head
        span = None if head is None else self.doc.char_span(head, head + 1, alignment_mode="expand")
        return span is not None and span[0].pos_ == "PROPN" and self._is_actor(span[0])

    def quote(self, found: FoundQuote) -> Quote | None:
        """The quotation with tidy ends; None if no content is left or nothing was said."""
        start, end = self._tidy(*self.dialogue.part_of(self._one_speaker(found), found.cue))
        if not re.search(r"\w", self.text[start:end]) or self._is_silent(found, start, end) or self._is_turn(found):
            return None
        if found.chance < _UNLISTED and not self._is_listed(found.cue):
            return None
        if found.source is None and self._is_title(start, end):
            return None
        source = None if found.source is None else self._one_line(found)
        head = None if source is None else self._head(*source)
        return attribution((start, end), found.cue, self._words(*found.cue), source=source, source_head=head)

    def _one_speaker(self, found: FoundQuote) -> _Chars:
        """The content without what the same speaker can hardly have said.

        A quotation that is closed at the end of a paragraph does not continue in the next one; after a cue in its
        middle it continues in quotation marks: "“…,” Novak said, who leaves. “…”"; and quoted words with a comma end
        before a participle: "said it was “a fatal mistake,” referring to …".
        """
        (start, end), cue = found.content, found.cue[0]
        if self._is_marked(start):
            breaks = re.compile(r"\s*\n\s*").finditer(self.text, start, end)
            for before, after in [line.span() for line in breaks]:
                if self._is_marked(before - 1) and self.text[before - 1] not in _CLOSING:
                    continue
                start, end = (start, before) if cue < after else (after, end)
                if cue < after:
                    break
        turn = _TURN.search(self.text, start, end)
        if turn and not start <= cue < end and not self._speaks(*turn.span(1)):
            end = turn.start(1)
        first = bisect.bisect_left(self.marks, (start - 1,))
        inside = self.marks[first : bisect.bisect_left(self.marks, (end,))]
        if not inside or inside[0][0] > start or not inside[0][1] <= cue < end:
            return start, end
        last = inside[0][1]
        for opening, closing in inside[1:]:
            if self.text[last:opening].rstrip()[-1:] not in _PAUSES:
                break
            last = closing
        return start, min(end, last)

    def _lemmas(self, cue: _Chars) -> set[str]:
        return {token.lemma_.lower() for token in self.doc.char_span(*cue, alignment_mode="expand") or ()}

    def _is_listed(self, cue: _Chars) -> bool:
        """Whether a cue has a verb of the lists, or is "according to"."""
        lists, lemmas = word_lists("reporting_verbs"), self._lemmas(cue)
        return "accord" in lemmas or any(lemmas & lists[name] for name in ("speech", "directive", "judgement"))

    def _is_turn(self, found: FoundQuote) -> bool:
        """Whether the cue only explains quoted words before it: in "…,” referring to …" the outlet speaks."""
        turn = _TURN.match(self.text, max(found.cue[0] - 3, 0))
        return turn is not None and turn.start(1) == found.cue[0] and not self._speaks(*turn.span(1))

    def _speaks(self, start: int, end: int) -> bool:
        """Whether a word is a verb of speech, which begins a quotation of its own."""
        word = self.doc.char_span(start, end)
        return word is not None and word[0].lemma_.lower() in word_lists("reporting_verbs")["speech"]

    def _is_title(self, start: int, end: int) -> bool:
        """Whether only a few words, not a sentence, are in quotation marks: "the book “War and Peace”"."""
        inside = self.marks[bisect.bisect_left(self.marks, (start,)) : bisect.bisect_left(self.marks, (end,))]
        texts = [self.text[a:b].strip('“”„«»"') for a, b in inside]
        return bool(texts) and all(text.count(" ") < _SENTENCE_SPACES and text[-1:] not in {*".,!?…"} for text in texts)

    def _is_marked(self, at: int) -> bool:
        """Whether a character is inside quotation marks, or one of them."""
        n = bisect.bisect_right(self.marks, (at + 1,)) - 1
        return n >= 0 and at < self.marks[n][1]

    def _is_silent(self, found: FoundQuote, start: int, end: int) -> bool:
        """Whether nothing was said: "did not say when …", "declined to comment on …"."""
        lemmas = self._lemmas(found.cue)
        if not lemmas & _REFUSALS:
            return False
        silent = word_lists("reporting_verbs")["silent_when_negated"]
        asked = re.match(r"to (\w+)", self.text[start:end])
        if asked:
            return asked[1].lower() in silent
        return bool(lemmas & silent) and ("comment" in lemmas or _OPEN.match(self.text[start:end]) is not None)

    def _one_line(self, found: FoundQuote) -> _Chars:
        """The source without what belongs to another paragraph, such as a heading, or to the sentence before it."""
        start, end = self._one_sentence(*(found.source or found.cue), found.cue[0])
        if start < found.cue[0]:
            start = max(start, self.text.rfind("\n", start, end) + 1)
        else:
            line = self.text.find("\n", start, end)
            end = end if line < 0 else line
        return start, end

    def _one_sentence(self, start: int, end: int, cue: int) -> _Chars:
        """The part of a source in one sentence: the one next to the cue."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        begins = [t.idx for t in span or () if t.is_sent_start and start < t.idx < end]
        if not begins:
            return start, end
        return (begins[-1], end) if start < cue else (start, start + len(self.text[start : begins[0]].rstrip()))

    def _words(self, start: int, end: int) -> str:
        """The whole words of a cue, of which the model only reads pieces."""
        while start and self.text[start - 1 : start + 1].isalnum():
            start -= 1
        while end < len(self.text) and self.text[end - 1 : end + 1].isalnum():
            end += 1
        return self.text[start:end].strip(" ,:;")

    def nested(self, quotes: Iterable[Quote]) -> Iterator[Quote]:
        """The quotations in order of content, which nest or lie apart: one that crosses another begins after it."""
        waiting = [(q.content_start, -q.content_end, n, q) for n, q in enumerate(quotes)]
        heapq.heapify(waiting)
        ends: list[int] = []
        while waiting:
            start, minus_end, n, quote = heapq.heappop(waiting)
            while ends and ends[-1] <= start:
                ends.pop()
            if not ends or -minus_end <= ends[-1]:
                ends.append(-minus_end)
                yield quote
                continue
            start, end = self._tidy(ends[-1], -minus_end)
            if start >= ends[-1] and re.search(r"\w", self.text[start:end]):
                cut = replace(quote, content_start=start, content_end=end, end=max(quote.end, end))
                heapq.heappush(waiting, (start, -end, n, cut))

    def _tidy(self, start: int, end: int) -> _Chars:
        """The span without punctuation around it, and with the quotation marks that belong to it."""
        while start < end and self.text[start] in " \t\n,;:—–-.)":
            start += 1
        while end > start and self.text[end - 1] in " \t\n,;:—–-.(":
            end -= 1
        if start - 1 in self.opened:
            start -= 1
        for more in (1, 2):  # the mark, or a comma or full stop and the mark
            if end + more in self.closed and self.text[end + more - 1] in _CLOSING:
                end += more
                break
        # A lone mark at one end is half of a pair whose other half is outside.
        if start + 1 < end and self.text[start] in _CLOSING and start not in self.opened:
            start += 1
        if end - 1 > start and self.text[end - 1] in _OPENING and end not in self.closed:
            end -= 1
        return start, end

    def _head(self, start: int, end: int) -> int:
        """The last character of the head word of the source: a name if the parse leads to one, as from "who"."""
        span: Span | None = self.doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            return end - 1
        root = antecedent(span.root)
        if not self._is_actor(root):
            root = next((t for t in root.rights if t.dep_ == "appos" and self._is_actor(t)), root)
        if not self._is_actor(root) and root.dep_ in {"compound", "nmod", "appos"} and self._is_actor(span[-1]):
            root = span[-1]
        return root.idx + len(root) - 1

    def _is_actor(self, token: Token) -> bool:
        n = bisect.bisect_right(self.actors, (token.idx + 1,)) - 1
        return n >= 0 and token.idx < self.actors[n][1]
