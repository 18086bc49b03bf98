"""Opening hours, and the days that are not like others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from ivr.rules.model.location import Location
from ivr.rules.values.days import MonthlyDay, PublicHolidays, Season, YearDay


@dataclass(frozen=True, slots=True)
class OpenRange:
    """Open on `weekday` (Monday is 0) from `start` until before `end`; `end` ≤ `start` means past midnight."""

    weekday: int
    start: time
    end: time

    @property
    def crosses_midnight(self) -> bool:
        return self.end <= self.start


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """What holds on one day of each month, instead of what its weekday has otherwise; no ranges: closed."""

    day: MonthlyDay
    ranges: tuple[OpenRange, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Week:
    """The ranges of each weekday, and the days of the month that have others."""

    ranges: tuple[OpenRange, ...]
    of_month: tuple[DayOfMonth, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class SeasonHours:
    """The week of a season: while it lasts, nothing else of its hours counts."""

    season: Season
    week: Week
    at: Location


@dataclass(frozen=True, slots=True)
class HoursOfDay:
    """The ranges that begin on a day. `within` names the season and the day of the month that they stand for."""

    ranges: tuple[OpenRange, ...]
    within: str
    at: Location


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, by the name that departments use. No two of the seasons have a day in common."""

    name: str
    week: Week
    seasons: tuple[SeasonHours, ...]
    at: Location

    def on(self, day: date) -> HoursOfDay:
        """What these hours have for a day of the calendar."""
        season = next((one for one in self.seasons if one.season.falls_on(day)), None)
        week = season.week if season else self.week
        within = [str(season.season)] if season else []
        special = next((one for one in week.of_month if one.day.falls_on(day)), None)
        if special is not None:
            return HoursOfDay(special.ranges, ", ".join([*within, str(special.day)]), special.at)
        weekday = day.weekday()
        ranges = tuple(one for one in week.ranges if one.weekday == weekday)
        return HoursOfDay(ranges, "".join(within), week.at)


@dataclass(frozen=True, slots=True)
class ShortDay:
    """Open, but only until `until`."""

    day: YearDay
    until: time
    at: Location


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Closed from `first` to `last`, both included; for every department, or those named."""

    first: date
    last: date
    departments: frozenset[str]
    say: str | None
    at: Location


@dataclass(frozen=True, slots=True)
class Holidays:
    """The calendar of all departments; `public` None: public holidays are days like others."""

    public: PublicHolidays | None
    short_days: tuple[ShortDay, ...]
    closed: tuple[ClosedPeriod, ...]
    at: Location | None
