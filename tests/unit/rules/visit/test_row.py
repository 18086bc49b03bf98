"""A row of keys, tried on a question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.rules.decision import AnswerKeyed, ExitKeyed
from ivr.rules.load import load_rules
from ivr.rules.visit import InVain
from ivr.rules.visit.row import key_in_question, key_in_queue

RULES = b"""
version: 1
numbers: {anything else: question code}
questions: {code: {say: sorry, digits: 4, confirm: true, to: queue main}}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
"""
QUESTION = load_rules(RULES, "rules.yaml")[0].questions["code"]
ANSWERED, CORRECTED = AnswerKeyed("code", "5003"), InVain("corrected")


@pytest.mark.parametrize(
    ("row", "comes", "rest"),
    [
        ("5003", ANSWERED, ""),
        ("50031", ANSWERED, ""),
        ("50031234", ANSWERED, "234"),
        ("5003#17", ANSWERED, "7"),
        ("5003##7", ANSWERED, "7"),
        ("5003,7", ANSWERED, "7"),
        ("500327", CORRECTED, "7"),
        ("5003*7", CORRECTED, "7"),
        ("50", InVain("no_match"), ""),
        ("", InVain("no_input"), ""),
    ],
)
def test_the_key_after_an_answer_that_is_read_back_lets_it_stand_or_not(
    row: str, comes: AnswerKeyed | InVain, rest: str
) -> None:
    assert key_in_question(QUESTION, row) == (comes, rest)


def test_what_is_not_read_back_needs_no_key() -> None:
    plain = replace(QUESTION, confirm=False)

    assert key_in_question(plain, "50032") == (ANSWERED, "2")


@pytest.mark.parametrize(
    ("row", "left_by", "rest"),
    [("", None, ""), ("27", None, ""), ("1", "1", ""), (",7*1", "*", "1"), ("11", "1", "1")],
)
def test_the_first_key_that_leads_out_of_a_queue_counts(
    row: str, left_by: str | None, rest: str
) -> None:
    text = RULES.replace(b"{main: {", b"{main: {keys: {1: hangup, star: voicemail main}, ")
    queue = load_rules(text, "rules.yaml")[0].queues["main"]

    assert key_in_queue(queue, row) == (ExitKeyed("main", left_by) if left_by else None, rest)
