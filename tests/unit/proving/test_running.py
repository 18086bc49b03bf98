from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.proving.reading import read_tests
from ivr.proving.references import check_tests
from ivr.proving.running import Result, run_test
from ivr.proving.telling import told
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet


def run(rules: RuleSet, expect: str, press: str = "9 1") -> Result:
    text = (
        f"tests:\n  - name: one\n    call: {{to: +47 55 30 10 00, at: 2026-11-23 09:00, press: {press}}}\n"
        f"    expect: {expect}\n"
    )
    tests, faults = read_tests(text.encode(), "t.yaml")
    assert faults == ()
    assert tests is not None
    return run_test(rules, tests.tests[0])


@pytest.mark.parametrize(
    "expect",
    [
        "{ends: queue bergen}",
        "{said: [welcome, choices, welcome, choices]}",
        "{language: en}",
        "{site: bergen}",
        "{passes: [menu main, department faktura, queue bergen]}",
    ],
)
def test_what_comes_true_passes(rules: RuleSet, expect: str) -> None:
    assert run(rules, expect).passed


@pytest.mark.parametrize(
    ("expect", "line"),
    [
        ("{ends: queue faktura}", "ends: expected queue faktura, got queue bergen"),
        (
            "{said: [welcome]}",
            "said: expected [welcome], got [welcome, choices, welcome, choices]",
        ),
        ("{said: []}", "said: expected [], got [welcome, choices, welcome, choices]"),
        ("{language: nb}", "language: expected nb, got en"),
        ("{site: none}", "site: expected none, got bergen"),
        (
            "{passes: voicemail faktura}",
            "passes: expected voicemail faktura, but the call does not come there",
        ),
    ],
)
def test_what_does_not_come_true_is_told_with_both_sides(
    rules: RuleSet, expect: str, line: str
) -> None:
    result = run(rules, expect)

    assert not result.passed
    assert told(result)[0] == line


def test_the_steps_that_led_there_are_told_with_their_lines(rules: RuleSet) -> None:
    lines = told(run(rules, "{ends: hangup}", press="1"))

    assert "rules.yaml:18  the caller keyed 1 in menu main: department faktura" in lines
    assert not any("that is key" in line for line in lines)


def test_a_longer_name_is_not_passed_by(rules: RuleSet) -> None:
    assert not run(rules, "{passes: queue faktura}", press="1").passed


def test_a_test_says_whom_the_caller_talked_with_and_who_is_rung_first(rules: RuleSet) -> None:
    bergen = replace(rules.queues["bergen"], last_agent_seconds=7 * 86400.0)
    known = replace(rules, queues={**rules.queues, "bergen": bergen})
    agent = next(iter(rules.agents))
    call = "to: +47 55 30 10 00, at: 2026-11-23 09:00, press: 9 1, from: +47 90 00 00 01"

    def told_of(call: str, first: str) -> list[str]:
        text = f"tests:\n  - name: one\n    call: {{{call}}}\n    expect: {{first: {first}}}\n"
        tests, faults = read_tests(text.encode(), "t.yaml")
        assert faults == ()
        assert tests is not None
        assert check_tests(tests, known) == ()
        return list(told(run_test(known, tests.tests[0])))

    assert "first:" not in told_of(f"{call}, last_agent: {agent}", agent)[0]
    assert told_of(call, agent)[0] == f"first: expected {agent}, got nobody before others"


@pytest.mark.parametrize(
    ("press", "left", "has"),
    [
        ("9 1 1", "{queue: bergen, ago: 20s, waited: 70s}", True),
        ("9 1", "{queue: bergen, ago: 20s, waited: 70s}", False),
        ("9 1 2", "{queue: bergen, ago: 20s, waited: 70s}", False),
        ("9 1 1", "{queue: bergen, ago: 90s, waited: 70s}", False),
        ("9 1 1", "{queue: faktura, ago: 20s, waited: 70s}", False),
    ],
)
def test_a_test_says_whether_a_caller_who_hung_up_has_the_old_place(
    rules: RuleSet, press: str, left: str, has: bool
) -> None:
    bergen = replace(rules.queues["bergen"], keep_place_seconds=60.0)
    known = replace(rules, queues={**rules.queues, "bergen": bergen})
    call = f"to: +47 55 30 10 00, at: 2026-11-23 09:00, press: {press}, left: {left}"
    text = f"tests:\n  - name: one\n    call: {{{call}}}\n    expect: {{keeps_place: {has}}}\n"
    tests, faults = read_tests(text.replace("True", "true").replace("False", "false").encode(), "t")
    assert faults == ()
    assert tests is not None
    assert check_tests(tests, known) == ()

    result = run_test(known, tests.tests[0])

    assert result.passed, list(told(result))
    assert ("keep_place" in result.walked.said) is left.startswith("{queue: bergen, ago: 20s")
    contrary = replace(tests.tests[0], expect=replace(tests.tests[0].expect, keeps_place=not has))
    assert not run_test(known, contrary).passed


def test_a_test_that_names_no_queue_which_the_caller_left_is_told(rules: RuleSet) -> None:
    call = "to: +47 55 30 10 00, at: 2026-11-23 09:00, left: {queue: bargen, ago: 20s, waited: 70s}"
    text = f"tests:\n  - name: one\n    call: {{{call}}}\n    expect: {{keeps_place: true}}\n"
    tests, _ = read_tests(text.encode(), "t")
    assert tests is not None

    (fault,) = check_tests(tests, rules)

    assert "there is no queue called 'bargen'" in fault.message
    assert fault.hint == "did you mean 'bergen'?"


DUTY = load_rules(
    b"""
version: 1
languages: [nb]
numbers: {anything else: {to: queue a}}
queues: {a: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}]}}
agents:
  kari: {phone: kari, number: 21, queues: [a], may_call: [mobile]}
  ola: {phone: ola, number: 22, queues: [a]}
duty: {pause_reasons: [lunch, training], codes: {star 14: pause lunch}}
""",
    "rules.yaml",
)[0]


@pytest.mark.parametrize(
    ("by", "dials", "does"),
    [
        ("kari", "star 14", "pause lunch"),
        ("kari", "star 15", "no such code"),
        ("kari", "22", "rings ola"),
        ("kari", "ola", "rings ola"),
        ("kari", "90 00 00 05", "called outside"),
        ("kari", "22 33 44 55", "not allowed"),
        ("ola", "90 00 00 05", "as a caller"),
    ],
)
def test_what_an_agent_dials_has_tests_of_its_own(by: str, dials: str, does: str) -> None:
    def run_one(expected: str) -> Result:
        text = (
            f"tests:\n  - name: one\n    call: {{by: {by}, dials: {dials}}}\n"
            f"    expect: {{does: {expected}}}\n"
        )
        tests, faults = read_tests(text.encode(), "t.yaml")
        assert faults == ()
        assert tests is not None
        assert DUTY is not None
        assert check_tests(tests, DUTY) == ()
        return run_test(DUTY, tests.tests[0])

    assert run_one(does).passed
    other = run_one("sign out")
    assert told(other)[0] == f"does: expected sign out, got {does}"
