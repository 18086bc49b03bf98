"""Lists of callers: who is led elsewhere, waits before others, or is turned away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.decide import decide
from ivr.rules.decision import CameIn, Facts
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from ivr.showing.steps import step_told
from tests.unit.rules.decide.calls import MONDAY, taken, why_not

RULES = """
version: 1
numbers:
  +47 21 00 00 00: {site: bergen, to: menu main}
  +47 21 00 00 09: refuse
callers:
  vip: {numbers: [+47 55 97 00 00, +47 73 86 80 00], say: [good_day], to: queue vip, first_in_line: true}
  regulars: {numbers: +47 73 86 80 11, first_in_line: true}
  nuisance: {numbers: +47 98 76 54 32, say: not_today, to: hangup}
  robots: {numbers: +47 98 76 54 33, to: refuse}
  hidden: {numbers: withheld, to: department faktura}
notices: [{from: 2026-01-01, to: 2026-12-31, say: news}]
sites: {bergen: {departments: {}}}
hours: {always: {daily: 00:00-24:00}}
departments: {faktura: {hours: always, national: queue main, closed: {say: closed, to: hangup}}}
menus: {main: {say: welcome, keys: {1: queue main}, nothing_chosen: queue main}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
  vip: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""
NATIONAL = parse_number("21000000")
VIP, REGULAR, NUISANCE, ROBOT, ANYBODY = map(
    parse_number, ("55970000", "73868011", "98765432", "98765433", "22334455")
)


def call(caller: PhoneNumber | None, *, dialled: str = "21000000", withheld: bool = False) -> Facts:
    return Facts(at=MONDAY, dialled=parse_number(dialled), caller=caller, withheld=withheld)


@pytest.mark.parametrize(
    ("facts", "to", "said", "is_first", "is_refused"),
    [
        (call(VIP), "queue vip", ("news", "good_day"), True, False),
        (call(REGULAR), "menu main", ("news",), True, False),
        (call(NUISANCE), "hangup", ("not_today",), False, True),
        (call(ROBOT), "refuse", (), False, True),
        (call(None, withheld=True), "queue main", ("news",), False, False),
        (call(None), "menu main", ("news",), False, False),
        (call(ANYBODY), "menu main", ("news",), False, False),
        (call(ANYBODY, dialled="21000009"), "refuse", (), False, True),
        (call(VIP, dialled="21000009"), "queue vip", ("news", "good_day"), True, False),
    ],
)
def test_a_list_says_what_becomes_of_its_callers(
    rules_of: Callable[[str], RuleSet],
    facts: Facts,
    to: str,
    said: tuple[str, ...],
    is_first: bool,
    is_refused: bool,
) -> None:
    decision = decide(rules_of(RULES), facts, CameIn())

    assert (decision.to, decision.say) == (to, said)
    assert decision.facts.first_in_line == is_first
    assert decision.refused == is_refused


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (call(VIP), "the caller is among vip: queue vip"),
        (call(ROBOT), "the caller is among robots: refuse"),
        (call(None, withheld=True), "the caller hides the number, and so is among hidden: department faktura"),
    ],
)  # fmt: skip
def test_why_is_told_and_no_number_with_it(
    rules_of: Callable[[str], RuleSet], facts: Facts, told: str
) -> None:
    decision = decide(rules_of(RULES), facts, CameIn())

    assert told in taken(decision)
    reasons = [*taken(decision), *why_not(decision)]
    assert facts.caller is None or not any(
        facts.caller.digits[3:] in re.sub(r"\D", "", one) for one in reasons
    )


def test_the_step_that_decides_is_the_lists_with_its_line(
    rules_of: Callable[[str], RuleSet],
) -> None:
    decision = decide(rules_of(RULES), call(ROBOT), CameIn())

    assert step_told(decision.decided_by) == "the caller is among robots: refuse"
    assert str(decision.decided_by.at).endswith(":10")


def test_who_is_on_no_list_reads_which_there_are(rules_of: Callable[[str], RuleSet]) -> None:
    decision = decide(rules_of(RULES), call(ANYBODY), CameIn())

    assert (
        "not on a list: the caller is not among vip or regulars or nuisance or robots or hidden"
        in why_not(decision)
    )


def test_a_walk_ends_where_the_call_is_refused(rules_of: Callable[[str], RuleSet]) -> None:
    walked = walk(rules_of(RULES), call(ROBOT), "1", take_option)

    assert (walked.ends, walked.said) == ("refuse", ())


def test_lists_that_cannot_contradict_one_another_do_as_the_first_says(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(RULES)
    both = replace(rules.callers["robots"], numbers=frozenset({VIP}))

    decision = decide(
        replace(rules, callers={**rules.callers, "robots": both}), call(VIP), CameIn()
    )

    assert decision.to == "queue vip"
