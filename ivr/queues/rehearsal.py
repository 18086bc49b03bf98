"""A wait, played through before it happens: who is free when, and whom they take first, until it is this caller's turn.

Each time agents' talks are as long as some of late were, and some of those ahead give up, as callers of late did. The
waits that come of it are the estimate, and how far they lie apart is how sure it is. The same state of the queues
gives the same waits: chance begins anew each time. Callers who come later and are served before this one are not
foreseen.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from ivr.queues.estimate import WaitEstimate
from ivr.queues.experience import Experience, TalkLengths
from ivr.queues.offers import AgentOnDuty, WaitingCaller, may_take

MOST_TIMES = 60
FEWEST_TIMES = 3
MOST_STEPS = 4_000
"""A crowd is played through less often: it is nearly the same each time, and other callers' turns wait meanwhile."""


@dataclass(frozen=True, slots=True)
class AgentAtWork:
    """An agent who is signed in and not paused. `talk_of` is the queue of the talk they are in, or are rung for.

    The talk has taken `talked_seconds`; without one, they are free in `free_in_seconds`.
    """

    agent: AgentOnDuty
    talk_of: str | None = None
    talked_seconds: float = 0.0
    free_in_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who serves those who wait, and how long that takes: as it went of late, and `wrap_up_seconds` after each talk.

    These are by queue; none where it is not named.
    """

    agents: tuple[AgentAtWork, ...]
    experience: Experience
    wrap_up_seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast callers of one queue are served, and give up."""

    lengths: TalkLengths
    ring_seconds: float
    wrap_up_seconds: float
    leaving_per_second: float


class Play:
    """Those who wait, in the order in which they are served, and those who serve them; to be played through."""

    def __init__(self, callers: Iterable[WaitingCaller], workforce: Workforce) -> None:
        self.line = tuple(sorted(callers, key=_rank))
        self.agents = tuple(sorted(workforce.agents, key=lambda one: one.agent.name))
        talks = (at_work.talk_of for at_work in self.agents)
        named = {queue for queue in (*talks, *(one.queue for one in self.line)) if queue}
        self._paces = {name: _pace(name, workforce) for name in sorted(named)}
        self._lines: dict[str, list[int]] = {}
        for number, one in enumerate(self.line):
            for queue in one.queues:
                self._lines.setdefault(queue, []).append(number)

    def helpful(self, caller: WaitingCaller) -> int:
        """How many agents may take this caller."""
        return sum(may_take(one.agent, caller) for one in self.agents)

    def once(self, chance: Random, stays: int | None = None) -> Iterator[tuple[int, float]]:
        """Who is served, by the place in the line from 0 on, and seconds until they hear their agent.

        Who `stays` does not give up, as others may.
        """
        gone_at = [self._leaves_at(one, chance) for one in self.line]
        if stays is not None:
            gone_at[stays] = float("inf")
        heads = dict.fromkeys(self._lines, 0)
        free = [(self._free_at(one, chance), number) for number, one in enumerate(self.agents)]
        heapq.heapify(free)
        while free:
            now, number = free[0]
            taken = self._first(self.agents[number].agent, now, gone_at, heads)
            if taken is None:
                heapq.heappop(free)  # there is nobody for them any more
                continue
            pace = self._paces[self.line[taken].queue]
            yield taken, now + pace.ring_seconds
            gone_at[taken] = -1.0
            busy = pace.ring_seconds + pace.lengths.draw(chance) + pace.wrap_up_seconds
            heapq.heapreplace(free, (now + busy, number))

    def _first(
        self, agent: AgentOnDuty, now: float, gone_at: Sequence[float], heads: dict[str, int]
    ) -> int | None:
        """Whom the agent takes next, by the place in the line."""
        best: int | None = None
        for queue in agent.queues:
            line = self._lines.get(queue, ())
            head = heads.get(queue, 0)
            while head < len(line) and gone_at[line[head]] <= now:
                head += 1
            if queue in heads:
                heads[queue] = head
            for place in range(head, len(line)):
                number = line[place]
                if best is not None and number >= best:
                    break
                if gone_at[number] > now and may_take(agent, self.line[number]):
                    best = number
                    break
        return best

    def _free_at(self, one: AgentAtWork, chance: Random) -> float:
        if one.talk_of is None:
            return max(0.0, one.free_in_seconds)
        pace = self._paces[one.talk_of]
        return pace.lengths.draw(chance, one.talked_seconds) + pace.wrap_up_seconds

    def _leaves_at(self, caller: WaitingCaller, chance: Random) -> float:
        leaving = self._paces[caller.queue].leaving_per_second
        return chance.expovariate(leaving) if leaving > 0 else float("inf")


class Rehearsal:
    """Waits of one caller, `ahead` of whom those are served who have a lower rank."""

    def __init__(
        self, caller: WaitingCaller, ahead: Iterable[WaitingCaller], workforce: Workforce
    ) -> None:
        self._caller = caller
        before = [one for one in ahead if one.rank < caller.rank]
        agents, callers = _concerned(caller, before, workforce.agents)
        self._play = Play((*callers, caller), replace(workforce, agents=agents))

    def estimate(self) -> WaitEstimate | None:
        """What comes of it; None where nobody who is there may take the caller."""
        found = WaitEstimate.of(self.waits())
        if found is None:
            return None
        return replace(found, ahead=self._last, agents=self._play.helpful(self._caller))

    def waits(self) -> Sequence[float]:
        """Seconds, the shortest first; none where nobody who is there may take the caller."""
        if not self._play.helpful(self._caller):
            return ()
        steps = len(self._play.line) + len(self._play.agents)
        times = min(MOST_TIMES, max(FEWEST_TIMES, MOST_STEPS // steps))
        chance = Random(0)  # noqa: S311 - nobody gains by guessing it
        return sorted(self._wait(chance) for _ in range(times))

    @property
    def _last(self) -> int:
        return len(self._play.line) - 1

    def _wait(self, chance: Random) -> float:
        served = self._play.once(chance, stays=self._last)
        return next(seconds for place, seconds in served if place == self._last)


def _rank(caller: WaitingCaller) -> tuple[int, float, str]:
    return caller.rank


def _pace(queue: str, workforce: Workforce) -> _Pace:
    known, wrap_up_seconds = (
        workforce.experience.of(queue),
        workforce.wrap_up_seconds.get(queue, 0.0),
    )
    return _Pace(known.lengths(), known.ring_seconds, wrap_up_seconds, known.leaving_per_second)


def _concerned(
    caller: WaitingCaller, before: Collection[WaitingCaller], agents: Sequence[AgentAtWork]
) -> tuple[tuple[AgentAtWork, ...], list[WaitingCaller]]:
    """The agents and the callers ahead that make a difference, through however many queues."""
    queues, found = set(caller.queues), 0
    while len(queues) != found:
        found = len(queues)
        for one in agents:
            if not queues.isdisjoint(one.agent.queues):
                queues.update(one.agent.queues)
        for other in before:
            if not queues.isdisjoint(other.queues):
                queues.update(other.queues)
    return (
        tuple(one for one in agents if not queues.isdisjoint(one.agent.queues)),
        [other for other in before if not queues.isdisjoint(other.queues)],
    )
