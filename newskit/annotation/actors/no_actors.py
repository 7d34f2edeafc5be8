"""Names that are no actors: laws, programmes, illnesses, events, things, and media as mere channels."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from newskit.annotation.actors.candidates import Candidate, head_token
from newskit.resources.lexicons import word_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CHANNEL: Final = "channels"
_UPON: Final = frozenset({"on", "via"})


@functools.cache
def _nothing() -> frozenset[str]:
    lists = word_lists("no_actors")
    return frozenset(word for kind, words in lists.items() if kind != _CHANNEL for word in words)


def is_no_actor(name: str) -> bool:
    """Whether a name is that of a law, a programme, an illness, an event or a thing (`no_actors.toml`).

    >>> is_no_actor("Obamacare"), is_no_actor("the Super Bowl"), is_no_actor("Treasury")
    (True, True, False)
    """
    return name.lower().replace("’", "'").removeprefix("the ") in _nothing()


def is_channel(doc: Doc, candidate: Candidate) -> bool:
    """Whether a medium is only where something is said or shown: "on Twitter", "via Facebook"."""
    if candidate.name.lower() not in word_lists("no_actors")[_CHANNEL]:
        return False
    head = head_token(doc, candidate.start, candidate.end)
    return head.dep_ == "pobj" and head.head.lower_ in _UPON and head.head.head.lemma_.lower() not in _WEIGHING


_WEIGHING: Final = frozenset(
    ["attack", "ban", "blame", "depend", "impose", "lean", "pressure", "rely", "sanction", "tax"]
)
"""Words whose "on" makes the medium a target: "pressure on Twitter"."""
