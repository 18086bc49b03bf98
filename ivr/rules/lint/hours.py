"""Opening hours that overlap, have a hole, or belong to no department; and whether departments cover for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from itertools import pairwise

from ivr.rules.decide.hours import spell
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Hours, OpenRange, RuleSet

_DAY = 24 * 60
_WEEK = 7 * _DAY

# A break shorter than this is likelier a slip (08:00-11:59, 12:00-16:00) than a lunch.
_SHORTEST_BREAK_MINUTES = 15

# Longer than a shift, and over midnight, 16:00-08:00 is likelier 08:00-16:00.
_LONGEST_DAY_MINUTES = 12 * 60
_WEEKEND = (5, 6)
_MIDNIGHT = time(0)


def lint_hours(rules: RuleSet) -> Iterator[Fault]:
    """Findings about hours."""
    for hours in rules.hours.values():
        yield from _overlaps(hours)
        yield from _holes(hours)
        yield from _nights(hours)


def never_closed_together(rules: RuleSet, places: Iterable[str]) -> bool:
    """Whether at every minute one of these departments is open (`department day`, `department night`)."""
    calendar = rules.holidays
    if calendar.public or calendar.short_days or calendar.closed:
        return False
    open_minutes: set[int] = set()
    for place in places:
        for span in rules.departments[place.partition(" ")[2]].hours.ranges:
            begin, end = _minutes(span)
            open_minutes.update(minute % _WEEK for minute in range(begin, end))
    return len(open_minutes) == _WEEK


def _overlaps(hours: Hours) -> Iterator[Fault]:
    spans = sorted(hours.ranges, key=_minutes)
    for index, span in enumerate(spans):
        begin, end = _minutes(span)
        for other in (*spans[index + 1 :], *spans[:index]):
            starts = _minutes(other)[0]
            if begin <= starts < end or starts + _WEEK < end:
                message = (
                    f"in hours {hours.name}, {spell(other)} begins before {spell(span)} has ended"
                )
                yield fault(FaultKind.HOURS_OVERLAP, hours.at, message, "write each minute once")
                break


def _holes(hours: Hours) -> Iterator[Fault]:
    told: set[tuple[time, time]] = set()
    for span, after in pairwise(sorted(hours.ranges, key=_minutes)):
        gap = _minutes(after)[0] - _minutes(span)[1]
        if 0 < gap < _SHORTEST_BREAK_MINUTES and (span.end, after.start) not in told:
            told.add((span.end, after.start))
            message = f"hours {hours.name} have a hole of {gap} min between {spell(span)} and {spell(after)}"
            hint = f"an end is not included: write {span.start:%H:%M}-{after.start:%H:%M}"
            yield fault(FaultKind.HOURS_HOLE, hours.at, message, hint)


def _nights(hours: Hours) -> Iterator[Fault]:
    """An end that was written as the begin: who answers at night answers at weekends, and here nobody does."""
    if any(span.weekday in _WEEKEND and _is_long(span) for span in hours.ranges):
        return
    nights = (span for span in hours.ranges if span.start > span.end > _MIDNIGHT and _is_long(span))
    for span in {(span.start, span.end): span for span in nights}.values():
        begin, end = f"{span.start:%H:%M}", f"{span.end:%H:%M}"
        message = f"hours {hours.name} are open through the night, {spell(span)}, and closed by day"
        hint = f"write {end}-{begin}; if the night is meant, {begin}-24:00, and 00:00-{end} on the days after"
        yield fault(FaultKind.OPEN_BY_NIGHT, hours.at, message, hint)


def _is_long(span: OpenRange) -> bool:
    begin, end = _minutes(span)
    return end - begin > _LONGEST_DAY_MINUTES


def _minutes(span: OpenRange) -> tuple[int, int]:
    """Begin and end in minutes of the week; the end may lie in the next."""
    begin = span.weekday * _DAY + span.start.hour * 60 + span.start.minute
    end = span.weekday * _DAY + span.end.hour * 60 + span.end.minute
    return begin, end if end > begin else end + _DAY
