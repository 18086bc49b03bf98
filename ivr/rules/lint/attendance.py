"""Hours against one another: breaks that interrupt nothing, and whether one is open while others are closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Attendance, Hours, RuleSet
from ivr.rules.values.days import SOME_YEARS
from ivr.rules.ways import attended_places

_DAY = timedelta(days=1)
_MINUTES = 24 * 60


def lint_attendance(rules: RuleSet) -> Iterator[Fault]:
    """Findings about hours that change nothing where they stand. For rules without other faults."""
    for place, attended in attended_places(rules):
        for one in attended.breaks:
            if not _ever_together(attended.hours, one.hours):
                message = f"{place} is never open during {one.hours.name}"
                hint = (
                    f"write {one.hours.name} within the hours {attended.hours.name}, or take it out"
                )
                yield fault(FaultKind.CHANGES_NOTHING, one.at, message, hint)
    entries = [*rules.numbers.values(), *([rules.anything_else] if rules.anything_else else [])]
    for entry in entries:
        if entry.attended is not None and entry.attended.closed.say is None:
            targets = [target.to for _, target in entry.attended.elsewhere()]
            if all(to == entry.target.to for to in targets) and not entry.attended.breaks:
                at, hint = (
                    entry.attended.closed.at,
                    "write another destination, or take hours and closed out",
                )
                message = f"calls go to {entry.target.to} within the hours and outside them"
                yield fault(FaultKind.CHANGES_NOTHING, at, message, hint)


def never_closed_together(rules: RuleSet, together: Iterable[Attendance]) -> bool:
    """Whether at every minute one of these is open: by day one, by night another."""
    listed = list(together)
    if not rules.holidays.is_empty or any(one.breaks for one in listed):
        return False
    hours = [one.hours for one in listed]
    return all(
        len(set().union(*(_minutes(one, day) for one in hours))) == _MINUTES
        for day in _alike(hours)
    )


def _ever_together(hours: Hours, other: Hours) -> bool:
    return any(_minutes(hours, day) & _minutes(other, day) for day in _alike([hours, other]))


def _alike(hours: Iterable[Hours]) -> Iterable[date]:
    """One day of each kind that these hours know, with the day before."""
    listed = list(hours)
    alike: dict[object, date] = {}
    for day in SOME_YEARS:
        alike.setdefault(tuple((one.on(day), one.on(day - _DAY)) for one in listed), day)
    return alike.values()


def _minutes(hours: Hours, day: date) -> set[int]:
    """The minutes of a day at which it is open."""
    found: set[int] = set()
    for first, of_day in ((0, hours.on(day)), (-_MINUTES, hours.on(day - _DAY))):
        for span in of_day.spans:
            begin = first + span.start.hour * 60 + span.start.minute
            end = first + span.end.hour * 60 + span.end.minute
            end += _MINUTES if span.crosses_midnight else 0
            found.update(range(max(0, begin), min(_MINUTES, end)))
    return found
