"""A change of codes, of short numbers and of what agents may call is told, and nothing else is."""

from __future__ import annotations

from ivr.proving.plan.dialling import dialled_otherwise
from ivr.proving.plan.dialling_words import dialling_told
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.trunks.allowance import kind_of

RULES = """
version: 1
languages: [nb]
numbers: {anything else: {to: queue a}}
queues: {a: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}]}}
agents:
  kari: {phone: kari, number: 21, queues: [a], may_call: [national]}
  ola: {phone: ola, number: 22, queues: [a]}
duty:
  pause_reasons: [lunch, training]
  codes: {star 11: sign in, star 14: pause lunch}
"""


def rules(*changes: tuple[str, str]) -> RuleSet:
    text = RULES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load_rules(text.encode(), "rules.yaml")[0]


def told(*changes: tuple[str, str], language: str = "en") -> list[str]:
    found = dialled_otherwise(rules(), rules(*changes), kind_of)
    return [dialling_told(one, language) for one in found]  # type: ignore[arg-type]


def test_the_same_rules_change_nothing() -> None:
    assert told() == []
    assert told(("80% within 20s", "70% within 20s")) == []


def test_a_code_that_means_something_else_or_is_gone_is_told_of_all_agents_at_once() -> None:
    assert told(("star 14: pause lunch", "star 14: pause training")) == [
        "kari and ola dialling *14: pause lunch → pause training"
    ]
    assert told((", star 14: pause lunch", "")) == [
        "kari and ola dialling *14: pause lunch → no such code"
    ]


def test_what_an_agent_may_call_is_told_by_kind_and_country() -> None:
    assert told(("[national]", "[national, mobile, +46]")) == [
        "kari dialling +46: not allowed → called outside",
        "kari dialling a mobile number: not allowed → called outside",
    ]
    assert told((", may_call: [national]", "")) == [
        "kari dialling a national number: called outside → as a caller",
        "kari dialling a mobile number: not allowed → as a caller",
        "kari dialling a short number: not allowed → as a caller",
        "kari dialling a number that begins with 8: not allowed → as a caller",
    ]


def test_a_short_number_that_becomes_another_is_told_in_norwegian_too() -> None:
    lines = told(("number: 22", "number: 23"), language="nb")

    assert "kari ringer 22: det ringer hos ola → ikke lov" in lines
    assert "kari ringer 23: ikke lov → det ringer hos ola" in lines
