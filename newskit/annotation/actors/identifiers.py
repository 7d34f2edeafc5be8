"""Who is known under which Wikidata item, in which party and country: states, parties and US politicians by name."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources
from typing import Final, NamedTuple

from newskit.annotation.actors.names import slug

_FILE: Final = "catalogs/identifiers.tsv"
_CONGRESS: Final = frozenset({
    "sen", "senator", "rep", "representative", "congressman", "congresswoman", "lawmaker", "leader", "whip", "speaker",
    "chairman", "chairwoman", "chair", "president",
})  # fmt: skip
"""Words of titles by which a namesake of a member of Congress is taken for that member."""


class Identifiers(NamedTuple):
    """What is known of an actor; an empty string where nothing is."""

    wikidata: str = ""
    party: str = ""
    country: str = ""


class _Known(NamedTuple):
    type: str
    identifiers: Identifiers
    offices: str
    since: str
    """The first day in office; empty for parties."""


def identify(
    actor_id: str, names: Iterable[str], kind: str, titles: Iterable[str], until: date | None = None
) -> Identifiers:
    """The identifiers of an actor.

    Parameters
    ----------
    actor_id : str
        An id of the catalogue `world` tells by itself.
    names : iterable of str
        The names of an actor that the catalogue lacks; the first that is known counts. Names of one word tell nobody.
    kind : str
        The type of the actor: the name of a person identifies no party, nor the reverse.
    titles : iterable of str
        What stands as a title or label beside the actor's names. A member of Congress is only identified with a title
        that a member has, since many people share such names.
    until : date, optional
        The day of the last article. Whoever came to the first office later is not meant.

    Examples
    --------
    >>> identify("russia", [], "state", []).country
    'RUS'
    >>> identify("ted-cruz", ["Ted Cruz"], "person", ["Sen."])
    Identifiers(wikidata='Q2036942', party='Republican Party', country='USA')
    >>> identify("john-kennedy", ["John Kennedy"], "person", ["baker"])
    Identifiers(wikidata='', party='', country='')
    """
    by_id, by_name = _tables()
    if actor_id in by_id:
        return by_id[actor_id]
    for name in names:
        known = by_name.get(slug(name)) if " " in name else None
        if known is None or (known.type == "person") != (kind == "person"):
            continue
        words = {word.strip(".,").lower() for title in titles for word in title.split()}
        if until is not None and known.since and known.since > until.isoformat():
            continue
        if known.type != "person" or "president" in known.offices or words & _CONGRESS:
            return known.identifiers
    return Identifiers()


@functools.cache
def _tables() -> tuple[Mapping[str, Identifiers], Mapping[str, _Known]]:
    """What is known by id, and by name."""
    by_id: dict[str, Identifiers] = {}
    by_name: dict[str, _Known] = {}
    text = resources.files("newskit.resources").joinpath(_FILE).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        identifiers = Identifiers(row["wikidata"], row["party"], row["country"])
        if row["id"]:
            by_id[row["id"]] = identifiers
        else:
            since = min(re.findall(r"(\d{4}-\d\d-\d\d)/", row["offices"]), default="")
            by_name[slug(row["name"])] = _Known(row["type"], identifiers, row["offices"], since)
    return by_id, by_name
