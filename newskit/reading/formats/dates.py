"""Dates of publication, as exports and tables write them."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

_NUMERIC = re.compile(r"(?<![\w/.:-])(\d{1,4})\s?([/.\-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?![\d/:-])\.?")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:(?:Z|[+-]\d\d:?\d\d)$|(?=[Tt ]\d\d:?\d\d))|\d{8}[Tt]\d{4}")
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
_WEEKDAY: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b"
_AROUND = (
    rf"(?:[\s,;:|.()\[\]/–—•·-]|{_WEEKDAY}|\b(?:at|on|um|à|alle|ore|om|uhr|hrs?)\b"
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
    r"(?i)(?:(?<![\d.])|(?<=\dT))(?P<hour>\d{1,2})"
    r"(?:(?:[:.](?P<minute>\d\d))?(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap])\.?m\b\.?"
    r"|:(?P<minute2>\d\d)(?::(?P<second2>\d\d)(?:[.,]\d+)?)?(?!\d)"
    r"|[.h](?P<minute3>\d\d)(?=\s*(?:Uhr|GMT|BST|$))|(?=\s*Uhr\b))\s*(?:Uhr|h\b|hrs\b)?"
)
_NAMED_HOUR = re.compile(r"(?i)(?<![\d:])(?:12(?:[:.]00)?\s*)?\b(?:(?P<noon>noon|midday)|midnight)\b")
_ZONES = re.compile(
    r"(?:\s*[,(\[]?\s*(?:(?:UTC|GMT)?\s?[+−-]\d{1,2}(?::?\d\d)?(?![\d/.-])"
    r"|(?!SAT\b|SEPT\b|OCT\b)(?:UTC|GMT|MSK|WIB|Z|[A-Z]{1,4}T)\b"
    r"|(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US|Canada)/[\w/+-]+"
    r"|(?:[A-Za-z]+ ){1,3}?[Tt]ime\b|(?:Eastern|Central|Mountain|Pacific)\b)[)\]]?)+"
)
"""What may stand behind a time: an offset, a time zone, or both."""
_ABOVE = re.compile(
    r"(?i)(?:(?:(?:first|originally|date|time)\s+)?(?:published|posted|created|released|issued|filed|date"
    r"|pub(?:lication)? date|date of publication|veröffentlicht|erschienen|publié)\b"
    r"(?:\s+(?:on|at|online|in print|am|le))*\s*[:|–-]?\s*)+"
)
_CHANGED = re.compile(
    r"(?i)[\s,;|(·•/–-]+(?:last\s+)?(?:updated|modified|edited|revised|accessed|retrieved|aktualisiert)\b.*"
)
_UPDATED_FIRST = re.compile(r"(?i)(?:last\s+)?(?:updated|modified)\b.*?\b(?=(?:published|posted)\b)")
_PLACE_IN_PAPER = re.compile(
    r"(?<=\w)[\s,;|]+(?:(?i:sect(?:ion|\.)) (?:[A-Z\d]{1,4}|[A-Z][\w&/-]+(?: [A-Z&][\w/]*){0,2})"
    r"|(?i:pages?|pgs?\.?|pp?\.) ?[A-Z]{0,3}[.-]?\d[\d, –-]*[A-Z]?|(?i:col(?:umn|\.)) ?\d"
    r"|(?<=\d[;,|] )[A-Z]{1,2}-?\d{1,3}"
    r"|(?:(?!\d{4}\b)[A-Z\d][\w.'’&-]*[ -]+){0,4}(?i:editions?)(?:[ ,;-]+[A-Z\d][\w ]{0,20})?)[.,;]?$"
)
"""What an export puts behind a date: "Section A", "Page 4", "Late Edition - Final"."""
_JOINING: Final = frozenset(
    [
        *(
            "le",
            "den",
            "der",
            "de",
            "del",
            "el",
            "il",
            "lo",
            "am",
            "vom",
            "um",
            "om",
            "o",
            "op",
            "at",
            "on",
            "the",
            "a",
        ),
        *("à", "alle", "ore", "las", "h", "uhr", "d", "dia", "di", "er", "º"),
    ]
)
"""Words beside a date that do not change which day it is."""
_FOREIGN_WEEKDAY = re.compile(
    r"(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|lun|mar|mercre|jeu|vendre|same)(?:di)?|dimanche"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|(?:lune|marte|mercole|giove|vener)d[ìi]|sabato|domenica"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|segunda|ter[çc]a|quarta|quinta|sexta|feira"
    r"|mo|di|mi|do|fr|sa|so|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
)
_UNSEEN: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""Marks without width, such as the byte-order mark of a file put behind another."""
_EXCEL: Final = dt.datetime(1899, 12, 30)


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

    def read(self, value: Any) -> dt.datetime | None:
        """The date as the outlet gives it, without a time zone; None for what is not a date."""
        parsed = parse_date(value)
        if isinstance(parsed, _Doubtful):
            if not self.order:
                self._settle()
            self.assumed += self._day_first is None or self._mixed
            parsed = parsed.day_first if self._day_first else parsed.month_first
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


