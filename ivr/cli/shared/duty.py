"""What agents did in some days, as the rows of figures want it; with what they still do, where a server runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeVar

from ivr.clock import SystemClock
from ivr.errors import ServerNotRunning
from ivr.kpi.occupancy import (
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
from ivr.kpi.rows import TIME_NAMES, By
from ivr.records.agents import AgentChange
from ivr.server.whereabouts import find_server
from ivr.store.door import Reading

WAYS: tuple[By, ...] = ("agent", "queue", *TIME_NAMES)
"""Rows of which it is known what agents did; not of a site's or a department's callers."""

_Lasting = TypeVar("_Lasting")


@dataclass(frozen=True)
class DutyOfDays:
    """What agents did from the first of `bounds` (aware) until before the last, by a store and its `home` folder."""

    stored: Reading
    home: Path
    bounds: tuple[datetime, datetime]

    def by(self, by: By, zone: tzinfo) -> dict[str, TimeAtWork]:
        """By the names of such rows; nothing for other rows."""
        if by == "agent":
            still = self._lasting(duty_between, lambda one: one.hour, hour_text)
            return duties(chain(self.stored.folds.duty(*self.bounds), still))
        if by not in WAYS:
            return {}
        if by == "queue":
            return by_queue(self._work("queue"))
        whole_hours = all(_offset_seconds(zone, at) % 3600 == 0 for at in self.bounds)
        apart: WorkApart = "hour" if whole_hours and by != "quarter" else "quarter"
        return by_time(self._work(apart), zone, TIME_NAMES[by])

    def of_all(self) -> TimeAtWork:
        """Of all agents together."""
        return by_queue(self._work(None)).get("", TimeAtWork())

    def _work(self, apart: WorkApart | None) -> Iterator[FoldedWork]:
        yield from self.stored.folds.work(*self.bounds, apart)
        for one in self._lasting(work_between, lambda one: one.quarter, quarter_text):
            if bool(one.queue) is (apart == "queue"):
                yield one

    def _lasting(
        self,
        pieces: Callable[[AgentChange, AgentChange], Iterable[_Lasting]],
        when: Callable[[_Lasting], str],
        text: Callable[[datetime], str],
    ) -> Iterator[_Lasting]:
        """Those pieces of what agents still do that lie within the bounds."""
        first, last = map(text, self.bounds)
        for before, change in self._still:
            yield from (one for one in pieces(before, change) if first <= when(one) < last)

    @cached_property
    def _still(self) -> tuple[tuple[AgentChange, AgentChange], ...]:
        """What agents do until it ends is known to last where a server sees it; a server that was killed saw no end."""
        now = SystemClock().now()
        runs = self.stored.server_runs or _server_runs(self.home)
        if self.bounds[0] > now or not runs:
            return ()
        return tuple(still_so(self.stored.history.last_of_agents(), now))


def _offset_seconds(zone: tzinfo, at: datetime) -> float:
    return (at.astimezone(zone).utcoffset() or timedelta()).total_seconds()


def _server_runs(home: Path) -> bool:
    try:
        os.kill(find_server(home).pid, 0)
    except PermissionError:
        return True  # another user's
    except (ServerNotRunning, ProcessLookupError):
        return False
    return True
