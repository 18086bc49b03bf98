"""Callers who call again, and first-contact resolution: whose need was met by their first call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from ivr.records.record import CallRecord
from ivr.records.removals import PURGED

USUAL_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Repeats:
    """First calls: those of a caller who had not called this department within the window before.

    `repeated` of the `first_calls` were followed by another within the window. Those so young that another may still
    come are `not_ripe`, and in neither.
    """

    first_calls: int = 0
    repeated: int = 0
    not_ripe: int = 0

    @property
    def repeat_rate(self) -> float | None:
        """0 to 1."""
        return self.repeated / self.first_calls if self.first_calls else None

    @property
    def first_contact_resolution(self) -> float | None:
        """0 to 1."""
        return None if self.repeat_rate is None else 1.0 - self.repeat_rate


class CallerArrival(NamedTuple):
    """A call of one caller to one department. `place` is where it is counted: its day, site and department."""

    at: datetime
    call_id: str
    place: tuple[str, str, str]


def first_calls_among(
    arrivals: Sequence[CallerArrival], window: timedelta = USUAL_WINDOW
) -> Iterator[tuple[CallerArrival, bool]]:
    """The first calls among those of one caller to one department (in order), and whether another followed."""
    for before, one, after in zip([None, *arrivals], arrivals, [*arrivals[1:], None], strict=False):
        if before is None or one.at - before.at > window:
            yield one, after is not None and after.at - one.at <= window


def last_ripe_day(today: date, window: timedelta = USUAL_WINDOW) -> date:
    """The last day of which every call is old enough: no other can come within the window any more."""
    return today - window - timedelta(days=1)


def repeats(
    calls: Iterable[CallRecord],
    first: datetime,
    last: datetime,
    *,
    now: datetime,
    zone: tzinfo = UTC,
    site: str | None = None,
) -> Repeats:
    """Of the first calls that arrived from `first` until before `last` (aware).

    `calls`, in any order, are to hold those of a week before and after, too. Who withholds the number, or reached no
    department, cannot be told from others and is not counted; nor are calls of tests. `zone` is the centre's: a whole
    day ripens at once. With `site` only first calls of that site are counted, and those of others tell which these are.
    """
    arrivals: dict[tuple[str, str], list[CallerArrival]] = defaultdict(list)
    for call in calls:
        if call.caller in {None, PURGED} or call.department is None or call.test:
            continue
        if call.caller is not None:
            arrivals[call.caller, call.department].append(
                CallerArrival(call.arrived_at, call.call_id, ("", call.site or "", ""))
            )
    ripe = last_ripe_day(now.astimezone(zone).date())
    first_calls = repeated = not_ripe = 0
    for several in arrivals.values():
        for one, is_repeated in first_calls_among(sorted(several)):
            if not first <= one.at < last or site not in {None, one.place[1]}:
                continue
            if one.at.astimezone(zone).date() > ripe:
                not_ripe += 1
                continue
            first_calls += 1
            repeated += is_repeated
    return Repeats(first_calls, repeated, not_ripe)
