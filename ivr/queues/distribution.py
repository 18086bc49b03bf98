"""The distribution of callers to agents: who waits and who is free, and the offers that can be made after a change.

Pure and deterministic: the same changes in the same order make the same offers, and no clock is read. Between two
calls of `matches` nobody waits for whom somebody is free, so only what has changed since has to be looked at.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ivr.queues.offers import (
    AgentOnDuty,
    CallerRank,
    Match,
    Preference,
    RingOrder,
    WaitingCaller,
    is_rung_before_all,
    lacking,
    may_take,
    preference,
)

_Candidate = tuple[CallerRank, int, str]
"""The rank of a caller who may be served, and what found so: 1 a free agent (the name), 0 a change of the caller."""


class Distribution:
    """Callers without an agent and agents without a caller. `ways` has how each queue rings; else the longest idle.

    `orders` has each agent's place in the rules: where they have changed, whoever was rung last may have another.
    """

    def __init__(self, ways: Mapping[str, RingOrder] | None = None) -> None:
        self.ways: Mapping[str, RingOrder] = ways or {}
        self.orders: Mapping[str, int] = {}
        self.talks: Counter[str] = Counter()
        self._room: dict[str, int] = {}
        self._waiting: dict[str, WaitingCaller] = {}
        self._lines: dict[str, list[tuple[CallerRank, str]]] = {}
        self._free: dict[str, AgentOnDuty] = {}
        self._idle: dict[str, list[tuple[float, str]]] = {}
        self._last: dict[str, tuple[str, int]] = {}
        self._day: date | None = None
        self._changed_callers: dict[str, None] = {}
        self._changed_agents: dict[str, None] = {}

    def wait(self, caller: WaitingCaller) -> None:
        """The caller waits without an agent, or waits on with other wishes."""
        if self._waiting.get(caller.call_id) == caller:
            return
        self.leave(caller.call_id)
        self._waiting[caller.call_id] = caller
        for queue in caller.queues:
            insort(self._lines.setdefault(queue, []), (caller.rank, caller.call_id))
        self._changed_callers[caller.call_id] = None

    def leave(self, call_id: str) -> None:
        """The caller has an agent, or waits no more."""
        caller = self._waiting.pop(call_id, None)
        if caller is None:
            return
        self._changed_callers.pop(call_id, None)
        for queue in caller.queues:
            line = self._lines[queue]
            del line[bisect_left(line, (caller.rank, call_id))]

    def free(self, agent: AgentOnDuty) -> None:
        """The agent may be offered a caller, or may be offered others than before."""
        if self._free.get(agent.name) == agent:
            return
        self.busy(agent.name)
        self._free[agent.name] = agent
        for queue in agent.queues:
            insort(self._idle.setdefault(queue, []), (agent.idle_since, agent.name))
        self._changed_agents[agent.name] = None

    def busy(self, name: str) -> None:
        """The agent may not be offered a caller."""
        agent = self._free.pop(name, None)
        if agent is None:
            return
        self._changed_agents.pop(name, None)
        for queue in agent.queues:
            idle = self._idle[queue]
            del idle[bisect_left(idle, (agent.idle_since, name))]

    def is_free(self, name: str) -> bool:
        return name in self._free

    def took(self, name: str, day: date) -> None:
        """The agent talks with a caller: one more on this day."""
        if day != self._day:
            self.talks.clear()
            self._day = day
        self.talks[name] += 1

    def took_nothing(self, name: str, day: date) -> None:
        """That was no talk, for nothing came from the agent's phone."""
        if day == self._day and self.talks[name] > 0:
            self.talks[name] -= 1

    def had_talks(self, names: Iterable[str], day: date) -> None:
        """The agents talked on this day already, once for each time that their name comes."""
        self._day = day
        self.talks = Counter(names)

    def had_rung(self, last: Mapping[str, str]) -> None:
        """Whom each queue rang last before this: one who is in the rules no more comes before all."""
        self._last = {queue: (name, -1) for queue, name in last.items()}

    def set_room(self, room: Mapping[str, int]) -> None:
        """How many more calls each site takes; a site that is not named takes as many as come."""
        full = {site for site, calls in self._room.items() if calls <= 0}
        self._room = dict(room)
        for agent in self._free.values() if full else ():
            if agent.site in full and self._has_room(agent):
                self._changed_agents[agent.name] = None

    def _has_room(self, agent: AgentOnDuty) -> bool:
        return agent.site is None or self._room.get(agent.site, 1) > 0

    def _as_many_as_have_room(self, agents: list[AgentOnDuty]) -> list[AgentOnDuty]:
        """A phone that rings counts as a call at its site."""
        rung: Counter[str | None] = Counter()
        found = []
        for agent in agents:
            rung[agent.site] += 1
            if agent.site is None or rung[agent.site] <= self._room.get(agent.site, len(agents)):
                found.append(agent)
        return found

    def matches(self) -> list[Match]:
        """Every offer that can be made since the last time, in the order in which callers are served.

        Who is in one of them waits no more, or is not free any more. No caller and no agent is in two.
        """
        found: list[Match] = []
        heap: list[_Candidate] = [
            (self._waiting[call_id].rank, 0, "") for call_id in self._changed_callers
        ]
        heap += [(rank, 1, name) for name in self._changed_agents if (rank := self._first(name))]
        heapq.heapify(heap)
        while heap:
            rank, is_agent, name = heapq.heappop(heap)
            caller = self._waiting.get(rank[-1])
            if is_agent and (name not in self._free or caller is None):
                self._look_again(heap, name)
                continue
            match = self._offer(caller) if caller is not None else None
            if match is not None:
                found.append(match)
            if is_agent:
                self._look_again(heap, name)
        self._changed_callers.clear()
        self._changed_agents.clear()
        return found

    def would_take(self, caller: WaitingCaller) -> bool:
        """Whether somebody is free for a caller who is not here yet."""
        return next(self._near(caller), None) is not None

    def _near(self, caller: WaitingCaller) -> Iterator[AgentOnDuty]:
        """The free agents who may take a caller; one may come twice, who answers several of the queues."""
        for queue in caller.queues:
            for _, name in self._idle.get(queue, ()):
                if self._can_take(agent := self._free[name], caller):
                    yield agent

    def _can_take(self, agent: AgentOnDuty, caller: WaitingCaller) -> bool:
        return may_take(agent, caller) and self._has_room(agent)

    def _offer(self, caller: WaitingCaller) -> Match | None:
        agents = self._chosen(caller)
        if not agents:
            return None
        self.leave(caller.call_id)
        for agent in agents:
            self.busy(agent.name)
            if agent.site in self._room:
                self._room[agent.site] -= 1
        return Match(caller.call_id, tuple(agent.name for agent in agents))

    def _chosen(self, caller: WaitingCaller) -> list[AgentOnDuty]:
        """Whose phones are rung for the caller."""
        ring, last = self.ways.get(caller.queue, "longest idle"), self._last_order(caller.queue)

        def turn(agent: AgentOnDuty) -> Preference:
            return preference(agent, caller, ring, self.talks[agent.name], last)

        if ring == "all at once":
            near = {agent.name: agent for agent in self._near(caller)}
            agents = sorted(near.values(), key=turn)
            alone = agents[:1] if agents and is_rung_before_all(agents[0], caller) else agents
            return self._as_many_as_have_room(alone)
        first = self._first_idle(caller) if ring == "longest idle" else None
        if first is None:
            first = min(self._near(caller), key=turn, default=None)
        if first is None:
            return []
        self._last[caller.queue] = first.name, first.order
        return [first]

    def _first_idle(self, caller: WaitingCaller) -> AgentOnDuty | None:
        """Whom nobody can come before, found without a look at all who are free; None: all are to be compared."""
        known = self._free.get(caller.first_agent) if caller.first_agent is not None else None
        if (
            known is not None
            and is_rung_before_all(known, caller)
            and self._can_take(known, caller)
        ):
            return known
        for _, name in self._idle.get(caller.queue, ()):
            agent = self._free[name]
            lacks = name in caller.missed_by or lacking(agent, caller)
            if not lacks and self._can_take(agent, caller):
                return agent
        return None

    def _last_order(self, queue: str) -> int:
        """The place of the agent whom the queue rang last; who is in the rules no more has the place that they had."""
        name, order = self._last.get(queue, ("", -1))
        return self.orders.get(name, order)

    def _look_again(self, heap: list[_Candidate], name: str) -> None:
        """The agent was not the one who was chosen, or the caller was served by another: there may be others."""
        if name in self._free and (rank := self._first(name)):
            heapq.heappush(heap, (rank, 1, name))

    def _first(self, name: str) -> CallerRank | None:
        """The rank of the caller whom this free agent would serve first; None where they may serve nobody."""
        agent = self._free[name]
        if not self._has_room(agent):
            return None
        lines = (self._lines.get(queue, ()) for queue in agent.queues)
        for rank, call_id in heapq.merge(*lines):
            if may_take(agent, self._waiting[call_id]):
                return rank
        return None
