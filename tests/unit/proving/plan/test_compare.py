from __future__ import annotations

from datetime import datetime
from typing import cast

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Simulator, TrialCall
from ivr.proving.plan import Plan, compare
from ivr.proving.plan.facts import plan_facts
from ivr.proving.plan.telling import group_told, keys_told
from ivr.proving.rule_tests import PlayedCall
from ivr.rules.model import RuleSet
from tests.unit.proving.conftest import load


def plan(before: RuleSet, after: RuleSet, trials: list[TrialCall]) -> Plan:
    return compare(Simulator(before), Simulator(after), trials)


def told(found: Plan, *rules: RuleSet) -> list[str]:
    return [group_told(one, rules, found.today) for one in found.groups]


BERGEN = PhoneNumber("+4755301000")


def calls(*at: str, press: str = "1", to: PhoneNumber = BERGEN) -> list[TrialCall]:
    return [TrialCall(PlayedCall(to, datetime.fromisoformat(one), press=press)) for one in at]


def test_rules_that_are_the_same_change_nothing(rules: RuleSet) -> None:
    found = plan(rules, rules, calls("2026-11-23 09:00"))

    assert (found.calls, found.changed, found.groups) == (1, 0, ())


def test_another_layout_changes_nothing(rules: RuleSet, text: str) -> None:
    found = plan(rules, load("# a comment\n" + text), calls("2026-11-23 09:00"))

    assert found.changed == 0


def test_calls_that_go_elsewhere_are_grouped_in_words(rules: RuleSet, text: str) -> None:
    new = load(text.replace("migrated: 2027-02-01", "migrated: 2026-12-01"))
    before, after = (
        ("2026-11-30 09:00", "2026-11-30 10:00"),
        ("2026-12-02 09:00", "2026-12-01 09:00"),
    )

    found = plan(rules, new, [*calls(*before, *after), *calls(after[0], press="9")])

    assert (found.calls, found.changed) == (5, 3)
    assert told(found, rules, new) == [
        "Bergen, keys 1 and 9: queue bergen → queue faktura, 3 calls, 1–2 December 2026"
    ]


def test_what_callers_hear_is_a_change_too(rules: RuleSet, text: str) -> None:
    new = load(text.replace("{say: closed,", "{say: closed.summer,"))

    found = plan(rules, new, calls("2026-11-23 20:00"))

    assert told(found, rules, new) == [
        "Bergen, key 1: hears closed.summer instead of closed, 1 call, 23 November 2026"
    ]
    (group,) = cast("list[dict[str, object]]", plan_facts(found, (rules, new))["groups"])
    assert group["before"] == "voicemail faktura (hears welcome, choices, closed, voicemail)"
    assert group["after"] == "voicemail faktura (hears welcome, choices, closed.summer, voicemail)"


def test_numbers_that_nobody_lists_are_one_group(rules: RuleSet, text: str) -> None:
    new = load(text.replace("anything else: {to: menu main}", "anything else: {to: hangup}"))
    others = [PhoneNumber("+4721000000"), PhoneNumber("+4721000001")]

    found = plan(rules, new, [one for to in others for one in calls("2026-11-23 09:00", to=to)])

    (group,) = found.groups
    assert (group.numbers, group.count) == ((None,), 2)
    assert told(found, rules, new) == [
        "any other number, key 1: queue faktura → hangup, 2 calls, 23 November 2026"
    ]


def test_callers_who_only_gain_a_site_are_one_group_whatever_they_key(
    rules: RuleSet, text: str
) -> None:
    number = "  +47 21 00 00 00: {name: Nation, to: menu main}\n  anything else"
    site = "  nation: {name: Nation}\ndepartments"
    old = load(text.replace("  anything else", number))
    new = load(
        text.replace(
            "  anything else", number.replace("to: menu", "site: nation, to: menu")
        ).replace("departments:\n  faktura:\n    hours", f"{site}:\n  faktura:\n    hours")
    )
    to = PhoneNumber("+4721000000")

    found = plan(
        old,
        new,
        [one for press in ("1", "9", "") for one in calls("2027-03-01 09:00", press=press, to=to)],
    )

    assert told(found, old, new) == [
        "Nation, whatever they key: site not known → site nation, 3 calls, 1 March 2027"
    ]


def test_a_number_that_is_new_has_its_new_name(rules: RuleSet, text: str) -> None:
    new = load(
        text.replace(
            "  anything else", "  +47 21 00 00 00: {name: Nation, to: hangup}\n  anything else"
        )
    )

    found = plan(rules, new, calls("2026-11-23 09:00", to=PhoneNumber("+4721000000")))

    assert told(found, rules, new)[0].startswith("Nation, ")


def test_keys_in_words() -> None:
    rows = (("",), ("1",), ("9*1",), ("D",), ("1", "2", "31", "", "D"))

    assert [keys_told(row) for row in rows] == [
        "no key",
        "key 1",
        "keys 9 star 1",
        "a wrong key",
        "keys 1 and 2, keys 3 1, no key or a wrong key",
    ]
    assert keys_told(("1", "*"), "nb") == "tastene 1 og stjerne"
