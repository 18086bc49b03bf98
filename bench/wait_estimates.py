"""How good the estimate of a caller's wait is, on made-up days: `python -m bench.wait_estimates`. Pure, no Asterisk.

Callers come by chance and are served as the server serves them, in two queues with some agents in both. Talks are
log-normal, some callers give up, some are first in line. Each caller's wait is estimated when they come, and held
against the wait that it was; beside it what Asterisk's own queue would have said, and the textbook's formula.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from math import log, sqrt
from random import Random
from time import perf_counter

import click

from ivr.queues.agents import AgentState
from ivr.queues.distribution import Distribution
from ivr.queues.estimate import BEYOND, WaitEstimate
from ivr.queues.experience import Experience
from ivr.queues.offers import AgentOnDuty, WaitingCaller
from ivr.queues.rehearsal import AgentAtWork, Rehearsal, Workforce

_RING_SECONDS = 6.0
_DAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class MadeUpDay:
    """`agents` by the queues that they serve; `load` is the work that comes over what they can do.

    `spread` is the deviation of talks over their mean, `patience_seconds` the mean of those who give up (None: nobody
    does), `first` the share of callers who are first in line.
    """

    agents: Mapping[tuple[str, ...], int]
    load: float
    talk_seconds: float = 180.0
    spread: float = 0.8
    wrap_up_seconds: float = 15.0
    patience_seconds: float | None = 600.0
    first: float = 0.0
    calls: int = 1_500
    seed: int = 1


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """What was said of one caller's wait, and what it was; `asterisk` and `textbook` as they would have said."""

    estimate: WaitEstimate
    waited_seconds: float
    asterisk_seconds: float
    textbook_seconds: float
    took_seconds: float

    @property
    def came_true(self) -> bool:
        """Whether the wait was in the range of minutes that is spoken."""
        minutes = self.estimate.minutes
        most = float("inf") if minutes.highest == BEYOND else 60.0 * minutes.highest
        return 60.0 * minutes.lowest <= self.waited_seconds <= most


@dataclass(slots=True)
class _Call:
    caller: WaitingCaller
    came: float
    leaves: float
    estimate: WaitEstimate | None = None
    asterisk: float = 0.0
    textbook: float = 0.0
    took: float = 0.0


@dataclass(slots=True)
class _Work:
    agent: AgentOnDuty
    call: _Call | None = None
    since: float = 0.0
    free_at: float = 0.0