def given_date(value: Any) -> dt.datetime | dt.date | None:
    """The date that somebody gives an article by hand, by the outlet's clock; `ValueError` if it is not one day.

    >>> given_date("2024-05-03T23:30:00-05:00")
    datetime.datetime(2024, 5, 3, 23, 30)
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if type(value) is dt.date:
        return value
    if type(value).__name__ == "datetime64":
        value = value.astype("datetime64[us]").item()  # as NumPy has it
        return value if value is None else parse_date(value)  # type: ignore[return-value]
    if not isinstance(value, str | dt.date):
        raise TypeError(f"published: expected a date, a datetime or a str, got {type(value).__name__}")
    parsed = parse_date(value)
    if isinstance(parsed, _Doubtful):
        ways = f"{parsed.day_first:%Y-%m-%d} or {parsed.month_first:%Y-%m-%d}"
        raise ValueError(f"published: {value!r} can be read in two ways; write {ways}")
    if parsed is None and isinstance(value, str):
        raise ValueError(f"published: {value!r} is not a date of one day; write it as 2024-05-03, or leave it out")
    return parsed


class _Doubtful:
    """A date that can be read in two ways."""

    def __init__(self, day_first: dt.datetime, month_first: dt.datetime) -> None:
        self.day_first, self.month_first = day_first, month_first


def parse_date(value: Any) -> dt.datetime | _Doubtful | None:
    """A date in one of the usual forms; None for what is not one day (a range, a date in a sentence).

    "Published:" and the like may stand before it, a section, a page, an edition or the date of a change behind it.
    Day and time are those of the outlet's clock as it is written: a time zone is understood and left out, so that it
    moves no article to another day. What has no clock of an outlet, a Unix time, is given in UTC.

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
    if not isinstance(value, str) or not 5 <= len(value.strip()) <= 100:
        return None
    return _from_text(_bare(value))


def _bare(value: str) -> str:
    """A date without "Published:" before it and without the place in the paper or the date of a change behind it."""
    text = " ".join(_UNSEEN.sub("", value).split())
    if text[:1].isalpha():
        text = _ABOVE.sub("", _UPDATED_FIRST.sub("", text, count=1), count=1)
    text = _CHANGED.sub("", text)
    while (shorter := _PLACE_IN_PAPER.sub("", text)) != text:
        text = shorter
    return text


@functools.lru_cache(maxsize=4096)
def _from_text(text: str) -> dt.datetime | _Doubtful | None:
    if _NUMBER.match(text):
        if _EIGHT_DIGITS.match(text):
            return _make(int(text[:4]), int(text[4:6]), int(text[6:]))
        if (digits := _FOURTEEN_DIGITS.match(text)) is not None:
            return _make(*map(int, digits.groups()))
        return _from_number(float(text))
    if (iso := _ISO.match(text)) is not None:
        try:
            return _sane(dt.datetime.fromisoformat(iso[1] if iso[1] and iso.end() == len(text) else text))
        except ValueError:
            pass
    if (numeric := _numeric(text)) is not None:
        return _from_numeric(*numeric)
    return _from_words(text) if re.search(r"[^\W\d]", text) else None


Time = tuple[int, int, int]
"""Hour, minute and second."""


def _without_time(text: str) -> tuple[str, Time | None]:
    """A text without a time of day and its zone, and that time; None if it has none."""
    text = _NAMED_HOUR.sub(lambda named: " 12:00 " if named["noon"] else " 0:00 ", text, count=1)
    clock = _CLOCK.search(text)
    if clock is None:
        return text, None
    zones = _ZONES.match(text, clock.end())
    return f"{text[: clock.start()]} {text[zones.end() if zones else clock.end() :]}", _time(clock)


def _numeric(text: str) -> tuple[str, str, str, str, Time] | None:
    """The numbers of a date such as 3/4/2020, its mark and its time; None if the text is not such a date alone."""
    found = _NUMERIC.search(text)
    if found is None:
        return None
    around, time = _without_time(f"{text[: found.start()]} | {text[found.end() :].removeprefix('T')}")
    before, _, behind = around.partition("|")
    is_noise = re.compile(f"(?i){_AROUND}").fullmatch
    if re.search(r"\d", around) or not is_noise(before) or not (time is not None or is_noise(behind)):
        return None
    first, mark, second, third = found.groups()
    return first, mark, second, third, time or (0, 0, 0)


def _from_numeric(first: str, mark: str, second: str, third: str, time: Time) -> dt.datetime | _Doubtful | None:
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
    numeric = _numeric(_bare(value)) if isinstance(value, str) else None
    if numeric is None or numeric[1] == "." or len(numeric[0]) > 2 or int(numeric[0]) > 31:
        return None
    first, second = int(numeric[0]), int(numeric[2])
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
    rest, clock = _without_time(text)
    time = clock or (0, 0, 0)
    for pattern in _WORDED:
        if (found := pattern.fullmatch(rest)) is not None:
            return _make(_year(found["year"]), _month(found["month"]), int(found["day"]), *time)
    return _foreign(rest, time)


def _foreign(text: str, time: Time) -> dt.datetime | None:
    """A date with the name of a month in another language than English, and no other word that may change it."""
    text = re.sub(r"\s*\(?\b[A-Z]{3,4}\b\)?\s*$", "", text)
    numbers = sorted(re.findall(r"\d+", text), key=len)
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    names = [word for word in words if word not in _JOINING and not _FOREIGN_WEEKDAY.fullmatch(word)]
    if [len(number) for number in numbers] not in ([1, 4], [2, 4]) or len(names) != 1 or "?" in text:
        return None
    from dateparser import parse

    settings = {"STRICT_PARSING": True, "PARSERS": ["absolute-time"], "RETURN_AS_TIMEZONE_AWARE": False}
    languages = ["de", "fr", "es", "it", "nl", "pt", "en"]
    day = parse(" ".join((numbers[0], names[0], numbers[1])), languages=languages, settings=settings)
    if day is None or (day.day, day.year) != (int(numbers[0]), int(numbers[1])):
        return None
    return _make(day.year, day.month, day.day, *time)


def _month(name: str) -> int:
    return _MONTHS.split("|").index(name[:3].lower()) + 1


def _time(clock: re.Match[str]) -> Time:
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
