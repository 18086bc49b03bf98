"""Opening hours: what comes back by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.rules.model.location import Location
from ivr.rules.values.days import WEEKDAYS, MonthlyDay, Season


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until before `end`; `end` ≤ `start` means past midnight, and 24:00 is 00:00."""

    start: time
    end: time

    @property
    def crosses_midnight(self) -> bool:
        return self.end <= self.start

    def holds(self, clock: time) -> bool:
        """Whether it is on at this time of the day on which it begins."""
        return self.start <= clock and (self.crosses_midnight or clock < self.end)

    def holds_next_morning(self, clock: time) -> bool:
        """Whether it is still on at this time of the day after."""
        return self.crosses_midnight and clock < self.end

    def __str__(self) -> str:
        end = "24:00" if self.end == time(0) else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}-{end}"


@dataclass(frozen=True, slots=True)
class OpenRange:
    """A span that begins on `weekday` (Monday is 0)."""

    weekday: int
    span: Span

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.span}"


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """What holds on one day of each month, instead of what its weekday has otherwise; no spans: closed."""

    day: MonthlyDay
    spans: tuple[Span, ...]
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
    """The spans that begin on a day. `within` names the season and the day of the month that they stand for."""

    spans: tuple[Span, ...]
    within: str
    at: Location


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, by the name that departments use. No two of the seasons have a day in common."""

    name: str
    week: Week
    seasons: tuple[SeasonHours, ...]
    at: Location

    def begun(self, there: datetime) -> Span | None:
        """The span that began on the day of this moment (of the wall) and is not over."""
        spans = self.on(there.date()).spans
        return next((span for span in spans if span.holds(there.time())), None)

    def holding(self, there: datetime) -> Span | None:
        """The span that began that day or the day before, and is not over."""
        before = self.on(there.date() - timedelta(days=1)).spans
        going_on = (span for span in before if span.holds_next_morning(there.time()))
        return self.begun(there) or next(going_on, None)

    def on(self, day: date) -> HoursOfDay:
        """What these hours have for a day of the calendar."""
        season = next((one for one in self.seasons if one.season.falls_on(day)), None)
        week = season.week if season else self.week
        within = [str(season.season)] if season else []
        special = next((one for one in week.of_month if one.day.falls_on(day)), None)
        if special is not None:
            return HoursOfDay(special.spans, ", ".join([*within, str(special.day)]), special.at)
        weekday = day.weekday()
        spans = tuple(one.span for one in week.ranges if one.weekday == weekday)
        return HoursOfDay(spans, "".join(within), week.at)
