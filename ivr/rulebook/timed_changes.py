"""Changes of rules that are to take effect later: kept in the ledger, taken when their time has come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from ivr.clock import Clock
from ivr.errors import ChangeRefused
from ivr.records.changes import SHORTEST, Ledger, RulesChange

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 60.0
"""The longest sleep before a timed change: the machine's clock may be set meanwhile."""


class TimedChanges:
    """The timed changes, the next one first. `take` is called with each that is due; it never raises."""

    def __init__(
        self, ledger: Ledger, clock: Clock, take: Callable[[RulesChange], Awaitable[None]]
    ) -> None:
        self.waiting: tuple[RulesChange, ...] = ()
        self._ledger = ledger
        self._clock = clock
        self._take = take
        self._has_changed = asyncio.Event()

    async def begin(self) -> None:
        """Those that an earlier server was told of. What fell due meanwhile is taken as soon as `run` begins."""
        self.waiting = tuple(await self._ledger.timed())
        for change in self.waiting:
            _tell(change)

    async def add(self, change: RulesChange) -> None:
        """Raises StoreFailed; then it is not planned."""
        await self._ledger.put_changes(change)
        self.waiting = tuple(sorted((*self.waiting, change), key=lambda one: one.due_at))
        self._has_changed.set()
        _tell(change)

    def named(self, name: str) -> RulesChange:
        """The timed change with this id, or whose revision begins so. Raises ChangeRefused for none, or several."""
        found = [
            change
            for change in self.waiting
            if change.change_id == name
            or (len(name) >= SHORTEST and change.revision.startswith(name))
        ]
        if len(found) == 1:
            return found[0]
        listed = ", ".join(
            f"{one.change_id} (revision {one.revision[:12]})" for one in self.waiting
        )
        message = f"{name!r} names {len(found)} planned changes; planned: {listed or 'none'}"
        raise ChangeRefused(message)

    def forget(self, change: RulesChange) -> None:
        self.waiting = tuple(one for one in self.waiting if one is not change)
        self._has_changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._has_changed.clear()
            for change in self.waiting:
                if change.due_at <= self._clock.now():
                    await self._take(change)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_to_next()):
                    await self._has_changed.wait()

    def _seconds_to_next(self) -> float | None:
        """None where nothing is planned. A moment more than is left, so that the time has come when it is looked."""
        if not self.waiting:
            return None
        seconds = (self.waiting[0].due_at - self._clock.now()).total_seconds()
        return min(max(seconds, 0.0) + 0.001, LOOK_AGAIN_SECONDS)


def _tell(change: RulesChange) -> None:
    log.info(
        "rules planned",
        revision=change.revision[:12],
        due=change.due_at.isoformat(timespec="seconds"),
        author=change.author,
        why=change.why,
    )
