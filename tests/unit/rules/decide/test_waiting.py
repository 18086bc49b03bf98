from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.rules.decide import decide
from ivr.rules.decision import ExitKeyed, Finished, NobodyLoggedIn, WaitedLong
from ivr.rules.model import RuleSet
from ivr.why import LeftByKey
from tests.unit.rules.decide.calls import facts, taken


def test_a_long_wait_leads_to_its_step(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), WaitedLong("faktura", 0))

    assert decision.to == "queue kundeservice"
    assert taken(decision)[0] == "the caller waited 180 s in queue faktura: queue kundeservice"


@pytest.mark.parametrize("step", [-1, 1, 99])
def test_a_wait_that_the_queue_says_nothing_of_goes_on(shipped: RuleSet, step: int) -> None:
    assert decide(shipped, facts(), WaitedLong("faktura", step)).to == "queue faktura"


def test_when_the_last_agent_signs_out_the_caller_is_led_on(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), NobodyLoggedIn("bergen"))

    assert decision.to == "queue kundeservice"


def test_an_overflow_that_points_back_keeps_the_caller_where_they_were(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: queue a}}
queues:
  a: {answer: 80% within 20s, while_waiting: [{after: 60s, to: queue b}]}
  b: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}], nobody_logged_in: queue a}
"""
    )

    decision = decide(rules, facts(b=0), WaitedLong("a", 0))

    assert decision.to == "queue a"


def test_a_finished_story_is_hung_up(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), Finished())

    assert decision.to == "hangup"
    assert decision.say == ()


WITH_EXITS = """
version: 1
numbers: {anything else: {to: queue a}}
queues:
  a: {answer: 80% within 20s, keys: {1: voicemail a, star: queue b}, while_waiting: [{after: 60s, to: hangup}]}
  b: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}]}
"""


@pytest.mark.parametrize(("key", "to"), [("1", "voicemail a"), ("*", "queue b")])
def test_a_key_of_the_queue_leads_out_of_it(
    rules_of: Callable[[str], RuleSet], key: str, to: str
) -> None:
    decision = decide(rules_of(WITH_EXITS), facts(), ExitKeyed("a", key))

    assert decision.to == to
    assert decision.steps[0].because == LeftByKey("a", to, key)


def test_a_key_that_the_rules_do_not_have_any_more_leaves_the_caller_where_they_are(
    rules_of: Callable[[str], RuleSet],
) -> None:
    assert decide(rules_of(WITH_EXITS), facts(), ExitKeyed("b", "1")).to == "queue b"


def test_a_key_of_a_queue_that_is_gone_ends_well(rules_of: Callable[[str], RuleSet]) -> None:
    assert decide(rules_of(WITH_EXITS), facts(), ExitKeyed("gone", "1")).say == ("sorry",)


def test_what_was_keyed_stands_in_no_log(rules_of: Callable[[str], RuleSet]) -> None:
    decided_by = decide(rules_of(WITH_EXITS), facts(), ExitKeyed("a", "1")).decided_by

    assert decided_by.because == LeftByKey("a", "voicemail a")
