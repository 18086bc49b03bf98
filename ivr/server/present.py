"""The state of the house at one moment, gathered from the desk and from the calls under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr.clock import Clock
from ivr.control import PresentAgent, PresentEstimate, PresentQueue, PresentShare, PresentState
from ivr.desk import AgentView, Desk
from ivr.queues.agents import AgentState
from ivr.records.changes import OverrideKind
from ivr.records.outcomes import Outcomes
from ivr.records.present import PresentCall
from ivr.rules.decision import Override
from ivr.rules.model import Queue, RuleSet
from ivr.server.under_way import CallsUnderWay


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Those who know."""

    desk: Desk
    calls: CallsUnderWay
    rules: Callable[[], RuleSet]
    clock: Clock
    overrides: Callable[[], Iterable[Override]] = tuple

    def outcomes(self) -> Outcomes:
        """What came of calls since the start."""
        return self.calls.outcomes()

    def present(self) -> PresentState:
        """The state now. Callers' numbers are in full."""
        rules, calls, agents = self.rules(), tuple(self.calls), self.desk.agents()
        queues, sites = self._closed_until("queue"), self._closed_until("site")
        return PresentState(
            at=self.clock.now(),
            queues=tuple(_queues(rules.queues, calls, agents, self.desk, queues, sites)),
            agents=tuple(_agents(rules, calls, agents)),
            calls=calls,
        )

    def _closed_until(self, kind: OverrideKind) -> Mapping[str, datetime]:
        """What is closed by hand of this kind, and until when."""
        now = self.clock.now()
        closed = (one for one in self.overrides() if one.kind == kind and one.until > now)
        return {one.name: one.until for one in closed}


def _queues(
    rules: Mapping[str, Queue],
    calls: Iterable[PresentCall],
    agents: Iterable[AgentView],
    desk: Desk,
    closed_until: Mapping[str, datetime],
    closed_sites: Collection[str],
) -> Iterable[PresentQueue]:
    """Those of the rules, and any other that still has callers: a call keeps the rules that it came with."""
    waits = [call for call in calls if call.waiting_since is not None]
    talking = Counter(call.queue for call in calls if call.doing == "talking")
    on_duty = [agent for agent in agents if agent.state is not AgentState.SIGNED_OUT]
    signed_in = Counter(queue for agent in on_duty for queue in agent.queues)
    free = (agent for agent in on_duty if agent.state is AgentState.AVAILABLE)
    available = Counter(queue for agent in free for queue in agent.queues)
    waiting = Counter(call.queue for call in waits)
    # The oldest is last, and stays.
    newest_first = sorted(waits, key=lambda call: call.waiting_since or call.since, reverse=True)
    longest_since = {call.queue: call.waiting_since for call in newest_first}
    others = (queue for queue in (*waiting, *talking) if queue is not None)
    for name in dict.fromkeys((*rules, *others)):
        yield PresentQueue(
            name=name,
            waiting=waiting[name],
            talking=talking[name],
            signed_in=signed_in[name],
            available=available[name],
            longest_since=longest_since.get(name),
            shares=tuple(
                PresentShare(
                    site=one.site,
                    agreed=one.agreed,
                    had=one.had,
                    owed=round(one.owed, 2),
                    here=one.is_here,
                )
                for one in desk.sites.shares(name, closed_sites)
            ),
            estimate=_estimate(desk, name, rules.get(name)),
            closed_until=closed_until.get(name),
        )


def _estimate(desk: Desk, name: str, queue: Queue | None) -> PresentEstimate:
    """`queue` is what the rules have of that name now."""
    worth = desk.estimates.worth(name)
    say_wait = queue.say_wait if queue is not None else None
    return PresentEstimate(
        measured=worth.measured,
        mean_error_seconds=worth.mean_error_seconds,
        allowed_error_seconds=say_wait.right_within_seconds if say_wait is not None else None,
        told=queue is not None and worth.is_told_in(queue),
    )


def _agents(
    rules: RuleSet, calls: Iterable[PresentCall], agents: Iterable[AgentView]
) -> Iterable[PresentAgent]:
    with_whom = {call.agent: call.call_id for call in calls if call.agent is not None}
    for view in agents:
        known = rules.agents.get(view.name)
        yield PresentAgent(
            name=view.name,
            title=known.title if known is not None else view.name,
            state=view.state.value,
            queues=view.queues,
            call_id=with_whom.get(view.name),
            since=view.since,
            reason=view.reason,
            phone=view.phone,
            phone_there=view.has_phone,
            signed_in=view.is_signed_in,
        )
