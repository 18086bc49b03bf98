from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.rules.decide import decide
from ivr.rules.decision import Finished, NobodyLoggedIn, WaitedLong
from ivr.rules.model import RuleSet
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
