"""A caller's place in a queue, as the flow sees it: what happens next to one who waits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from ivr.rules.model import Agent, Queue
from ivr.rules.visit import WaitInQueue


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

    def number_in_line(self, call_id: str) -> int: ...

    def taken(self, agent: Agent, call_id: str) -> None: ...

    def missed(self, agent: Agent, call_id: str, *, is_declined: bool) -> None: ...

    def lost(self, agent: Agent, queue: Queue, call_id: str) -> None: ...


class Place:
    """One caller's place. Made by `Desk.place_in`; leaving that scope gives back whatever agent it had claimed."""

    def __init__(self, desk: Claims, wait: WaitInQueue, call_id: str) -> None:
        now = asyncio.get_running_loop().time()
        self.queue = wait.queue
        self.call_id = call_id
        self.since = now - wait.waited_seconds
        self.is_first = wait.is_first
        self.claimed: Agent | None = None
        self.is_waiting = True
        self._wait = wait
        self._step_at = now + wait.step_in_seconds if wait.step_in_seconds is not None else None
        self._desk = desk
        self._changed = asyncio.Event()

    async def next(self) -> Happening:
        """Wait for the next thing that happens. A step that is due goes before an agent who is free.

        A phone that rings already is not cut off by a step: the flow asks for the next happening after it.
        """
        while True:
            self._changed.clear()
            if self._wait.step is not None and self._seconds_to_step() <= 0:
                self._step_at = None  # it comes once; the flow asks what is next
                return StepDue(self._wait.step)
            if self.claimed is not None:
                return AgentFree(self.claimed)
            if self._wait.leaves_when_deserted and self._desk.is_deserted(self.queue):
                return Deserted()
            await self._change_or_step()

    @property
    def number(self) -> int:
        """Which place it is among all who wait in this queue, from 1 on."""
        return self._desk.number_in_line(self.call_id)

    def seconds_to_next(self, every_seconds: float) -> float:
        """How long until the wait has lasted another whole number of `every_seconds`; more than a second."""
        waited = asyncio.get_running_loop().time() - self.since
        left = every_seconds - waited % every_seconds
        # A timer may go off a little early: what is left of its period then is no wait.
        return left if left > 1 else left + every_seconds

    def took(self) -> None:
        """The agent answered: the wait is over, the agent is talking until the place is left."""
        self.is_waiting = False
        if self.claimed is not None:
            self._desk.taken(self.claimed, self.call_id)

    def missed(self, *, is_declined: bool = False) -> None:
        """The agent did not take the call: the caller keeps the place, the agent is left in peace for a while."""
        missed, self.claimed = self.claimed, None
        if missed is not None:
            self._desk.missed(missed, self.call_id, is_declined=is_declined)

    def lost(self) -> None:
        """The agent's phone was gone in the middle of the talk: the caller waits again, before everybody else.

        The step that is next is counted from now.
        """
        lost, self.claimed = self.claimed, None
        self.is_waiting = self.is_first = True
        if self._wait.step_in_seconds is not None:
            self._step_at = asyncio.get_running_loop().time() + self._wait.step_in_seconds
        if lost is not None:
            self._desk.lost(lost, self.queue, self.call_id)

    def claim(self, agent: Agent) -> None:
        """The desk gives this caller an agent."""
        self.claimed = agent
        self._changed.set()

    def wake(self) -> None:
        """Something changed that may concern this caller."""
        self._changed.set()

    def _seconds_to_step(self) -> float:
        if self._step_at is None:
            return float("inf")
        return self._step_at - asyncio.get_running_loop().time()

    async def _change_or_step(self) -> None:
        seconds = self._seconds_to_step()
        try:
            async with asyncio.timeout(None if seconds == float("inf") else seconds):
                await self._changed.wait()
        except TimeoutError:
            return
