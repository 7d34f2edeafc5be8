"""Words with the name of their author behind them: embedded posts, and quotations that end with a dash and a name."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import Final

from newskit.annotation.quotes.dialogue import Dialogue
from newskit.annotation.quotes.turns import KnownActors, Turn

_POST: Final = re.compile(
    r"(?:^|\s)[—–-]{1,2}\s*(?P<name>[^\n@—–()]{2,60}?)\s*\(@\w{1,20}\)\s*"
    r"(?:[A-Z][a-z]+\.? \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+\.?,? \d{4}|$)"
)
"""The signature under a post that is embedded in an article: "— Anna Novak (@novak) May 3, 2020"."""
_SIGNED: Final = re.compile(
    r"\s*(?P<dash>[—–―-]{1,3}|\()\s*(?P<name>(?:(?:[A-Z][\w.'’&-]*|of|the|de|van|von|al)(?:\s+(?=\S)|(?=[,;.)(\n]|\s*$))){1,9})"
    r"(?=\s*(?:[,;)(\n]|\.?\s*$))"
)
_LINKS: Final = re.compile(r"(?:\s*(?:https?://\S+|pic\.twitter\.com/\S+))+\s*$")
_LEAST: Final = 3
"""Fewest words of a quotation with its author behind it."""
_Chars = tuple[int, int]


def find_signed(text: str, blocks: Sequence[_Chars], actors: Sequence[_Chars], dialogue: Dialogue) -> list[Turn]:
    """The words with the name of their author behind them; `dialogue` has the quoted pieces.

    An embedded post is the paragraph before its signature, or what of it stands before the signature. A quotation in
    marks that no verb claims is signed by the name behind a dash or in brackets, in its paragraph or under it.
    """
    known = KnownActors(text, actors)
    posts = list(_posts(text, blocks, known))
    taken = {i for post in posts for start, end in post.contents for i in (start, end - 1)}
    return [*posts, *(one for one in _signed(text, blocks, known, dialogue) if one.contents[0][0] not in taken)]


def _posts(text: str, blocks: Sequence[_Chars], known: KnownActors) -> Iterator[Turn]:
    for n, (start, end) in enumerate(blocks):
        at = start
        for match in _POST.finditer(text, start, end):
            content = (at, match.start())
            if not text[slice(*content)].strip() and n and at == start:
                content = blocks[n - 1]
            at = match.end()
            place = _tidy(text, *content)
            if re.search(r"\w", text[slice(*place)]):
                name = match.span("name")
                yield Turn(name, known.head_in(*name), (place,), cue="—")


def _tidy(text: str, start: int, end: int) -> _Chars:
    """A place without links at its end and white space around it."""
    words = text[start:end]
    links = _LINKS.search(words)
    words = words[: links.start()] if links and links.start() else words
    begin = start + len(words) - len(words.lstrip())
    return begin, max(begin, start + len(words.rstrip()))


def _signed(text: str, blocks: Sequence[_Chars], known: KnownActors, dialogue: Dialogue) -> Iterator[Turn]:
    starts = [start for start, _ in blocks]
    for n, (start, end) in enumerate(dialogue.pieces):
        cue = dialogue.cues[n]
        if (cue is not None and cue.idx >= start) or text.count(" ", start, end) < _LEAST:
            continue
        block = bisect.bisect_right(starts, start) - 1
        last = blocks[block][1] if block >= 0 else len(text)
        below = not text[end:last].strip() and 0 <= block + 1 < len(blocks)
        match = _SIGNED.match(text, *(blocks[block + 1] if below else (end, last)))
        if match is None or (below and match["dash"] == "("):
            continue
        name = match.start("name"), match.start("name") + len(match["name"].rstrip())
        head = known.head_in(*name)
        if match["dash"] != "(" or known.covers(head):
            yield Turn(name, head, ((start, end),), cue=match["dash"])
