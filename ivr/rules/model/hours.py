"""Opening hours, and the days that are not like others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from ivr.rules.model.location import Location
from ivr.rules.values.days import PublicHolidays, YearDay


@dataclass(frozen=True, slots=True)
class OpenRange:
    """Open on `weekday` (Monday is 0) from `start` until before `end`; `end` ≤ `start` means past midnight."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, by the name that departments use."""

    name: str
    ranges: tuple[OpenRange, ...]
    at: Location


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
