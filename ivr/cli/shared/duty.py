"""What agents did in some days, as the rows of figures want it; with what they still do, where a server runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from pathlib import Path

from ivr.clock import SystemClock
from ivr.errors import ServerNotRunning
from ivr.kpi.occupancy import (
    FoldedDuty,
    FoldedWork,
    TimeAtWork,
    WorkApart,
    by_queue,
    by_time,
    duties,
    duty_between,
    hour_text,
    quarter_text,
    still_so,
    work_between,
)
from ivr.kpi.rows import By, quarter_name, week_name
from ivr.records.agents import AgentChange
from ivr.server.whereabouts import find_server
from ivr.store.door import Reading

_NAMES: Mapping[By, Callable[[datetime], str]] = {
    "day": lambda at: at.date().isoformat(),
    "week": lambda at: week_name(at.date()),
    "month": lambda at: f"{at:%Y-%m}",
    "hour": lambda at: f"{at:%H}",
    "quarter": quarter_name,
}

WAYS: tuple[By, ...] = ("agent", "queue", *_NAMES)
"""Rows of which it is known what agents did; not of a site's or a department's callers."""


def duty_by(
    stored: Reading, home: Path, bounds: tuple[datetime, datetime], zone: tzinfo, by: By
) -> dict[str, TimeAtWork]:
    """By the names of such rows, from the first of `bounds` (aware) until before the last; nothing for other rows."""
    first, last = bounds
    if by == "agent":
        return duties(chain(stored.folds.duty(first, last), _still_duty(stored, home, bounds)))
    if by not in WAYS:
        return {}
    if by == "queue":
        return by_queue(_work(stored, home, bounds, "queue"))
    whole_hours = all(_offset_seconds(zone, at) % 3600 == 0 for at in bounds)
    apart: WorkApart = "hour" if whole_hours and by != "quarter" else "quarter"
    return by_time(_work(stored, home, bounds, apart), zone, _NAMES[by])


def _offset_seconds(zone: tzinfo, at: datetime) -> float:
    return (at.astimezone(zone).utcoffset() or timedelta()).total_seconds()


def duty_of_all(stored: Reading, home: Path, bounds: tuple[datetime, datetime]) -> TimeAtWork:
    """Of all agents together."""
    return by_queue(_work(stored, home, bounds, None)).get("", TimeAtWork())


def _work(
    stored: Reading, home: Path, bounds: tuple[datetime, datetime], apart: WorkApart | None
) -> Iterator[FoldedWork]:
    yield from stored.folds.work(*bounds, apart)
    for one in _still_work(stored, home, bounds):
        if bool(one.queue) is (apart == "queue"):
            yield one


def _still_duty(
    stored: Reading, home: Path, bounds: tuple[datetime, datetime]
) -> Iterator[FoldedDuty]:
    first, last = map(hour_text, bounds)
    for before, change in _still(stored, home, bounds):
        yield from (one for one in duty_between(before, change) if first <= one.hour < last)


def _still_work(
    stored: Reading, home: Path, bounds: tuple[datetime, datetime]
) -> Iterator[FoldedWork]:
    first, last = map(quarter_text, bounds)
    for before, change in _still(stored, home, bounds):
        yield from (one for one in work_between(before, change) if first <= one.quarter < last)


def _still(
    stored: Reading, home: Path, bounds: tuple[datetime, datetime]
) -> Iterator[tuple[AgentChange, AgentChange]]:
    """What agents do until it ends is known to last where a server sees it; a server that was killed saw no end."""
    now = SystemClock().now()
    if bounds[0] <= now and _server_runs(home):
        yield from still_so(stored.history.last_of_agents(), now)


def _server_runs(home: Path) -> bool:
    try:
        os.kill(find_server(home).pid, 0)
    except PermissionError:
        return True  # another user's
    except (ServerNotRunning, ProcessLookupError):
        return False
    return True
