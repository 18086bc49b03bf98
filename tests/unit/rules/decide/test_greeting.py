"""What a menu says once in a call, and the language that a number is met in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from ivr.showing.steps import step_told
from tests.unit.rules.decide.calls import MONDAY

RULES = """
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 00: menu main
  +47 21 00 00 01: {language: en, to: menu main}
  anything else: {language: en, to: department faktura}
menus:
  main:
    greeting: [welcome, news]
    say: choices
    keys: {1: menu under, 2: {language: en, to: menu main}, star: repeat}
    tries: 2
    nothing_chosen: queue faktura
  under: {greeting: welcome, say: under, keys: {1: queue faktura, star: back}, nothing_chosen: queue faktura}
hours: {never: {mon: 00:00-00:01}}
departments: {faktura: {hours: never, national: queue faktura, closed: {say: closed, to: hangup}}}
notices: [{from: 2026-01-01, to: 2026-12-31, say: notice}]
queues: {faktura: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
"""
NATIONAL, ENGLISH, OTHER = map(parse_number, ("21000000", "21000001", "22334455"))
HEARS_AT_FIRST = ("notice", "welcome", "news", "choices")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("*", ("choices",)),
        (",", ("no_input", "choices")),
        ("7", ("no_match", "choices")),
        ("1", ("welcome", "under")),
        ("1*", ("welcome", "under", "choices")),
        ("1*1", ("welcome", "under", "choices", "under")),
        ("2", ("choices",)),
    ],
)
def test_a_greeting_is_said_when_a_call_first_comes_to_its_menu(
    rules_of: Callable[[str], RuleSet], row: str, said: tuple[str, ...]
) -> None:
    walked = walk(rules_of(RULES), Facts(at=MONDAY, dialled=NATIONAL), row, take_option)

    heard = (*HEARS_AT_FIRST, *said)
    assert walked.said[: len(heard)] == heard
    assert "welcome" not in walked.said[len(heard) :]


def test_why_a_greeting_is_said_or_not_is_told(rules_of: Callable[[str], RuleSet]) -> None:
    walked = walk(rules_of(RULES), Facts(at=MONDAY, dialled=NATIONAL), "*", take_option)

    told = [step_told(step) for step in walked.steps]
    assert "menu main greets with welcome, news, once in a call" in told
    assert "not the greeting welcome, news of menu main: this call has had it" in told


@pytest.mark.parametrize(
    ("dialled", "row", "language", "ends"),
    [
        (NATIONAL, "", "nb", "queue faktura"),
        (NATIONAL, "2", "en", "queue faktura"),
        (ENGLISH, "", "en", "queue faktura"),
        (OTHER, "", "en", "hangup"),
    ],
)
def test_callers_of_a_number_are_met_in_its_language(
    rules_of: Callable[[str], RuleSet], dialled: PhoneNumber, row: str, language: str, ends: str
) -> None:
    walked = walk(rules_of(RULES), Facts(at=MONDAY, dialled=dialled), row, take_option)

    assert (walked.language, walked.ends) == (language, ends)
    assert ("the language is now en" in map(step_told, walked.steps)) == (language == "en")
