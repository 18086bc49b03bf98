"""A played call on the simulator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.menus.digits import take_option
from ivr.proving.dues import dues_given
from ivr.proving.rule_tests import NOTHING_GIVEN, Given, LeftBefore, PlayedCall
from ivr.rules.decision import Facts, FreeGiven, KeptPlace, LastTalk
from ivr.rules.model import RuleSet
from ivr.rules.walk import Walk, walk

AN_HOUR = timedelta(hours=1)
"""So long ago a played call's caller talked with the agent."""


def simulate(rules: RuleSet, call: PlayedCall, given: Given = NOTHING_GIVEN) -> Walk:
    """Walk the call through the rules; the caller waits as long as the call says; somebody answers where it `rates`."""
    at = call.at if call.at.tzinfo else call.at.replace(tzinfo=rules.timezone)
    facts = Facts(
        at=at,
        dialled=call.dialled,
        caller=call.caller,
        language=rules.languages[0],
        signed_in=given.agents,
        waiting=given.waiting,
        free=FreeGiven(given.free),
        withheld=call.withheld,
        dues=dues_given(rules, given),
        last_talk=LastTalk(call.last_agent, at.astimezone(UTC) - AN_HOUR)
        if call.last_agent is not None and not call.withheld
        else None,
        kept_place=kept_place(call.left, at) if not call.withheld else None,
    )
    return walk(rules, facts, call.press, take_option, call.say, call.waits_seconds, call.rates)


def kept_place(left: LeftBefore | None, at: datetime) -> KeptPlace | None:
    """The place that the caller left, where the call that is made up comes at this time (aware)."""
    if left is None:
        return None
    left_at = at.astimezone(UTC) - timedelta(seconds=left.ago_seconds)
    return KeptPlace("", left.queue, left_at - timedelta(seconds=left.waited_seconds), left_at)
