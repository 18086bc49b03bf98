"""The state of the house at one moment, gathered from the desk and from the calls under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ivr.clock import Clock
from ivr.control import PresentAgent, PresentQueue, PresentShare, PresentState
from ivr.desk import AgentView, Desk, ShareView
from ivr.queues.agents import AgentState
from ivr.records.outcomes import Outcomes
from ivr.records.present import PresentCall
from ivr.rules.model import RuleSet
from ivr.server.under_way import CallsUnderWay


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Those who know."""

    desk: Desk
    calls: CallsUnderWay
    rules: Callable[[], RuleSet]
    clock: Clock

    @property
    def outcomes(self) -> Outcomes:
        """What came of calls since the start."""
        return self.calls.outcomes

    def present(self) -> PresentState:
        """The state now. Callers' numbers are in full."""
        rules, calls, agents = self.rules(), tuple(self.calls), self.desk.agents()
        return PresentState(
            at=self.clock.now(),
            queues=tuple(_queues(rules.queues, calls, agents, self.desk.sites.shares)),
            agents=tuple(_agents(rules, calls, agents)),
            calls=calls,
        )


def _queues(
    names: Iterable[str],
    calls: Iterable[PresentCall],
    agents: Iterable[AgentView],
    shares: Callable[[str], Iterable[ShareView]],
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
    for name in dict.fromkeys((*names, *others)):
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
                for one in shares(name)
            ),
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
        )
