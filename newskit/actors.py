"""Who the actors are: the catalogue of known ones, and one identity per actor across articles."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from anyascii import anyascii

from newskit.datafiles import find_file, line_of, read_toml

if TYPE_CHECKING:
    import pandas as pd

ACTOR_TYPES: Final = ("person", "state", "alliance", "organization", "movement", "party", "people")
_LISTS: Final = ("aliases", "demonyms", "capitals", "seats", "ambiguous")
_HOW: Final = {"aliases": "name", "demonyms": "demonym", "capitals": "capital", "seats": "seat"}


class CatalogError(ValueError):
    """A mistake in an actor catalogue; the message names the file, the line and the way out."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A known actor: its names, and for a state its demonyms, capitals and seats of government.

    `ambiguous` lists those of its strings that are also other things ("Georgia", "Jordan"); they count
    only where the entity recogniser sees a place or a group as well.
    """

    actor_id: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    wikidata: str | None = None


class Entry(NamedTuple):
    """A string of the catalogue: whose it is, and how it names the actor (name, demonym, capital, seat)."""

    actor: Actor
    how: str
    ambiguous: bool


Payload = TypeVar("Payload", bound=Hashable)


class NameIndex(Generic[Payload]):
    """Finds many names in a text in one pass, longest first, at word boundaries.

    A name matches in its own spelling, or wholly in capitals ("RUSSIA WARNS"). Typographic and plain
    apostrophes are the same.
    """

    _WORD = re.compile(r"(?<![\w@#])[^\W_]+")

    def __init__(self, names: Iterable[tuple[str, Payload]]) -> None:
        by_first: dict[str, dict[str, Payload]] = defaultdict(dict)
        for name, payload in names:
            first = self._WORD.search(name)
            if first:
                by_first[first.group().casefold()].setdefault(name.replace("’", "'"), payload)
        self._by_first = {key: sorted(group.items(), key=lambda item: -len(item[0])) for key, group in by_first.items()}

    def find(self, text: str) -> Iterator[tuple[int, int, Payload]]:
        """Yield (start, end, payload) of the names in the text, in order, without overlaps."""
        plain = text.replace("’", "'")
        at = 0
        for word in self._WORD.finditer(plain):
            start = word.start()
            group = self._by_first.get(word.group().casefold())
            if group is None or start < at:
                continue
            for name, payload in group:
                end = start + len(name)
                here = plain[start:end]
                same = here == name or (len(name) > 3 and here.isupper() and here == name.upper())
                if same and not plain[end : end + 1].isalnum():
                    at = end
                    yield start, end, payload
                    break


class ActorCatalog:
    """Known actors and all strings that name them, read from TOML and kept under version control.

    >>> catalog = load_actors("world")
    >>> catalog.lookup("Kyiv").actor.label, catalog.lookup("Kyiv").how
    ('Ukraine', 'capital')
    """

    def __init__(self, actors: Iterable[Actor], *, name: str = "custom", version: str = "0") -> None:
        self.name, self.version = name, version
        self.actors: dict[str, Actor] = {actor.actor_id: actor for actor in actors}
        self._entries: dict[str, Entry] = {}
        for actor in self.actors.values():
            for key, how in _HOW.items():
                for string in dict.fromkeys(getattr(actor, key)):
                    known = self._entries.get(_fold(string))
                    if known and known.actor.actor_id != actor.actor_id:
                        raise CatalogError(
                            f"{string!r} is given to both {known.actor.actor_id!r} and {actor.actor_id!r}; "
                            "leave it with one of them"
                        )
                    self._entries.setdefault(_fold(string), Entry(actor, how, string in actor.ambiguous))

    def __len__(self) -> int:
        return len(self.actors)

    def __repr__(self) -> str:
        return f"ActorCatalog({self.name!r} {self.version}, {len(self)} actors, {len(self._entries)} names)"

    def lookup(self, name: str) -> Entry | None:
        """The entry of a name, demonym, capital or seat; None if the catalogue does not have it.

        Case counts ("US" is not "us"), but a longer string may be all in capitals ("RUSSIA").
        """
        folded = _fold(name)
        found = self._entries.get(folded)
        return self._capitals.get(folded) if found is None and len(folded) > 3 and folded.isupper() else found

    def extended(self, other: ActorCatalog) -> ActorCatalog:
        """A catalogue with the actors of both; where both have an id or a string, `other` wins."""
        taken = set(other._entries)

        def free(strings: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(string for string in strings if _fold(string) not in taken)

        kept = [
            replace(
                actor,
                aliases=free(actor.aliases),
                demonyms=free(actor.demonyms),
                capitals=free(actor.capitals),
                seats=free(actor.seats),
                ambiguous=free(actor.ambiguous),
            )
            for actor in self.actors.values()
            if actor.actor_id not in other.actors
        ]
        return ActorCatalog(
            [*kept, *other.actors.values()],
            name=f"{self.name}+{other.name}",
            version=f"{self.version}+{other.version}",
        )

    @functools.cached_property
    def _capitals(self) -> dict[str, Entry]:
        return {string.upper(): entry for string, entry in self._entries.items()}

    @functools.cached_property
    def index(self) -> NameIndex[Entry]:
        """The finder of all strings of the catalogue."""
        return NameIndex(
            (string, self._entries[_fold(string)])
            for actor in self.actors.values()
            for key in _HOW
            for string in getattr(actor, key)
        )


def load_actors(source: str | Path = "world") -> ActorCatalog:
    """Load an actor catalogue: the name of a shipped one ("world"), or the path of a TOML file.

    The file has a table `[catalog]` (name, version, …) and one `[[actor]]` per actor with `id`,
    `label`, `type` and lists `aliases`, `demonyms`, `capitals`, `seats`, `ambiguous`. A mistake
    raises `CatalogError` (a `ValueError`) with file and line.
    """
    path = find_file(source, folder="catalogs", what="catalogue", error=CatalogError)
    text, data = read_toml(path, error=CatalogError)
    head = data.get("catalog", {})
    actors = [_actor(raw, path=path, text=text) for raw in data.get("actor", [])]
    if not actors:
        raise CatalogError(f"{path}: no [[actor]] in it")
    twice = [i for i, n in Counter(actor.actor_id for actor in actors).items() if n > 1]
    if twice:
        raise CatalogError(f"{path}:{_line(text, twice[0], last=True)}: the id {twice[0]!r} is given twice")
    try:
        return ActorCatalog(actors, name=str(head.get("name", path.stem)), version=str(head.get("version", "0")))
    except CatalogError as error:
        string = str(error).split("'")[1]
        raise CatalogError(f"{path}:{_line(text, string, last=True)}: {error}") from None


def _actor(raw: Mapping[str, Any], *, path: Path, text: str) -> Actor:
    identity = raw.get("id")
    where = f"{path}:{_line(text, str(identity))}" if identity else str(path)
    unknown = set(raw) - {"id", "label", "type", "wikidata", *_LISTS}
    if unknown:
        raise CatalogError(
            f"{where}: unknown key {sorted(unknown)[0]!r}; known: id, label, type, wikidata, {', '.join(_LISTS)}"
        )
    if not identity or not raw.get("label"):
        raise CatalogError(f"{where}: an [[actor]] needs id and label, got {dict(raw)!r:.80}")
    if raw.get("type") not in ACTOR_TYPES:
        raise CatalogError(f"{where}: type {raw.get('type')!r} is none of {', '.join(ACTOR_TYPES)}")
    lists = {key: tuple(raw.get(key, ())) for key in _LISTS}
    strings = [s for key in _HOW for s in lists[key]]
    if any(not isinstance(s, str) or not s.strip() for s in strings):
        raise CatalogError(f"{where}: {identity!r} has an empty string in one of its lists")
    stray = set(lists["ambiguous"]) - set(strings)
    if stray:
        raise CatalogError(f"{where}: ambiguous {sorted(stray)[0]!r} is in no other list of {identity!r}")
    return Actor(actor_id=identity, label=raw["label"], type=raw["type"], wikidata=raw.get("wikidata"), **lists)


def _line(text: str, string: str, *, last: bool = False) -> int:
    """Line of the first (or last) place where the string stands in quotation marks."""
    return line_of(text, f'"{string}"', last=last)


def _fold(name: str) -> str:
    """The form under which the catalogue knows a string; case counts, since "US" is not "us"."""
    return " ".join(name.replace("’", "'").split())


# --- names of people -------------------------------------------------------------------------------

PARTICLES: Final = frozenset(
    "abu al bin da de del della den der di dos du el ibn la le ten ter van von y".split()  # noqa: SIM905
)

_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})


def slug(name: str) -> str:
    """An ASCII id of a name.

    >>> slug("Recep Tayyip Erdoğan")
    'recep-tayyip-erdogan'
    """
    return re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-") or "unnamed"


def surname(name: str) -> str:
    """The family name of a full name, with its particles and without "Jr.": the last word, as a rule.

    >>> surname("Ursula von der Leyen"), surname("Donald Trump"), surname("Joseph R. Biden Jr.")
    ('von der Leyen', 'Trump', 'Biden')
    """
    words = name.split()
    while len(words) > 1 and words[-1].rstrip(".,").lower() in _SUFFIXES:
        words.pop()
    first = next((i for i, word in enumerate(words[1:-1], 1) if word.lower() in PARTICLES), len(words) - 1)
    return " ".join(words[first:])


def is_spelling_variant(a: str, b: str) -> bool:
    """Whether two names are one name spelt in two ways: transliterated, they differ by an edit or two.

    Two edits need seven letters, one needs five; the first three letters must be the same. Edits are
    Levenshtein's.

    >>> is_spelling_variant("Zelensky", "Zelenskyy"), is_spelling_variant("Erdoğan", "Erdogan")
    (True, True)
    >>> is_spelling_variant("Clinton", "Bannon")
    False
    """
    from rapidfuzz.distance import Levenshtein

    x, y = slug(a), slug(b)
    shorter = min(len(x), len(y))
    if x == y:
        return True
    if x[:3] != y[:3] or shorter < 5:
        return False
    return Levenshtein.distance(x, y, score_cutoff=2) <= (2 if shorter >= 7 else 1)


def is_same_name(a: str, b: str) -> bool:
    """Whether two full names are one person's: first name and surname agree, up to spelling variants.

    >>> is_same_name("Volodymyr Zelensky", "Volodymyr Zelenskyy"), is_same_name("Donald Trump", "Melania Trump")
    (True, False)
    """
    return is_spelling_variant(surname(a), surname(b)) and is_spelling_variant(a.split()[0], b.split()[0])


# --- identity across articles ----------------------------------------------------------------------


class Link(NamedTuple):
    """The identity that a name of an article was given across articles."""

    actor_id: str
    label: str
    type: str
    source: str


def link_names(names: pd.DataFrame, catalog: ActorCatalog) -> list[Link]:
    """Give each entity of each article its identity across articles, from its names alone.

    `names` has one row per entity of an article: `name` (its fullest name there) and `type` (person,
    organization, or catalog for what a catalogue string named) and `n` (its mentions). The catalogue
    comes first. Two full names are one person if given name and surname agree, up to
    spelling variants. A person named only by surname is the one person of the corpus with that
    surname, or the one with at least twice the mentions of any other; so is an organisation of one
    word, since recognisers often call a bare surname one. The result, one link a row, does not depend
    on the order of rows.
    """
    keys = list(zip(names["name"].astype(str), names["type"].astype(str), strict=True))
    counts: Counter[tuple[str, str]] = Counter()
    for key, n in zip(keys, names["n"], strict=True):
        counts[key] += int(n)
    distinct = sorted(counts, key=lambda key: (-counts[key], key))
    links: dict[tuple[str, str], Link] = {}
    people: dict[tuple[str, str], list[tuple[str, Link]]] = defaultdict(list)
    for key in distinct:
        name, kind = key
        entry = catalog.lookup(name)
        if entry and (kind == "catalog" or (entry.actor.type == "person") == (kind == "person")):
            links[key] = Link(entry.actor.actor_id, entry.actor.label, entry.actor.type, "catalog")
        elif kind != "person" and " " in name:
            links[key] = Link(_free_id(name, catalog), name, kind, "discovered")
        elif " " in name:
            block = people[slug(name)[:1], slug(surname(name))[:3]]
            same = next((link for other, link in block if is_same_name(other, name)), None)
            links[key] = same or Link(_free_id(name, catalog), name, "person", "discovered")
            block.append((name, links[key]))
    bearers: dict[str, Counter[Link]] = defaultdict(Counter)
    for (name, kind), link in links.items():
        if link.type == "person" and " " in name:
            bearers[slug(surname(name))][link] += counts[name, kind]
    for name, kind in distinct:
        if (name, kind) not in links:
            known = _dominant(bearers.get(slug(name), Counter()))
            links[name, kind] = known or Link(_free_id(name, catalog), name, kind, "discovered")
    return [links[key] for key in keys]


def _dominant(weights: Counter[Link]) -> Link | None:
    """The only one, or the one with twice the weight of any other."""
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0]


def _free_id(name: str, catalog: ActorCatalog) -> str:
    identity = slug(name)
    return f"{identity}-discovered" if identity in catalog.actors else identity
