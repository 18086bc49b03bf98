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
class HolidayScope:
    """Whom a period is for: these departments and what is answered at these sites; none named: all."""

    departments: frozenset[str]
    sites: frozenset[str]

    def includes(self, department: str, site: str | None) -> bool:
        return (not self.departments or department in self.departments) and (
            not self.sites or site in self.sites
        )

    def meets(self, other: HolidayScope) -> bool:
        """Whether both are for somebody."""
        pairs = ((self.departments, other.departments), (self.sites, other.sites))
        return all(not one or not two or one & two for one, two in pairs)

    def covers(self, other: HolidayScope) -> bool:
        """Whether this is for all whom the other is for."""
        pairs = ((self.departments, other.departments), (self.sites, other.sites))
        return all(not one or (bool(two) and two <= one) for one, two in pairs)


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Closed on these days, for those in its scope."""

    days: DatePeriod | YearDay
    scope: HolidayScope
    say: str | None
    at: Location


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """Open at these times on these days, whatever hours and holidays say, for those in its scope."""

    days: DatePeriod | YearDay
    spans: tuple[Span, ...]
    scope: HolidayScope
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
