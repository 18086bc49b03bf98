"""Who is offered to whom: the policy, pure and deterministic. Times are seconds on one monotonic clock.

Callers who are first in line are served before all others; among equals the one who has waited longest, and of the
agents free for that caller's queue, the one who has been idle longest. An agent of several queues so takes the caller
who has waited longest in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ivr.queues.agents import AgentState


@dataclass(frozen=True, slots=True)
class WaitingCaller:
    """A caller without an offer. `since` is when the caller entered the queue. `is_first`: before all who are not."""

    call_id: str
    queue: str
    since: float
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class AgentOnDuty:
    """An agent as the policy sees one. `idle_since` is when the last talk, pause or absence ended."""

    name: str
    queues: tuple[str, ...]
    state: AgentState
    idle_since: float


@dataclass(frozen=True, slots=True)
class Match:
    """This agent's phone is to be rung for this caller."""

    call_id: str
    agent: str


def matches(waiting: Iterable[WaitingCaller], agents: Iterable[AgentOnDuty]) -> list[Match]:
    """Every offer that can be made now. No caller and no agent is in two of them.

    Of `agents`, those who are not available are passed over.
    """
    free = sorted(
        (agent for agent in agents if agent.state is AgentState.AVAILABLE),
        key=lambda agent: (agent.idle_since, agent.name),
    )
    found: list[Match] = []
    for caller in sorted(
        waiting, key=lambda caller: (not caller.is_first, caller.since, caller.call_id)
    ):
        if not free:
            break
        agent = next((agent for agent in free if caller.queue in agent.queues), None)
        if agent is not None:
            free.remove(agent)
            found.append(Match(caller.call_id, agent.name))
    return found
