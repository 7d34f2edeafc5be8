"""Three invented articles in the layout of every kind of file that newskit reads."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd

TITLES: Final = (
    "Harbour talks end without a deal",
    "Minister Orel defends the toll",
    "Ferry crews walk out in Tarn Bay",
)
OUTLETS: Final = ("The Tarn Courier", "Vesper Daily (Ostrand)", "The Tarn Courier")
AUTHORS: Final = ("Mira Solen", "Jon Ebbe", "Ada Quist")
DATES: Final = ("2024-03-04", "2024-03-15", "2024-04-02")
LONG: Final = ("March 4, 2024 Monday", "March 15, 2024 Friday", "April 2, 2024 Tuesday")
PARAGRAPHS: Final = (
    (
        "Talks about the harbour of Tarn Bay ended on Monday without a deal, both sides said in the evening.",
        "The mayor of the town, Lena Brask, said the offer of the company was not enough to keep the docks open. She "
        "said the council would meet again before the end of the month and would hear from the crews by then.",
        "The company called the meeting useful and said it would wait for the council.",
    ),
    (
        "The minister for transport, Pavel Orel, defended the toll on the northern bridge in parliament on Friday.",
        "Mr Orel said the bridge had cost more than planned, and that those who cross it should carry part of it. The "
        "opposition accused him of hiding the true price for a year, and asked for an inquiry into the contract.",
        "A vote is planned for May.",
    ),
    (
        "Ferry crews in Tarn Bay walked out on Tuesday after the council turned down their demand for higher pay.",
        "A spokeswoman for the crews said that they had waited for two years and would not go back without an offer. "
        "The council said that it had no money for it, and that the strike would hurt the islands most of all.",
        "The last ferry left at noon.",
    ),
)
BODIES: Final = tuple("\n\n".join(paragraphs) for paragraphs in PARAGRAPHS)


def rows() -> list[dict[str, Any]]:
    """The articles as rows of a table."""
    return [
        {"id": f"t{i}", "headline": TITLES[i], "source": OUTLETS[i], "date": DATES[i], "text": BODIES[i], "words": 77}
        for i in range(3)
    ]


def csv_text(**choices: Any) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows()[0]), **choices)
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue()


def _wrapped(text: str, width: int = 70) -> str:
    import textwrap

    return "\n\n".join(textwrap.fill(p, width) for p in text.split("\n\n"))


def nexis(n: int = 3, *, cover: bool = True) -> str:
    """The classic layout of LexisNexis, of documents 1 to n of 3."""
    parts = [
        "\ufeff\n\n\nDownload Request: Selected Items: 1-3\nTime Of Request: Monday, May 6, 2024  10:00:00\n\n\n"
    ] * cover
    for i in range(n):
        parts.append(
            f"\n\n{f'{i + 1} of 3 DOCUMENTS':>50}\n\n\n\n{OUTLETS[i]:^70}\n\n{LONG[i]:^70}\n{'Final Edition':^70}\n\n"
            f"{TITLES[i]}\n\nBYLINE: BY {AUTHORS[i]}\n\nSECTION: NEWS; Pg. {i + 1}\n\n"
            f"LENGTH: {len(BODIES[i].split())} words\n\n"
            f"{_wrapped(BODIES[i])}\n\nLOAD-DATE: {LONG[i].rpartition(' ')[0]}\n\nLANGUAGE: ENGLISH\n\n"
            f"GRAPHIC: The harbour on\nMonday\n\nPUBLICATION-TYPE: Newspaper\n\n\n"
            f"{f'Copyright 2024 {OUTLETS[i]}':^70}\n{'All Rights Reserved':^70}\n"
        )
    return "".join(parts)


def nexis_uni_lines(n: int = 3) -> list[str]:
    """The paragraphs of the layout of Nexis Uni."""
    lines = ["", "Date and Time: Monday, 6. May 2024 10:00:00 CEST", "Job Number: 1", f"Documents ({n})"]
    for i in range(n):
        lines += [
            f"{i + 1}. {TITLES[i]}",
            "Client/Matter: -None-",
            "Search Terms: harbour",
            "Content Type",
            "Narrowed by",
        ]
    for i in range(n):
        lines += [
            *(
                "",
                TITLES[i],
                OUTLETS[i],
                f"{LONG[i]} 9:20 AM GMT",
                "",
                f"Copyright 2024 {OUTLETS[i]} All Rights Reserved",
                "",
            ),
            *(
                f"Section:\xa0NEWS; Pg. {i + 1}",
                f"Length:\xa0{len(BODIES[i].split())} words",
                f"Byline:\xa0{AUTHORS[i]}",
                "Body",
            ),
            *("", *PARAGRAPHS[i], "", "Classification", "", "Language:\xa0ENGLISH", "Publication-Type:\xa0Newspaper"),
            *("Journal Code:\xa0TTC", f"Load-Date:\xa0{LONG[i].rpartition(' ')[0]}", "", "End of Document"),
        ]
    return lines


def docx(lines: list[str]) -> bytes:
    """A Word document with a paragraph a line."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "".join(
        f"<w:p><w:r><w:t>{line.replace('&', '&amp;').replace('<', '&lt;')}</w:t></w:r></w:p>" for line in lines
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{w}"><w:body>{text}</w:body></w:document>')
    return out.getvalue()


