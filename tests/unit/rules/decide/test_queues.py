from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.rules.decide import decide
from ivr.rules.decide.queues import first_agent
from ivr.rules.decision import CameIn, Facts, FreeGiven, LastTalk, OptionChosen, WaitedBefore
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
        (
            1.0,
            "kari",
            "kari talked with the caller 1 day ago, and is rung first in queue a, if free",
        ),
        (
            0.13,
            "kari",
            "kari talked with the caller 3 hours ago, and is rung first in queue a, if free",
        ),
        (
            0.0,
            "kari",
            "kari talked with the caller less than an hour ago, and is rung first in queue a, if free",
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


FULL = """version: 1
numbers: {anything else: {to: queue a}}
queues:
  a:
    answer: 80% within 20s
    at_most: 2 waiting
    when_full: voicemail a
    nobody_logged_in: hangup
    while_waiting: [{after: 60s, also_ring: queue b}, {after: 5m, to: hangup}]
  b: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}]}
"""


@pytest.mark.parametrize(
    ("waiting", "free", "to"),
    [(1, 0, "queue a"), (2, 0, "voicemail a"), (2, 1, "queue a"), (9, 1, "queue a")],
)
def test_a_queue_is_full_only_where_nobody_is_free_for_who_comes(
    rules_of: Callable[[str], RuleSet], waiting: int, free: int, to: str
) -> None:
    there = Facts(MONDAY, None, waiting={"a": waiting}, free=FreeGiven({"a": free}))

    decision = decide(rules_of(FULL), there, CameIn())

    told = f"queue a is full, {waiting} wait, but somebody is free who takes this call"
    assert decision.to == to
    assert (f"not {told}" in why_not(decision)) is (waiting >= 2 and free > 0)


@pytest.mark.parametrize(("elsewhere", "to"), [(0, "hangup"), (1, "queue a")])
def test_who_comes_back_to_a_queue_is_not_alone_while_another_is_rung_too(
    rules_of: Callable[[str], RuleSet], elsewhere: int, to: str
) -> None:
    before = {"a": WaitedBefore(MONDAY - timedelta(minutes=2), also_rung=("b",))}
    there = Facts(MONDAY, None, signed_in={"a": 0, "b": elsewhere}, waited_before=before)

    assert decide(rules_of(FULL), there, CameIn()).to == to
    assert decide(rules_of(FULL), replace(there, waited_before={}), CameIn()).to == "hangup"
