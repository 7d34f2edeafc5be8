"""Dates of publication."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newskit.reading.formats.dates import DateReader, parse_date
from tests.reading.layouts import BODIES
from tests.reading.scans import scan


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-03-04", "2024-03-04"),
        ("2024-03-04T10:30:00Z", "2024-03-04 10:30"),
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
