"""Made-up sentences in which it is plain who evaluates whom: what noisy labels cannot teach.

Active and passive, nouns of praise and blame, quotations, reports within reports ("Ann said Ben had praised Cid": Ben
evaluates Cid, Ann evaluates nobody), praise and blame in one sentence, and meetings without either.
"""

import random
import re
from collections.abc import Sequence

from newskit.annotation.tone.directed import TURNED
from training.common.sentences import Sentence

VERBS = {
    1: [
        *("praised", "applauded", "commended", "hailed", "lauded", "endorsed", "thanked", "congratulated", "backed"),
        *("defended", "supported", "saluted", "stood up for", "spoke well of", "paid tribute to"),
    ],
    -1: [
        *("condemned", "criticized", "denounced", "blamed", "attacked", "accused", "slammed", "blasted", "rebuked"),
        *("mocked", "opposed", "threatened", "sued", "lashed out at", "turned on", "spoke ill of"),
    ],
}
PASSIVE = {
    1: ["praised", "applauded", "commended", "hailed", "endorsed", "congratulated", "defended", "backed", "thanked"],
    -1: ["condemned", "criticized", "denounced", "blamed", "attacked", "accused", "rebuked", "mocked", "sued"],
}
NOUNS = {
    1: ["praise from", "backing from", "applause from", "an endorsement from", "support from"],
    -1: ["criticism from", "a rebuke from", "fierce attacks from", "condemnation from", "opposition from"],
}
OF = {
    1: ["praise of", "support for", "endorsement of", "defense of", "admiration for"],
    -1: ["criticism of", "attack on", "condemnation of", "campaign against", "contempt for"],
}
CALLED = {
    1: ["a great leader", "an honest broker", "a true friend", "a hero", "the right choice"],
    -1: ["a liar", "a disgrace", "a threat to us all", "dishonest", "the wrong choice"],
}
TAILS = {
    1: ["for the help", "for a courageous decision", "after the vote", "in a speech", "over the plan", "on Monday", ""],
    -1: ["for the delay", "over the plan", "after the vote", "in a speech", "for the attack", "on Monday", ""],
}
DIRECTED = [
    "{s} {verb} {t} {tail}.",
    "{s} on {day} {verb} {t} {tail}, officials said.",
    "{t} was {passive} by {s} {tail}.",
    "{t}, {passive} by {s} {tail}, did not comment.",
    "{t} drew {noun} {s} {tail}.",
    "{t}, who met {o} on {day}, drew {noun} {s} {tail}.",
    "{s}'s {of} {t} surprised {o}.",
    "{o} said {s} had {passive} {t} {tail}.",
    "According to {o}, {s} {verb} {t} {tail}.",
    "{o} reported on {day} that {t} was {passive} by {s} {tail}.",
    "{s}, who {verb} {t} {tail}, met {o} on {day}.",
    "{s} called {t} {called}.",
    "{s} told {o} that {t} was {called}.",
    "“{t} is {called},” {s} said on {day}.",
    "“{t} is {called},” {s} told {o}.",
    "Asked about {t}, {s} said: “{called}.”",
    "During a call with {o}, {s} {verb} {t} {tail} and discussed trade.",
]
BOTH = "{s} {verb} {t} {tail} but {other_verb} {o}."
NEITHER = [
    "{s} met {t} in {place} on {day}.",
    "{s} and {t} will discuss the plan on {day}, {o} said.",
    "{s} said {t} would travel to {place} on {day}.",
    "{s} spoke to {t} about trade, according to {o}.",
    "{s}'s delegation arrived in {place} after talks with {t}.",
    "{s}, like {t}, has offices in {place}.",
    "{o} asked {s} and {t} for a report by {day}.",
    "{s} announced a meeting with {t} in {place}.",
    "The report on {s} was written before {t} took office, {o} said.",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
PLACES = ["Geneva", "Brussels", "Vienna", "Oslo", "Ottawa"]
Spans = dict[str, tuple[int, int]]
"""The offsets of the entities by their letters: s evaluates t, and o is another."""


def words_for(sign: int, rng: random.Random) -> dict[str, str]:
    """Words for the slots of a template, of praise (1) or blame (-1)."""
    return {
        "verb": rng.choice(VERBS[sign]),
        "other_verb": rng.choice(VERBS[-sign]),
        "passive": rng.choice(PASSIVE[sign]),
        "noun": rng.choice(NOUNS[sign]),
        "of": rng.choice(OF[sign]),
        "called": rng.choice(CALLED[sign]),
        "tail": rng.choice(TAILS[sign]),
        "day": rng.choice(DAYS),
        "place": rng.choice(PLACES),
    }


def filled(template: str, entities: dict[str, str], words: dict[str, str]) -> tuple[str, Spans]:
    """The text of a template and the offsets of its entities; an empty word leaves no space behind."""
    text, spans = "", {}
    for piece in template.replace("}", "{").split("{"):
        if piece in entities:
            spans[piece] = (len(text), len(text) + len(entities[piece]))
            text += entities[piece]
        else:
            text += words.get(piece, piece)
    while space := re.search(r" (?=[ .,])", text):
        # It may be before or after the entities.
        at = space.start()
        text = text[:at] + text[at + 1 :]
        spans = {k: (a - (a > at), b - (b > at)) for k, (a, b) in spans.items()}
    return text, spans


def signs_of(template: str, sign: int) -> dict[tuple[str, str], int]:
    """Who evaluates whom in a template, and how."""
    if template in NEITHER:
        return {}
    return {("s", "t"): sign, ("s", "o"): -sign} if template is BOTH else {("s", "t"): sign}


def one_made_up(names: Sequence[str], rng: random.Random) -> Sentence:
    """A made-up sentence with two of its entities, in the order of the text, and their class."""
    entities = dict(zip("sto", rng.sample(list(names), 3), strict=True))
    sign = rng.choice((1, -1))
    kind = rng.random()
    template = BOTH if kind < 0.1 else rng.choice(NEITHER) if kind < 0.35 else rng.choice(DIRECTED)
    text, spans = filled(template, entities, words_for(sign, rng))
    pairs = [pair for pair in (("s", "t"), ("s", "o"), ("o", "t")) if set(pair) <= set(spans)]
    # Mostly the pair that the sentence is about; the others teach that not everybody judges.
    one, other = pairs[0] if rng.random() < 0.6 else rng.choice(pairs)
    label = {0: 0, 1: 1, -1: 3}[signs_of(template, sign).get((one, other), 0)]
    if spans[one] > spans[other]:
        return Sentence(text, (spans[other], spans[one]), (TURNED[label],))
    return Sentence(text, (spans[one], spans[other]), (label,))


def made_up(count: int, names: Sequence[str], rng: random.Random) -> list[Sentence]:
    """`count` pairs of entities in made-up sentences, with their class."""
    return [one_made_up(names, rng) for _ in range(count)]