def rtf(lines: list[str]) -> str:
    """An RTF document with a paragraph a line."""
    signs = {"\t": "\\tab "}
    escaped = ("".join(signs.get(c, c) if ord(c) < 128 else f"\\'{ord(c):02x}" for c in line) for line in lines)
    return (
        "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0\n" + "\n".join(f"{line}\\par" for line in escaped) + "}"
    )


def factiva(*, indexed: bool = False) -> str:
    """Factiva's HTML, plain or with a table of fields."""
    parts = []
    for i in range(3):
        day = pd.Timestamp(DATES[i]).strftime("%-d %B %Y")
        paragraphs = "".join(f'<p class="articleParagraph enarticleParagraph" >{p}</p>' for p in PARAGRAPHS[i])
        if indexed:
            fields = {"HD": TITLES[i], "BY": f"By {AUTHORS[i]}", "WC": f"{len(BODIES[i].split())} words", "PD": day}
            fields |= {
                "SN": OUTLETS[i],
                "SC": "TARN",
                "LA": "English",
                "LP": f"<p>{PARAGRAPHS[i][0]}</p>",
                "TD": "".join(f"<p>{p}</p>" for p in PARAGRAPHS[i][1:]),
                "AN": f"Document TARN0000{i}",
            }
            cells = "".join(
                f'<tr><td class="index"><b>{name}</b>&nbsp;</td><td>{value}</td></tr>' for name, value in fields.items()
            )
            parts.append(f'<div class="article enArticle"><table>{cells}</table></div><br/>')
        else:
            parts.append(
                f'<div class="article enArticle"><div id="hd"><span class="enHeadline">{TITLES[i]}</span></div>'
                f"<div>{AUTHORS[i]}</div><div>{len(BODIES[i].split())} words</div><div>{day}</div><div>22:15 GMT</div>"
                f"<div>{OUTLETS[i]}</div><div>TARN</div><div>English</div><div>(c) 2024 {OUTLETS[i]}</div>"
                f"{paragraphs}<p>Document TARN000020240304ek3400{i}1</p></div>"
            )
    return f"<!DOCTYPE html><html><head><title>Factiva</title></head><body>{''.join(parts)}</body></html>"


