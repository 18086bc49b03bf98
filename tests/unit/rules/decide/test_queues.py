from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from ivr.rules.decide import decide
from ivr.rules.decide.queues import first_agent
from ivr.rules.decision import CameIn, Facts, LastTalk, OptionChosen
from ivr.rules.model import RuleSet
from tests.unit.rules.decide.calls import MONDAY, facts, taken, why_not


def test_a_queue_without_agents_leads_on_until_someone_is_there(shipped: RuleSet) -> None:
    one_empty = decide(shipped, facts(faktura=0), OptionChosen("main", "3"))
    both_empty = decide(shipped, facts(faktura=0, kundeservice=0), OptionChosen("main", "3"))

    assert one_empty.to == "queue kundeservice"
    assert "not queue faktura: nobody is logged in" in why_not(one_empty)
    assert both_empty.to == "voicemail kundeservice"


def test_a_queue_without_agents_and_without_another_way_is_waited_in(
    rules_of: Callable[[str], RuleSet],
) -> None:
    for nobody in ("", ", nobody_logged_in: queue main"):
        rules = rules_of(
            "version: 1\nnumbers: {anything else: {to: queue main}}\n"
            f"queues: {{main: {{answer: 80% within 20s{nobody}}}}}\n"
        )

        decision = decide(rules, Facts(MONDAY, None, signed_in={"main": 0}), CameIn())

        assert decision.to == "queue main"


@pytest.mark.parametrize(
    ("days", "first", "told"),
    [
        (
            2.0,
            "kari",
            "kari talked with the caller 2 days ago, and is rung first in queue a, if free",
        ),
        (8.0, None, "not kari talked with the caller 8 days ago; queue a goes back 7 days only"),
        (-1.0, None, ""),
    ],
)
def test_the_agent_who_talked_last_is_first_where_it_is_not_too_long_ago(
    rules_of: Callable[[str], RuleSet], days: float, first: str | None, told: str
) -> None:
    rules = rules_of(LAST_AGENT)
    calling = Facts(MONDAY, None, last_talk=LastTalk("kari", MONDAY - timedelta(days=days)))

    decision = decide(rules, calling, CameIn())

    assert first_agent(calling, rules.queues["a"]) == first
    assert told in [*taken(decision), *why_not(decision)] or not told


LAST_AGENT = """
version: 1
numbers: {anything else: {to: queue a}}
queues: {a: {answer: 80% within 20s, last_agent: within 7d, while_waiting: [{after: 60s, to: hangup}]}}
agents: {kari: {phone: kari, queues: [a]}}
"""
