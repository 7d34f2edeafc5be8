"""Dates of publication, as exports and tables write them."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

_TIME = r"(?:[T,\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?.*)?"
_NUMERIC = re.compile(rf"(\d{{1,4}})([/.\-])(\d{{1,2}})\2(\d{{1,4}}){_TIME}$")
_EIGHT_DIGITS = re.compile(r"(?:19|20)\d{6}$")
_NUMBER = re.compile(r"\d+(?:\.0*)?$")
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_LONG_DATE = re.compile(
    rf"(?i)\b(?:(?:{_MONTHS})[a-z]*\.?,?\s+\d|\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?:{_MONTHS}))"
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b|[’']\d\d\b")
_ZONE = re.compile(r"\s*\(?\b(?:[A-Z]{3,4}|UTC?[+-]\d{1,2}(?::?\d\d)?|Uhr)\)?$")
_PARTIAL = re.compile(rf"(?i)(?:{_MONTHS})[a-z]*\.?,?\s+(\d{{4}})$")
_EXCEL = dt.datetime(1899, 12, 30)


class DateReader:
    """Reads the dates of one file, whose other dates decide whether 03/04/2020 is in March or in April.

    `values()` returns the dates of the file once more; it is called at the first ambiguous date. A date such as
    13/04/2020 settles the order for the file; if both orders occur, the more frequent one wins. If nothing settles
    it, the month is assumed to come first, and `assumed` counts such dates.
    """

    def __init__(self, values: Callable[[], Iterable[Any]] | None = None) -> None:
        self._values = values
        self._day_first: bool | None = None
        self.order = ""
        self.assumed = 0
        self.short_years = 0

    def read(self, value: Any) -> dt.datetime | None:
        """The date as the outlet gives it, without a time zone; None for what is not a date."""
        parsed = parse_date(value)
        if isinstance(parsed, _Doubtful):
            if not self.order:
                self._settle()
            self.assumed += self._day_first is None
            parsed = parsed.day_first if self._day_first else parsed.month_first
        if parsed is not None and isinstance(value, str) and (short := _NUMERIC.match(value.strip())):
            self.short_years += max(len(short[1]), len(short[4])) < 4
        return parsed

    def _settle(self) -> None:
        votes = {True: "", False: ""}
        counts = {True: 0, False: 0}
        for value in self._values() if self._values else ():
            vote = _order(value)
            if vote is not None:
                counts[vote] += 1
                votes[vote] = votes[vote] or str(value).strip()
        if not any(counts.values()):
            self.order = "month first, assumed: no date in the file settles it"
            return
        self._day_first = counts[True] > counts[False]
        self.order = f"{'day' if self._day_first else 'month'} first, as in {votes[self._day_first][:10]}"
        if all(counts.values()):
            self.order += f" ({max(counts.values())} dates to {min(counts.values())})"


class _Doubtful:
    """A date that can be read in two ways."""

    def __init__(self, day_first: dt.datetime, month_first: dt.datetime) -> None:
        self.day_first, self.month_first = day_first, month_first


def parse_date(value: Any) -> dt.datetime | _Doubtful | None:
    """A date in one of the usual forms; None for what is not a date.

    Numbers with points, 03.04.2020, have the day first. A year of two digits lies in 1969 to 2068. "March 2020" is
    the first of March; a year alone is not a date. Eight digits are year, month and day; ten or thirteen are Unix
    seconds or milliseconds; five (20000 to 60000) are the days of Excel. Month names may be English, German, French,
    Spanish, Italian, Dutch or Portuguese.
    """
    if isinstance(value, dt.datetime):
        return None if value != value else value.replace(tzinfo=None)  # NaT is not itself
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value) if math.isfinite(value) else None
    if not isinstance(value, str) or not 5 <= len(value.strip()) <= 60:
        return None
    text = " ".join(value.split())
    return _from_text(text)


@functools.lru_cache(maxsize=4096)
def _from_text(text: str) -> dt.datetime | _Doubtful | None:
    if _NUMBER.match(text):
        if _EIGHT_DIGITS.match(text):
            return _make(int(text[:4]), int(text[4:6]), int(text[6:]))
        return _from_number(float(text))
    if (numeric := _NUMERIC.match(text)) is not None:
        return _from_numeric(*numeric.groups())
    try:
        return _sane(dt.datetime.fromisoformat(text))
    except ValueError:
        pass
    if not re.search(r"[^\W\d]", text):
        return None
    return _from_words(text)


def _from_numeric(
    first: str, mark: str, second: str, third: str, hour: str | None, minute: str, seconds: str | None, half: str | None
) -> dt.datetime | _Doubtful | None:
    time = (0, 0, 0)
    if hour is not None:
        hours = int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)
        time = (hours, int(minute), int(seconds or 0))
    if len(first) == 4 or int(first) > 31:
        return _make(_year(first), int(second), int(third), *time) if len(third) <= 2 else None
    if len(third) not in (2, 4) or len(first) > 2:
        return None
    year = _year(third)
    day_first = _make(year, int(second), int(first), *time)
    month_first = _make(year, int(first), int(second), *time)
    if mark == "." or month_first is None:
        return day_first
    if day_first is None or day_first == month_first:
        return month_first
    return _Doubtful(day_first, month_first)


def _order(value: Any) -> bool | None:
    """Whether a numeric date has its day first; None if it may have either first."""
    numeric = _NUMERIC.match(" ".join(value.split())) if isinstance(value, str) else None
    if numeric is None or numeric[2] == "." or len(numeric[1]) > 2 or int(numeric[1]) > 31:
        return None
    first, second = int(numeric[1]), int(numeric[3])
    return None if (first > 12) == (second > 12) else first > 12


def _year(digits: str) -> int:
    number = int(digits)
    return number if len(digits) == 4 else number + (1900 if number >= 69 else 2000)


def _from_number(value: float) -> dt.datetime | None:
    if 19000101 <= value <= 21001231 and float(value).is_integer():
        return _from_text(str(int(value)))  # type: ignore[return-value]
    if 20_000 <= value <= 60_000:
        return _EXCEL + dt.timedelta(days=round(value * 86400) / 86400)
    for unit in (1, 1000):
        if 10**8 <= value / unit < 5 * 10**9:
            return _sane(dt.datetime.fromtimestamp(value / unit, tz=dt.UTC))
    return None


def _from_words(text: str) -> dt.datetime | None:
    """A date with the name of a month."""
    if (partial := _PARTIAL.fullmatch(text)) is not None:
        text = f"1 {text}"
    if _LONG_DATE.search(text) and (partial or _YEAR.search(text)):
        from dateutil import parser

        for words in (text, _ZONE.sub("", text)):
            try:
                return _sane(parser.parse(words, ignoretz=True, default=dt.datetime(2000, 1, 1)))
            except (ValueError, OverflowError):
                continue
    if not _YEAR.search(text) or not re.search(r"\d{1,2}\D", text):
        return None
    from dateparser import parse

    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "RETURN_AS_TIMEZONE_AWARE": False}
    found = parse(_ZONE.sub("", text), languages=["de", "fr", "es", "it", "nl", "pt", "en"], settings=settings)
    return None if found is None else _sane(found)


def _make(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime | None:
    try:
        return _sane(dt.datetime(year, month, day, hour, minute, second))
    except ValueError:
        return None


def _sane(date: dt.datetime) -> dt.datetime | None:
    return date.replace(tzinfo=None) if 1600 <= date.year <= 2100 else None
