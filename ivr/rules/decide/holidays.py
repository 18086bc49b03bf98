"""What the calendar says of a day: opened, closed, a holiday, a short day."""

from __future__ import annotations

from datetime import date

from ivr.rules.model import ClosedPeriod, Holidays, OpenPeriod, ShortDay


def public_holiday(calendar: Holidays, day: date) -> str | None:
    """The name of the public holiday on this day."""
    return calendar.public.name(day) if calendar.public is not None else None


def opened(
    calendar: Holidays, department: str, day: date, site: str | None = None
) -> OpenPeriod | None:
    """What opens the department on this day."""
    for period in calendar.opened:
        if period.days.falls_on(day) and period.scope.includes(department, site):
            return period
    return None


def closed(
    calendar: Holidays, department: str, day: date, site: str | None = None
) -> ClosedPeriod | None:
    """The first period that closes the department on this day."""
    for period in calendar.closed:
        if period.days.falls_on(day) and period.scope.includes(department, site):
            return period
    return None


def short_day(calendar: Holidays, day: date) -> ShortDay | None:
    """The short day that this one is."""
    return next((short for short in calendar.short_days if short.day.falls_on(day)), None)
