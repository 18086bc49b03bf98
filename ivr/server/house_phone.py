"""Calls from phones of the house: who sits there, what they dialled, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.ari.events import Arrival
from ivr.call import Shown
from ivr.desk import Desk
from ivr.flows.dictation import Dictation
from ivr.flows.own_call import OwnCall
from ivr.numbers import number_from_sip, text_from_sip
from ivr.rules.decide.dialling import dialled_by
from ivr.rules.model import Agent, RuleSet
from ivr.server.arrival import shown_of
from ivr.server.drafts import Dictations
from ivr.trunks.allowance import kind_of


@dataclass(frozen=True, slots=True)
class HousePhone:
    """A phone of ours that makes a call; `agent` is who sits there, if one does."""

    account: str
    agent: Agent | None

    @classmethod
    def of(cls, arrival: Arrival, desk: Desk, rules: RuleSet) -> HousePhone | None:
        """Which phone calls, of a call that came over no trunk; None for a caller."""
        agent = desk.agent_at(arrival.account)
        known = rules.agents.get(agent.name) if agent is not None else None
        if known is None and not desk.has_phone(arrival.account):
            return None
        return cls(arrival.account, known)

    def own_call(self, arrival: Arrival, rules: RuleSet) -> OwnCall | None:
        """Who made the call, and what they dialled, where that is not for the numbers that callers dial."""
        number = number_from_sip(arrival.dialled)
        dialling = dialled_by(rules, self.agent, text_from_sip(arrival.dialled), number, kind_of)
        return OwnCall(self.agent, self.account, dialling) if dialling is not None else None


def own_story(
    arrival: Arrival, phone: HousePhone | None, rules: RuleSet, dictations: Dictations
) -> OwnCall | Dictation | None:
    """What a call is for that is no caller's: a prompt to be recorded, a code, somebody to talk with."""
    agent = phone.agent if phone is not None else None
    asked = dictations.asked_by(arrival, agent, is_phone=phone is not None)
    return asked or (phone.own_call(arrival, rules) if phone is not None else None)


def shown_as(arrival: Arrival, desk: Desk, rules: RuleSet, *, over_trunk: bool) -> Shown | None:
    """An agent who calls is shown by name, and by what colleagues dial to call back: wherever they sit."""
    agent = None if over_trunk else desk.agent_at(arrival.account)
    return (
        shown_of(arrival, rules)
        if agent is None
        else Shown(agent.number or agent.name, agent.title)
    )
