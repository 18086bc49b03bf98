"""How fast is an offer in a large centre? `python -m bench.offers` prints its conditions and what it found.

650 agents in 20 queues, each in three of them, and 1,000 callers who wait, in two languages. No test: machines differ.
"""

from __future__ import annotations

import asyncio
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

import click

from ivr.desk import Desk, Wish
from ivr.observe import start_logging
from ivr.queues.agents import AgentState
from ivr.queues.distribution import Distribution
from ivr.queues.offers import AgentOnDuty, WaitingCaller
from ivr.rules.load import load_rules
from ivr.rules.visit import WaitInQueue

AGENTS, QUEUES, WAITING, TIMES = 650, 20, 1000, 20_000


def main() -> None:
    """Fill a centre, let agents and callers come and go, and print what each change took."""
    start_logging(as_json=True)  # as a server has it: what is told for debugging costs nothing
    python = f"{platform.python_implementation()} {platform.python_version()}"
    click.echo(f"{python}, {os.cpu_count()} cores, {platform.machine()}")
    click.echo(f"{AGENTS} agents, {QUEUES} queues, {WAITING} waiting, {TIMES} changes of each kind")
    _told("an agent is ready, and is offered a caller", offers(), 1000)
    _told("an agent changes while nobody may be offered", changes(), 200)
    _told("a caller comes where agents are free, and is offered one", arrivals(), 1000)
    for what, took in asyncio.run(at_the_desk()).items():
        _told(f"at the desk: {what}", took, 200)


def offers() -> list[float]:
    """All agents are busy and 1,000 wait; one agent after another is ready. Microseconds each."""
    drawn = random.Random(1)  # noqa: S311 - no secret
    distribution = _full(drawn)
    took = []
    for number in range(TIMES):
        one = _agent(drawn, drawn.randrange(AGENTS), float(number))
        began = time.perf_counter()
        distribution.free(one)
        found = distribution.matches()
        took.append((time.perf_counter() - began) * 1e6)
        if not found:
            distribution.busy(one.name)
        for _ in found:
            distribution.wait(_caller(drawn, WAITING + number))
            distribution.busy(one.name)
            distribution.matches()
    return took


def changes() -> list[float]:
    """Agents of a queue that nobody calls come and go beside 1,000 who wait."""
    drawn = random.Random(2)  # noqa: S311 - no secret
    distribution = _full(drawn)
    took = []
    for number in range(TIMES):
        name = f"agent{drawn.randrange(AGENTS)}"
        one = AgentOnDuty(name, ("quiet", "q21", "q22"), AgentState.AVAILABLE, float(number))
        began = time.perf_counter()
        distribution.free(one)
        distribution.matches()
        distribution.busy(name)
        took.append((time.perf_counter() - began) * 1e6)
    return took


def arrivals() -> list[float]:
    """Nobody waits and all agents are free; callers come."""
    drawn = random.Random(3)  # noqa: S311 - no secret
    distribution = Distribution()
    agents = [_agent(drawn, number, float(number)) for number in range(AGENTS)]
    for one in agents:
        distribution.free(one)
    distribution.matches()
    took = []
    for number in range(TIMES):
        caller = _caller(drawn, number)
        began = time.perf_counter()
        distribution.wait(caller)
        found = distribution.matches()
        took.append((time.perf_counter() - began) * 1e6)
        for match in found:
            distribution.free(agents[int(match.agents[0].removeprefix("agent"))])
        distribution.leave(caller.call_id)
        distribution.matches()
    return took


async def at_the_desk() -> dict[str, list[float]]:
    """The same centre with all that is kept of agents: what each thing that happens to an agent takes.

    Two of three agents are signed in and talk, and 1,000 wait: whatever changes is a change among many.
    """
    rules = load_rules(_centre().encode(), "bench.yaml")[0]
    desk, drawn = Desk(rules), random.Random(4)  # noqa: S311 - no secret
    for number in range(AGENTS * 2 // 3):
        desk.phone_changed(f"agent{number}", is_reachable=True)
    with ExitStack() as stack:
        for number in range(AGENTS * 2 // 3 + WAITING):
            queue = rules.queues[f"q{number % QUEUES}"]
            place = stack.enter_context(desk.place_in(WaitInQueue(queue), f"call{number:08}"))
            if place.claimed:
                place.took()
        return _changes_at(desk, drawn)


def _changes_at(desk: Desk, drawn: random.Random) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {}

    def timed(what: str, change: Callable[[], object]) -> None:
        began = time.perf_counter()
        change()
        took.setdefault(what, []).append((time.perf_counter() - began) * 1e6)

    for _ in range(TIMES // 10):
        absent = f"agent{drawn.randrange(AGENTS * 2 // 3, AGENTS)}"
        talking = f"agent{drawn.randrange(AGENTS * 2 // 3)}"
        desk.wishes.pause(absent, "pause", Wish())
        timed("a phone comes", partial(desk.phone_changed, absent, is_reachable=True))
        timed("a phone goes", partial(desk.phone_changed, absent, is_reachable=False))
        timed("a call of their own", partial(_own_call, desk, talking))
        timed("a pause is asked for", partial(desk.wishes.pause, talking, "pause", Wish()))
        timed("and is over", partial(desk.wishes.resume, talking, Wish()))
        timed("whose phone is it", partial(desk.agent_at, talking))
    return took


def _own_call(desk: Desk, name: str) -> None:
    desk.phone_changed(name, is_reachable=True, is_in_own_call=True)
    desk.phone_changed(name, is_reachable=True)


def _centre() -> str:
    """650 agents in 20 queues, as rules."""
    served = (
        ", ".join(f"q{(number + step * 7) % QUEUES}" for step in range(3))
        for number in range(AGENTS)
    )
    agents = (
        f"  agent{number}: {{phone: agent{number}, queues: [{queues}]}}"
        for number, queues in enumerate(served)
    )
    queues = (
        f"  q{number}: {{answer: 80% within 20s, while_waiting: [{{after: 1h, to: hangup}}]}}"
        for number in range(QUEUES)
    )
    lines = ("version: 1", "languages: [nb]", "numbers: {anything else: {to: queue q0}}")
    return "\n".join((*lines, "queues:", *queues, "agents:", *agents, ""))


def _full(drawn: random.Random) -> Distribution:
    distribution = Distribution()
    for number in range(WAITING):
        distribution.wait(_caller(drawn, number))
    distribution.matches()
    return distribution


def _caller(drawn: random.Random, number: int) -> WaitingCaller:
    queue, priority = f"q{drawn.randrange(QUEUES)}", drawn.choice((0, 0, 0, 1))
    language = drawn.choice(("nb", "nb", "nb", "en"))
    return WaitingCaller(f"call{number:08}", queue, float(number), priority, language=language)


def _agent(drawn: random.Random, number: int, idle_since: float) -> AgentOnDuty:
    queues = tuple(f"q{(number + step * 7) % QUEUES}" for step in range(3))
    languages = frozenset(("nb", "en") if drawn.random() < 0.5 else ("nb",))
    return AgentOnDuty(
        f"agent{number}", queues, AgentState.AVAILABLE, idle_since, languages=languages
    )


def _told(what: str, took: Sequence[float], wanted: int) -> None:
    ranked = sorted(took)
    median, tail = statistics.median(ranked), ranked[len(ranked) * 99 // 100]
    told = f"median {median:.0f} µs, 99% under {tail:.0f} µs (wanted: median under {wanted} µs)"
    click.echo(f"{what}: {told}")


if __name__ == "__main__":
    main()
