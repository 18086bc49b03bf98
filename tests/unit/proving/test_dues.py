"""Whose call the next one of a split queue is, in tests beside the rules and in `ivr explain`."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ivr.numbers import parse_number
from ivr.proving.dues import dues_given
from ivr.proving.outcomes import Simulator, TrialCall
from ivr.proving.plan.alike import Likeness
from ivr.proving.plan.changes import difference
from ivr.proving.plan.phrases import PHRASES
from ivr.proving.plan.telling import shares_told
from ivr.proving.reading import read_tests
from ivr.proving.references import check_tests
from ivr.proving.rule_tests import Given, PlayedCall
from ivr.proving.running import run_test
from ivr.queues.split import SplitAccount
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet

RULES = """
version: 1
country: Norway
numbers: {anything else: {to: queue national}}
queues:
  national:
    answer: 80% within 20s
    split: {oslo: 50%, bergen: 30%, partner: 20%}
    while_waiting: [{after: 5m, to: hangup}]
"""


@pytest.fixture
def rules() -> RuleSet:
    return load_rules(RULES.encode(), "rules.yaml")[0]


@pytest.mark.parametrize(
    ("given", "site", "because"),
    [
        (Given(), "oslo", "turn"),
        (Given(had={"national": {"oslo": 1}}), "bergen", "turn"),
        (
            Given(had={"national": {"oslo": 1}}, away={"national": ("bergen",)}),
            "oslo",
            "others_away",
        ),
        (Given(agents={"national": 0}), None, "turn"),
    ],
)
def test_what_is_given_says_whose_call_it_is(
    rules: RuleSet, given: Given, site: str | None, because: str
) -> None:
    due = dues_given(rules, given)["national"]

    assert (due.site, due.because) == (site, because)


def test_what_a_server_kept_counts_where_the_shares_are_the_same(rules: RuleSet) -> None:
    kept = SplitAccount.begun({"oslo": 50, "bergen": 30, "partner": 20}, 20)
    kept = SplitAccount(
        kept.shares, 20, {**kept.had, "oslo": 1}, {**kept.in_turn, "oslo": 1}, kept.owed
    )
    others = SplitAccount.begun({"oslo": 100}, 20)

    assert dues_given(rules, Given(), {"national": kept})["national"].site == "bergen"
    assert dues_given(rules, Given(), {"national": others})["national"].site == "oslo"


def test_a_test_beside_the_rules_gives_the_account_and_expects_a_site(rules: RuleSet) -> None:
    text = b"""
tests:
  - name: the second call
    call: {to: +47 55 30 10 00, at: 2026-11-23 09:00}
    given: {queue national: {had: {oslo: 1}, away: [bergen]}}
    expect: {ends: queue national, given_to: partner}
"""
    tests, faults = read_tests(text, "tests.yaml")
    assert tests is not None
    assert faults == ()
    assert check_tests(tests, rules) == ()

    (mismatch,) = run_test(rules, tests.tests[0]).mismatches

    assert (mismatch.word, mismatch.expected, mismatch.got) == ("given_to", "partner", "oslo")


def test_a_site_without_a_share_is_told(rules: RuleSet) -> None:
    text = b"""
tests:
  - name: nowhere
    call: {to: +47 55 30 10 00, at: 2026-11-23 09:00}
    given: {queue national: {had: {osla: 1}}}
    expect: {given_to: bergne}
"""
    tests, _ = read_tests(text, "tests.yaml")
    assert tests is not None

    told = [str(one) for one in check_tests(tests, rules)]

    assert len(told) == 2
    assert "did you mean 'oslo'?" in told[0]
    assert "did you mean 'bergen'?" in told[1]


@pytest.mark.parametrize(
    ("old", "new", "is_anew"),
    [
        ("oslo: 50%, bergen: 30%", "oslo: 30%, bergen: 50%", True),
        ("partner: 20%}", "partner: 20%}\n    catch_up: never", False),
        ("split: {oslo: 50%, bergen: 30%, partner: 20%}", "ring: in order", True),
    ],
)
def test_a_plan_tells_changed_shares(rules: RuleSet, old: str, new: str, *, is_anew: bool) -> None:
    later = load_rules(RULES.replace(old, new).encode(), "rules.yaml")[0]
    call = PlayedCall(dialled=parse_number("55301000"), at=datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001 - as tests have them
    before, after = (Simulator(one).outcome(TrialCall(call)) for one in (rules, later))

    told = difference(before, after).shares

    assert told is not None
    words = shares_told(*told, PHRASES["en"])
    assert ("the account begins anew" in words) is is_anew


def test_a_plan_sees_that_a_site_takes_more_calls_at_once() -> None:
    sites = "sites: {partner: {name: Partner, at_most: 5 calls}}\n"
    before, after = (
        Likeness(load_rules((RULES + more).encode(), "rules.yaml")[0], date(2026, 11, 23)).core
        for more in (sites, sites.replace("5", "8"))
    )

    assert before != after
