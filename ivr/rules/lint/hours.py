"""Opening hours that overlap, have a hole, or are as otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Hours, Location, OpenRange, RuleSet, Span, Week
from ivr.rules.values.days import MonthlyDay

_DAY = 24 * 60
_WEEK = 7 * _DAY

# A break shorter than this is likelier a slip (08:00-11:59, 12:00-16:00) than a lunch.
_SHORTEST_BREAK_MINUTES = 15

# Longer than a shift, and over midnight, 16:00-08:00 is likelier 08:00-16:00.
_LONGEST_DAY_MINUTES = 12 * 60
_WEEKEND = (5, 6)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Hours that stand together: those of a week, of a season or of a day of the month, by their `title`."""

    title: str
    ranges: tuple[OpenRange, ...]
    at: Location
    is_week: bool = True

    def told(self, one: OpenRange) -> str:
        """A range of this sheet: on the sheet of one day the weekday says nothing."""
        return str(one if self.is_week else one.span)


def lint_hours(rules: RuleSet) -> Iterator[Fault]:
    """Findings about hours."""
    of_dates = (
        _day_sheet(f"the hours of {opened.days}", opened.spans, opened.at)
        for opened in rules.holidays.opened
    )
    for sheet in (*(one for hours in rules.hours.values() for one in _sheets(hours)), *of_dates):
        yield from _overlaps(sheet)
        yield from _holes(sheet)
        yield from _nights(sheet)
    for hours in rules.hours.values():
        yield from _as_otherwise(hours)


def _sheets(hours: Hours) -> Iterator[_Sheet]:
    weeks = [(f"hours {hours.name}", hours.week, hours.at)]
    weeks += [(f"hours {hours.name}, {one.season}", one.week, one.at) for one in hours.seasons]
    for title, week, at in weeks:
        yield _Sheet(title, week.ranges, at)
        for one in week.of_month:
            yield _day_sheet(f"{title}, {one.day}", one.spans, one.at)


def _day_sheet(title: str, spans: Iterable[Span], at: Location) -> _Sheet:
    return _Sheet(title, tuple(OpenRange(0, span) for span in spans), at, is_week=False)


def _as_otherwise(hours: Hours) -> Iterator[Fault]:
    """Days of the month and seasons that have what would hold without them."""
    week = hours.week
    for season in hours.seasons:
        is_alike = (season.week.ranges, _of_month(season.week)) == (week.ranges, _of_month(week))
        if is_alike and week.ranges:
            yield _idle(f"in {season.season}, hours {hours.name} are as otherwise", season.at)
    for one in (week, *(season.week for season in hours.seasons)):
        for special in one.of_month:
            weekday = special.day.weekday
            usual = tuple(each.span for each in one.ranges if each.weekday == weekday)
            # What a season with times alone has from the rest of the year stands where the season stands.
            if special.spans == usual and special.at != one.at:
                message = f"{special.day} is as its weekday otherwise in hours {hours.name}"
                yield _idle(message, special.at)


def _of_month(week: Week) -> list[tuple[MonthlyDay, tuple[Span, ...]]]:
    return [(one.day, one.spans) for one in week.of_month]


def _idle(message: str, at: Location) -> Fault:
    return fault(FaultKind.CHANGES_NOTHING, at, message, "write other times, or take it out")


def _overlaps(sheet: _Sheet) -> Iterator[Fault]:
    ranges = sorted(sheet.ranges, key=_minutes)
    for index, one in enumerate(ranges):
        begin, end = _minutes(one)
        for other in (*ranges[index + 1 :], *ranges[:index]):
            starts = _minutes(other)[0]
            if begin <= starts < end or starts + _WEEK < end:
                message = f"in {sheet.title}, {sheet.told(other)} begins before {sheet.told(one)} has ended"
                yield fault(FaultKind.HOURS_OVERLAP, sheet.at, message, "write each minute once")
                break


def _holes(sheet: _Sheet) -> Iterator[Fault]:
    told: set[tuple[time, time]] = set()
    for one, after in pairwise(sorted(sheet.ranges, key=_minutes)):
        gap = _minutes(after)[0] - _minutes(one)[1]
        hole = (one.span.end, after.span.start)
        if 0 < gap < _SHORTEST_BREAK_MINUTES and hole not in told:
            told.add(hole)
            between = f"between {sheet.told(one)} and {sheet.told(after)}"
            message = f"{sheet.title} have a hole of {gap} min {between}"
            hint = f"an end is not included: write {Span(one.span.start, after.span.start)}"
            yield fault(FaultKind.HOURS_HOLE, sheet.at, message, hint)


def _nights(sheet: _Sheet) -> Iterator[Fault]:
    """An end that was written as the begin: who answers at night answers at weekends, and here nobody does."""
    if not sheet.is_week or any(one.weekday in _WEEKEND and _is_long(one) for one in sheet.ranges):
        return
    nights = [
        one for one in sheet.ranges if one.span.start > one.span.end > _MIDNIGHT and _is_long(one)
    ]
    for one in {one.span: one for one in nights}.values():
        begin, end = f"{one.span.start:%H:%M}", f"{one.span.end:%H:%M}"
        message = f"{sheet.title} are open through the night, {one}, and closed by day"
        hint = f"write {end}-{begin}; if the night is meant, {begin}-24:00, and 00:00-{end} on the days after"
        yield fault(FaultKind.OPEN_BY_NIGHT, sheet.at, message, hint)


def _is_long(one: OpenRange) -> bool:
    begin, end = _minutes(one)
    return end - begin > _LONGEST_DAY_MINUTES


def _minutes(one: OpenRange) -> tuple[int, int]:
    """Begin and end in minutes of the week; the end may lie in the next."""
    span = one.span
    begin = one.weekday * _DAY + span.start.hour * 60 + span.start.minute
    end = one.weekday * _DAY + span.end.hour * 60 + span.end.minute
    return begin, end if end > begin else end + _DAY
