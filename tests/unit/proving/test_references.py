from __future__ import annotations

import pytest

from ivr.proving.reading import read_tests
from ivr.proving.references import check_tests, sound_tests
from ivr.proving.rule_tests import RuleTests
from ivr.rules.model import RuleSet


def reading(expect: str, given: str = "{}") -> RuleTests:
    text = (
        "tests:\n  - name: one\n    call: {to: +47 55 30 10 00, at: 2026-11-23 09:00}\n"
        f"    given: {given}\n    expect: {expect}\n"
    )
    tests, faults = read_tests(text.encode(), "t.yaml")
    assert faults == ()
    assert tests is not None
    return tests


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        (
            "{ends: queue fakture}",
            "t.yaml:5:20: error IVR204: there is no queue called 'fakture' in the rules; did you mean 'faktura'?",
        ),
        ("{ends: voicemail salg}", "no voicemail called 'salg'"),
        ("{said: [velcome]}", "no prompt called 'velcome' in the rules; did you mean 'welcome'?"),
        ("{language: de}", "no language called 'de'"),
        ("{site: oslo}", "no site called 'oslo' in the rules; known: bergen"),
        ("{passes: department salg}", "no department called 'salg'"),
        ("{passes: [menu mainn]}", "no menu called 'mainn' in the rules; did you mean 'main'?"),
    ],
)
def test_a_name_that_the_rules_do_not_have_is_a_fault(
    rules: RuleSet, expect: str, told: str
) -> None:
    (fault,) = check_tests(reading(expect), rules)

    assert told in str(fault)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("rings olla", "there is no agent called 'olla' in the rules"),
        (
            "take fakture",
            "there is no queue called 'fakture' in the rules; did you mean 'faktura'?",
        ),
        ("pause lunsj", "there is no reason of a pause called 'lunsj' in the rules"),
    ],
)
def test_what_comes_of_a_code_is_something_that_the_rules_have(
    rules: RuleSet, does: str, told: str
) -> None:
    by = next(iter(rules.agents))
    text = f"tests:\n  - name: one\n    call: {{by: {by}, dials: star 14}}\n    expect: {{does: {does}}}\n"
    tests, faults = read_tests(text.encode(), "t.yaml")
    assert (faults, tests is not None) == ((), True)

    assert tests is not None
    (fault,) = check_tests(tests, rules)

    assert told in str(fault)


@pytest.mark.parametrize(
    ("expect", "given"),
    [
        ("{given_to: oslo}", "{}"),
        ("{ends: hangup}", "{queue faktura: {had: {oslo: 5}}}"),
        ("{ends: hangup}", "{queue faktura: {away: [oslo]}}"),
    ],
)
def test_a_share_of_a_queue_that_is_not_split_is_told_so(
    rules: RuleSet, expect: str, given: str
) -> None:
    (fault,) = check_tests(reading(expect, given), rules)

    assert "not split: take this out" in str(fault) or "no queue is split" in str(fault)


def test_a_queue_that_does_not_exist_cannot_be_given(rules: RuleSet) -> None:
    tests = reading("{ends: hangup}", "{queue fakture: {agents: 0}}")

    (fault,) = check_tests(tests, rules)

    assert str(fault).startswith("t.yaml:4:13: error IVR204: there is no queue called 'fakture'")


def test_names_that_exist_are_no_fault(rules: RuleSet) -> None:
    expect = (
        "{ends: voicemail faktura, said: [welcome, no_input, closed, sorry], language: en, "
        "site: none, passes: [menu main, department faktura, hangup]}"
    )

    assert check_tests(reading(expect), rules) == ()


def test_a_test_with_a_fault_is_not_sound(rules: RuleSet) -> None:
    tests = reading("{ends: queue fakture}")

    assert sound_tests(tests, ()) == tests.tests
    assert sound_tests(tests, check_tests(tests, rules)) == ()


@pytest.mark.parametrize(
    ("dials", "does", "told"),
    [
        (
            "karri",
            "rings kari",
            "there is no agent called 'karri' in the rules; did you mean 'kari'?",
        ),
        ("karri", "as a caller", None),
        ("kari", "rings kari", None),
        ("23", "rings kari", None),
    ],
)
def test_a_colleague_who_is_dialled_by_name_is_one_of_the_rules(
    rules: RuleSet, dials: str, does: str, told: str | None
) -> None:
    by = next(iter(rules.agents))
    text = f"tests:\n  - name: one\n    call: {{by: {by}, dials: {dials}}}\n    expect: {{does: {does}}}\n"
    tests, faults = read_tests(text.encode(), "t.yaml")
    assert (faults, tests is not None) == ((), True)

    assert tests is not None
    found = [str(fault) for fault in check_tests(tests, rules)]

    assert len(found) == (told is not None)
    assert all(told in one for one in found if told)