def factiva_text() -> str:
    """Factiva's articles as text, with a line for each field above them."""
    parts = ["Dow Jones Factiva\n\n"]
    for i in range(3):
        day = pd.Timestamp(DATES[i])
        section = "News\n" if i == 1 else ""
        time = "22:15\n" if i == 0 else ""
        parts.append(
            f"{section}{TITLES[i]}\nBy {AUTHORS[i]}\n{len(BODIES[i].split())} words\n"
            f"{day.strftime('%-d %B %Y')}\n{time}"
            f"{OUTLETS[i]}\nTARN\n{i + 1}\nEnglish\n© 2024 {OUTLETS[i]}. All rights reserved.\n\n{BODIES[i]}\n\n"
            f"Document TARN000020{day.strftime('%Y%m%d')}ek3400{i}1x\n\n"
            f"Page {i + 1} of 3 © 2024 Factiva, Inc. All rights reserved.\n\n"
        )
    return "".join([*parts, "Search Summary\nText\nharbour\nDate\n01/01/2024 to 31/12/2024\n"])


def factiva_coded() -> list[str]:
    """The lines of Factiva's articles with the codes of their fields, as in RTF."""
    lines = []
    for i in range(3):
        day = pd.Timestamp(DATES[i])
        lines += [
            *("SE\tNews", f"HD\t{TITLES[i]}", f"BY\tBy {AUTHORS[i]}", f"WC\t{len(BODIES[i].split())} words"),
            *(f"PD\t{day.strftime('%-d %B %Y')}", "ET\t23:30", f"SN\t{OUTLETS[i]}", "SC\tTARN", "LA\tEnglish"),
            *(f"CY\t(c) 2024 {OUTLETS[i]}", "", "LP\t", PARAGRAPHS[i][0], "", "TD\t", *PARAGRAPHS[i][1:], ""),
            *("CO\ttarn : Tarn Press", "NS\tgpol : Domestic Politics", "RE\ttarn : Tarn", "PUB\tTarn Press"),
            *(f"AN\tDocument TARN000020{day.strftime('%Y%m%d')}ek3400{i}1x", "", ""),
        ]
    return lines


def proquest() -> str:
    """ProQuest's text export."""
    rule = "_" * 60
    parts = [
        f"{rule}\n\nReport Information from ProQuest\n06 May 2024 10:00\n{rule}\n\n"
        f"Table of contents\n\n1. {TITLES[0]}\n\n"
    ]
    for i in range(3):
        day = pd.Timestamp(DATES[i])
        parts.append(
            f"{rule}\n\nDocument {i + 1} of 3\n\n{TITLES[i]}\n\nAuthor: {AUTHORS[i]}\n\n"
            f"Publication info: {OUTLETS[i]} ; Tarn [Tarn]{day.strftime('%d %b %Y')}: A.{i + 1}.\n\n"
            "ProQuest document link\n\nAbstract: Three words only.\n\n"
            f"Links: None\n\nFull text: {BODIES[i]}\n\nSubject: Harbours\n\nTitle: {TITLES[i]}\n\n"
            f"Publication title: {OUTLETS[i]}; Tarn\n\nPages: A.{i + 1}\n\n"
            f"Publication date: {day.strftime('%b %d, %Y')}\n\n"
            f"Language of publication: English\n\nProQuest document ID: 29{i}\n\n"
            f"Document URL: https://example.org/docview/29{i}\n\nCopyright: Copyright {OUTLETS[i]} 2024\n\n"
            "Last updated: 2024-05-01\n\nDatabase: Example Database\n\n"
        )
    parts.append(f"{rule}\n\nContact us\n\nDatabase copyright 2024\n")
    return "".join(parts)


def page(i: int) -> str:
    """An article as a web page."""
    paragraphs = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[i])
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{TITLES[i]}</title>"
        f"<meta property='og:title' content='{TITLES[i]}'></head>"
        f"<body><article><h1>{TITLES[i]}</h1>{paragraphs}</article></body></html>"
    )


def warc() -> bytes:
    """A web archive with three pages, an image, and a page that is gone."""
    replies = [("200 OK", "text/html", page(i).encode()) for i in range(3)]
    replies += [("200 OK", "image/png", b"\x89PNG"), ("404 Not Found", "text/html", b"<p>gone</p>")]
    return b"".join(gzip.compress(_warc_record(f"https://example.org/{i}", *reply)) for i, reply in enumerate(replies))


