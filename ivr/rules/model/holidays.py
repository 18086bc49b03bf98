"""The calendar: days that are not like others, whatever the hours say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from ivr.rules.model.hours import Span
from ivr.rules.model.location import Location
from ivr.rules.values.days import DatePeriod, PublicHolidays, YearDay


@dataclass(frozen=True, slots=True)
class ShortDay:
    """Open, but only until `until`."""

    day: YearDay
    until: time
    at: Location


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Closed on these days; every department, or those named."""

    days: DatePeriod | YearDay
    departments: frozenset[str]
    say: str | None
    at: Location


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """Open at these times on these days, whatever hours and holidays say; every department, or those named."""

    days: DatePeriod | YearDay
    spans: tuple[Span, ...]
    departments: frozenset[str]
    at: Location


@dataclass(frozen=True, slots=True)
class Holidays:
    """The calendar of all departments; `public` None: public holidays are days like others."""

    public: PublicHolidays | None
    short_days: tuple[ShortDay, ...]
    closed: tuple[ClosedPeriod, ...]
    opened: tuple[OpenPeriod, ...]
    at: Location | None

    @property
    def is_empty(self) -> bool:
        return not (self.public or self.short_days or self.closed or self.opened)
