"""The agents' logbook: each change of each agent, written behind what happens, in the order in which it happened."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

import structlog

from ivr.clock import Clock, SystemClock
from ivr.errors import StoreFailed
from ivr.records.agents import AgentChange, AgentChangeKind
from ivr.records.changes import Ledger

log = structlog.get_logger()

GATHER_SECONDS, SOON_SECONDS = 1.0, 0.1
"""Changes of so long are written together: of what calls bring about, and as soon as there is another."""

IN_PASSING: frozenset[AgentChangeKind] = frozenset(
    {"call_began", "call_ended", "was_offered", "withdrawn", "took", "talk_ended", "ready"}
)
"""What calls bring about. A server that is killed loses the last second of it, and no wish of an agent's."""

AGAIN_SECONDS = 2.0
"""After so long another try, where they could not be written."""

MOST_AT_ONCE = 2_000
MOST_WAITING = 200_000
"""Of a day on which nothing can be written; then the oldest are let go."""


class Logbook:
    """Takes changes without waiting, and writes them as soon as it can."""

    def __init__(self, ledger: Ledger | None, clock: Clock) -> None:
        """Without a ledger, what is noted is forgotten."""
        self.clock = clock
        self.earlier: dict[str, AgentChange] = {}
        self._ledger = ledger
        self._unwritten: deque[AgentChange] = deque()
        self._has_some = asyncio.Event()
        self._is_pressing = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self.lost = 0

    @classmethod
    def of_nothing(cls) -> Logbook:
        """For a desk whose agents' doings nobody will ask about."""
        return cls(None, SystemClock())

    async def opened(self) -> Logbook:
        """This logbook, with what earlier servers knew last of each agent in `earlier`. Raises StoreFailed."""
        if self._ledger is None:
            return self
        self.earlier = {one.agent: one for one in await self._ledger.last_of_agents()}
        return self

    def note(self, change: AgentChange) -> None:
        """Write it soon."""
        if self._ledger is None:
            return
        if len(self._unwritten) >= MOST_WAITING:
            self._unwritten.popleft()
            self.lost += 1
        self._unwritten.append(change)
        self._has_some.set()
        if change.kind not in IN_PASSING:
            self._is_pressing.set()

    async def write(self) -> None:
        """Write all that was noted until now. Raises StoreFailed, and keeps it then."""
        async with self._one_at_a_time:
            while self._ledger is not None and self._unwritten:
                changes = tuple(self._unwritten)[:MOST_AT_ONCE]
                await self._ledger.put_agent_changes(*changes)
                for change in changes:
                    if self._unwritten and self._unwritten[0] is change:
                        self._unwritten.popleft()
            self._has_some.clear()
            self._is_pressing.clear()

    async def run(self) -> None:
        """Write what is noted, until cancelled."""
        while True:
            await self._has_some.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._is_pressing.wait()
                    await asyncio.sleep(SOON_SECONDS)
            try:
                await self.write()
            except StoreFailed as failed:
                log.warning("agents' changes not written down yet", error=str(failed))
                await asyncio.sleep(AGAIN_SECONDS)

    async def end(self) -> None:
        """Write the last of it; what cannot be written now is lost, and told."""
        try:
            await self.write()
        except StoreFailed:
            log.exception("agents' changes lost", changes=len(self._unwritten))
