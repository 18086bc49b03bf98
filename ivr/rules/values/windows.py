"""When something holds, as a value: days that may come back, times of those days, or one stretch of time.

All times are what the clock on the wall shows where the rules belong; ranges are half-open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.rules.model import Span
from ivr.rules.values.days import KindOfDay

EVERY_DAY = frozenset(range(7))
ALL_DAY = Span(time(0), time(0))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """From `first` to `last`, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class BesideKind(KindOfDay):
    """So many `days` after days of a kind (before them, where negative)."""

    kind: KindOfDay
    days: int

    def falls_on(self, day: date) -> bool:
        return self.kind.falls_on(day - timedelta(days=self.days))


@dataclass(frozen=True, slots=True)
class ButOn:
    """Days of this kind have weekdays of their own."""

    kind: KindOfDay
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class RecurringDays:
    """From `first` to `last` (both included; None: for good) on these weekdays, Monday 0.

    The first of `but` whose kind a day is of has the say for that day; then come the days `without`, and at last those
    that are `also` meant, wherever they lie.
    """

    first: date
    last: date | None
    weekdays: frozenset[int] = EVERY_DAY
    but: tuple[ButOn, ...] = ()
    without: tuple[DaySpan, ...] = ()
    also: tuple[DaySpan, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether this day is meant."""
        if any(span.holds(day) for span in self.also):
            return True
        if day < self.first or (self.last is not None and day > self.last):
            return False
        if any(span.holds(day) for span in self.without):
            return False
        for one in self.but:
            if one.kind.falls_on(day):
                return day.weekday() in one.weekdays
        return day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Window:
    """These times of these days; what begins on one of the days and passes midnight belongs to it as a whole."""

    days: RecurringDays
    times: tuple[Span, ...]

    def contains(self, at: datetime) -> bool:
        """Whether a moment (wall clock) is in it."""
        day, clock = at.date(), at.time()
        return any(self._holds(span, day, clock) for span in self.times)

    def _holds(self, span: Span, day: date, clock: time) -> bool:
        past_midnight = span.end <= span.start
        if span.start <= clock and (past_midnight or clock < span.end):
            return self.days.holds(day)
        return past_midnight and clock < span.end and self.days.holds(day - _DAY)


@dataclass(frozen=True, slots=True)
class TimeStretch:
    """All the time from `start` until before `end` (wall clock; None: for good)."""

    start: datetime
    end: datetime | None

    def contains(self, at: datetime) -> bool:
        """Whether a moment (wall clock) is in it."""
        there = at.replace(tzinfo=None)
        return self.start <= there and (self.end is None or there < self.end)


@dataclass(frozen=True, slots=True)
class WhileOpen:
    """While a department is open, or closed, from `first` to `last` (both included; None: for good).

    `windows` say when that is.
    """

    department: str
    is_open: bool
    first: date
    last: date | None
    windows: tuple[Window | TimeStretch, ...]

    def contains(self, at: datetime) -> bool:
        """Whether a moment (wall clock) is in it."""
        return any(one.contains(at) for one in self.windows)


When = Window | TimeStretch | WhileOpen


def contains(windows: Iterable[When], at: datetime) -> bool:
    """Whether a moment (wall clock) is in any of them."""
    return any(one.contains(at) for one in windows)
