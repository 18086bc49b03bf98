"""Clocks that tests set, so that no test waits for the day's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 11, 23, 10, tzinfo=UTC)


class HandClock:
    """It stands until it is put on."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class LoopClock(HandClock):
    """It goes on from `at` as the loop's time does, which jumps in the tests."""

    def now(self) -> datetime:
        return self.at + timedelta(seconds=asyncio.get_running_loop().time())
