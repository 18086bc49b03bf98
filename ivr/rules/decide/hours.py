"""Open or not at a moment, and why.

A holiday, a short day and a closed period are days of the calendar, from 00:00 to 24:00 where the
rules belong; they win over the opening hours, also where these cross midnight. Ranges are
half-open: at 16:00 sharp, 08:00-16:00 is over. Times are what the clock on the wall shows, so the
two days a year when it is changed need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.rules.model import (
    ClosedPeriod,
    Department,
    Holidays,
    Hours,
    HoursOfDay,
    Location,
    OpenRange,
    RuleSet,
    ShortDay,
)
from ivr.rules.values.days import WEEKDAYS
from ivr.why import (
    ClosedByHours,
    ClosedForHoliday,
    ClosedForPeriod,
    ClosedOnShortDay,
    ClosedReason,
    OpenByHours,
    Opened,
    OpenOnShortDay,
)

_MIDNIGHT = time(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Why a department is open, or closed. `say` is the prompt of the closed period, where there is one."""

    because: Opened | ClosedReason
    at: Location
    say: str | None = None

    @property
    def is_open(self) -> bool:
        return isinstance(self.because, Opened)


def opening(rules: RuleSet, department: Department, at: datetime) -> Opening:
    """Whether the department is open at an aware moment."""
    there = at.astimezone(rules.timezone)
    today = there.date()
    calendar = rules.holidays
    period = _closed_period(calendar, department.name, today)
    if period is not None:
        closed = ClosedForPeriod(department.name, period.first, period.last)
        return Opening(closed, period.at, period.say)
    holiday = public_holiday(calendar, today)
    if holiday is not None:
        location = calendar.at or department.hours.at
        return Opening(ClosedForHoliday(department.name, holiday, today), location)
    return _by_the_clock(department, _short_day(calendar, today), there)


def public_holiday(calendar: Holidays, day: date) -> str | None:
    """The name of the public holiday on this day."""
    return calendar.public.name(day) if calendar.public is not None else None


def spell(span: OpenRange) -> str:
    """`mon 08:00-16:00`, as the admin writes it."""
    end = "24:00" if span.end == _MIDNIGHT else f"{span.end:%H:%M}"
    return f"{WEEKDAYS[span.weekday]} {span.start:%H:%M}-{end}"


def _by_the_clock(department: Department, short: ShortDay | None, there: datetime) -> Opening:
    name, hours, clock = department.name, department.hours, there.time()
    today = hours.on(there.date())
    span = _begun(today, clock)
    if span is None and (span := _from_yesterday(hours, there)) is not None:
        today = hours.on(there.date() - _DAY)
    if span is None:
        minute = clock.replace(second=0, microsecond=0)
        closed = ClosedByHours(name, hours.name, there.weekday(), minute, today.within)
        return Opening(closed, today.at)
    if short is None:
        begins, ends = span.start, span.end
        opened = OpenByHours(name, hours.name, span.weekday, begins, ends, today.within)
        return Opening(opened, today.at)
    kind = OpenOnShortDay if clock < short.until else ClosedOnShortDay
    return Opening(kind(name, there.date(), short.until), short.at)


def _begun(today: HoursOfDay, clock: time) -> OpenRange | None:
    """The range that began today and is not over."""
    for span in today.ranges:
        if span.start <= clock and (span.crosses_midnight or clock < span.end):
            return span
    return None


def _from_yesterday(hours: Hours, there: datetime) -> OpenRange | None:
    """The range that began the day before and is not over."""
    for span in hours.on(there.date() - _DAY).ranges:
        if span.crosses_midnight and there.time() < span.end:
            return span
    return None


def _closed_period(calendar: Holidays, department: str, day: date) -> ClosedPeriod | None:
    for period in calendar.closed:
        if period.first <= day <= period.last and (
            not period.departments or department in period.departments
        ):
            return period
    return None


def _short_day(calendar: Holidays, day: date) -> ShortDay | None:
    return next((short for short in calendar.short_days if short.day.falls_on(day)), None)
