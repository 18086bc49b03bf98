"""Days that come back: of the week, of the month, of the year; Easter, and the public holidays that the law names.

Whoever must know on which days rules decide otherwise finds every `KindOfDay` in them, wherever it stands.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
MonthDay = tuple[int, int]

# Every kind of day falls on some of these: four years have each length of a month and of a year.
SOME_YEARS = tuple(date(2024, 1, 1) + timedelta(days=day) for day in range(4 * 365 + 1))

# The language that the holidays' names are spoken of in, by country.
_LANGUAGES = {"NO": "no"}


class KindOfDay(ABC):
    """Days that come back by a rule of their own. Equal values mean the same days, whoever wrote them."""

    __slots__ = ()

    @abstractmethod
    def falls_on(self, day: date) -> bool:
        """Whether it is one of them."""


@dataclass(frozen=True, slots=True)
class YearDay(KindOfDay):
    """A day that comes back each year: `month` and `day`, or `easter` days from Easter Sunday."""

    month: int | None = None
    day: int | None = None
    easter: int | None = None

    def falls_on(self, day: date) -> bool:
        if self.easter is not None:
            return days_from_easter(day.year, self.easter) == day
        return (self.month, self.day) == (day.month, day.day)

    def in_year(self, year: int) -> date | None:
        """The day of that year; None where it has no 29 February."""
        if self.easter is not None:
            return days_from_easter(year, self.easter)
        try:
            return date(year, self.month or 1, self.day or 1)
        except ValueError:
            return None

    def period(self, day: date) -> DatePeriod:
        """As `DatePeriod.period`: one day alone."""
        return DatePeriod(day, day)

    def __str__(self) -> str:
        if self.easter is not None:
            return f"easter{self.easter:+}"
        return f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class DatePeriod:
    """From `first` to `last`, both included; once, and so no kind of day."""

    first: date
    last: date

    def falls_on(self, day: date) -> bool:
        return self.first <= day <= self.last

    def period(self, day: date) -> DatePeriod:
        """The days without a gap that this day is one of."""
        return self

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class Season(KindOfDay):
    """From the month and day `first` to `last` of each year, both included; across New Year where `last` is earlier."""

    first: MonthDay
    last: MonthDay

    def falls_on(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def __str__(self) -> str:
        return " to ".join(f"{month:02}-{day:02}" for month, day in (self.first, self.last))


@dataclass(frozen=True, slots=True)
class MonthlyDay(KindOfDay):
    """The `nth` such `weekday` (Monday is 0) of each month, from 1; -1 is the last."""

    nth: int
    weekday: int

    def falls_on(self, day: date) -> bool:
        if day.weekday() != self.weekday:
            return False
        if self.nth < 0:
            return (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 == self.nth

    def __str__(self) -> str:
        nth = next(word for word, number in NTH.items() if number == self.nth)
        return f"{nth} {WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class PublicHolidays(KindOfDay):
    """The public holidays of a `country` (ISO 3166), or of a `region` of it (the second part of ISO 3166-2)."""

    country: str
    region: str | None = None

    def falls_on(self, day: date) -> bool:
        return self.name(day) is not None

    def name(self, day: date) -> str | None:
        """What the holiday of this day is called; None on other days."""
        return public_holidays(self.country, day.year, self.region).get(day)


def regions(country: str) -> dict[str, str]:
    """The regions of a country that have holidays of their own: by name, and by code."""
    calendar = holidays.country_holidays(country)
    return {**{code: code for code in calendar.subdivisions}, **calendar.subdivisions_aliases}


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int, region: str | None = None) -> dict[date, str]:
    """The names of a year's public holidays. An ordinary Sunday is not one."""
    language = _LANGUAGES.get(country)
    found = holidays.country_holidays(country, subdiv=region, years=year, language=language)
    return {day: name.replace("; ", " / ") for day, name in found.items()}


@lru_cache(maxsize=256)
def easter_sunday(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous computus)."""
    century, rest = divmod(year, 100)
    moon = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def days_from_easter(year: int, days: int) -> date:
    """The day so many days after Easter Sunday (before it, where `days` is negative)."""
    return easter_sunday(year) + timedelta(days=days)
