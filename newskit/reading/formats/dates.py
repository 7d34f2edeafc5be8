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
_FOURTEEN_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$")
_NUMBER = re.compile(r"\d+(?:\.0*)?$")
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FULL_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)(?!\d)"
_GAP, _BREAK = r"[\s,./-]*", r"[\s,./-]+"
_PARTIAL = re.compile(rf"(?i){_MONTH},?\s+{_FULL_YEAR}")
_AROUND = (
    r"(?:[\s,;:|.()\[\]/–—-]|(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b|\b(?:at|on)\b"
    r"|\b(?:UTC?|GMT|BST|C?ES?T|EDT|[CMP][SD]T|[ECMP]T|CEST|IST|JST|AES?T|AEDT|MSK|HKT|SGT|WAT|EAT|SAST|Z)\b)*"
)
_WORDED: Final = tuple(
    re.compile(f"(?i){_AROUND}{date}{_AROUND}")
    for date in (
        rf"\b{_MONTH}{_GAP}{_DAY}{_BREAK}{_FULL_YEAR}",
        rf"\b{_MONTH}\s*{_DAY},?\s*[’'](?P<year>\d\d)(?!\d)",
        rf"{_DAY}(?:\s+of\b)?{_GAP}{_MONTH}{_GAP}{_FULL_YEAR}",
        rf"{_DAY}\s+{_MONTH}\s*[’'](?P<year>\d\d)(?!\d)",
        rf"{_DAY}(?P<mark>[-/]){_MONTH}(?P=mark)(?P<year>\d\d)(?!\d)",
        rf"\b{_FULL_YEAR}{_BREAK}{_MONTH}{_BREAK}{_DAY}(?!\d)",
    )
)
_CLOCK = re.compile(
    r"(?i)(?<![\d.])(?P<hour>\d{1,2})(?:(?:[:.](?P<minute>\d\d))?(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap])\.?m\b\.?"
    r"|:(?P<minute2>\d\d)(?::(?P<second2>\d\d)(?:[.,]\d+)?)?|[.h](?P<minute3>\d\d)(?=\s*(?:Uhr|GMT|BST|$))|(?=\s*Uhr\b))"
    r"\s*(?:Uhr|h\b|hrs\b)?\s*(?:\(?(?:UTC|GMT)?\s*[+−-]\d{1,2}(?::?\d\d)?\)?(?![\d-]))?"
)
_ABOVE = re.compile(
    r"(?i)(?:(?:(?:first|originally|date|time)\s+)?(?:published|posted|created|released|issued|filed|date"
    r"|pub(?:lication)? date|date of publication|veröffentlicht|erschienen|publié)\b"
    r"(?:\s+(?:on|at|online|in print|am|le))*\s*[:|–-]?\s*)+"
)
_CHANGED = re.compile(
    r"(?i)[\s,;|(·•/–-]+(?:last\s+)?(?:updated|modified|edited|revised|accessed|retrieved|aktualisiert)\b.*"
)
_WEEKDAY = re.compile(
    r"(?i)^(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b[\s,.]*"
    r"|[\s,(]+(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b[\s,.)]*$"
)
_EXCEL = dt.datetime(1899, 12, 30)


class DateReader:
    """Reads the dates of one file, whose other dates decide whether 03/04/2020 is in March or in April.

    `values()` returns the dates of the file once more; it is called at the first ambiguous date. A date such as
    13/04/2020 settles the order for the file; if both orders occur, the more frequent one wins. If nothing settles
    it, the month is assumed to come first. `assumed` counts the ambiguous dates of files with both orders or none.
    """

    def __init__(self, values: Callable[[], Iterable[Any]] | None = None) -> None:
        self._values = values
        self._day_first: bool | None = None
        self._mixed = False
        self.order = ""
        self.assumed = 0
        self.short_years = 0

    def read(self, value: Any) -> dt.datetime | None:
        """The date as the outlet gives it, without a time zone; None for what is not a date."""
        parsed = parse_date(value)
        if isinstance(parsed, _Doubtful):
            if not self.order:
                self._settle()
            self.assumed += self._day_first is None or self._mixed
            parsed = parsed.day_first if self._day_first else parsed.month_first
        if parsed is not None and isinstance(value, str) and (short := _NUMERIC.match(_bare(value))):
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
            self.order += f" ({max(counts.values())} dates to {min(counts.values())}), assumed of the doubtful ones"
            self._mixed = True


