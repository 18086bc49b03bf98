"""Digits that are said to a question, in rules, walks and what a recogniser is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decide.speech import digits_of, digits_said, rules_listen
from ivr.rules.decision import Facts
from ivr.rules.load import load_rules
from ivr.rules.walk import walk

RULES = """
version: 1
numbers: {anything else: department henting}
site_of_call: [question postnummer]
questions: {postnummer: {say: ask, digits: 4, tries: 2, speech: true, finds: site}}
hours: {always: {daily: 00:00-24:00}}
departments:
  henting: {hours: always, national: queue kundeservice, closed: {say: closed, to: hangup}}
sites:
  bergen: {postcodes: 5000-5999, departments: {henting: {local: queue bergen}}}
queues:
  kundeservice: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
"""
rules, _ = load_rules(RULES.encode(), "rules.yaml")
FACTS = Facts(at=datetime(2026, 11, 23, 9, tzinfo=UTC), dialled=parse_number("+47 55 30 10 00"))


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("fem null én tre", "5013"),
        ("Fem null ett tre", "5013"),
        ("5 0 1 3", "5013"),
        ("femti tretten", ""),
        ("fem faktura", ""),
        ("", ""),
    ],
)
def test_words_of_digits_are_digits_and_nothing_else_is(said: str, digits: str) -> None:
    assert digits_said("nb", said) == digits
    assert digits_said("ko", "오") == ""


def test_a_question_that_listens_is_told_the_words_of_every_digit() -> None:
    question = rules.questions["postnummer"]

    assert {phrase.key for phrase in digits_of(question, "nb")} == set("0123456789")
    assert digits_of(question, "ko") == ()
    assert rules_listen(rules)
    deaf, _ = load_rules(RULES.replace("speech: true, ", "").encode(), "rules.yaml")
    assert digits_of(deaf.questions["postnummer"], "nb") == ()
    assert not rules_listen(deaf)


@pytest.mark.parametrize(
    ("says", "ends"),
    [
        (["fem null en tre"], "queue bergen"),
        (["hva sa du", "fem null en tre"], "queue bergen"),
        (["fem null", "faktura"], "queue kundeservice"),
    ],
    ids=["digits", "something else first", "never all of them"],
)
def test_a_walk_goes_where_the_digits_that_are_said_lead(says: list[str], ends: str) -> None:
    walked = walk(rules, FACTS, "", take_option, says)

    assert walked.ends == ends
    assert ("read_back.you_keyed" in walked.said) == (ends == "queue bergen")
