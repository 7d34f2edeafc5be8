"""Make newskit/resources/lexicons/first_names.txt and nicknames.txt from three packages.

    python -m pip install Faker==40.54.0 names==0.3.0 nicknames==1.0.1
    python -m training.names.make_first_names

First names with their gender come from Faker (MIT licence; its lists by country, Cyrillic and Greek ones
transliterated) and from the 1990 US census as packaged in names (MIT licence; the census is in the public domain),
without its rare ones. A name that both genders bear goes to one of them if the census has it five times as often there
or, for names the census lacks, if three times as many countries do; otherwise it is `u`, either. Nicknames come from
the package nicknames (Apache-2.0 licence); a pair is kept if both names are first names of one gender.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from anyascii import anyascii

from training.common.commands import command

LEXICONS = Path(__file__).resolve().parents[2] / "newskit" / "resources" / "lexicons"
NO_VOWELS = {"ar", "fa", "he", "th", "hi", "bn", "gu", "mr", "ne", "or", "si", "ta", "ja", "ko", "zh"}
"""Languages whose script, transliterated letter by letter, does not give the spelling of newspapers."""
RARE = 6
"""Census names borne by fewer than six in 100,000 people are as often surnames of immigrants: "Jong"."""


def folded(name: str) -> str:
    """A name in small Latin letters and hyphens."""
    return re.sub(r"[^a-z-]", "", anyascii(name).lower())


def from_faker() -> dict[str, Counter[str]]:
    """In how many countries each name is a man's (`m`) or a woman's (`f`)."""
    people: Any = importlib.import_module("faker.providers.person")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for module in pkgutil.iter_modules(people.__path__):
        if module.name.partition("_")[0] in NO_VOWELS:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for gender, lists in (("m", "first_names_male"), ("f", "first_names_female")):
            for name in {folded(name) for name in getattr(provider, lists, ())}:
                found[name][gender] += 1
    return found


def from_census() -> dict[str, Counter[str]]:
    """How many in 100,000 people bear each name, by gender, and one more; without the rare ones."""
    spec = importlib.util.find_spec("names")
    assert spec is not None
    assert spec.origin is not None
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for gender, file in (("m", "dist.male.first"), ("f", "dist.female.first")):
        for line in (Path(spec.origin).parent / file).read_text(encoding="utf-8").splitlines():
            name, share = line.split()[:2]
            found[folded(name)][gender] += round(1000 * float(share)) + 1
    return {name: counts for name, counts in found.items() if counts.total() > RARE}


def decide(counts: Counter[str], times: int) -> str:
    """The gender that is counted so many times as often as the other, or `u`."""
    return next((g for g, other in (("m", "f"), ("f", "m")) if counts[g] >= times * max(counts[other], 1e-9)), "u")


def main() -> None:
    command(__doc__).parse_args()
    faker, census = from_faker(), from_census()
    genders = {
        name: decide(census[name], 5) if name in census else decide(faker[name], 3)
        for name in sorted({*faker, *census})
        if len(name) > 2 and not name.startswith("-")
    }
    lines = [f"{name} {gender}" for name, gender in genders.items()]
    (LEXICONS / "first_names.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    full: dict[str, set[str]] = defaultdict(set)
    nicknames: Any = importlib.import_module("nicknames")
    table = (Path(nicknames.__file__).parent / "names.csv").read_text(encoding="utf-8")
    for line in table.splitlines()[1:]:
        name, relation, nick = line.split(",")
        one = {genders.get(name, "u"), genders.get(nick, "u")} - {"u"}
        if relation == "has_nickname" and len(one) < 2 and name in genders:
            full[nick].add(name)
    pairs = [f"{nick} {' '.join(sorted(names))}" for nick, names in sorted(full.items()) if len(nick) > 1]
    (LEXICONS / "nicknames.txt").write_text("\n".join(pairs) + "\n", encoding="utf-8")
    print(f"{len(genders)} first names, {len(pairs)} nicknames")


if __name__ == "__main__":
    main()
