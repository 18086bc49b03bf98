"""How long agents were at what: time on calls, after calls and available, and the occupancy of it.

By agents it is kept by hours of UTC: an hour lies in one day of every zone whose offset is whole hours; elsewhere half
of it counts to its neighbour. By queues, and of all agents together, it is kept by quarters of an hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

import msgspec

from ivr.records.agents import AgentChange, AgentStateKept

_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
_MILLISECOND = timedelta(milliseconds=1)
_BUSY: tuple[AgentStateKept, ...] = ("talking", "wrapping_up")
_FREE: tuple[AgentStateKept, ...] = ("available", "offered")


class FoldedDuty(msgspec.Struct, frozen=True, gc=False):
    """So many milliseconds of an hour (`2026-11-23T09`, UTC) an agent was in a state."""

    hour: str
    agent: str
    state: AgentStateKept
    ms: int


def duty_between(before: AgentChange, change: AgentChange) -> Iterator[FoldedDuty]:
    """What the time between two changes of one agent adds, hour by hour.

    Nothing where no server ran meanwhile, or the clock was set back; being signed out is no duty.
    """
    for hour, ms in _pieces(before, change, _HOUR):
        yield FoldedDuty(hour_text(hour), change.agent, before.state, ms)


WorkApart = Literal["queue", "quarter", "hour"]
"""By what agents' time is told apart where it is not told of each agent; an hour is named by its first quarter."""


class FoldedWork(msgspec.Struct, frozen=True, gc=False):
    """So many milliseconds of a quarter of an hour (`2026-11-23T09:15`, UTC) agents together were in a state.

    Of a queue: available for its callers, rung for one, talking with one or just after it. `queue` is empty for all
    agents, each counted once, in any state.
    """

    queue: str
    quarter: str
    state: AgentStateKept
    ms: int


def work_between(before: AgentChange, change: AgentChange) -> Iterator[FoldedWork]:
    """What the time between two changes of one agent adds, quarter by quarter, as `duty_between` does."""
    queues = ("", *_queues(before))
    for quarter, ms in _pieces(before, change, _QUARTER):
        for queue in queues:
            yield FoldedWork(queue, quarter_text(quarter), before.state, ms)


def _queues(before: AgentChange) -> Iterable[str]:
    """For whom the time is: whoever is free is there for all queues that they serve, whoever has a caller for one."""
    if before.state == "available":
        return before.serves
    has_caller = before.state in {"offered", *_BUSY}
    return (before.for_queue,) if has_caller and before.for_queue else ()


def _pieces(
    before: AgentChange, change: AgentChange, step: timedelta
) -> Iterator[tuple[datetime, int]]:
    """The time between the changes, cut where a `step` of the day begins: when that is, and milliseconds."""
    if change.kind == "server_began" or before.state == "signed_out":
        return
    at, until = before.at.astimezone(UTC), change.at.astimezone(UTC)
    while at < until:
        start = at.replace(minute=0, second=0, microsecond=0)
        start += (at - start) // step * step
        end = min(until, start + step)
        # Of the step, not of the span: spans that follow each other lose nothing between them.
        ms = (end - start) // _MILLISECOND - (at - start) // _MILLISECOND
        if ms:
            yield start, ms
        at = end


def still_so(
    last: Iterable[AgentChange], now: datetime
) -> Iterator[tuple[AgentChange, AgentChange]]:
    """For each agent's last change, itself and what would end its time `now`: for who looks while it lasts."""
    for change in last:
        if change.at < now:
            yield change, msgspec.structs.replace(change, seq=change.seq + 1, at=now, kind="ready")


def hour_text(at: datetime) -> str:
    """The hour that this (aware) time lies in."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}"


def quarter_text(at: datetime) -> str:
    """The quarter of an hour that this (aware) time lies in."""
    local = at.astimezone(UTC)
    return f"{local:%Y-%m-%dT%H}:{local.minute // 15 * 15:02}"


@dataclass(slots=True)
class TimeAtWork:
    """Time of one agent, or of many together."""

    ms: Counter[AgentStateKept] = field(default_factory=Counter)

    @property
    def occupancy(self) -> float | None:
        """Time on calls and after calls / (that + available), 0 to 1; a phone that rings is not taken yet."""
        busy, free = self.busy_seconds, self._seconds(*_FREE)
        return busy / (busy + free) if busy + free else None

    @property
    def busy_seconds(self) -> float:
        return self._seconds(*_BUSY)

    @property
    def wrap_up_seconds(self) -> float:
        return self._seconds("wrapping_up")

    @property
    def signed_in_seconds(self) -> float:
        """In whatever state, pauses among them."""
        return self._seconds(*self.ms)

    def _seconds(self, *states: AgentStateKept) -> float:
        return sum(self.ms[state] for state in states) / 1000


def duties(found: Iterable[FoldedDuty]) -> dict[str, TimeAtWork]:
    """By agent."""
    by_agent: dict[str, TimeAtWork] = {}
    for one in found:
        by_agent.setdefault(one.agent, TimeAtWork()).ms[one.state] += one.ms
    return by_agent


def by_queue(found: Iterable[FoldedWork]) -> dict[str, TimeAtWork]:
    """By queue; that of all agents, whatever they serve, under the empty name."""
    return _summed((one.queue, one) for one in found)


def by_time(
    found: Iterable[FoldedWork], zone: tzinfo, name: Callable[[datetime], str]
) -> dict[str, TimeAtWork]:
    """Of all agents, by the `name` of when it was, in the local time of `zone`."""
    names: dict[str, str] = {}
    named = []
    for one in found:
        if one.quarter not in names:
            at = datetime.fromisoformat(one.quarter).replace(tzinfo=UTC)
            names[one.quarter] = name(at.astimezone(zone))
        named.append((names[one.quarter], one))
    return _summed(named)


def _summed(named: Iterable[tuple[str, FoldedWork]]) -> dict[str, TimeAtWork]:
    sums: dict[str, TimeAtWork] = {}
    for name, one in named:
        sums.setdefault(name, TimeAtWork()).ms[one.state] += one.ms
    return sums


COLUMNS = ("occupancy", "signed_in_seconds", "wrap_up_seconds", "handling_seconds")
"""Columns of a row, beside those of the offers, where it is known what agents did: of an agent, a queue, a time."""


def duty_facts(duty: TimeAtWork, talks: int, talk_seconds: float) -> dict[str, float | None]:
    """For scripts. `talks` and `talk_seconds` are those of the same agents and days."""
    is_known = bool(duty.ms)
    return {
        "occupancy": duty.occupancy,
        "signed_in_seconds": duty.signed_in_seconds if is_known else None,
        "wrap_up_seconds": duty.wrap_up_seconds / talks if talks and is_known else None,
        "handling_seconds": handling_of(duty, talks, talk_seconds) if is_known else None,
    }


def handling_of(duty: TimeAtWork, talks: int, talk_seconds: float) -> float | None:
    """AHT: seconds of talk, and after it where that is known, for each talk."""
    return (talk_seconds + duty.wrap_up_seconds) / talks if talks else None


def of_queue(facts: dict[str, float | None]) -> dict[str, float | None]:
    """Without what no queue has: agents are signed in, for all queues that they serve."""
    return {**facts, "signed_in_seconds": None}
