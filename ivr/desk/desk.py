"""The live queues of one server. Two agents are never given one caller: a claim is one step, in one process."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from ivr.desk.place import Place
from ivr.queues.agents import AgentEvent, AgentState, move
from ivr.queues.offers import AgentOnDuty, WaitingCaller, matches
from ivr.rules.model import Account, Agent, Queue, RuleSet

log = structlog.get_logger()

MISSED_PAUSE_SECONDS = 10.0
"""How long an agent who did not take a call is left in peace: long enough for the next agent to be rung first."""


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent at this moment, for pages and `/health`."""

    name: str
    state: AgentState
    queues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue at this moment. `longest_wait_seconds` is 0 when nobody waits."""

    name: str
    waiting: int
    signed_in: int
    longest_wait_seconds: float


@dataclass(slots=True)
class _Seat:
    """An agent on duty: what the rules say, what the phone says, and what the agent does."""

    agent: Agent
    has_phone: bool
    on_duty: AgentOnDuty


class Desk:
    """Keeps agents' states and callers' places. All of it happens on one event loop, so no step can be half done."""

    def __init__(self, rules: RuleSet) -> None:
        self._seats: dict[str, _Seat] = {}
        self._places: dict[str, Place] = {}
        self._signed_in: Counter[str] = Counter()
        self.take_agents(rules)

    def take_agents(self, rules: RuleSet) -> None:
        """Agents as these rules have them. A phone with a plain SIP address is there from the start."""
        self._signed_in.update(dict.fromkeys(rules.queues, 0))
        for agent in rules.agents.values():
            has_phone = not isinstance(agent.phone, Account)
            state = AgentState.AVAILABLE if has_phone else AgentState.SIGNED_OUT
            on_duty = AgentOnDuty(agent.name, agent.queues, state, idle_since=0.0)
            self._seats[agent.name] = _Seat(agent, has_phone, on_duty)
            for queue in agent.queues:
                self._signed_in[queue] += has_phone

    def phone_changed(self, account: str, *, is_reachable: bool) -> None:
        """The phone of this account came or went: its agents are signed in or out with it."""
        for seat in self._seats.values():
            phone = seat.agent.phone
            if isinstance(phone, Account) and phone.name == account:
                seat.has_phone = is_reachable
                self._move(seat, AgentEvent.PHONE_CAME if is_reachable else AgentEvent.PHONE_WENT)
        self._match()

    def signed_in(self) -> Mapping[str, int]:
        """Agents signed in, by queue: a fact for `decide`. Queues with none are named with 0."""
        return dict(self._signed_in)

    @asynccontextmanager
    async def place_in(
        self, queue: Queue, call_id: str, *, since: float | None = None
    ) -> AsyncIterator[Place]:
        """A place in the queue for as long as the scope lasts; a talk with the agent happens inside it.

        `since`, a time of the loop: when a caller who comes back to this queue first entered it. The place is kept.
        """
        now = asyncio.get_running_loop().time()
        is_back = since is not None
        place = Place(self, queue, call_id, now if since is None else since, is_back=is_back)
        self._places[call_id] = place
        self._match()
        try:
            yield place
        finally:
            del self._places[call_id]
            self._give_back(place)
            self._match()

    def is_deserted(self, queue: Queue) -> bool:
        return queue.nobody_logged_in is not None and self._signed_in[queue.name] == 0

    def taken(self, agent: Agent) -> None:
        self._move(self._seats[agent.name], AgentEvent.TOOK)

    def missed(self, agent: Agent) -> None:
        seat = self._seats[agent.name]
        self._move(seat, AgentEvent.MISSED)
        self._later(seat, MISSED_PAUSE_SECONDS)
        self._match()

    def queues(self, names: Iterable[str]) -> list[QueueView]:
        now = asyncio.get_running_loop().time()
        views = []
        for name in names:
            waits = [
                now - place.since
                for place in self._places.values()
                if place.is_waiting and place.queue.name == name
            ]
            views.append(
                QueueView(name, len(waits), self._signed_in[name], max(waits, default=0.0))
            )
        return views

    def agents(self) -> list[AgentView]:
        return [
            AgentView(seat.agent.name, seat.on_duty.state, seat.agent.queues)
            for seat in self._seats.values()
        ]

    def _match(self) -> None:
        waiting = [
            WaitingCaller(place.call_id, place.queue.name, place.since)
            for place in self._places.values()
            if place.is_waiting and place.claimed is None
        ]
        if not waiting:
            return
        for match in matches(waiting, (seat.on_duty for seat in self._seats.values())):
            seat = self._seats[match.agent]
            self._move(seat, AgentEvent.WAS_OFFERED)
            self._places[match.call_id].claim(seat.agent)

    def _give_back(self, place: Place) -> None:
        if place.claimed is None:
            return
        seat = self._seats[place.claimed.name]
        if seat.on_duty.state is AgentState.TALKING:
            self._move(seat, AgentEvent.TALK_ENDED)
            self._later(seat, place.queue.wrap_up_seconds)
        else:
            self._move(seat, AgentEvent.WITHDRAWN)

    def _later(self, seat: _Seat, seconds: float) -> None:
        """End the pause or the wrap-up after `seconds`: a timer and no task, so that a stop need not wait for it."""
        if seconds <= 0:
            self._move(seat, AgentEvent.READY)
        else:
            asyncio.get_running_loop().call_later(seconds, self._ready, seat)

    def _ready(self, seat: _Seat) -> None:
        self._move(seat, AgentEvent.READY)
        self._match()

    def _move(self, seat: _Seat, event: AgentEvent) -> None:
        before = seat.on_duty.state
        after = move(before, event)
        if after is AgentState.AVAILABLE and not seat.has_phone:
            after = AgentState.SIGNED_OUT  # the phone went while the agent was busy
        if after is before:
            return
        now = asyncio.get_running_loop().time()
        idle_since = now if after is AgentState.AVAILABLE else seat.on_duty.idle_since
        seat.on_duty = replace(seat.on_duty, state=after, idle_since=idle_since)
        log.debug("agent moved", agent=seat.agent.name, before=before, because=event, after=after)
        if AgentState.SIGNED_OUT in {before, after}:
            self._count_signed_in(seat.agent, 1 if before is AgentState.SIGNED_OUT else -1)

    def _count_signed_in(self, agent: Agent, change: int) -> None:
        for queue in agent.queues:
            self._signed_in[queue] += change
        for place in self._places.values():
            if place.queue.name in agent.queues:
                place.wake()
