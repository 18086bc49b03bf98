"""Who may be offered to whom, and which of several comes first: pure comparisons. Times are seconds on one clock.

Callers of a higher priority are served before all others, among equals the one who has waited longest, in whichever
of an agent's queues that is. Which of the free agents takes the caller: the one who is to be first, one of the
caller's own queue before one who is rung too, who did not miss this call before who did, the best match before a
lesser one, then as the queue rings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, assert_never

from ivr.queues.agents import AgentState

RingOrder = Literal["longest idle", "fewest calls", "round robin", "in order", "all at once"]
"""Whose phone rings first: `ring:` of a queue."""

CallerRank = tuple[int, float, str]
"""What callers are served by, the lowest first."""

Preference = tuple[bool, bool, bool, int, float, float, str]
"""What agents are rung by, the lowest first."""

_FOREIGN = 1_000
"""A language that the agent does not speak is worse than any level that is missing."""


@dataclass(frozen=True, slots=True)
class WaitingCaller:
    """A caller without an agent. `since` is when the caller entered the queue; `priority`: the highest is served first.

    `also_rung` are queues whose agents are rung too. `language` (None: any) and `skills`, with the level of each, are
    those of the best agent; `widened` is how many times less has been asked for since: each time every level is one
    less, and when none is left, the language does not matter either. `site` is the place whose agents take the call,
    of those of the caller's own queue; None: any, but for those that are `not_at`.
    `missed_by` are agents who did not take it. The `first_agent` is rung first, if free and there is no reason against
    it; nobody is waited for.
    """

    call_id: str
    queue: str
    since: float
    priority: int = 0
    also_rung: tuple[str, ...] = ()
    language: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    widened: int = 0
    site: str | None = None
    not_at: frozenset[str] = frozenset()
    missed_by: frozenset[str] = frozenset()
    first_agent: str | None = None

    @property
    def rank(self) -> CallerRank:
        return (-self.priority, self.since, self.call_id)

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues whose agents may take the call, the caller's own first."""
        return (self.queue, *self.also_rung)

    @property
    def widest(self) -> int:
        """How many times less can be asked for, until anybody in the queue will do."""
        if self.language is None:
            return max(self.skills.values(), default=0)
        return max(self.skills.values(), default=0) + 1


@dataclass(frozen=True, slots=True)
class AgentOnDuty:
    """An agent as the policy sees one. `idle_since` is when the last talk, pause or absence ended.

    `languages` None: any. `skills` has the agent's level of each, `order` the place in the rules.
    """

    name: str
    queues: tuple[str, ...]
    state: AgentState
    idle_since: float
    languages: frozenset[str] | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    site: str | None = None
    order: int = 0

    def speaks(self, language: str | None) -> bool:
        return language is None or self.languages is None or language in self.languages


@dataclass(frozen=True, slots=True)
class Match:
    """The phones of these agents are to be rung for this caller: of one agent, or of all at once."""

    call_id: str
    agents: tuple[str, ...]


def may_take(agent: AgentOnDuty, caller: WaitingCaller) -> bool:
    """Whether the agent answers for the caller's queues, at the right place, with language and skills as asked now."""
    is_own = caller.queue in agent.queues
    if is_own and (
        agent.site in caller.not_at if caller.site is None else agent.site != caller.site
    ):
        return False
    if caller.widened < caller.widest and not agent.speaks(caller.language):
        return False
    for skill, level in caller.skills.items():
        if agent.skills.get(skill, 0) < level - caller.widened:
            return False
    return any(queue in agent.queues for queue in caller.queues)


def preference(
    agent: AgentOnDuty, caller: WaitingCaller, ring: RingOrder, talks: int, last: int
) -> Preference:
    """The lowest is rung first, and no two agents have the same.

    `talks` are the agent's today; `last` is the `order` of the agent whom the queue rang last, -1 before the first.
    """
    return (
        not is_rung_before_all(agent, caller),
        caller.queue not in agent.queues,
        agent.name in caller.missed_by,
        lacking(agent, caller),
        _turn(agent, ring, talks, last),
        agent.idle_since,
        agent.name,
    )


def is_rung_before_all(agent: AgentOnDuty, caller: WaitingCaller) -> bool:
    """Whether the agent talked with this caller last, serves the caller's own queue, and has not missed this call."""
    return (
        agent.name == caller.first_agent
        and caller.queue in agent.queues
        and agent.name not in caller.missed_by
    )


def lacking(agent: AgentOnDuty, caller: WaitingCaller) -> int:
    """How far the agent is from the best match: 0 is one."""
    levels = (max(0, level - agent.skills.get(skill, 0)) for skill, level in caller.skills.items())
    return sum(levels) + (0 if agent.speaks(caller.language) else _FOREIGN)


def _turn(agent: AgentOnDuty, ring: RingOrder, talks: int, last: int) -> float:
    match ring:
        case "fewest calls":
            return talks
        case "round robin":  # those after the last one first, then from the beginning
            return agent.order if agent.order > last else agent.order + 1_000_000
        case "in order":
            return agent.order
        case "longest idle" | "all at once":
            return agent.idle_since
        case unknown:
            assert_never(unknown)
