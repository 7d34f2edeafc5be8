"""Write newskit/resources/catalogs/world.toml: states and well-known collective actors.

States come from the countryinfo library, corrected and completed by hand in
additions.toml beside this file; the other actors come from additions.toml
alone. Run it after a change to additions.toml:

    pip install countryinfo==1.0.1
    python -m training.catalogs.make_world           # write the catalogue
    python -m training.catalogs.make_world --check   # only compare with the file

The same library version and the same additions give the same bytes. The
script stops, and writes nothing, when its result breaks a rule of README.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import unicodedata
from collections import Counter
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ADDITIONS = HERE / "additions.toml"
TARGET = HERE.parent.parent / "newskit" / "resources" / "catalogs" / "world.toml"

CATALOG_VERSION = "1.0.0"
LIBRARY = "countryinfo"
LIBRARY_VERSION = "1.0.1"
LIBRARY_LICENCE = "MIT"

# The 193 members of the United Nations, as ISO 3166-1 alpha-2 codes.
UN_MEMBER_CODES = """
AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW
BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG
ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL
IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT
LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL
NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI
SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US
UY UZ VC VE VN VU WS YE ZA ZM ZW
"""
UN_MEMBERS = UN_MEMBER_CODES.split()
# Not members, but treated as states in the news. Kosovo (XK) is not in the
# library and is written in full in additions.toml.
OTHER_STATES = ["TW", "VA", "XK"]
NOT_IN_LIBRARY = {"XK"}

LISTS = ("aliases", "demonyms", "capitals", "seats")
STATE_KEYS = {"label", "not_aliases", "ambiguous", *LISTS}
ACTOR_KEYS = {"id", "label", "type", "ambiguous", *LISTS}
TYPES = {"state", "alliance", "organization", "movement", "party", "people"}

# English long forms among the library's alternative spellings ("Republic of
# Kenya", "Slovak Republic"). Codes and spellings in other languages fall out.
LONG_FORM = re.compile(
    r"(?:[A-Z][a-z'-]+ )*"
    r"(?:Republic|Kingdom|State|States|Commonwealth|Federation|Principality|Sultanate|Union|Duchy)"
    r" of (?:the )?[A-Z][A-Za-z' -]+"
    r"|(?:[A-Z][a-z']+ )+(?:Republic|Federation|Confederation)"
)


class CatalogError(Exception):
    """The catalogue would break one of its own rules."""


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def slug(label: str) -> str:
    plain = without_accents(label).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def unique(strings: list[str]) -> list[str]:
    return list(dict.fromkeys(strings))


def spellings(string: str) -> list[str]:
    """The string and the other ways English news spells it."""
    out = [string]
    if string.startswith(("al-", "Al-")):
        rest = string[3:]
        out += [f"{article}{rest}" for article in ("al-", "Al-", "al ", "Al ")]
    for form in list(out):
        if re.search(r"\bSaint ", form):
            out += [re.sub(r"\bSaint ", "St. ", form), re.sub(r"\bSaint ", "St ", form)]
    out += [without_accents(form) for form in out]
    return unique(out)


def with_spellings(strings: list[str]) -> list[str]:
    return unique([form for string in strings for form in spellings(string)])


def with_plural(demonym: str) -> list[str]:
    """Russian -> Russian, Russians; Chinese -> Chinese."""
    if demonym.endswith(("ese", "ish", "s", "French", "Dutch")):
        return [demonym]
    return [demonym, demonym + "s"]


def library_record(code: str) -> dict[str, Any]:
    from countryinfo import CountryInfo

    record: dict[str, Any] = CountryInfo(code).info()
    if record["ISO"]["alpha2"] != code:
        raise CatalogError(f"{LIBRARY} answers {record['name']} for {code}")
    return record


def state(code: str, by_hand: dict[str, Any]) -> dict[str, Any]:
    """One state: what the library says, then what was written by hand."""
    unknown = set(by_hand) - STATE_KEYS
    if unknown:
        raise CatalogError(f"states.{code}: unknown keys {sorted(unknown)}")
    if code in NOT_IN_LIBRARY:
        names, demonyms, capitals = [], [], []
    else:
        record = library_record(code)
        names = [record["name"].removeprefix("The ")]
        names += sorted(s for s in record["altSpellings"] if LONG_FORM.fullmatch(s))
        demonyms = with_plural(record["demonym"]) if record["demonym"] else []
        capitals = [record["capital"]] if record["capital"] else []
    label = by_hand.get("label") or names[0]
    names = unique([label, *names, *by_hand.get("aliases", [])])
    for name in by_hand.get("not_aliases", []):
        if name not in names:
            raise CatalogError(f"states.{code}: not_aliases names {name!r}, which is no alias")
        names.remove(name)
    aliases = with_spellings(names)
    capitals = by_hand.get("capitals", capitals)
    # A capital called like its state (Singapore) is already a name.
    capitals = [c for c in with_spellings(capitals) if c not in aliases]
    return {
        "id": slug(label),
        "label": label,
        "type": "state",
        "aliases": aliases,
        "demonyms": with_spellings(by_hand.get("demonyms", demonyms)),
        "capitals": capitals,
        "seats": with_spellings(by_hand.get("seats", [])),
        "ambiguous": by_hand.get("ambiguous", []),
    }


def other_actor(by_hand: dict[str, Any]) -> dict[str, Any]:
    """One actor written by hand."""
    unknown = set(by_hand) - ACTOR_KEYS
    if unknown:
        raise CatalogError(f"actor {by_hand.get('label')!r}: unknown keys {sorted(unknown)}")
    actor = {
        "id": by_hand.get("id") or slug(by_hand["label"]),
        "label": by_hand["label"],
        "type": by_hand["type"],
    }
    for key in LISTS:
        actor[key] = with_spellings(by_hand.get(key, []))
    actor["aliases"] = unique(with_spellings([actor["label"]]) + actor["aliases"])
    actor["ambiguous"] = by_hand.get("ambiguous", [])
    return actor


def check(actors: list[dict[str, Any]], codes: list[str]) -> None:
    """Raise CatalogError naming everything that is wrong."""
    wrong = []
    if len(set(UN_MEMBERS)) != 193:
        wrong.append("the list of United Nations members does not have 193 entries")
    missing = set(UN_MEMBERS) - set(codes)
    if missing:
        wrong.append(f"states missing: {sorted(missing)}")
    for identifier, times in Counter(a["id"] for a in actors).items():
        if times > 1:
            wrong.append(f"id {identifier} is used {times} times")
    owner: dict[str, str] = {}
    for actor in actors:
        where = actor["id"]
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", where):
            wrong.append(f"{where!r} is not a slug")
        if actor["type"] not in TYPES:
            wrong.append(f"{where}: unknown type {actor['type']!r}")
        if actor["label"] not in actor["aliases"]:
            wrong.append(f"{where}: the label is not among the aliases")
        strings = [s for key in LISTS for s in actor[key]]
        for string in [actor["label"], *strings]:
            if not string or string != " ".join(string.split()):
                wrong.append(f"{where}: empty string or stray space: {string!r}")
            if "," in string and string != "Washington, D.C.":
                wrong.append(f"{where}: {string!r} has a comma")
        for string in actor["ambiguous"]:
            if string not in strings:
                wrong.append(f"{where}: ambiguous {string!r} is in no list")  # noqa: PERF401
        for string in strings:
            first = owner.setdefault(string.casefold(), where)
            if first != where:
                wrong.append(f"{string!r} is given to both {first} and {where}")
    if wrong:
        raise CatalogError("\n".join(wrong))


def quoted(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


def render(actors: list[dict[str, Any]]) -> str:
    source = (
        f"{LIBRARY} {LIBRARY_VERSION} ({LIBRARY_LICENCE} licence) for the states; "
        "corrections and all other actors by hand"
    )
    lines = [
        "# Generated by training/catalogs/make_world.py: change training/catalogs/additions.toml",
        "# and run the script instead of editing this file.",
        f"# Made from {LIBRARY} {LIBRARY_VERSION} ({LIBRARY_LICENCE} licence) and additions.toml.",
        "",
        "[catalog]",
        'name = "world"',
        f"version = {quoted(CATALOG_VERSION)}",
        'language = "en"',
        f"source = {quoted(source)}",
    ]
    for actor in actors:
        lines += ["", "[[actor]]"]
        lines += [f"{key} = {quoted(actor[key])}" for key in ("id", "label", "type", *LISTS)]
        if actor["ambiguous"]:
            lines.append(f"ambiguous = {quoted(actor['ambiguous'])}")
    return "\n".join(lines) + "\n"


def build() -> str:
    installed = metadata.version(LIBRARY)
    if installed != LIBRARY_VERSION:
        raise CatalogError(
            f"{LIBRARY} {installed} is installed, {LIBRARY_VERSION} is expected: "
            "change LIBRARY_VERSION on purpose and read the difference"
        )
    additions = tomllib.loads(ADDITIONS.read_text(encoding="utf-8"))
    by_hand = additions["states"]
    codes = UN_MEMBERS + OTHER_STATES
    stray = set(by_hand) - set(codes)
    if stray:
        raise CatalogError(f"additions for unknown states: {sorted(stray)}")
    actors = [state(code, by_hand.get(code, {})) for code in codes]
    actors += [other_actor(entry) for entry in additions["actor"]]
    actors.sort(key=lambda actor: actor["id"])
    check(actors, codes)
    text = render(actors)
    if len(tomllib.loads(text)["actor"]) != len(actors):
        raise CatalogError("the written file does not read back")
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description="Write newskit/resources/catalogs/world.toml.")
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    arguments = parser.parse_args()
    try:
        text = build()
    except metadata.PackageNotFoundError:
        print(f"needs {LIBRARY}=={LIBRARY_VERSION}", file=sys.stderr)
        return 2
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.check:
        same = TARGET.is_file() and TARGET.read_bytes() == text.encode("utf-8")
        print("up to date" if same else f"{TARGET.name} differs from what the script makes")
        return 0 if same else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(text.encode("utf-8"))
    actors = tomllib.loads(text)["actor"]
    for kind, count in sorted(Counter(actor["type"] for actor in actors).items()):
        print(f"{kind:14}{count:5}")
    print(f"{'actors':14}{len(actors):5}")
    print(f"{'strings':14}{sum(len(actor[key]) for actor in actors for key in LISTS):5}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
