"""A caller's place in a queue, as the flow sees it: what happens next to one who waits."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from ivr.rules.model import Agent, Queue


@dataclass(frozen=True, slots=True)
class AgentFree:
    """This agent is claimed for the caller; the phone may be rung."""

    agent: Agent


@dataclass(frozen=True, slots=True)
class StepDue:
    """The wait has reached a `while_waiting` step of the rules; `step` counts from 0."""

    step: int


@dataclass(frozen=True, slots=True)
class Deserted:
    """No agent of the queue is signed in any more, and the rules say where its callers go then."""


Happening = AgentFree | StepDue | Deserted


class Claims(Protocol):
    """What a place may ask of its desk."""

    def is_deserted(self, queue: Queue) -> bool: ...

    def taken(self, agent: Agent) -> None: ...

    def missed(self, agent: Agent) -> None: ...


class Place:
    """One caller's place. Made by `Desk.place_in`; leaving that scope gives back whatever agent it had claimed."""

    def __init__(
        self, desk: Claims, queue: Queue, call_id: str, since: float, *, is_back: bool = False
    ) -> None:
        self.queue = queue
        self.call_id = call_id
        self.since = since
        self.claimed: Agent | None = None
        self.is_waiting = True
        self.is_first = False
        self._desk = desk
        self._changed = asyncio.Event()
        # Who comes back to a queue has taken its steps already; they led here.
        # A step that does not move the caller (a call-back offered, another queue rung too) is passed over: nothing
        # does it yet.
        moving = [n for n, step in enumerate(queue.while_waiting) if step.target is not None]
        self._steps = deque(() if is_back else moving)

    async def next(self) -> Happening:
        """Wait for the next thing that happens. A step that is due goes before an agent who is free.

        A phone that rings already is not cut off by a step: the flow asks for the next happening after it.
        """
        while True:
            self._changed.clear()
            if self._seconds_to_step() <= 0:
                return StepDue(self._steps.popleft())
            if self.claimed is not None:
                return AgentFree(self.claimed)
            if self._desk.is_deserted(self.queue):
                return Deserted()
            await self._change_or_step()

    def took(self) -> None:
        """The agent answered: the wait is over, the agent is talking until the place is left."""
        self.is_waiting = False
        if self.claimed is not None:
            self._desk.taken(self.claimed)

    def missed(self) -> None:
        """The agent did not take the call: the caller keeps the place, the agent is left in peace for a while."""
        missed, self.claimed = self.claimed, None
        if missed is not None:
            self._desk.missed(missed)

    def claim(self, agent: Agent) -> None:
        """The desk gives this caller an agent."""
        self.claimed = agent
        self._changed.set()

    def wake(self) -> None:
        """Something changed that may concern this caller."""
        self._changed.set()

    def _seconds_to_step(self) -> float:
        if not self._steps:
            return float("inf")
        due = self.since + self.queue.while_waiting[self._steps[0]].after_seconds
        return due - asyncio.get_running_loop().time()

    async def _change_or_step(self) -> None:
        seconds = self._seconds_to_step()
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._changed.wait()
        except TimeoutError:
            return
