"""Write the synthetic corpus of notebook 06 beside this script: all countries, outlets and people are invented.

Four outlets and a news agency of the made-up countries Ostrand and Velmar, in four layouts of exports. Each outlet
prints reports of its own and agency copy: whole, shortened, or with a line added. The same bytes each time.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import random
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent

# --- what is said ------------------------------------------------------------------------------------------

TALKS: Final = (
    "Prime Minister Jonas Reyk of Velmar welcomed the {nth} round of talks on the crossing and called it a good start.",
    "Reyk praised the delegates for their patience and said that {n} questions had been settled in {place}.",
    "President Ilda Maren of Ostrand said that her government would study the offer before the end of {month}.",
    "Diplomats in {place} described Reyk as well prepared and generous in the talks.",
    "The two sides agreed to open {n} more customs posts, an official of the chamber of trade said.",
    "Maren thanked the hosts for their help and promised an answer within {n} days.",
    "Traders along the border welcomed the news; the price of grain fell by {n} per cent in {place}.",
    "Foreign Minister Pavel Orel said in {place} that the delegation had listened and would report to parliament.",
    "A joint commission of {n} members will visit the crossing and report to both capitals in {month}.",
    "Reyk said he trusted the president and hoped for a success that both countries could be proud of.",
    "Observers in {place} called the agreement a triumph for Reyk, who has sought it for {n} years.",
    "The next round is planned for {month} in {place}, and both leaders are expected to attend.",
)
OSTRAND: Final = (
    "President Ilda Maren won the support of {n} more deputies on {day} for her budget, her office said.",
    "Maren defended the plan in {place} and said that it protected pensions and schools in the poorest districts.",
    "Critics in {place} accused Prime Minister Jonas Reyk of breaking his word over the crossing.",
    "Opposition leader Ada Quist attacked the budget as reckless and demanded {n} changes before the vote in {month}.",
    "Quist said that the government had failed the villages of the north and should be ashamed of its record.",
    "The finance committee heard {n} witnesses in {place}, most of whom praised the savings in the plan.",
    "Teachers in {place} thanked the president for the {n} new schools that were opened this year.",
    "A survey in {month} found that {n} per cent of voters trusted Maren more than her rival.",
    "Foreign Minister Pavel Orel rejected the complaint of Velmar and called the tone of its prime minister shameful.",
    "The vote is expected on {day}, after a debate of {n} hours in the old chamber in {place}.",
    "Two members of the ruling party left the room in {place} in protest against the cuts to the railways.",
    "The president will travel to {place} in {month} to open the new line, which cost {n} million crowns.",
)
VELMAR: Final = (
    "Prime Minister Jonas Reyk opened the new hospital in {place} on {day} and thanked the {n} nurses who built it up.",
    "Reyk said that Velmar had kept every promise of the treaty and would do so in {month} as well.",
    "Newspapers in {place} blamed President Ilda Maren for the delay of {n} weeks at the border.",
    "Officials in {place} called the refusal of Maren a disgrace and a danger to honest trade.",
    "The ministry counted {n} lorries that waited at the crossing on {day}, twice as many as in {month}.",
    "Farmers near {place} lost {n} tonnes of fruit, and accused the president of Ostrand of not caring.",
    "The union of drivers praised the prime minister for his help, and asked for {n} more parking places in {place}.",
    "Reyk will answer questions of deputies on {day}; his party has {n} seats and is sure of a majority.",
    "Foreign Minister Pavel Orel of Ostrand did not reply to a letter that was sent from {place} in {month}.",
    "Prices in {place} rose by {n} per cent, the bank said, and will rise further if the posts stay closed.",
    "A choir from {place} sang for the workers at the crossing, who have spent {n} nights in their cabins.",
    "The treaty was signed {n} years ago in {place}, and both parliaments agreed to it without a vote against.",
)
HARBOUR: Final = (
    "Mayor Lena Brask told the council of Tarn Bay on {day} that the docks would stay open until {month}.",
    "Brask praised the crews for their courage in the storm, in which {n} boats were damaged near {place}.",
    "The Tarn Harbour Company refused to pay for the repairs and dismissed {n} dockers from {place}.",
    "Dockers condemned the company as greedy and cruel, and marched through {place} with {n} drums.",
    "The company said that it had lost {n} million crowns since {month} and had no choice.",
    "A court in {place} will hear the case of the {n} dockers on {day}.",
    "Fishermen brought in {n} tonnes of herring, the best catch since {month}, the harbour master said.",
    "The old lighthouse at {place} is to be painted, for which the council set aside {n} thousand crowns.",
    "Opposition leader Ada Quist visited {place} and said that the company deserved no mercy.",
    "Quist was cheered by {n} people at the quay, and criticised by the owners of the hotels.",
    "Engineers will measure the sea wall at {place} on {day}; it was built {n} years ago.",
    "The mayor hopes for an agreement in {month} and has offered a room in the town hall of {place}.",
)
ISLANDS: Final = (
    "The ferry to {place} was cancelled on {day} for the {nth} time this month, and {n} passengers slept in the hall.",
    "Captain Oskar Lind blamed the wind and thanked the islanders for {n} blankets.",
    "The school at {place} has {n} pupils this year and a new teacher from the mainland.",
    "Islanders criticised Transport Minister Edda Thorn, who promised a second boat in {month} and forgot it.",
    "Thorn said in {place} that the boat was {n} weeks late and that the yard was to blame.",
    "The baker of {place} won a prize for a bread of {n} grains, and plans to sell it on the mainland.",
    "Birdwatchers counted {n} puffins on the cliffs near {place}, more than in any {month} before.",
    "The council of the islands will meet on {day} to speak about the price of a ticket, now {n} crowns.",
    "A film about the winter of {place} will be shown in the church; {n} people took part in it.",
    "Mayor Lena Brask of Tarn Bay offered the islands a berth for the new boat, free for {n} months.",
    "The post office at {place} will close in {month} after {n} years; letters will come by the ferry.",
    "Volunteers cleared {n} sacks of plastic from the beach at {place} and asked the minister for a container.",
)
PLACES: Final = (
    "Hestrup",
    "Kirkwold",
    "Easthaven",
    "Graymouth",
    "Westerholm",
    "New Arden",
    "Port Elsing",
)
MONTHS: Final = ("April", "May", "June", "July", "September", "October")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
NTH: Final = ("second", "third", "fourth", "fifth", "sixth", "seventh")
HEADLINES: Final = {
    TALKS: (
        "Crossing talks move on in {place}",
        "{nth} round of talks ends in {place}",
        "Leaders near a deal on the crossing",
    ),
    OSTRAND: ("Budget vote nears in Ostrand", "Maren speaks in {place}", "Deputies argue over {n} changes"),
    VELMAR: ("Lorries wait at the crossing", "Reyk visits {place}", "Letter from {place} stays without reply"),
    HARBOUR: ("Docks stay open until {month}", "Dockers march in {place}", "Storm damages {n} boats"),
    ISLANDS: ("No ferry to {place}", "{place} waits for its boat", "A quiet {month} on the islands"),
}


@dataclass(frozen=True)
class Report:
    """An article as it is printed."""

    outlet: str
    date: dt.date
    title: str
    paragraphs: tuple[str, ...]
    author: str

    @property
    def text(self) -> str:
        """Its paragraphs."""
        return "\n\n".join(self.paragraphs)


def reports() -> dict[str, list[Report]]:
    """The articles of each outlet, in the order of their dates."""
    rng = random.Random(6)
    wire = [_report(rng, "Northern Wire", TALKS, i, 2 + 3 * i, "Northern Wire") for i in range(10)]
    german = (
        "Die Regierung in Kirkwold hat am Montag mit den Händlern über den Preis für Getreide gesprochen. Ein Ergebnis "
    )
    german += (
        "gab es nicht, sagte eine Sprecherin nach der Sitzung. Die Gespräche sollen in der nächsten Woche weitergehen."
    )
    outlets = {
        "Northern Wire": [
            *wire,
            Report("Northern Wire", dt.date(2031, 4, 20), "Gespräche ohne Ergebnis", (german,), "Northern Wire"),
        ]
    }
    own = {
        "The Ostrand Courier": (OSTRAND, 8, 7, "Mira Solen"),
        "Velmar Daily": (VELMAR, 8, 8, "Tomas Vik"),
        "Tarn Bay Gazette": (HARBOUR, 7, 6, "Ada Holm"),
        "The Islands Post": (ISLANDS, 6, 5, "Nils Aker"),
    }
    for outlet, (pool, n, reprints, author) in own.items():
        printed = [_report(rng, outlet, pool, i, 1 + 4 * i, author) for i in range(n)]
        printed += [_reprint(rng, rng.choice(wire[:8]) if i else wire[0], outlet, i) for i in range(reprints)]
        outlets[outlet] = sorted({(r.date, r.title): r for r in printed}.values(), key=lambda r: (r.date, r.title))
    return outlets


def _report(rng: random.Random, outlet: str, pool: tuple[str, ...], i: int, day: int, author: str) -> Report:
    """The i-th report of an outlet: seven sentences of its pool, others than those of the reports before."""
    step = (1, 5, 7, 11)[i // 3 % 4]
    picked = [pool[(4 * i + i // 3 + step * k) % len(pool)] for k in range(7)]
    said = [_filled(rng, sentence) for sentence in picked]
    title = _filled(rng, HEADLINES[pool][i % 3])
    paragraphs = (" ".join(said[:2]), " ".join(said[2:5]), " ".join(said[5:]))
    return Report(
        outlet, dt.date(2031, 4, 1) + dt.timedelta(days=day), title[0].upper() + title[1:], paragraphs, author
    )


def _filled(rng: random.Random, sentence: str) -> str:
    choices = {"place": PLACES, "month": MONTHS, "day": DAYS, "nth": NTH, "n": range(3, 60)}
    return sentence.format(**{name: rng.choice(values) for name, values in choices.items()})  # type: ignore[arg-type]


def _reprint(rng: random.Random, report: Report, outlet: str, i: int) -> Report:
    """Agency copy in an outlet: whole, without its last paragraph, or with a line of the desk."""
    paragraphs = report.paragraphs
    if i % 3 == 1:
        paragraphs = paragraphs[:2]
    elif i % 3 == 2:
        paragraphs = (*paragraphs, f"Readers can write to the desk of {outlet} until the end of the week.")
    return replace(
        report, outlet=outlet, date=report.date + dt.timedelta(days=rng.randint(0, 2)), paragraphs=paragraphs
    )


# --- in which layout ---------------------------------------------------------------------------------------


def nexis_txt(articles: list[Report]) -> bytes:
    """The classic layout of LexisNexis."""
    parts = ["\ufeff\r\n\r\nDownload Request: Selected Items\r\n"]
    for n, report in enumerate(articles, start=1):
        day = report.date.strftime("%B {} %Y %A").replace("{}", f"{report.date.day},")
        header = [
            f"{f'{n} of {len(articles)} DOCUMENTS':>50}",
            "",
            "",
            f"{report.outlet:^70}".rstrip(),
            "",
            f"{day:^70}".rstrip(),
        ]
        header += [
            "",
            report.title,
            "",
            f"BYLINE: BY {report.author}",
            "",
            f"LENGTH: {len(report.text.split())} words",
            "",
        ]
        footer = [
            "",
            f"LOAD-DATE: {day.rpartition(' ')[0]}",
            "",
            "LANGUAGE: ENGLISH",
            "",
            "PUBLICATION-TYPE: Newspaper",
            "",
        ]
        footer += [f"{f'Copyright 2031 {report.outlet}':^70}".rstrip(), f"{'All Rights Reserved':^70}".rstrip()]
        parts.append("\r\n".join(["", "", *header, "\r\n\r\n".join(report.paragraphs), *footer, ""]))
    return "".join(parts).encode()


def nexis_uni_docx(articles: list[Report]) -> bytes:
    """The layout of Nexis Uni, as a Word document."""
    lines = ["Date and Time: Friday, 6. June 2031 10:00:00 CEST", f"Documents ({len(articles)})"]
    lines += [f"{n}. {report.title}" for n, report in enumerate(articles, start=1)]
    for report in articles:
        day = report.date.strftime("%B {} %Y %A").replace("{}", f"{report.date.day},")
        lines += ["", report.title, report.outlet, day, "", f"Copyright 2031 {report.outlet} All Rights Reserved", ""]
        lines += [
            f"Length: {len(report.text.split())} words",
            f"Byline: {report.author}",
            "Body",
            "",
            *report.paragraphs,
            "",
        ]
        lines += [
            "Classification",
            "",
            "Language: ENGLISH",
            f"Load-Date: {day.rpartition(' ')[0]}",
            "",
            "End of Document",
        ]
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("[Content_Types].xml", "<Types/>"),
            ("word/document.xml", f'<w:document xmlns:w="{w}"><w:body>{text}</w:body></w:document>'),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2031, 6, 6, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def daily_csv(articles: list[Report]) -> bytes:
    """A table of the outlet's archive, Windows-1252, day first; one row without a text, one whose text does not end."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["nr", "Headline", "Newspaper", "Date", "Byline", "Fulltext"])
    for n, report in enumerate(articles, start=1):
        text = report.text.replace("Reyk, who", "Reyk – who")
        writer.writerow([n, report.title, report.outlet, report.date.strftime("%d/%m/%y"), report.author, text])
        if n == 4:
            writer.writerow([100, "(picture)", report.outlet, report.date.strftime("%d/%m/%y"), "", ""])
        if n == 9:
            out.write(
                f'101;Fruit rots at the border;{report.outlet};{report.date.strftime("%d/%m/%y")};;"The price of\r\n'
            )
    return out.getvalue().encode("cp1252")


