"""Wall-clock time, always aware; a test gives its own.

Waiting is asyncio's business (tests run on a loop whose time jumps); what a clock tells is the day and the hour.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def day_began(now: datetime, zone: tzinfo) -> datetime:
    """The midnight before `now` (aware), where that zone is."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def stopwatch(tick: Callable[[], float] = time.monotonic) -> Callable[[], timedelta]:
    """The time since now, by a clock that nobody sets: what a call has lasted, even if the wall clock is put right."""
    began = tick()
    return lambda: timedelta(seconds=tick() - began)
