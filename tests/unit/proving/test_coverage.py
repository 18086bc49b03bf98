from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ivr.numbers import PhoneNumber
from ivr.proving.branches import branches
from ivr.proving.coverage import coverage
from ivr.proving.reading import read_tests
from ivr.proving.rule_tests import Given, PlayedCall
from ivr.proving.running import run_test
from ivr.proving.simulate import simulate
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.rules.walk import Walk

ROOT = Path(__file__).parents[3]
BERGEN = PhoneNumber("+4755301000")


def walked(
    rules: RuleSet,
    at: str,
    press: str = "1",
    to: PhoneNumber = BERGEN,
    waits: float = 0,
    **given: int,
) -> Walk:
    call = PlayedCall(to, datetime.fromisoformat(at), press=press, waits_seconds=waits)
    return simulate(rules, call, Given(agents=given))


def words(rules: RuleSet, *walks: Walk) -> set[str]:
    return {branch.words for branch in coverage(rules, walks).reached}


def test_every_branch_is_named_in_the_order_of_the_file(rules: RuleSet) -> None:
    assert [branch.words for branch in branches(rules)] == [
        "the number +47 55 30 10 00",
        "any other number",
        "a public holiday",
        "a short day, before 12:00",
        "a short day, after 12:00",
        "closed: 2027-07-12 to 2027-07-30",
        "key 1 of menu main",
        "key 9 of menu main",
        "key star of menu main",
        "nothing chosen in menu main",
        "faktura at the site bergen, before 2027-02-01",
        "faktura at the site bergen, from 2027-02-01 on",
        "department faktura, open",
        "department faktura, for callers without a site",
        "department faktura, closed",
        "10m of waiting in queue faktura",
        "nobody logged in to queue faktura",
        "90s of waiting in queue bergen",
        "nobody logged in to queue bergen",
    ]


def test_nothing_is_reached_without_tests(rules: RuleSet) -> None:
    covered = coverage(rules, ())

    assert (covered.percent, covered.reached) == (0.0, ())


def test_an_ordinary_call_reaches_the_branches_that_it_takes_and_no_other(rules: RuleSet) -> None:
    assert words(rules, walked(rules, "2026-11-23T09:00")) == {
        "the number +47 55 30 10 00",
        "key 1 of menu main",
        "department faktura, open",
        "faktura at the site bergen, before 2027-02-01",
    }


def test_before_and_after_a_migration_are_two_branches(rules: RuleSet) -> None:
    after = words(rules, walked(rules, "2027-02-01T09:00"))

    assert "faktura at the site bergen, from 2027-02-01 on" in after
    assert "faktura at the site bergen, before 2027-02-01" not in after


def test_short_days_have_a_morning_and_an_afternoon(rules: RuleSet) -> None:
    morning = words(rules, walked(rules, "2026-12-24T11:00"))
    afternoon = words(rules, walked(rules, "2026-12-24T13:00"))

    assert "a short day, before 12:00" in morning - afternoon
    assert "a short day, after 12:00" in afternoon - morning


def test_all_is_reached_by_calls_that_try_all(rules: RuleSet) -> None:
    other = PhoneNumber("+4721000000")
    monday = "2026-11-23T09:00"
    walks = [
        walked(rules, monday),
        walked(rules, monday, press="9*"),
        walked(rules, "2027-02-01T09:00"),
        walked(rules, "2027-05-17T09:00"),
        walked(rules, "2026-12-24T09:00"),
        walked(rules, "2026-12-24T12:00"),
        walked(rules, "2027-07-12T09:00"),
        walked(rules, monday, to=other, faktura=0),
        walked(rules, monday, bergen=0),
        walked(rules, monday, waits=900),
    ]

    covered = coverage(rules, walks)

    assert [str(branch.words) for branch in covered.missed] == []
    assert covered.percent == 100.0


def test_the_shipped_tests_reach_every_branch_of_the_shipped_rules() -> None:
    rules, _ = load_rules((ROOT / "routing_rules.yaml").read_bytes(), "routing_rules.yaml")
    tests, faults = read_tests((ROOT / "routing_tests.yaml").read_bytes(), "routing_tests.yaml")
    assert faults == ()
    assert tests is not None

    covered = coverage(rules, [run_test(rules, test).walked for test in tests.tests])

    assert [f"{branch.at}  {branch.words}" for branch in covered.missed] == []


def test_a_key_of_all_menus_is_a_branch_of_each() -> None:
    text = (
        "version: 1\nnumbers: {anything else: menu main}\nkeys: {0: queue main}\n"
        "menus:\n"
        "  main: {say: x, keys: {1: menu under}, nothing_chosen: queue main}\n"
        "  under: {say: x, keys: {1: queue main}, nothing_chosen: queue main}\n"
        "queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}\n"
    )
    rules, _ = load_rules(text.encode(), "rules.yaml")

    reached = words(rules, walked(rules, "2026-11-23 09:00", "0"))

    assert "key 0 of menu main" in reached
    assert "key 0 of menu under" not in reached
