"""Days of the calendar that change nothing, and days of which two words speak at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta

from ivr.rules.decide import holidays as days
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import ClosedPeriod, Department, Location, OpenPeriod, RuleSet
from ivr.rules.values.days import DatePeriod, YearDay

# So many years have each day of the calendar on each day of the week.
_YEARS = range(2024, 2052)
_LONGEST_PERIOD_DAYS = 400
_DAY = timedelta(days=1)
_OR_OUT = "or take it out"


def lint_holidays(rules: RuleSet) -> Iterator[Fault]:
    """Findings about the calendar. For rules without other faults."""
    yield from _short_days(rules)
    yield from _closed(rules)
    yield from _opened(rules)


def _short_days(rules: RuleSet) -> Iterator[Fault]:
    for short in rules.holidays.short_days:
        fallen = [day for year in _YEARS if (day := short.day.in_year(year))]
        real = [day for day in fallen if not days.public_holiday(rules.holidays, day)]
        if rules.departments and not any(_reaches(rules, short.until, day) for day in real):
            why = f"no department is open then at {short.until:%H:%M} or later"
            hint = f"write a time before the hours of that day end, {_OR_OUT}"
            if not real:
                why, hint = "it is a public holiday, and closed", "take it out"
            yield _idle(f"this short day changes nothing: {why}", short.at, hint)


def _reaches(rules: RuleSet, until: time, day: date) -> bool:
    """Whether the hours of a department reach beyond `until` on that day, which nothing opens."""
    return any(
        _is_open_after(rules, department, until, day)
        for department in rules.departments.values()
        if days.opened(rules.holidays, department.name, day) is None
    )


def _is_open_after(rules: RuleSet, department: Department, until: time, day: date) -> bool:
    opened = days.opened(rules.holidays, department.name, day - _DAY)
    before = opened.spans if opened is not None else department.hours.on(day - _DAY).spans
    return any(
        span.crosses_midnight or span.end > until for span in department.hours.on(day).spans
    ) or any(span.crosses_midnight and span.end > until for span in before)


def _closed(rules: RuleSet) -> Iterator[Fault]:
    listed = rules.holidays.closed
    for number, period in enumerate(listed):
        covering = next((one for one in listed[:number] if _covers(one, period)), None)
        if covering is not None:
            hint = f"take one of the two out, or write this one before line {covering.at.line}"
            message = f"the period {covering.days} comes first and has all of these days"
            yield _idle(message, period.at, hint)
        elif not (period.say or period.scope.sites) and _is_closed_anyway(rules, period):
            message = "no department is open on these days anyway"
            hint = f"write other days, or `say` for a prompt of their own, {_OR_OUT}"
            yield _idle(message, period.at, hint)


def _covers(earlier: ClosedPeriod, period: ClosedPeriod) -> bool:
    inner, outer = period.days, earlier.days
    if isinstance(inner, YearDay):
        all_days = inner == outer
    else:
        is_whole = isinstance(outer, DatePeriod) or inner.first == inner.last
        all_days = is_whole and outer.falls_on(inner.first) and outer.falls_on(inner.last)
    return all_days and earlier.scope.covers(period.scope)


def _is_closed_anyway(rules: RuleSet, period: ClosedPeriod) -> bool:
    departments = _named(rules, period)
    fallen = _days_of(period)
    return bool(departments and fallen) and all(
        _is_closed_otherwise(rules, departments, day) for day in fallen
    )


def _is_closed_otherwise(rules: RuleSet, departments: Iterable[Department], day: date) -> bool:
    return days.public_holiday(rules.holidays, day) is not None or not any(
        _is_open_after(rules, department, time.min, day) for department in departments
    )


def _opened(rules: RuleSet) -> Iterator[Fault]:
    calendar = rules.holidays
    for number, period in enumerate(calendar.opened):
        twin = next((one for one in calendar.opened[:number] if _meet(one, period)), None)
        against = next((one for one in calendar.closed if _contradict(period, one)), None)
        if twin is not None:
            message = f"{period.days} is opened at line {twin.at.line} too"
            hint = "write each day once, or other departments or sites"
            yield fault(FaultKind.DAY_TWICE, period.at, message, hint)
        elif against is not None:
            message = f"{period.days} is opened here, and closed at line {against.at.line}"
            hint = "take one of the two out; only within a longer closed period an opening wins"
            yield fault(FaultKind.DAY_TWICE, period.at, message, hint)
        elif not period.scope.sites and _is_as_otherwise(rules, period):
            message = "on these days the departments are open at these times anyway"
            yield _idle(message, period.at, f"write other times, {_OR_OUT}")


def _contradict(opened: OpenPeriod, closed: ClosedPeriod) -> bool:
    """Whether an opening is more than an exception within a longer period."""
    day = _meet(opened, closed)
    if day is None:
        return False
    inner, outer = opened.days.period(day), closed.days.period(day)
    is_within = outer.falls_on(inner.first) and outer.falls_on(inner.last)
    return not is_within or inner == outer


def _meet(one: OpenPeriod | ClosedPeriod, other: OpenPeriod | ClosedPeriod) -> date | None:
    """A day on which both speak of the same department."""
    return _shared_day(one.days, other.days) if one.scope.meets(other.scope) else None


def _shared_day(one: DatePeriod | YearDay, other: DatePeriod | YearDay) -> date | None:
    if isinstance(one, YearDay):
        years = (
            range(other.first.year, other.last.year + 1)
            if isinstance(other, DatePeriod)
            else _YEARS
        )
        fallen = (one.in_year(year) for year in years)
        return next((day for day in fallen if day and other.falls_on(day)), None)
    if isinstance(other, YearDay):
        return _shared_day(other, one)
    first = max(one.first, other.first)
    return first if first <= min(one.last, other.last) else None


def _is_as_otherwise(rules: RuleSet, period: OpenPeriod) -> bool:
    departments, calendar, fallen = _named(rules, period), rules.holidays, _days_of(period)
    return bool(departments and fallen) and all(
        days.closed(calendar, one.name, day) is None
        and days.public_holiday(calendar, day) is None
        and days.short_day(calendar, day) is None
        and one.hours.on(day).spans == period.spans
        for one in departments
        for day in fallen
    )


def _named(rules: RuleSet, period: OpenPeriod | ClosedPeriod) -> list[Department]:
    named = period.scope.departments
    return [one for name, one in rules.departments.items() if not named or name in named]


def _days_of(period: OpenPeriod | ClosedPeriod) -> list[date]:
    """Its days, or those of many years; none where they are too many to look at."""
    if isinstance(period.days, YearDay):
        return [day for year in _YEARS if (day := period.days.in_year(year))]
    length = (period.days.last - period.days.first).days + 1
    return [
        period.days.first + n * _DAY for n in range(length if length <= _LONGEST_PERIOD_DAYS else 0)
    ]


def _idle(message: str, at: Location, hint: str) -> Fault:
    return fault(FaultKind.CHANGES_NOTHING, at, message, hint)
