"""Text → days that come back: `mon-fri` or `daily`, `first mon` of each month, the season `06-01 to 08-31`."""

from __future__ import annotations

import re
from datetime import date

from ivr.rules.fault import FaultKind, shown
from ivr.rules.norwegian import in_english, month_named
from ivr.rules.values.days import NTH, WEEKDAYS, MonthDay, MonthlyDay, Season
from ivr.rules.values.plain import ValueRefused

Weekdays = tuple[int, ...]
"""Days of the week, Monday 0."""

# What a Norwegian or a hurried hand writes instead; the advice then names the right word.
_NORWEGIAN = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_NAMES = {
    name: day
    for norwegian, english, day in zip(_NORWEGIAN, _ENGLISH, WEEKDAYS, strict=True)
    for name in (norwegian, norwegian[:3], english, day)
}
_OTHER_NTH = {
    "første": "first", "1st": "first", "1": "first", "andre": "second", "2nd": "second", "2": "second",
    "tredje": "third", "3rd": "third", "3": "third", "fjerde": "fourth", "4th": "fourth", "4": "fourth",
    "siste": "last", "fifth": "last", "femte": "last", "5th": "last", "5": "last", **{word: word for word in NTH},
}  # fmt: skip
_SEASON = re.compile(r"([0-9]{2})-([0-9]{2}) to ([0-9]{2})-([0-9]{2})\Z")
_BETWEEN = re.compile(r"\s*(?:[–—]|\bto\b|\btil\b|(?<=[^0-9])-(?=\s*[0-9])|\s-\s)\s*")
_RUN_TOGETHER = re.compile(r"([0-9]{2}-[0-9]{2})[-–]((?:20[0-9]{2}-)?[0-9]{2}-[0-9]{2})\Z")
_LOOSE_DAY = re.compile(r"(?:20[0-9]{2}-)?([0-9]{1,2})-([0-9]{1,2})\Z")
_NORWEGIAN_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.?(?:20[0-9]{2})?\Z")
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})\.?\s?([a-z]{3})[a-z]*\Z")
_ONE_DAY = re.compile(r"(?:20[0-9]{2}-)?[0-9]{2}-[0-9]{2}\Z|easter")
_LEAP_YEAR = 2024


def weekdays(text: str) -> Weekdays:
    """`mon`, `mon-fri` or `daily`."""
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
    if meant := in_english(text, ("mon-fri", "sat-sun", "daily")):
        hint = f"write {meant}"
    raise ValueRefused(FaultKind.HOURS, f"{shown(text)} is not a day of the week", hint)


def days_of_month(text: str) -> Weekdays | MonthlyDay:
    """Days of the week; or one of them in each month: `first mon`, `last fri`."""
    nth, space, day = text.partition(" ")
    if nth in NTH and day in WEEKDAYS:
        return MonthlyDay(NTH[nth], WEEKDAYS.index(day))
    if not space:
        return weekdays(text)
    words = [word.strip(".") for word in text.lower().split() if word not in {"in", "of", "i"}]
    nths = [_OTHER_NTH[word] for word in words if word in _OTHER_NTH]
    named = [_OTHER_NAMES[word] for word in words if word in _OTHER_NAMES]
    example = "-".join(named) if len(named) == 2 and not nths else "first mon or last fri"
    if nths and named:
        example = f"{nths[0]} {named[0]}"
    message = f"{shown(text)} is not a day of the week or of the month"
    raise ValueRefused(FaultKind.HOURS, message, f"write {example}")


def days(text: str) -> Weekdays | MonthlyDay | Season:
    """Days of the week, of the month, or a season of each year: `06-01 to 08-31`."""
    found = _SEASON.match(text)
    if found:
        first, last = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
        for month_day in (first, last):
            _require_day(month_day)
        return Season(first, last)
    parts = [
        part
        for part in _BETWEEN.split(_RUN_TOGETHER.sub(r"\1 to \2", text.lower().strip()))
        if part
    ]
    meant = [_month_day_meant(part) for part in parts]
    if len(parts) == 2 and meant[0] and meant[1]:
        message = f"{shown(text)} is not a season"
        hint = f"write {Season(meant[0], meant[1])}; it comes back each year"
        raise ValueRefused(FaultKind.HOURS, message, hint)
    if _ONE_DAY.match(text):
        message = f"{shown(text)} is one day, and hours have days that come back more often"
        hint = "write it below `holidays`, in `open` or `closed`"
        raise ValueRefused(FaultKind.HOURS, message, hint)
    return days_of_month(text)


def is_season(text: str) -> bool:
    """Whether these are the days of a season, and no days of the week."""
    return _SEASON.match(text) is not None


def days_in_season(text: str) -> Weekdays | MonthlyDay:
    """The days that a season has hours for; it has no season within itself."""
    found = days(text)
    if isinstance(found, Season):
        message = f"the season {text} stands within another"
        raise ValueRefused(FaultKind.HOURS, message, "write it beside that one")
    return found


def _require_day(month_day: MonthDay) -> None:
    month, day = month_day
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        message = f"there is no day '{month:02}-{day:02}'"
        turned = f"{day:02}-{month:02}" if 1 <= day <= 12 and 1 <= month <= 31 else "06-01"
        raise ValueRefused(FaultKind.HOURS, message, f"write month, then day: {turned}") from None


def _month_day_meant(part: str) -> MonthDay | None:
    """The day of the year that was written in another way."""
    loose, norwegian, named = (
        pattern.match(part) for pattern in (_LOOSE_DAY, _NORWEGIAN_DAY, _DAY_AND_MONTH)
    )
    if loose:
        meant = (int(loose[1]), int(loose[2]))
    elif norwegian:
        meant = (int(norwegian[2]), int(norwegian[1]))
    elif named:
        meant = (month_named(named[2]) or 0, int(named[1]))
    else:
        return None
    try:
        date(_LEAP_YEAR, *meant)
    except ValueError:
        return None
    return meant
