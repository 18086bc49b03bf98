"""A call that comes in: what the journal and the rules are told of it, and what a phone that rings shows of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from ivr.ari.events import Arrival
from ivr.call import Shown
from ivr.clock import Clock
from ivr.numbers import number_from_sip, text_from_sip
from ivr.records.events import Arrived
from ivr.rules.decide.dialling import code_kept
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TimeOfCall:
    """How a call's time is found. Both but `clock` are for tests and demonstrations."""

    clock: Clock
    from_header: bool = False
    always: datetime | None = None

    def of(self, arrival: Arrival, rules: RuleSet) -> tuple[datetime, bool]:
        """The time, and whether a test set it."""
        if self.from_header and arrival.call_time:
            try:
                told = datetime.fromisoformat(arrival.call_time)
            except ValueError:
                log.warning("call time not understood", header="X-Sim-Now")
            else:
                return (told if told.tzinfo else told.replace(tzinfo=rules.timezone)), True
        if self.always is not None:
            local = self.always
            return (local if local.tzinfo else local.replace(tzinfo=rules.timezone)), True
        return self.clock.now(), False


def arrived(
    arrival: Arrival, rules: RuleSet, time_of_call: TimeOfCall, *, over_trunk: bool
) -> Arrived:
    """The first event of the call. `over_trunk`: it came over one of `ivr.toml`'s trunks."""
    at, is_test = time_of_call.of(arrival, rules)
    dialled = number_from_sip(arrival.dialled)
    caller = number_from_sip(arrival.caller_number)
    forwarded = number_from_sip(arrival.forwarded_by)
    return Arrived(
        dialled=dialled.digits if dialled else code_kept(text_from_sip(arrival.dialled), rules),
        caller=caller.digits if caller else None,
        call_time=at.astimezone(rules.timezone).isoformat(timespec="seconds"),
        revision=rules.revision,
        channel=arrival.channel_id,
        node=arrival.node,
        sip_call_id=arrival.sip_call_id or None,
        trunk=arrival.account if over_trunk else None,
        forwarded_by=forwarded.digits if forwarded else None,
        test=is_test,
        waited_seconds=arrival.waited_seconds,
    )


def facts_of(arrival: Arrival, told: Arrived, rules: RuleSet) -> Facts:
    """What the rules are asked with, at the time that the journal was `told`."""
    facts = facts_told(told, rules)
    return replace(facts, withheld=facts.withheld and shown_of(arrival, rules) is None)


def facts_told(told: Arrived, rules: RuleSet) -> Facts:
    """The same of a caller of whom only the journal is left."""
    caller = number_from_sip(told.caller or "")
    return Facts(
        at=datetime.fromisoformat(told.call_time),
        dialled=number_from_sip(told.dialled),
        caller=caller,
        language=rules.languages[0],
        withheld=caller is None,
        early_seconds=told.waited_seconds or 0.0,
    )


def shown_of(arrival: Arrival, rules: RuleSet) -> Shown | None:
    """An agent who calls is shown by name and account: no number is known of their phone."""
    agent = rules.agents_at.get(arrival.account)
    return Shown(arrival.account, agent.title) if agent is not None else None
