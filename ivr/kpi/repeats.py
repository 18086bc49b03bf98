"""Callers who call again, and first-contact resolution: whose need was met by their first call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.records.record import CallRecord

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


def repeats(
    calls: Iterable[CallRecord],
    first: datetime,
    last: datetime,
    *,
    now: datetime,
    window: timedelta = USUAL_WINDOW,
) -> Repeats:
    """Of the first calls that arrived from `first` until before `last` (aware).

    `calls`, in any order, are to hold those of a window before and after, too. Who withholds the number, or reached no
    department, cannot be told from others and is not counted; nor are calls of tests.
    """
    arrivals: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for call in calls:
        if call.caller is not None and call.department is not None and not call.test:
            arrivals[call.caller, call.department].append(call.arrived_at)
    first_calls = repeated = not_ripe = 0
    for times in arrivals.values():
        times.sort()
        for before, at, after in zip([None, *times], times, [*times[1:], None], strict=False):
            is_first = before is None or at - before > window
            if not (first <= at < last and is_first):
                continue
            if at + window > now:
                not_ripe += 1
                continue
            first_calls += 1
            repeated += after is not None and after - at <= window
    return Repeats(first_calls, repeated, not_ripe)
