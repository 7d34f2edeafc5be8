"""Dates of publication."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newskit as nk
from newskit.reading.formats.dates import DateReader, parse_date
from newskit.schema import make_table
from tests.reading.layouts import BODIES
from tests.reading.scans import scan


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-03-04", "2024-03-04"),
        ("2024-03-04T10:30:00Z", "2024-03-04 10:30"),
        ("\ufeff2024-03-04", "2024-03-04"),
        ("Monday, March 4, 2024; A01", "2024-03-04"),
        ("2024-03-04 10:30:00+02:00", "2024-03-04 10:30"),
        ("March 4, 2024 Monday 9:20 AM GMT", "2024-03-04 09:20"),
        ("Mon, 04 Mar 2024 10:00:00 +0000", "2024-03-04 10:00"),
        ("4 March 2024", "2024-03-04"),
        ("13/3/24", "2024-03-13"),
        ("3/13/99", "1999-03-13"),
        ("04.03.2024", "2024-03-04"),
        ("Montag, 4. März 2024", "2024-03-04"),
        ("March 2024", "2024-03-01"),
        ("20240304", "2024-03-04"),
        ("45355", "2024-03-04"),
        (1709548200, "2024-03-04 10:30"),
        (1709548200000.0, "2024-03-04 10:30"),
        ("March 4,2024", "2024-03-04"),
        ("March 4,2024 9:20 PM", "2024-03-04 21:20"),
        ("Sept. 4,2024 Wednesday", "2024-09-04"),
        ("04-MAR-24", "2024-03-04"),
        ("04MAR2024:10:30:00", "2024-03-04 10:30"),
        ("Mon Mar 04 10:30:00 +0000 2024", "2024-03-04 10:30"),
        ("First published on Mon 4 Mar 2024 10.30 GMT", "2024-03-04 10:30"),
        ("Published: 2024-03-04", "2024-03-04"),
        ("4 March 2024, updated 9 March 2024", "2024-03-04"),
        ("Monday 25/03/2024", "2024-03-25"),
        ("5:30 PM ET, Mon March 4, 2024", "2024-03-04 17:30"),
        ("20240304103000", "2024-03-04 10:30"),
        ("4. März 2024, 14:30 Uhr", "2024-03-04 14:30"),
        ("March 4, 2024, Section B", "2024-03-04"),
        ("4 March 2024; Section Sport, Page 12, Late Edition - Final", "2024-03-04"),
        ("March 4, 2024 Monday First Edition", "2024-03-04"),
        ("March 4, 2024, Section 5 holds", None),
        ("12 noon March 4, 2024", "2024-03-04 12:00"),
        ("at midday on 4 March 2024", "2024-03-04 12:00"),
        ("Midnight, March 4, 2024", "2024-03-04"),
        ("Updated: March 9, 2024 Published: March 4, 2024", "2024-03-04"),
        ("Freitag, den 1. März 2024", "2024-03-01"),
        ("1er mars 2024", "2024-03-01"),
        ("4. 3. 2024", "2024-03-04"),
        ("16:45, 13/3/2024", "2024-03-13 16:45"),
        ("13/3/2024 - 16.45 Uhr", "2024-03-13 16:45"),
        ("2024-03-04 10.30", "2024-03-04 10:30"),
        *((f"{word} March 4, 2024", None) for word in ("After", "By", "from", "Until", "since", "not before", "nach")),
        ("après le 4 mars 2024", None),
        ("by 13/3/2024", None),
        ("March 4, 2024?", None),
        ("13/3/2024 10:00 - 15/3/2024 18:00", None),
        ("2024-03-04-06", None),
        ("March 4, 2024 4:00pm-5:00pm", None),
        ("March 4-9, 2024", None),
        ("4–9 March 2024", None),
        ("March 30 - April 2, 2024", None),
        ("3.–5. März 2024", None),
        ("2024-03", None),
        ("Updated March 9, 2024", None),
        ("The bridge fell on March 4, 2024", None),
        ("2024", None),
        ("31/31/2024", None),
        ("n/a", None),
        ("yesterday", None),
        ("The Tarn Courier (London)", None),
        ("30 February 2024", None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_dates(written: object, date: str | None) -> None:
    assert parse_date(written) == (None if date is None else pd.Timestamp(date))


ZONES = (
    *("Z", "+00:00", "-1130", "+14", " UTC", " GMT+2", " (GMT+05:30)", " -0400 (EDT)", " PST", " AEST", " ET", " NZDT"),
    *(
        " America/New_York",
        "[Europe/London]",
        "+01:00[Europe/London]",
        " Pacific Time",
        " Central European Summer Time",
    ),
    *(" GMT+0200 (Central European Summer Time)", " UTC-05:00", " Eastern", ""),
)


@pytest.mark.parametrize(
    "day", ["2024-03-04", "4 March 2024", "March 4, 2024", "2024/3/4", "4.3.2024", "Mon Mar 4 2024"]
)
@pytest.mark.parametrize("time", ["00:05:00", "23:50:00", "3:30"])
def test_a_time_zone_moves_neither_day_nor_time(day: str, time: str) -> None:
    read = {zone: parse_date(f"{day} {time}{zone}") for zone in ZONES}
    assert read == dict.fromkeys(ZONES, pd.Timestamp(f"2024-03-04 {time}"))


@pytest.mark.parametrize("value", ["2024-03-04Z", "2024-03-04+02:00", "2024-03-04-05:00", "4 March 2024 GMT"])
def test_a_time_zone_behind_a_day_is_no_time(value: str) -> None:
    assert parse_date(value) == pd.Timestamp("2024-03-04")


NIGHT = dt.datetime(2024, 3, 4, 23, 50, tzinfo=dt.timezone(dt.timedelta(hours=-8)))


@pytest.mark.parametrize(
    "published", [NIGHT, pd.Timestamp(NIGHT), str(NIGHT), NIGHT.replace(tzinfo=None), np.datetime64("2024-03-04T23:50")]
)
def test_an_article_keeps_the_clock_of_its_outlet(published: Any) -> None:
    assert nk.Article("a", "Text.", published=published).published == dt.datetime(2024, 3, 4, 23, 50)


@pytest.mark.parametrize(
    ("published", "says"),
    [
        ("Friday", "'Friday' is not a date of one day"),
        ("3-9 March 2024", "not a date of one day"),
        ("03/04/2024", "in two ways; write 2024-04-03 or 2024-03-04"),
    ],
)
def test_an_article_with_what_is_no_day_is_refused_where_it_is_made(published: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        nk.Article("a", "Text.", published=published)
    with pytest.raises(TypeError, match="got int"):
        nk.Article("a", "Text.", published=20240304)  # type: ignore[arg-type]


@pytest.mark.parametrize("published", [None, "", dt.date(2024, 3, 4), pd.NaT, np.datetime64("NaT")])
def test_a_day_without_a_time_and_no_day_at_all(published: Any) -> None:
    article = nk.Article("a", "Text.", published=published)
    assert article.published == (published if isinstance(published, dt.date) and published == published else None)


def test_dates_with_time_zones_end_no_run() -> None:
    nights = [NIGHT, NIGHT.astimezone(dt.UTC), NIGHT.replace(tzinfo=None)]
    articles = [nk.Article(str(i), "", published=night) for i, night in enumerate(nights)]
    rows = [dict(article_id=a.article_id, published=a.published, n_tokens=0) for a in articles]
    table = make_table("articles", rows)
    assert table["published"].dt.strftime("%d %H:%M").tolist() == ["04 23:50", "05 07:50", "04 23:50"]
    frame = pd.DataFrame({"article_id": ["a", "b"], "text": BODIES[:2], "published": [NIGHT, NIGHT.astimezone(dt.UTC)]})
    assert [a.published for a in scan(frame)[0]] == [pd.Timestamp(d).tz_localize(None) for d in nights[:2]]
    frame = frame.assign(published=pd.to_datetime(frame["published"], utc=True).dt.tz_convert("America/Los_Angeles"))
    assert [a.published for a in scan(frame)[0]] == [pd.Timestamp("2024-03-04 23:50")] * 2


def test_annotate_warns_of_the_dates_of_which_the_report_tells(tmp_path: Path) -> None:
    for name, dates in (
        ("open", ["03/04/2024", "05/06/2024"]),
        ("both", ["03/04/2024", "25/12/2023", "12/25/2023", "26/12/2023"]),
        ("settled", ["03/04/2024", "25/12/2023"]),
        ("odd", ["2024-03-04", "last Friday", "soon"]),
    ):
        texts = [f"{i} {name} {BODIES[0]}" for i in range(len(dates))]
        pd.DataFrame({"date": dates, "text": texts}).to_csv(tmp_path / f"{name}.csv", index=False)
    _, _, report = scan(tmp_path)
    files = report.files.set_index(report.files["path"].str.rpartition("/")[2]).to_dict("index")
    with pytest.warns(UserWarning, match=r"both\.csv|odd\.csv|open\.csv") as warned:
        list(nk.scan_articles(tmp_path))
    told = [str(w.message).removeprefix(f"{tmp_path.as_posix()}/") for w in warned]
    assert [text.partition(":")[0] for text in told] == ["both.csv", "odd.csv", "open.csv"]
    assert f"in {files['both.csv']['dates_assumed']} dates either number" in told[0]
    assert files["both.csv"]["date_order"] in told[0]
    assert f"{files['odd.csv']['dates_unparsed']} dates, such as 'last Friday'" in told[1]
    assert "in 2 dates either number may be the month; they were read month first, assumed" in told[2]
    frame = pd.DataFrame({"article_id": ["a"], "text": BODIES[:1], "published": ["03/04/2024"]})
    with pytest.warns(UserWarning, match="in 1 dates either number may be the month"):
        list(nk.scan_articles(frame))


def test_a_file_settles_which_number_is_the_month(tmp_path: Path) -> None:
    for name, last in (("day.csv", "25/12/2023"), ("month.csv", "12/25/2023"), ("open.csv", "")):
        frame = pd.DataFrame({"date": ["03/04/2024"] * 60 + [last], "text": [f"{i} {BODIES[0]}" for i in range(61)]})
        frame.to_csv(tmp_path / name, index=False)
    articles, _, report = scan(tmp_path)
    first = {a.article_id.partition("#")[0]: a.published for a in reversed(articles)}
    assert first == {
        "day": pd.Timestamp("2024-04-03"),
        "month": pd.Timestamp("2024-03-04"),
        "open": pd.Timestamp("2024-03-04"),
    }
    files = report.files.set_index(report.files["path"].str.rpartition("/")[2])
    assert files.loc["day.csv", "date_order"] == "day first, as in 25/12/2023"
    assert files.loc["open.csv", "dates_assumed"] == 60
    assert files.loc["open.csv", "dates_missing"] == 1
    assert "assumed" in str(report)


@given(
    dates=st.lists(st.datetimes(pd.Timestamp("1970-01-01"), pd.Timestamp("2060-01-01")), min_size=1), day=st.booleans()
)
def test_one_order_reads_all_dates_of_a_file_alike(dates: list[pd.Timestamp], day: bool) -> None:
    written = [d.strftime("%d/%m/%Y" if day else "%m/%d/%Y") for d in dates]
    reader = DateReader(lambda: written)
    read = [reader.read(value) for value in written]
    if reader.assumed == 0:
        assert [r and r.date() for r in read] == [d.date() for d in dates]
    else:
        assert all(d.day <= 12 for d in dates if d.day != d.month)


@pytest.mark.parametrize(
    ("dates", "day_first"),
    [
        (["03/04/2024", "25/12/2023"], True),
        (["03/04/2024", "12/25/2023"], False),
        (["03/04/2024", "25/12/2023", "12/25/2023"], False),
        (["03/04/2024", "25/12/2023", "26/12/2023", "12/25/2023"], True),
        (["03/04/2024", "25.12.2023"], False),
        (["03/04/2024", "2023/12/25"], False),
    ],
)
def test_the_more_frequent_order_wins(dates: list[str], day_first: bool) -> None:
    reader = DateReader(lambda: dates)
    assert reader.read(dates[0]) == (pd.Timestamp("2024-04-03") if day_first else pd.Timestamp("2024-03-04"))
    assert reader.order.startswith("day first" if day_first else "month first")
    assert reader.assumed == ("assumed" in reader.order)
    assert reader.assumed == (not {"25/12/2023", "12/25/2023"} & set(dates) or "12/25/2023" in dates[2:])


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("4.3.68", 2068),
        ("4.3.69", 1969),
        ("4.3.1599", None),
        ("4.3.1600", 1600),
        ("4.3.2100", 2100),
        ("4.3.2101", None),
    ],
)
def test_years(written: str, year: int | None) -> None:
    found = parse_date(written)
    assert (None if found is None else found.year) == year  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [19999.0, 60001, 99_999_999, 5 * 10**9, float("inf"), "x" * 61, "4 Ma"])
def test_what_is_not_a_date(value: object) -> None:
    assert parse_date(value) is None
