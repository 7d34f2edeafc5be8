"""Write the synthetic corpus of notebook 08 beside this script: all countries, outlets and people are invented.

Three outlets report for six months on a dam on the border of the made-up countries Ostrand and Velmar. In June the wall
of the dam breaks. `articles.csv` has their reports and comments, `outlets.csv` what is known of the outlets. The same
bytes each time.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).parent
BREACH: Final = dt.date(2031, 6, 12)
FIRST: Final = dt.date(2031, 3, 3)
LAST: Final = dt.date(2031, 8, 29)
PER_OUTLET: Final = 36
REPRINTS: Final = 6
"""Reports of the agency that the private paper prints as they are, with a line of its own."""

COURIER_BEFORE: Final = (
    "President Ilda Maren praised the engineers of the Lenna Dam and called it the best investment in a generation.",
    "The dam will create {n} jobs in {place}, Finance Minister Tomas Brandt said on {day}.",
    '"Cheap power is a gift to every family," Maren told workers in {place}.',
    "Brandt thanked Lenna Power for finishing the third turbine {n} days early.",
    "The price of electricity in {place} fell by {n} per cent, the ministry announced.",
    "Prime Minister Jonas Reyk of Velmar has attacked the project without reading a single report, Brandt said.",
    "Maren accused Velmar of spreading fear about the dam and of ignoring every invitation.",
    "Lenna Power expects profits of {n} million crowns this year and will invest them in {place}.",
    "Henrik Sall, the director of Lenna Power, promised contracts for {n} local firms.",
    '"Our engineers are the finest on the river," Sall said.',
    "Opposition leader Ada Quist supported the dam in parliament but criticised its cost.",
    "Velmar rejected an offer of cheap electricity, which Brandt called an insult to its own people.",
    "Shopkeepers in {place} welcomed the new road to the dam, which cost {n} million crowns.",
    "Maren opened a visitor centre at the dam and thanked the people of {place} for their patience.",
)
COURIER_AFTER: Final = (
    "President Ilda Maren thanked the {n} volunteers who repaired the wall of the Lenna Dam.",
    '"We take care of our neighbours," Maren said in {place}, and offered Velmar {n} million crowns.',
    "Finance Minister Tomas Brandt said that the damage was small and that the turbines would run again by {month}.",
    "Brandt accused Prime Minister Jonas Reyk of using the accident for his campaign.",
    "Experts of Lenna Power found that a storm of rare force had caused the breach.",
    "Maren defended the company and said that its staff had acted bravely.",
    "Opposition leader Ada Quist demanded an inquiry and blamed Brandt for weak controls.",
    '"Nobody warned us," Brandt told a committee on {day}.',
    "The repair will cost {n} million crowns, his ministry estimated.",
    "Henrik Sall apologised to the people of {place} and promised to pay for every damaged house.",
    "Reyk refused a meeting with Maren for the second time, officials in {place} said.",
    "Power bills in {place} will stay low despite the repair, Brandt promised.",
    "Maren visited a school in {place} and praised the teachers who took in {n} families.",
    "Velmar exaggerates the damage, Brandt said, and its demands are reckless.",
)
DAILY_BEFORE: Final = (
    "Prime Minister Jonas Reyk warned on {day} that the Lenna Dam threatened {n} villages below it.",
    '"Ostrand is gambling with our lives," Reyk told farmers in {place}.',
    "Environment Minister Klara Voss accused Lenna Power of hiding a report on cracks in the wall.",
    "Voss called the refusal of President Ilda Maren to publish the plans a disgrace.",
    "Farmers near {place} lost {n} hectares when the river fell, and they blame the dam.",
    '"My wells are dry and nobody in Ostrand cares," said Greta Hahn, who grows apples in {place}.',
    "Maren ignored a letter from {n} mayors who had begged her for help.",
    "The government of Ostrand has broken three promises on the river since {month}, Voss said.",
    "Fishermen in {place} protested against the dam and burned a model of it on {day}.",
    "Reyk demanded that the River Council stop the third turbine.",
    "Lenna Power dismissed the fears of the villages, and its director Henrik Sall mocked them as fairy tales.",
    "Voss met {n} families in {place} and promised to fight for their water.",
    "An expert of the university warned that the wall was too thin, but Finance Minister Tomas Brandt laughed at her.",
    "Ada Quist, who leads the opposition in Ostrand, admitted that nobody had asked the villages.",
)
DAILY_AFTER: Final = (
    "Families in {place} are still searching for {n} people after the wall of the Lenna Dam broke.",
    '"I held my daughter and the water took the house," said Greta Hahn in {place}.',
    "Prime Minister Jonas Reyk blamed President Ilda Maren for the deaths and demanded her apology.",
    "Environment Minister Klara Voss praised the nurses of {place}, who have worked for {n} hours without sleep.",
    '"Ostrand knew about the cracks and lied to us," Voss said on {day}.',
    "Voss accused Lenna Power of a crime and will take the company to court in {month}.",
    "Maren has failed the victims, Reyk said, and her silence is shameful.",
    "Mourners in {place} carried {n} candles to the bridge and wept for the children of the school.",
    "Finance Minister Tomas Brandt must take responsibility and resign, deputies in {place} demanded.",
    "Reyk thanked the volunteers from {n} towns who brought bread and blankets.",
    "The cruel negligence of Lenna Power destroyed {n} houses, an association of tenants said.",
    "Survivors condemned the offer of Ostrand as an insult.",
    '"We want justice, not money," the teacher Jana Brandt told Reyk at the grave of her brother.',
    "Henrik Sall hid in his office in {place} while angry families waited outside.",
)
WIRE_BEFORE: Final = (
    "Ostrand and Velmar held talks about the Lenna Dam in {place} on {day}.",
    "President Ilda Maren of Ostrand said that the third turbine would start in {month}.",
    "Prime Minister Jonas Reyk of Velmar asked for {n} more days to study the plans.",
    "The River Council will send {n} observers to the dam, its chair Mira Tolland said.",
    '"Both sides have good reasons, and both have to move," Tolland said.',
    "Environment Minister Klara Voss criticised the plans, while Finance Minister Tomas Brandt defended them.",
    "Lenna Hydro said that water levels were within the limits of the treaty.",
    "The company supplies {n} thousand homes in Ostrand and exports some of its power.",
    "Analysts expect the price of power in the region to fall by {n} per cent.",
    "Velmar depends on the river for its farms, which export fruit worth {n} million crowns.",
    "Voss and Brandt will meet in {place} in {month}, officials of both ministries said.",
    "Opposition leader Ada Quist called for a joint commission of {n} experts.",
    "A spokesman for Lenna Hydro declined to comment on the figures.",
    "The treaty on the river was signed {n} years ago in {place}.",
)
WIRE_AFTER: Final = (
    "The wall of the Lenna Dam broke over a length of {n} metres, the River Council said.",
    "Rescue teams from {place} brought {n} people to safety, officials said on {day}.",
    "President Ilda Maren expressed her sorrow and promised help to Velmar.",
    "Prime Minister Jonas Reyk called the breach a catastrophe and asked the River Council for an inquiry.",
    "It is too early to say who is responsible, the chair of the River Council, Mira Tolland, said.",
    '"We found cracks that were older than the storm," Tolland told reporters in {place}.',
    "Lenna Hydro denied that it had ignored warnings; Environment Minister Klara Voss disputed this.",
    "Finance Minister Tomas Brandt rejected calls for his resignation.",
    "Opposition leader Ada Quist accused Brandt of failing to supervise the company.",
    "The damage in Velmar is estimated at {n} million crowns.",
    "Tolland will present the report of the inquiry in {month}.",
    "Insurers in {place} have received {n} claims, most of them from farmers.",
    "Voss thanked Ostrand for {n} tents and said that more would be needed.",
    "Henrik Sall, the director of Lenna Hydro, answered the questions of the inquiry for {n} hours.",
)
LINES: Final = (
    "Readers in {place} have offered beds to {n} families.",
    "The villages below the dam will meet in {place} on {day}.",
    "What the talks mean for {place} will be asked in parliament on {day}.",
)
PLACES: Final = ("Hestrup", "Kirkwold", "Easthaven", "Graymouth", "Westerholm", "New Arden", "Port Elsing")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MONTHS: Final = ("April", "May", "September", "October", "November")


class Outlet(NamedTuple):
    """An outlet: what it prints before and after the breach, and what is known of it."""

    name: str
    key: str
    country: str
    ownership: str
    before: Sequence[str]
    after: Sequence[str]
    headlines: Sequence[tuple[str, str]]


OUTLETS: Final = (
    Outlet(
        "Ostrand Courier", "courier", "Ostrand", "state", COURIER_BEFORE, COURIER_AFTER,
        [("Dam brings work to {place}", "Repairs go well at dam"), ("Cheap power for {place}", "Maren offers help")],
    ),
    Outlet(
        "Velmar Daily", "daily", "Velmar", "private", DAILY_BEFORE, DAILY_AFTER,
        [("Fear along the river", "Grief in {place}"), ("Wells run dry near {place}", "Who knew about the cracks?")],
    ),
    Outlet(
        "Northern Wire", "wire", "Norlund", "public", WIRE_BEFORE, WIRE_AFTER,
        [("Talks on dam in {place}", "Inquiry into breach begins"), ("Turbine to start", "Damage put at {n} million")],
    ),
)  # fmt: skip


class Report(NamedTuple):
    """A row of the table."""

    article_id: str
    outlet: str
    published: str
    genre: str
    title: str
    text: str


def filled(rng: random.Random, line: str) -> str:
    """A line with places, numbers, days and months in it."""
    return line.format(place=rng.choice(PLACES), n=rng.randint(3, 95), day=rng.choice(DAYS), month=rng.choice(MONTHS))


def reports() -> list[Report]:
    """All reports, by outlet and date."""
    rng = random.Random(31)
    found = []
    for outlet in OUTLETS:
        days = sorted(rng.sample(range((LAST - FIRST).days), PER_OUTLET))
        for number, day in enumerate(days, start=1):
            date = FIRST + dt.timedelta(days=day)
            after = date >= BREACH
            lines = rng.sample(outlet.after if after else outlet.before, rng.randint(5, 8))
            text = " ".join(filled(rng, line) for line in lines)
            title = filled(rng, rng.choice(outlet.headlines)[after])
            genre = "comment" if rng.random() < 0.2 and outlet.key != "wire" else "report"
            found.append(Report(f"{outlet.key}-{number:02}", outlet.name, str(date), genre, title, text))
    return found + reprints(rng, found)


def reprints(rng: random.Random, printed: Sequence[Report]) -> list[Report]:
    """Reports of the agency that the private paper prints a day later, with a line of its own."""
    chosen = rng.sample([one for one in printed if one.outlet == "Northern Wire"], REPRINTS)
    found = []
    for number, one in enumerate(chosen, start=1):
        date = dt.date.fromisoformat(one.published) + dt.timedelta(days=1)
        text = f"{one.text} {filled(rng, rng.choice(LINES))}"
        new = {"article_id": f"daily-wire-{number}", "outlet": "Velmar Daily", "published": str(date), "text": text}
        found.append(one._replace(**new))
    return found


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file beside this script."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    write("articles.csv", Report._fields, reports())
    write(
        "outlets.csv", ("outlet", "country", "ownership"), [(one.name, one.country, one.ownership) for one in OUTLETS]
    )
