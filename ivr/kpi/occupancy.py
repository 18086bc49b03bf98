"""How long agents were at what: time on calls, after calls and available, by hours of UTC, and the occupancy of it.

An hour of UTC lies in one day of every zone whose offset is whole hours; elsewhere half of it counts to its neighbour.
What an agent does counts when it is over: until then the next change is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from ivr.records.agents import AgentChange, AgentStateKept

_HOUR = timedelta(hours=1)
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
    if change.kind == "server_began" or before.state == "signed_out":
        return
    at, until = before.at.astimezone(UTC), change.at.astimezone(UTC)
    while at < until:
        hour = at.replace(minute=0, second=0, microsecond=0)
        end = min(until, hour + _HOUR)
        # Of the hour, not of the span: spans that follow each other lose nothing between them.
        ms = (end - hour) // _MILLISECOND - (at - hour) // _MILLISECOND
        if ms:
            yield FoldedDuty(hour_text(hour), change.agent, before.state, ms)
        at = end


def hour_text(at: datetime) -> str:
    """The hour that this (aware) time lies in."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}"


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


def together(some: Iterable[TimeAtWork]) -> TimeAtWork:
    """All of them as one."""
    found = TimeAtWork()
    for one in some:
        found.ms.update(one.ms)
    return found


COLUMNS = ("occupancy", "signed_in_seconds", "wrap_up_seconds", "handling_seconds")
"""Columns of an agent's row, beside those of the offers."""


def duty_facts(duty: TimeAtWork, talks: int, talk_seconds: float) -> dict[str, float | None]:
    """For scripts. `talks` and `talk_seconds` are those of the same agents and days."""
    wrap_up = duty.wrap_up_seconds
    is_known = bool(duty.ms)
    return {
        "occupancy": duty.occupancy,
        "signed_in_seconds": duty.signed_in_seconds if is_known else None,
        "wrap_up_seconds": wrap_up / talks if talks and is_known else None,
        "handling_seconds": (talk_seconds + wrap_up) / talks if talks and is_known else None,
    }
