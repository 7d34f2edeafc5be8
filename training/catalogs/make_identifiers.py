"""Write newskit/resources/catalogs/identifiers.tsv: Wikidata items, parties, countries and offices by name.

    pip install countryinfo==1.0.1 pyyaml
    python -m training.catalogs.make_identifiers FOLDER

FOLDER has `partyfacts_wikidata.csv` (Party Facts, MIT licence), `legislators-current.yaml` and `executive.yaml`
(congress-legislators, CC0); see README.md for their dates. Parties that share a name across countries, and people who
share one, are left out: a name that may mean either identifies nobody.
"""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from newskit.annotation.actors.names import slug
from training.catalogs.make_world import ADDITIONS, OTHER_STATES, TARGET, UN_MEMBERS, library_record, state
from training.common.commands import command

SINCE = "1977"
"""Presidents and vice presidents of the United States in office in this year or later are listed."""
OFFICES = {"rep": "representative", "sen": "senator", "prez": "president", "viceprez": "vice president"}
PARTIES = {"Democrat": "Democratic Party", "Republican": "Republican Party"}
KNOWN = {
    "african-national-congress": ("ZAF", "African National Congress"),
    "akp": ("TUR", "Justice and Development Party"),
    "alternative-for-germany": ("DEU", "Alternative for Germany"),
    "bharatiya-janata-party": ("IND", "Bharatiya Janata Party"),
    "brothers-of-italy": ("ITA", "Brothers of Italy"),
    "chinese-communist-party": ("CHN", "Communist Party of China"),
    "christian-democratic-union-germany": ("DEU", "Christian Democratic Union"),
    "conservative-party-uk": ("GBR", "Conservative Party"),
    "democratic-party-us": ("USA", "Democratic Party"),
    "democratic-unionist-party": ("GBR", "Democratic Unionist Party"),
    "fidesz": ("HUN", "Fidesz"),
    "five-star-movement": ("ITA", "Five Star Movement"),
    "indian-national-congress": ("IND", "Indian National Congress"),
    "labour-party-uk": ("GBR", "Labour Party"),
    "law-and-justice": ("POL", "Law and Justice"),
    "liberal-democrats": ("GBR", "Liberal Democrats"),
    "likud": ("ISR", "Likud"),
    "national-rally": ("FRA", "National Rally"),
    "reform-uk": ("GBR", "Reform UK"),
    "republican-party-us": ("USA", "Republican Party"),
    "scottish-national-party": ("GBR", "Scottish National Party"),
    "sinn-fein": ("IRL", "Sinn Féin"),
    "social-democratic-party-germany": ("DEU", "Social Democratic Party of Germany"),
    "ukip": ("GBR", "UK Independence Party"),
    "united-russia": ("RUS", "United Russia"),
}
"""The parties of the catalogue `world` as Party Facts has them."""


class Row(NamedTuple):
    """Somebody identified: by `id` in the catalogue, or by `name`."""

    id: str
    name: str
    type: str
    wikidata: str
    party: str
    country: str
    offices: str


def states() -> Iterator[Row]:
    """The states of the catalogue with their ISO 3166-1 alpha-3 codes."""
    by_hand = tomllib.loads(ADDITIONS.read_text(encoding="utf-8"))["states"]
    for code in [*UN_MEMBERS, *OTHER_STATES]:
        alpha3 = "XKX" if code == "XK" else library_record(code)["ISO"]["alpha3"]
        yield Row(state(code, by_hand.get(code, {}))["id"], "", "state", "", "", alpha3, "")


def parties(file: Path) -> Iterator[Row]:
    """The parties of the catalogue, and those whose name of several words no other party in the world has."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    items = {(row["country"], row["name"]): row["wikidata_id"] for row in rows}
    for identity, (country, name) in KNOWN.items():
        yield Row(identity, "", "party", items[country, name], "", country, "")
    world: list[dict[str, Any]] = tomllib.loads(TARGET.read_text(encoding="utf-8"))["actor"]
    taken = {slug(name) for actor in world for name in actor["aliases"]}
    named: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in rows:
        if len(row["name"].split()) > 1:
            named[slug(row["name"])].add((row["name"], row["wikidata_id"], row["country"]))
    for key, found in sorted(named.items()):
        if len(found) == 1 and key not in taken:
            ((name, item, country),) = found
            yield Row("", name, "party", item, "", country, "")


def people(files: Iterable[Path]) -> Iterator[Row]:
    """The members of Congress, and the presidents and vice presidents, under each form of their names."""
    named: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in files:
        for person in yaml.load(file.read_text(encoding="utf-8"), Loader=loader):
            terms = [term for term in person["terms"] if term["end"] >= SINCE]
            if not terms:
                continue
            last = terms[-1]
            party = PARTIES.get(last["party"], last["party"])
            for form in names_of(person["name"]):
                row = Row("", form, "person", person["id"].get("wikidata", ""), party, "USA", offices(terms))
                named[slug(form)][person["name"]["last"], person["id"].get("bioguide", form)] = row
    for _, found in sorted(named.items()):
        if len(found) == 1:
            yield from found.values()


def names_of(name: dict[str, str]) -> list[str]:
    """The forms of a name that stand in news."""
    firsts = [name["first"], name.get("nickname", "")]
    forms = [f"{first} {name['last']}" for first in firsts if first and not first.endswith(".")]
    return list(dict.fromkeys([*forms, name.get("official_full", forms[0] if forms else name["last"])]))


def offices(terms: list[dict[str, Any]]) -> str:
    """The offices with their first and last day; terms that follow each other are one."""
    spans: list[list[str]] = []
    for term in terms:
        what = " ".join(filter(None, [OFFICES[term["type"]], term.get("state")]))
        if spans and spans[-1][0] == what and term["start"][:4] <= str(int(spans[-1][2][:4]) + 1):
            spans[-1][2] = term["end"]
        else:
            spans.append([what, term["start"], term["end"]])
    return "; ".join(f"{what} {start}/{end}" for what, start, end in spans)


def main() -> None:
    folder = command(__doc__, "folder").parse_args().folder
    files = [folder / "legislators-current.yaml", folder / "executive.yaml"]
    rows = [*states(), *parties(folder / "partyfacts_wikidata.csv"), *people(files)]
    with TARGET.with_name("identifiers.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(rows)
    print(f"{len(rows):,} rows")


if __name__ == "__main__":
    main()
