"""Text → times: days of the week, opening times, dates, short days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from ivr.rules.fault import Kind, shown
from ivr.rules.values import ValueRefused

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# What a Norwegian or a hurried hand writes instead; the advice then names the right word.
_NORWEGIAN = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_NAMES = {
    name: day
    for norwegian, english, day in zip(_NORWEGIAN, _ENGLISH, WEEKDAYS, strict=True)
    for name in (norwegian, norwegian[:3], english)
}
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
_LOOSE = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?\s*[-–]\s*([0-9]{1,2})(?:[:.]?([0-9]{2}))?\Z")
_SPAN_IN_TEXT = re.compile(r"\b[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}\b")
_CLOSED = frozenset({"closed", "stengt", "none", "no"})
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})\Z")
_EASTER = re.compile(r"easter([+-])([0-9]{1,3})\Z")
_DATE = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}\Z")
_NORWEGIAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?(20[0-9]{2})\Z")
_MOMENT = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2})\Z")
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until before `end`; `end` ≤ `start` means past midnight, and 24:00 is 00:00."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day that comes back each year: `month` and `day`, or `easter` days from Easter Sunday."""

    month: int | None = None
    day: int | None = None
    easter: int | None = None


def days(text: str) -> tuple[int, ...]:
    """`mon`, `mon-fri` or `daily` as weekdays, Monday 0."""
    if text == "daily":
        return tuple(range(7))
    first, dash, last = text.partition("-")
    if first in WEEKDAYS and not dash:
        return (WEEKDAYS.index(first),)
    if first in WEEKDAYS and last in WEEKDAYS:
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 + 1
        return tuple((start + n) % 7 for n in range(length))
    english = "-".join(_OTHER_NAMES.get(part.lower(), part.lower()) for part in text.split("-"))
    known = english == "daily" or all(part in WEEKDAYS for part in english.split("-"))
    hint = f"write {english}" if known else "write mon-fri, sat or daily"
    raise ValueRefused(Kind.HOURS, f"{shown(text)} is not a day of the week", hint)


def span(text: str) -> Span:
    """`08:00-16:00`; past midnight as `22:00-06:00`; the whole day as `00:00-24:00`."""
    start, _, end = text.partition("-")
    first = _TIME.match(start)
    last = _TIME.match(end)
    if not first or not (last or end == "24:00"):
        raise ValueRefused(Kind.HOURS, f"{shown(text)} is not opening hours", _span_hint(text))
    opens = time(int(first[1]), int(first[2]))
    closes = time(int(last[1]), int(last[2])) if last else time(0)
    if opens == closes and last:
        message = f"{shown(text)} begins and ends at the same time"
        raise ValueRefused(Kind.HOURS, message, 'write "00:00-24:00" for the whole day')
    return Span(opens, closes)


def _span_hint(text: str) -> str:
    found = _LOOSE.match(text.strip())
    if found and int(found[1]) < 24 and int(found[3]) <= 24:
        begins = f"{int(found[1]):02}:{found[2] or '00'}"
        ends = f"{int(found[3]):02}:{found[4] or '00'}"
        if _TIME.match(begins) and (_TIME.match(ends) or ends == "24:00"):
            return f'use "{begins}-{ends}"'
    if text.lower() in _CLOSED:
        return "leave out the days that are closed"
    spans = _SPAN_IN_TEXT.findall(text)
    if len(spans) > 1:
        return f"write it as a list: [{', '.join(spans)}]"
    return 'use "08:00-16:00"'


def until(text: str) -> time:
    """`until 12:00`."""
    word, _, clock = text.partition(" ")
    found = _TIME.match(clock)
    if word == "until" and found:
        return time(int(found[1]), int(found[2]))
    raise ValueRefused(
        Kind.HOURS, f"{shown(text)} does not say until when", "write it as until 12:00"
    )


def calendar_date(text: str) -> date:
    """`2026-07-13`."""
    try:
        if _DATE.match(text):
            return date.fromisoformat(text)
    except ValueError as error:
        message = f"there is no day {shown(text)}"
        raise ValueRefused(Kind.DATE, message, "write a day that the month has") from error
    found = _NORWEGIAN_DATE.match(text)
    example = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else "2026-07-13"
    raise ValueRefused(Kind.DATE, f"{shown(text)} is not a date", f"write it as {example}")


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
            raise ValueRefused(Kind.DATE, message, "write month, then day: 12-24") from None
        return YearDay(month=month, day=day)
    message = f"{shown(text)} is not a day of the year"
    raise ValueRefused(Kind.DATE, message, "write it as 12-24, or from Easter Sunday as easter-4")


def moment(text: str) -> datetime:
    """`2026-12-01 08:00`, as the clock on the wall shows it; without a zone."""
    found = _MOMENT.match(text)
    if not found or not _TIME.match(found[2]):
        message = f"{shown(text)} is not a day and a time"
        day = f"{text} 00:00" if _DATE.match(text) else "2026-12-01 08:00"
        raise ValueRefused(Kind.DATE, message, f"write it as {day}")
    return datetime.combine(calendar_date(found[1]), time.fromisoformat(found[2]))
