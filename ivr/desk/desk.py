"""The live queues of one server. Two agents are never given one caller: a claim is one step, in one process."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog

from ivr.desk.place import Place
from ivr.queues.agents import AgentEvent, AgentState, move
from ivr.queues.line import place_among
from ivr.queues.offers import AgentOnDuty, WaitingCaller, matches
from ivr.rules.model import Account, Agent, Queue, RuleSet
from ivr.rules.visit import WaitInQueue

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
    """An agent on duty: what the rules say, what the phone says, and what the agent does.

    `is_leaving`: the rules do not have the agent any more, who still talks or is rung.
    """

    agent: Agent
    has_phone: bool
    on_duty: AgentOnDuty
    is_leaving: bool = False
    is_in_own_call: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.on_duty.state is not AgentState.SIGNED_OUT and not self.is_leaving

    @property
    def has_a_caller(self) -> bool:
        return self.on_duty.state in {AgentState.OFFERED, AgentState.TALKING}


class Desk:
    """Keeps agents' states and callers' places. All of it happens on one event loop, so no step can be half done."""

    def __init__(self, rules: RuleSet) -> None:
        self._seats: dict[str, _Seat] = {}
        self._free: dict[str, AgentOnDuty] = {}
        self._places: dict[str, Place] = {}
        self._signed_in: Counter[str] = Counter()
        self._reachable: set[str] = set()
        self._in_own_call: set[str] = set()
        self.take_agents(rules)

    def take_agents(self, rules: RuleSet) -> None:
        """Agents as these rules have them, from now on; whoever talks or is rung finishes first.

        Callers who wait in a queue that is gone wait on: their own rules say what becomes of them.
        """
        for name in [*self._seats]:
            if name not in rules.agents:
                self._dismiss(self._seats[name])
        for agent in rules.agents.values():
            self._seat(agent)
        self._signed_in = Counter(dict.fromkeys(rules.queues, 0))
        for seat in self._seats.values():
            if seat.is_signed_in:
                self._signed_in.update(seat.agent.queues)
        for place in self._places.values():
            place.wake()
        self._match()

    def phone_changed(
        self, account: str, *, is_reachable: bool, is_in_own_call: bool = False
    ) -> None:
        """The phone of this account came or went, or is in a call that no desk offered: its agents follow it."""
        (self._reachable.add if is_reachable else self._reachable.discard)(account)
        (self._in_own_call.add if is_in_own_call else self._in_own_call.discard)(account)
        for seat in tuple(self._seats.values()):
            phone = seat.agent.phone
            if isinstance(phone, Account) and phone.name == account:
                self._follow_phone(seat)
        self._match()

    def signed_in(self, queues: Iterable[str] = ()) -> Mapping[str, int]:
        """Agents signed in, by queue: a fact for `decide`. Queues with none are named with 0.

        So are those of `queues`, which a call's own rules may have and the present ones not.
        """
        return {**dict.fromkeys(queues, 0), **self._signed_in}

    def waiting(self) -> Mapping[str, int]:
        """Callers who wait, by queue: a fact for `decide`."""
        return Counter(place.queue.name for place in self._places.values() if place.is_waiting)

    def number_in_line(self, call_id: str) -> int:
        """A caller's place among all who wait in the same queue, those included for whom a phone rings."""
        waiting = (
            WaitingCaller(place.call_id, place.queue.name, place.since, place.is_first)
            for place in self._places.values()
            if place.is_waiting
        )
        return place_among(waiting, call_id)

    @contextmanager
    def place_in(self, wait: WaitInQueue, call_id: str) -> Iterator[Place]:
        """A place in the queue for as long as the scope lasts; a talk with the agent happens inside it.

        Who has waited there before keeps the place that they had.
        """
        place = Place(self, wait, call_id)
        self._places[call_id] = place
        self._match()
        try:
            yield place
        finally:
            del self._places[call_id]
            self._give_back(place)
            self._match()

    def is_deserted(self, queue: Queue) -> bool:
        return self._signed_in[queue.name] == 0

    def taken(self, agent: Agent) -> None:
        self._move(self._seats[agent.name], AgentEvent.TOOK)

    def missed(self, agent: Agent) -> None:
        seat = self._seats[agent.name]
        self._move(seat, AgentEvent.MISSED)
        self._later(seat, MISSED_PAUSE_SECONDS)
        self._match()

    def lost(self, agent: Agent, queue: Queue) -> None:
        """The agent's phone was gone in the middle of a talk: another is offered the caller first."""
        seat = self._seats[agent.name]
        self._move(seat, AgentEvent.TALK_ENDED)
        self._later(seat, max(queue.wrap_up_seconds, MISSED_PAUSE_SECONDS))
        self._match()

    def queues(self, names: Iterable[str]) -> list[QueueView]:
        """These queues, and any other in which somebody still waits."""
        others = (place.queue.name for place in self._places.values() if place.is_waiting)
        names = dict.fromkeys((*names, *others))
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

    def _seat(self, agent: Agent) -> None:
        """Seat an agent as the rules have one now; who was seated before keeps the state."""
        seat = self._seats.get(agent.name)
        if seat is None:
            signed_out = AgentOnDuty(agent.name, agent.queues, AgentState.SIGNED_OUT, 0.0)
            seat = self._seats[agent.name] = _Seat(agent, has_phone=False, on_duty=signed_out)
        seat.agent = agent
        seat.is_leaving = False
        self._put(seat, replace(seat.on_duty, queues=agent.queues))
        self._follow_phone(seat)

    def _dismiss(self, seat: _Seat) -> None:
        seat.is_leaving = True
        if not seat.has_a_caller:
            del self._seats[seat.agent.name]
            self._free.pop(seat.agent.name, None)

    def _follow_phone(self, seat: _Seat) -> None:
        """A phone with a plain SIP address is always there."""
        phone = seat.agent.phone
        seat.has_phone = not isinstance(phone, Account) or phone.name in self._reachable
        seat.is_in_own_call = isinstance(phone, Account) and phone.name in self._in_own_call
        self._move(seat, AgentEvent.PHONE_CAME if seat.has_phone else AgentEvent.PHONE_WENT)
        began_or_ended = AgentEvent.CALL_BEGAN if seat.is_in_own_call else AgentEvent.CALL_ENDED
        self._move(seat, began_or_ended)

    def _match(self) -> None:
        waiting = [
            WaitingCaller(place.call_id, place.queue.name, place.since, place.is_first)
            for place in self._places.values()
            if place.is_waiting and place.claimed is None
        ]
        if not waiting:
            return
        for match in matches(waiting, self._free.values()):
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
            self._ready(seat)
        else:
            asyncio.get_running_loop().call_later(seconds, self._ready, seat)

    def _ready(self, seat: _Seat) -> None:
        if (
            self._seats.get(seat.agent.name) is seat
        ):  # else the rules have let the agent go meanwhile
            self._move(seat, AgentEvent.READY)
            self._match()

    def _move(self, seat: _Seat, event: AgentEvent) -> None:
        before = seat.on_duty.state
        after = move(before, event)
        if after is AgentState.AVAILABLE and not seat.has_phone:
            after = AgentState.SIGNED_OUT  # the phone went while the agent was busy
        if after is AgentState.AVAILABLE and seat.is_in_own_call:
            after = AgentState.IN_OWN_CALL
        if after is before:
            return
        now = asyncio.get_running_loop().time()
        idle_since = now if after is AgentState.AVAILABLE else seat.on_duty.idle_since
        self._put(seat, replace(seat.on_duty, state=after, idle_since=idle_since))
        log.debug("agent moved", agent=seat.agent.name, before=before, because=event, after=after)
        if seat.is_leaving:
            self._dismiss(seat)
        elif AgentState.SIGNED_OUT in {before, after}:
            self._count_signed_in(seat.agent, 1 if before is AgentState.SIGNED_OUT else -1)

    def _put(self, seat: _Seat, on_duty: AgentOnDuty) -> None:
        """The agent is so from now on; those who are free are at hand, however many are not."""
        seat.on_duty = on_duty
        if on_duty.state is AgentState.AVAILABLE:
            self._free[on_duty.name] = on_duty
        else:
            self._free.pop(on_duty.name, None)

    def _count_signed_in(self, agent: Agent, change: int) -> None:
        for queue in agent.queues:
            self._signed_in[queue] += change
        for place in self._places.values():
            if place.queue.name in agent.queues:
                place.wake()
