"""Calls to come: the mean of the same half hour on the same weekday, and how far that was off before.

A public holiday is like no weekday: it is left out of the weeks that the others are told from, and told from holidays
itself.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from ivr.kpi.cells import FoldedOffers, sums_in
from ivr.kpi.occupancy import FoldedWork

HALF_HOUR = timedelta(minutes=30)
WEEKS_LOOKED_AT = 8
WEEKS_CHECKED = 4
_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)

Slot = tuple[date, time]
"""A half hour, by its day and the time of day that it begins at, on the centre's clock."""


@dataclass(frozen=True, slots=True)
class CameBefore:
    """What came to one queue: `offers` by half hour, from `first` to `last` (both included); all else was 0.

    Or the people who were there for it, instead of calls.
    """

    offers: Mapping[Slot, float]
    first: date
    last: date
    holidays: Collection[date]


@dataclass(frozen=True, slots=True)
class Days:
    """The centre's: its time zone, the day that it is, and public holidays, past ones and those to come."""

    zone: tzinfo
    today: date
    holidays: Collection[date] = ()


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far forecasts of the last `weeks` were off: the sum of all errors over the sum of the calls. 0 is exact."""

    error: float
    weeks: int


def history_of(offers: Iterable[FoldedOffers], first: date, days: Days) -> CameBefore:
    """Every offer to one queue that was to be served, those it turned away too.

    `offers` are told apart by quarters of an hour. From `first` until the day before today.
    """
    came: Counter[Slot] = Counter()
    for one in offers:
        begins = time.fromisoformat(one.quarter)
        slot = date.fromisoformat(one.day), begins.replace(minute=begins.minute // 30 * 30)
        came[slot] += sum(sums_in(one).outcomes.values()) - one.closed
    return CameBefore(+came, first, days.today - _DAY, days.holidays)


def attendance_of(work: Iterable[FoldedWork], days: Days) -> CameBefore | None:
    """How many agents were there in the mean for a queue until the day before today; None where it is not known.

    There is who was free for its callers, was rung for one, talked with one, or was busy just after it. The first day
    of which this was written down is not looked at, for it may have been half over.
    """
    there: Counter[Slot] = Counter()
    # On the day of 25 hours a half hour comes twice.
    came: defaultdict[Slot, set[datetime]] = defaultdict(set)
    for one in work:
        at = datetime.fromisoformat(one.quarter).replace(tzinfo=UTC)
        slot = slot_of(at, days.zone)
        there[slot] += one.ms
        came[slot].add(at.replace(minute=at.minute // 30 * 30))
    if not there:
        return None
    people = {
        slot: ms / 1000 / HALF_HOUR.total_seconds() / len(came[slot]) for slot, ms in there.items()
    }
    first = min(day for day, _ in there) + _DAY
    return CameBefore(people, first, days.today - _DAY, days.holidays)


def slot_of(at: datetime, zone: tzinfo) -> Slot:
    """The half hour that a moment lies in."""
    local = at.astimezone(zone)
    return local.date(), time(local.hour, local.minute // 30 * 30)


def half_hours() -> Iterator[time]:
    """Of a day, from midnight."""
    for number in range(48):
        yield time(number // 2, number % 2 * 30)


def forecast(history: CameBefore, day: date) -> Mapping[time, float] | None:
    """Calls in each half hour of this day; None where no day of its kind has been seen.

    Told from at most WEEKS_LOOKED_AT of the latest such days before it.
    """
    alike = list(_days_alike(history, day))[:WEEKS_LOOKED_AT]
    if not alike:
        return None
    return {
        begins: statistics.fmean(history.offers.get((one, begins), 0) for one in alike)
        for begins in half_hours()
    }


def accuracy(history: CameBefore) -> Accuracy | None:
    """Forecast the last WEEKS_CHECKED weeks, each from what was known before it; None where nothing came, or is known.

    As it would have been forecast on the day before the week.
    """
    off = came = 0.0
    weeks = 0
    for number in range(WEEKS_CHECKED):
        begins = history.last - (number + 1) * _WEEK + _DAY
        known = CameBefore(history.offers, history.first, begins - _DAY, history.holidays)
        days = [begins + place * _DAY for place in range(7)]
        told = [(day, found) for day in days if (found := forecast(known, day)) is not None]
        weeks += bool(told)
        for day, found in told:
            for begins_at, calls in found.items():
                real = history.offers.get((day, begins_at), 0)
                off += abs(calls - real)
                came += real
    return Accuracy(off / came, weeks) if came else None


def _days_alike(history: CameBefore, day: date) -> Iterator[date]:
    """Days of history of the same kind, the latest first."""
    if day in history.holidays:
        yield from sorted(
            (
                one
                for one in history.holidays
                if history.first <= one <= min(history.last, day - _DAY)
            ),
            reverse=True,
        )
        return
    one = day - _WEEK
    while one >= history.first:
        if one <= history.last and one not in history.holidays:
            yield one
        one -= _WEEK