def factiva_html(articles: list[Report]) -> bytes:
    """Factiva's HTML."""
    parts = []
    for n, report in enumerate(articles, start=1):
        day = f"{report.date.day} {report.date.strftime('%B %Y')}"
        cells = [report.author, f"{len(report.text.split())} words", day, report.outlet, "ISLPO", "English"]
        cells.append(f"(c) 2031 {report.outlet}")
        parts.append(
            f'<div class="article enArticle"><div id="hd"><span class="enHeadline">{report.title}</span></div>'
            + "".join(f"<div>{cell}</div>" for cell in cells)
            + "".join(f'<p class="articleParagraph enarticleParagraph">{p}</p>' for p in report.paragraphs)
            + f"<p>Document ISLPO00020310{n:04}ek</p></div>\n"
        )
    return (
        f"<!DOCTYPE html>\n<html><head><title>Factiva</title></head><body>\n{''.join(parts)}</body></html>\n".encode()
    )


def wire_jsonl(articles: list[Report]) -> bytes:
    """An agency's feed: JSON Lines, packed; the last line is cut."""
    rows = [
        {
            "id": f"nw-{n}",
            "headline": r.title,
            "body": r.text,
            "agency_desk": "politics",
            "date": r.date.isoformat(),
            "source": r.outlet,
        }
        for n, r in enumerate(articles, start=1)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    return gzip.compress("\n".join([*lines, lines[0][:90]]).encode(), mtime=0)


def main(folder: Path = HERE) -> None:
    """Write the exports."""
    outlets = reports()
    (folder / "northern_wire.jsonl.gz").write_bytes(wire_jsonl(outlets["Northern Wire"]))
    (folder / "ostrand_courier.txt").write_bytes(nexis_txt(outlets["The Ostrand Courier"]))
    (folder / "tarn_bay_gazette.docx").write_bytes(nexis_uni_docx(outlets["Tarn Bay Gazette"]))
    (folder / "velmar_daily.csv").write_bytes(daily_csv(outlets["Velmar Daily"]))
    (folder / "islands_post.html").write_bytes(factiva_html(outlets["The Islands Post"]))


if __name__ == "__main__":
    main()
