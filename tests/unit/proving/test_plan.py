from __future__ import annotations

from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import TrialCall
from ivr.proving.plan import keys_in_words, plan
from ivr.proving.rule_tests import PlayedCall
from ivr.rules.model import RuleSet
from tests.unit.proving.conftest import load

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
    assert [group.text for group in found.groups] == [
        "Bergen, key 1: queue bergen → queue faktura, 2 calls, from 2026-12-01",
        "Bergen, key 9: queue bergen → queue faktura, 1 call, on 2026-12-02",
    ]


def test_what_callers_hear_is_a_change_too(rules: RuleSet, text: str) -> None:
    new = load(text.replace("{say: closed,", "{say: closed.summer,"))

    found = plan(rules, new, calls("2026-11-23 20:00"))

    (group,) = found.groups
    assert group.before == "voicemail faktura (hears welcome, choices, closed, voicemail)"
    assert group.after == "voicemail faktura (hears welcome, choices, closed.summer, voicemail)"


def test_numbers_that_nobody_lists_are_one_group(rules: RuleSet, text: str) -> None:
    new = load(text.replace("anything else: {to: menu main}", "anything else: {to: hangup}"))
    others = [PhoneNumber("+4721000000"), PhoneNumber("+4721000001")]

    found = plan(rules, new, [one for to in others for one in calls("2026-11-23 09:00", to=to)])

    (group,) = found.groups
    assert (group.to, group.count) == (None, 2)
    assert group.text.startswith("any other number, key 1: queue faktura → hangup, 2 calls")


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

    assert [group.text for group in found.groups] == [
        "Nation, whatever they key: site not known → site nation, 3 calls, on 2027-03-01"
    ]


def test_a_number_that_is_new_has_its_new_name(rules: RuleSet, text: str) -> None:
    new = load(
        text.replace(
            "  anything else", "  +47 21 00 00 00: {name: Nation, to: hangup}\n  anything else"
        )
    )

    found = plan(rules, new, calls("2026-11-23 09:00", to=PhoneNumber("+4721000000")))

    assert found.groups[0].title == "Nation"


def test_keys_in_words() -> None:
    rows = ("", "1", "9*1", "D,1", ",", "faktura")

    assert [keys_in_words(row) for row in rows] == [
        "no key",
        "key 1",
        "keys 9 star 1",
        "keys (a wrong key) (pause) 1",
        "no key",
        "saying 'faktura'",
    ]
