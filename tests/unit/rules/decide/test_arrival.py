from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.decide import decide
from ivr.rules.decision import CameIn, Facts
from ivr.rules.model import RuleSet
from ivr.showing.steps import step_told
from tests.unit.rules.decide.calls import BERGEN, MONDAY, TRONDHEIM, taken, why_not


def test_a_number_leads_to_its_target_and_sets_the_site(shipped: RuleSet) -> None:
    decision = decide(shipped, Facts(at=MONDAY, dialled=BERGEN), CameIn())

    assert decision.to == "menu main"
    assert decision.facts.site == "bergen"
    assert decision.facts.menus == ("main",)
    assert taken(decision) == [
        "the caller dialled +47 55 30 10 00 (Bergen): menu main",
        "the number belongs to the site bergen",
        "menu main",
    ]


@pytest.mark.parametrize("dialled", [parse_number("22 33 44 55"), parse_number("100"), None])
def test_other_numbers_are_anything_else(shipped: RuleSet, dialled: PhoneNumber | None) -> None:
    decision = decide(shipped, Facts(at=MONDAY, dialled=dialled), CameIn())

    assert decision.to == "menu main"
    assert decision.facts.site is None
    assert why_not(decision)


def test_a_number_that_nobody_routes_hears_an_apology(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        "version: 1\nnumbers:\n  +47 55 30 10 00: {to: queue main}\n"
        "queues: {main: {answer: 80% within 20s}}\n"
    )

    decision = decide(rules, Facts(at=MONDAY, dialled=TRONDHEIM), CameIn())

    assert decision.to == "hangup"
    assert decision.say == ("sorry",)
    assert "+47 73 80 20 00 is not among the numbers" in step_told(decision.steps[0])


def test_a_caller_in_no_language_of_the_rules_gets_their_first(shipped: RuleSet) -> None:
    decision = decide(shipped, Facts(at=MONDAY, dialled=BERGEN, language="de"), CameIn())

    assert decision.facts.language == "nb"
