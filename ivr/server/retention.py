"""What is kept no longer than the settings say: every night by itself, and when somebody asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

import structlog

from ivr.clock import Clock
from ivr.errors import StoreFailed
from ivr.records.removals import KeptSince, Removal, Removals
from ivr.settings import Retention

log = structlog.get_logger()

AT_NIGHT = time(3, 30)
"""By the centre's clock: few call then, and a backup of midnight is done."""

PATIENCE_SECONDS = 20.0
"""So long whoever asks waits for an answer; what takes longer goes on without them."""

OURSELVES = "server"


class Keeper:
    """Takes out what is over. `zone` gives the centre's own; `also` is done each night afterwards."""

    def __init__(
        self,
        removals: Removals,
        kept: Retention,
        clock: Clock,
        zone: Callable[[], tzinfo],
        *,
        also: Callable[[], Awaitable[object]] | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._removals = removals
        self._kept = kept
        self._clock = clock
        self._zone = zone
        self._also = also
        self._patience_seconds = patience_seconds
        self._tasks: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """End what a server before had begun, purge now and each night, and do what is asked for, until cancelled."""
        async with asyncio.TaskGroup() as self._tasks:
            while True:
                await _quietly(self._removals.finish())
                await _quietly(self.purge(OURSELVES, ""))
                if self._also is not None:
                    await _quietly(self._also())
                await asyncio.sleep(seconds_until_night(self._clock.now(), self._zone()))

    async def purge(self, author: str, why: str) -> Removal | None:
        """Take out what is over; None while that is still under way. Raises StoreFailed."""
        now = self._clock.now()
        since = kept_since(self._kept, now)
        if since.latest is None:  # everything is kept for ever
            return Removal(
                removal_id="", what="purge", asked_at=now, author=author, why=why, done_at=now
            )
        return await self._patiently(self._removals.purge(since, author, why))

    async def forget(self, caller: str, author: str, why: str) -> Removal | None:
        """Take out one caller (E.164, or as it came); None while that is still under way. Raises StoreFailed."""
        return await self._patiently(self._removals.forget(caller, author, why))

    async def _patiently(self, work: Coroutine[Any, Any, Removal]) -> Removal | None:
        if self._tasks is None:
            return await work
        task = self._tasks.create_task(_told(work), name="removal")
        done, _ = await asyncio.wait((task,), timeout=self._patience_seconds)
        if not done:
            return None
        found = task.result()
        if isinstance(found, StoreFailed):
            raise found
        return found


async def _quietly(work: Awaitable[object]) -> None:
    """A store that cannot be written is told of elsewhere; the next night tries again."""
    try:
        await work
    except StoreFailed as error:
        log.warning("not taken out", error=str(error))


async def _told(work: Coroutine[Any, Any, Removal]) -> Removal | StoreFailed:
    """A failure is for whoever asked, and no reason for the server to fall."""
    try:
        return await work
    except StoreFailed as error:
        return error


def kept_since(kept: Retention, now: datetime) -> KeptSince:
    """Of each kind, from when on it is kept."""
    return KeptSince.of(
        now,
        {
            "journal": kept.journal,
            "numbers": kept.numbers,
            "recordings": kept.recordings,
            "messages": kept.messages,
            "words": kept.words,
            "agents": kept.agents,
        },
    )


def seconds_until_night(now: datetime, zone: tzinfo) -> float:
    """Until the next AT_NIGHT, which comes once in each night, also where clocks are changed."""
    today = now.astimezone(zone).date()
    nights = (datetime.combine(today + timedelta(days=days), AT_NIGHT, zone) for days in range(3))
    return next((night - now).total_seconds() for night in nights if night > now)