def _warc_record(address: str, status: str, kind: str, payload: bytes) -> bytes:
    reply = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(payload)}\r\n\r\n".encode() + payload
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-05-06T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(reply)}\r\n\r\n"
    )
    return head.encode() + reply + b"\r\n\r\n"


def _zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def _excel(path: Path) -> None:
    pd.DataFrame(rows()).assign(date=pd.to_datetime(list(DATES))).to_excel(path, index=False)


def _parquet(path: Path) -> None:
    pd.DataFrame(rows()).to_parquet(path)


def _bytes(data: Callable[[], str | bytes], **choices: Any) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        content = data()
        path.write_bytes(content if isinstance(content, bytes) else content.encode(choices.get("encoding", "utf-8")))

    return write


FILES: Final[dict[str, tuple[str, Callable[[Path], None]]]] = {
    "rows.csv": ("CSV", _bytes(csv_text)),
    "semicolon.csv": ("CSV", _bytes(lambda: csv_text(delimiter=";"))),
    "escaped.csv": ("CSV", _bytes(lambda: csv_text(quoting=csv.QUOTE_ALL))),
    "rows.tsv": ("TSV", _bytes(lambda: csv_text(delimiter="\t"))),
    "utf16.csv": ("CSV", _bytes(csv_text, encoding="utf-16")),
    "windows.csv": ("CSV", _bytes(csv_text, encoding="cp1252")),
    "rows.csv.gz": ("CSV", _bytes(lambda: gzip.compress(csv_text().encode()))),
    "rows.zip": ("CSV", _bytes(lambda: _zipped(rows__csv=csv_text().encode()))),
    "rows.json": ("JSON", _bytes(lambda: json.dumps(rows()))),
    "wrapped.json": ("JSON", _bytes(lambda: json.dumps({"status": "ok", "tags": [], "articles": rows()}))),
    "columns.json": ("JSON", _bytes(lambda: pd.DataFrame(rows()).to_json())),
    "rows.jsonl": ("JSON Lines", _bytes(lambda: "\n".join(map(json.dumps, rows())))),
    "rows.jsonl.gz": ("JSON Lines", _bytes(lambda: gzip.compress("\n".join(map(json.dumps, rows())).encode()))),
    "rows.xlsx": ("Excel", _excel),
    "rows.parquet": ("Parquet", _parquet),
    "nexis.txt": ("Nexis TXT", _bytes(nexis)),
    "no_cover.txt": ("Nexis TXT", _bytes(lambda: nexis(cover=False))),
    "nexis.docx": ("Nexis DOCX", _bytes(lambda: docx(nexis().splitlines()))),
    "uni.docx": ("Nexis Uni DOCX", _bytes(lambda: docx(nexis_uni_lines()))),
    "uni.rtf": ("Nexis Uni RTF", _bytes(lambda: rtf(nexis_uni_lines()))),
    "uni.txt": ("Nexis Uni TXT", _bytes(lambda: "\n".join(nexis_uni_lines()))),
    "factiva.html": ("Factiva HTML", _bytes(factiva)),
    "indexed.html": ("Factiva HTML", _bytes(lambda: factiva(indexed=True))),
    "factiva.txt": ("Factiva TXT", _bytes(factiva_text)),
    "factiva.rtf": ("Factiva RTF", _bytes(lambda: rtf(factiva_coded()))),
    "proquest.txt": ("ProQuest TXT", _bytes(proquest)),
    "pages.warc.gz": ("WARC", _bytes(warc)),
    "pages.zip": (
        "HTML",
        _bytes(lambda: _zipped(a__html=page(0).encode(), b__html=page(1).encode(), c__html=page(2).encode())),
    ),
}
"""Name of a file, the format that the report should give, and what writes it."""
