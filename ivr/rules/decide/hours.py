"""Open or not at a moment, and why.

Days of the calendar are whole days, from 00:00 to 24:00 where the rules belong; they win over the opening hours, also
where these cross midnight. Of several, an opening wins, then a closed period, a public holiday, a short day. Spans are
half-open: at 16:00 sharp, 08:00-16:00 is over. Times are what the clock on the wall shows, so the two days a year when
it is changed need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.rules.decide import calendar as days
from ivr.rules.model import Department, Holidays, Location, OpenPeriod, RuleSet, Span
from ivr.why import (
    ClosedByHours,
    ClosedForHoliday,
    ClosedForPeriod,
    ClosedOnDate,
    ClosedOnShortDay,
    ClosedReason,
    OpenByHours,
    Opened,
    OpenOnDate,
    OpenOnShortDay,
)

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
    today, name, calendar = there.date(), department.name, rules.holidays
    opened = days.opened(calendar, name, today)
    if opened is not None:
        return _on_date(opened, name, there)
    period = days.closed(calendar, name, today)
    if period is not None:
        whole = period.days.period(today)
        return Opening(ClosedForPeriod(name, whole.first, whole.last), period.at, period.say)
    holiday = days.public_holiday(calendar, today)
    if holiday is not None:
        location = calendar.at or department.hours.at
        return Opening(ClosedForHoliday(name, holiday, today), location)
    return _by_the_clock(calendar, department, there)


def _on_date(opened: OpenPeriod, name: str, there: datetime) -> Opening:
    day, clock = there.date(), there.time()
    span = next((span for span in opened.spans if span.holds(clock)), None)
    if span is None:
        return Opening(ClosedOnDate(name, day, _minute(clock)), opened.at)
    return Opening(OpenOnDate(name, day, span.start, span.end), opened.at)


def _by_the_clock(calendar: Holidays, department: Department, there: datetime) -> Opening:
    name, hours, clock = department.name, department.hours, there.time()
    now = _since_today(department, there) or _since_yesterday(calendar, department, there)
    if now is None:
        of_day = hours.on(there.date())
        closed = ClosedByHours(name, hours.name, there.weekday(), _minute(clock), of_day.within)
        return Opening(closed, of_day.at)
    short = days.short_day(calendar, there.date())
    if short is None:
        return now
    kind = OpenOnShortDay if clock < short.until else ClosedOnShortDay
    return Opening(kind(name, there.date(), short.until), short.at)


def _since_today(department: Department, there: datetime) -> Opening | None:
    for span in department.hours.on(there.date()).spans:
        if span.holds(there.time()):
            return _by_hours(department, there.date(), span)
    return None


def _since_yesterday(calendar: Holidays, department: Department, there: datetime) -> Opening | None:
    """What began the day before and is not over; the calendar may have opened that day."""
    day = there.date() - _DAY
    opened = days.opened(calendar, department.name, day)
    for span in opened.spans if opened is not None else department.hours.on(day).spans:
        if not span.holds_next_morning(there.time()):
            continue
        if opened is None:
            return _by_hours(department, day, span)
        return Opening(OpenOnDate(department.name, day, span.start, span.end), opened.at)
    return None


def _by_hours(department: Department, day: date, span: Span) -> Opening:
    hours = department.hours
    of_day = hours.on(day)
    weekday, within = day.weekday(), of_day.within
    because = OpenByHours(department.name, hours.name, weekday, span.start, span.end, within)
    return Opening(because, of_day.at)


def _minute(clock: time) -> time:
    return clock.replace(second=0, microsecond=0)