class _Doubtful:
    """A date that can be read in two ways."""

    def __init__(self, day_first: dt.datetime, month_first: dt.datetime) -> None:
        self.day_first, self.month_first = day_first, month_first


def parse_date(value: Any) -> dt.datetime | _Doubtful | None:
    """A date in one of the usual forms; None for what is not one day (a range, a date in a sentence).

    "Published:" and the like may stand before it, and the date of a change behind it.

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
    return _from_text(_bare(value))


def _bare(value: str) -> str:
    """A date without "Published:" before it and without the date of a change behind it."""
    text = _ABOVE.sub("", " ".join(value.split()), count=1) if value.strip()[:1].isalpha() else " ".join(value.split())
    text = _CHANGED.sub("", text)
    return _WEEKDAY.sub("", text) if re.search(r"\d{1,4}[/.-]\d", text) else text


@functools.lru_cache(maxsize=4096)
def _from_text(text: str) -> dt.datetime | _Doubtful | None:
    if _NUMBER.match(text):
        if _EIGHT_DIGITS.match(text):
            return _make(int(text[:4]), int(text[4:6]), int(text[6:]))
        if (digits := _FOURTEEN_DIGITS.match(text)) is not None:
            return _make(*map(int, digits.groups()))
        return _from_number(float(text))
    if (numeric := _NUMERIC.match(text)) is not None:
        return _from_numeric(*numeric.groups())
    if re.match(r"\d{4}-?W", text):  # a week is no day
        return None
    try:
        return _sane(dt.datetime.fromisoformat(text))
    except ValueError:
        pass
    return _from_words(text) if re.search(r"[^\W\d]", text) else None


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
    numeric = _NUMERIC.match(_bare(value)) if isinstance(value, str) else None
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
    """A date with the name of a month: one day and nothing else, so that of a range or an event there is none."""
    if (partial := _PARTIAL.fullmatch(text)) is not None:
        return _make(int(partial["year"]), _month(partial["month"]), 1)
    clock = _CLOCK.search(text)
    rest = text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}"
    time = (0, 0, 0) if clock is None else _time(clock)
    for pattern in _WORDED:
        if (found := pattern.fullmatch(rest)) is not None:
            return _make(_year(found["year"]), _month(found["month"]), int(found["day"]), *time)
    numbers = sorted(re.findall(r"\d+", rest), key=len)
    if [len(number) for number in numbers] not in ([1, 4], [2, 4]):
        return None
    from dateparser import parse

    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "RETURN_AS_TIMEZONE_AWARE": False}
    day = parse(
        re.sub(r"\s*\(?\b[A-Z]{3,4}\b\)?\s*$", "", rest),
        languages=["de", "fr", "es", "it", "nl", "pt", "en"],
        settings=settings,
    )
    if day is None or (day.day, day.year) != (int(numbers[0]), int(numbers[1])):
        return None
    return _make(day.year, day.month, day.day, *time)


def _month(name: str) -> int:
    return _MONTHS.split("|").index(name[:3].lower()) + 1


def _time(clock: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(clock["hour"]), clock["half"]
    minute = clock["minute"] or clock["minute2"] or clock["minute3"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half.lower() == "p")
    return hour, int(minute or 0), int(clock["second"] or clock["second2"] or 0)


def _make(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime | None:
    try:
        return _sane(dt.datetime(year, month, day, hour, minute, second))
    except ValueError:
        return None


def _sane(date: dt.datetime) -> dt.datetime | None:
    return date.replace(tzinfo=None) if 1600 <= date.year <= 2100 else None
