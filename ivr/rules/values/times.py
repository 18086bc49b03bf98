"""Text → times: opening times, dates, short days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from ivr.rules.fault import FaultKind, shown
from ivr.rules.model import Span
from ivr.rules.norwegian import month_named
from ivr.rules.values.days import YearDay
from ivr.rules.values.plain import ValueRefused

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
# A time of day as a hurried hand writes it: 8, 8:00, 08.00, 0800.
_LOOSE_CLOCK = r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?"
_LOOSE = re.compile(rf"(?:kl\.? ?)?{_LOOSE_CLOCK}\s*(?:[-–—]|to|til)\s*{_LOOSE_CLOCK}\Z")
_LOOSE_UNTIL = re.compile(rf"(?:[a-z]+ )?(?:kl\.? ?)?{_LOOSE_CLOCK}\Z", re.IGNORECASE)
# 24:30 and 26:00 are meant as times of the next morning, and nothing begins there.
_LAST_BEGIN, _LAST_END = 24, 29
_SPAN_IN_TEXT = re.compile(r"\b[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}\b")
_CLOSED = frozenset({"closed", "stengt", "none", "no"})
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})\Z")
_EASTER = re.compile(r"easter([+-])([0-9]{1,3})\Z")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}\Z")
_IS_DAY_FIRST = r"(?=[0-9]+\.|(?:1[3-9]|2[0-9]|3[01])[/-])"
"""Who writes dots begins with the day. With another sign between them, 12/1 may be either."""
_NORWEGIAN_DATE = re.compile(
    rf"{_IS_DAY_FIRST}([0-9]{{1,2}})[./-]\s?([0-9]{{1,2}})[./-]\s?((?:20)?[0-9]{{2}})\Z"
)
_NAMED_DATE = re.compile(
    r"(?P<day>[0-9]{1,2})\.?\s*(?P<month>[a-zæøå]{3,})\.?,?\s*(?P<year>20[0-9]{2})\Z", re.IGNORECASE
)
_LOOSE_DATE = re.compile(r"(20[0-9]{2})[-./]?([0-9]{1,2})[-./]?([0-9]{1,2})\Z")
_NORWEGIAN_MONTH_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.?\Z")
_LOOSE_EASTER = re.compile(r"easter(?: ?([+-]) ?([0-9]{1,3}))?\Z", re.IGNORECASE)
_AT_A_CLOCK = r"(?:(?:kl\.?|klokka|klokken|at) ?)?(?P<hour>[0-9]{1,2})(?:[:.]?(?P<minute>[0-9]{2}))?(?:[:.][0-9]{2})?"
_CLOCK_ALONE = re.compile(rf"{_AT_A_CLOCK}\Z", re.IGNORECASE)
_DAY_AND_CLOCK = (
    re.compile(rf"(?P<day>.*?[^\s,T])(?:T|[\s,]+){_AT_A_CLOCK}\Z", re.IGNORECASE),
    re.compile(rf"{_AT_A_CLOCK}[\s,]+(?P<day>.+)", re.IGNORECASE),
)
_WEEKDAY = re.compile(
    r"(?:(?:man|tirs?|ons|tors?|fre|lør|søn)(?:dag)?|(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?)"
    r"\.?,?\s+(?:den\s+|the\s+)?",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2})\Z")
_LEAP_YEAR = 2024
_LONGEST = 80
"""Nothing longer is a time that somebody wrote in another way."""


@dataclass(frozen=True, slots=True)
class NotOpen:
    """`closed`, where opening times could stand."""


def span(text: str) -> Span:
    """`08:00-16:00`; past midnight as `22:00-06:00`; the whole day as `00:00-24:00`."""
    start, _, end = text.partition("-")
    first = _TIME.match(start)
    last = _TIME.match(end)
    if not first or not (last or end == "24:00"):
        raise ValueRefused(FaultKind.HOURS, f"{shown(text)} is not opening hours", _span_hint(text))
    opens = time(int(first[1]), int(first[2]))
    closes = time(int(last[1]), int(last[2])) if last else time(0)
    if opens == closes and last:
        message = f"{shown(text)} begins and ends at the same time"
        raise ValueRefused(FaultKind.HOURS, message, 'write "00:00-24:00" for the whole day')
    return Span(opens, closes)


def span_or_closed(text: str) -> Span | NotOpen:
    """As `span`; or `closed`, for days that are open otherwise."""
    return NotOpen() if text == "closed" else span(text)


def _span_hint(text: str) -> str:
    found = _LOOSE.match(text.strip().lower())
    if found:
        begins = _clock(found[1], found[2], _LAST_BEGIN)
        ends = _clock(found[3], found[4], _LAST_END)
        if ends == "00:00":
            ends = "24:00"
        if begins and ends and begins != ends:
            return f'use "{begins}-{ends}"'
        if not (begins and ends):
            wrong = text.strip().partition("-")[2 if begins else 0]
            return f'{wrong.strip()} is no time of day; use two such as "08:00-16:00"'
    if text.lower() in _CLOSED:
        return "leave out the days that are closed"
    spans = _SPAN_IN_TEXT.findall(text)
    if len(spans) > 1:
        return f"write it as a list: [{', '.join(spans)}]"
    return 'use "08:00-16:00"'


def _clock(hour: str, minute: str | None, last: int) -> str | None:
    """A time of day from loosely written parts, of an hour up to `last`; None where there is no such time."""
    if int(hour) > last or int(minute or 0) > 59:
        return None
    return f"{int(hour) % 24:02}:{minute or '00'}"


def until(text: str) -> time:
    """`until 12:00`."""
    word, _, clock = text.partition(" ")
    found = _TIME.match(clock)
    if word == "until" and found:
        return time(int(found[1]), int(found[2]))
    loose = _LOOSE_UNTIL.match(text.strip())
    meant = (loose and _clock(loose[1], loose[2], 23)) or "12:00"
    raise ValueRefused(
        FaultKind.HOURS, f"{shown(text)} does not say until when", f"write it as until {meant}"
    )


def calendar_date(text: str) -> date:
    """`2026-07-13`."""
    try:
        if _DATE.match(text):
            return date.fromisoformat(text)
    except ValueError as error:
        message = f"there is no day {shown(text)}"
        raise ValueRefused(FaultKind.DATE, message, "write a day that the month has") from error
    example = _date_meant(text) or "2026-07-13"
    raise ValueRefused(FaultKind.DATE, f"{shown(text)} is not a date", f"write it as {example}")


def day_or_year_day(text: str) -> date | YearDay:
    """`2026-12-24`; or a day of each year: `12-24`, `easter-4`."""
    if _MONTH_DAY.match(text) or _EASTER.match(text):
        return year_day(text)
    if _DATE.match(text):
        return calendar_date(text)
    message = f"{shown(text)} is not a day"
    meant = _date_meant(text) or _year_day_meant(text)
    raise ValueRefused(FaultKind.DATE, message, f"write it as {meant}")


def _date_meant(text: str) -> str | None:
    """The date that was written in another way, as this language writes it."""
    norwegian, loose = _NORWEGIAN_DATE.match(text), _LOOSE_DATE.match(text)
    if norwegian:
        day, month, year = norwegian.groups()
    elif loose:
        year, month, day = loose.groups()
    elif named := _NAMED_DATE.match(text):
        day, year = named["day"], named["year"]
        month = str(month_named(named["month"]) or 0)
    else:
        return None
    try:
        return date(2000 + int(year) % 100, int(month), int(day)).isoformat()
    except ValueError:
        return None


def year_day(text: str) -> YearDay:
    """`12-24`, `easter-4` or `easter+39`."""
    movable = _EASTER.match(text)
    if movable:
        return YearDay(easter=int(movable[1] + movable[2]))
    fixed = _MONTH_DAY.match(text)
    if fixed:
        month, day = int(fixed[1]), int(fixed[2])
        try:
            date(_LEAP_YEAR, month, day)
        except ValueError:
            message = f"there is no day {shown(text)}"
            turned = f"{fixed[2]}-{fixed[1]}" if 1 <= day <= 12 and 1 <= month <= 31 else "12-24"
            raise ValueRefused(
                FaultKind.DATE, message, f"write month, then day: {turned}"
            ) from None
        return YearDay(month=month, day=day)
    message = f"{shown(text)} is not a day of the year"
    raise ValueRefused(FaultKind.DATE, message, f"write it as {_year_day_meant(text)}")


def _year_day_meant(text: str) -> str:
    easter, norwegian = _LOOSE_EASTER.match(text), _NORWEGIAN_MONTH_DAY.match(text)
    if easter:
        return f"easter{easter[1] or '+'}{easter[2] or '0'}"
    if norwegian and int(norwegian[1]) <= 31 and int(norwegian[2]) <= 12:
        return f"{int(norwegian[2]):02}-{int(norwegian[1]):02}"
    if _date_meant(text) or _DATE.match(text):
        return f"{(_date_meant(text) or text)[5:]}, for it comes back each year"
    return "12-24, or from Easter Sunday as easter-4"


def day_or_moment(text: str) -> date | datetime:
    """`2026-12-01`, the whole day; or `2026-12-01 08:00`, as the clock on the wall shows it, without a zone."""
    found = _MOMENT.match(text)
    if found and _TIME.match(found[2]):
        return datetime.combine(calendar_date(found[1]), time.fromisoformat(found[2]))
    if _DATE.match(text):
        return calendar_date(text)
    message = f"{shown(text)} is not a day, nor a day and a time"
    raise ValueRefused(FaultKind.DATE, message, f"write it as {_moment_meant(text)}")


def _moment_meant(text: str) -> str:
    day, clock = _day_and_clock(text)
    return f"{day} {clock}" if day and clock else day or "2026-12-01, or 2026-12-01 08:00"


def date_meant(text: str) -> str | None:
    """The date that was written in another way: `23.11.2026`, `mandag 23. november 2026`; None for what is none."""
    return _date_meant(_WEEKDAY.sub("", text.strip(" .,"), count=1))


def time_meant(text: str) -> str:
    """A day and a time of day, with what was written of either: `2026-11-23 10:00` for `23.11.2026 kl. 10`."""
    day, clock = _day_and_clock(text)
    return f"{day or '2026-11-23'} {clock or '09:00'}"


def clock_meant(text: str) -> str | None:
    """The time of day alone: `14:00` for `kl 14`; None where more stands beside it, or there is no such time."""
    found = _CLOCK_ALONE.match(text.strip(" .,"))
    return _clock(found["hour"], found["minute"], 23) if found else None


def _day_and_clock(text: str) -> tuple[str | None, str | None]:
    """The day and the time of day that were written in another way, as far as either can be told."""
    written = text[:_LONGEST].strip(" .,")
    day, clock = date_meant(written), clock_meant(written)
    if day or clock:
        return day, None if day else clock
    found = next(filter(None, (pattern.match(written) for pattern in _DAY_AND_CLOCK)), None)
    if found is None:
        return None, None
    return date_meant(found["day"]), _clock(found["hour"], found["minute"], 23)