@dataclass(slots=True)
class _Floor:
    """The house on that day."""

    day: MadeUpDay
    chance: Random
    experience: Experience = field(default_factory=Experience)
    distribution: Distribution = field(default_factory=Distribution)
    waiting: dict[str, _Call] = field(default_factory=dict)
    agents: dict[str, _Work] = field(default_factory=dict)
    events: list[tuple[float, int, str, str]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    holdtime: dict[str, float] = field(default_factory=dict)

    def at(self, moment: float, what: str, who: str) -> None:
        heapq.heappush(self.events, (moment, next(self.numbers), what, who))

    def talk_seconds(self) -> float:
        deviation = sqrt(log(1 + self.day.spread**2))
        middle = log(self.day.talk_seconds) - deviation**2 / 2
        return self.chance.lognormvariate(middle, deviation)


def made_up(day: MadeUpDay) -> list[HeldAgainst]:
    """Every caller of the day who had to wait, and was answered."""
    floor = _Floor(day, Random(day.seed))  # noqa: S311 - made up
    names = (f"agent-{number:03}" for number in count())
    for served, some in day.agents.items():
        for _ in range(some):
            agent = AgentOnDuty(next(names), served, AgentState.AVAILABLE, 0.0)
            floor.agents[agent.name] = _Work(agent)
            floor.distribution.free(agent)
    queues = sorted({queue for served in day.agents for queue in served})
    each = (day.talk_seconds + day.wrap_up_seconds + _RING_SECONDS) / (sum(day.agents.values()))
    moment, calls = 0.0, {}
    for number in range(day.calls):
        moment += floor.chance.expovariate(day.load / each)
        patience = day.patience_seconds
        leaves = floor.chance.expovariate(1 / patience) if patience else float("inf")
        priority = int(floor.chance.random() < day.first)
        caller = WaitingCaller(
            f"call-{number:05}", floor.chance.choice(queues), moment, priority=priority
        )
        calls[caller.call_id] = _Call(caller, moment, moment + leaves)
        floor.at(moment, "comes", caller.call_id)
    found: list[HeldAgainst] = []
    while floor.events:
        now, _, what, who = heapq.heappop(floor.events)
        if what == "comes":
            _comes(floor, calls[who], now)
        elif what == "gives up" and (gone := floor.waiting.pop(who, None)):
            floor.distribution.leave(who)
            floor.experience.of(gone.caller.queue).waited(who, now - gone.came, gave_up=True)
        elif what == "talks":
            found += _talks(floor, floor.agents[who], now)
        elif what == "hangs up":
            _hangs_up(floor, floor.agents[who], now)
        elif what == "is ready":
            work = floor.agents[who]
            work.agent = replace(work.agent, idle_since=now)
            floor.distribution.free(work.agent)
        _offer(floor, now)
    return found


def _comes(floor: _Floor, call: _Call, now: float) -> None:
    caller = call.caller
    ahead = [one.caller for one in floor.waiting.values()]
    floor.waiting[caller.call_id] = call
    floor.distribution.wait(caller)
    if call.leaves < float("inf"):
        floor.at(call.leaves, "gives up", caller.call_id)
    serving = [work for work in floor.agents.values() if caller.queue in work.agent.queues]
    if any(floor.distribution.is_free(work.agent.name) for work in serving):
        return
    began = perf_counter()
    wrap_ups = dict.fromkeys({one.queue for one in (*ahead, caller)}, floor.day.wrap_up_seconds)
    wrap_ups |= dict.fromkeys(caller.queues, floor.day.wrap_up_seconds)
    wrap_ups |= {
        queue: floor.day.wrap_up_seconds for work in serving for queue in work.agent.queues
    }
    at_work = tuple(_seen(work, now) for work in floor.agents.values())
    workforce = Workforce(at_work, floor.experience, wrap_ups)
    call.estimate = WaitEstimate.of(Rehearsal(caller, ahead, workforce).waits())
    call.took = perf_counter() - began
    call.asterisk = floor.holdtime.get(caller.queue, 0.0) + 30.0
    before = sum(1 for one in ahead if one.queue == caller.queue and one.rank < caller.rank)
    handling = floor.day.talk_seconds + floor.day.wrap_up_seconds + _RING_SECONDS
    call.textbook = (before + 1) * handling / len(serving)


def _seen(work: _Work, now: float) -> AgentAtWork:
    if work.call is not None:
        return AgentAtWork(work.agent, work.call.caller.queue, max(0.0, now - work.since))
    return AgentAtWork(work.agent, free_in_seconds=max(0.0, work.free_at - now))


def _offer(floor: _Floor, now: float) -> None:
    for match in floor.distribution.matches():
        work = floor.agents[match.agents[0]]
        work.call, work.since = floor.waiting.pop(match.call_id), now + _RING_SECONDS
        floor.at(now + _RING_SECONDS, "talks", work.agent.name)


def _talks(floor: _Floor, work: _Work, now: float) -> Iterator[HeldAgainst]:
    call = work.call
    if call is None:
        return
    queue, waited = call.caller.queue, now - call.came
    known = floor.experience.of(queue)
    known.rang(_RING_SECONDS)
    known.waited(call.caller.call_id, waited, gave_up=False)
    before = floor.holdtime.get(queue)
    floor.holdtime[queue] = waited if before is None else (3 * before + waited) / 4
    floor.distribution.took(work.agent.name, _DAY)
    floor.at(now + floor.talk_seconds(), "hangs up", work.agent.name)
    if call.estimate is not None:
        known.measure(call.estimate.seconds, waited)
        yield HeldAgainst(call.estimate, waited, call.asterisk, call.textbook, call.took)


def _hangs_up(floor: _Floor, work: _Work, now: float) -> None:
    call = work.call
    if call is not None:
        floor.experience.of(call.caller.queue).talked(now - work.since)
    work.call, work.free_at = None, now + floor.day.wrap_up_seconds
    floor.at(work.free_at, "is ready", work.agent.name)


DAYS: Mapping[str, MadeUpDay] = {
    "two agents, busy": MadeUpDay({("a",): 2}, 0.9),
    "two agents, talks all alike": MadeUpDay({("a",): 2}, 0.9, spread=0.1),
    "ten agents, busy": MadeUpDay({("a",): 10}, 0.95),
    "ten agents, too few": MadeUpDay({("a",): 10}, 1.3),
    "ten agents, two queues": MadeUpDay({("a",): 3, ("a", "b"): 4, ("b",): 3}, 0.95),
    "the same, one in five first": MadeUpDay({("a",): 3, ("a", "b"): 4, ("b",): 3}, 1.0, first=0.2),
    "fifty agents, too few": MadeUpDay({("a",): 50}, 1.2, calls=3_000),
}


def mean_error(found: Sequence[HeldAgainst]) -> tuple[float, float, float]:
    """Of the estimate, of Asterisk's and of the textbook's, seconds."""
    return (
        sum(abs(one.estimate.seconds - one.waited_seconds) for one in found) / len(found),
        sum(abs(one.asterisk_seconds - one.waited_seconds) for one in found) / len(found),
        sum(abs(one.textbook_seconds - one.waited_seconds) for one in found) / len(found),
    )


@click.command()
def main() -> None:
    """Print the mean error of each way, and how often the spoken range came true."""
    click.echo(
        f"{'day':30} waited   mean wait  estimate  Asterisk  textbook  came true   took (median, most)"
    )
    for name, day in DAYS.items():
        found = made_up(day)
        ours, asterisk, textbook = mean_error(found)
        waits = sum(one.waited_seconds for one in found) / len(found)
        true = sum(one.came_true for one in found) / len(found)
        took = sorted(one.took_seconds for one in found)
        click.echo(
            f"{name:30} {len(found):6}  {waits:8.0f} s {ours:7.0f} s {asterisk:7.0f} s {textbook:7.0f} s {true:9.0%}"
            f"    {1000 * took[len(took) // 2]:6.1f} ms {1000 * took[-1]:6.1f} ms"
        )


if __name__ == "__main__":
    main()
