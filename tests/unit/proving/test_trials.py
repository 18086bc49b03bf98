from __future__ import annotations

from datetime import date

import pytest

from ivr.proving import trials as room
from ivr.proving.branches import branches
from ivr.proving.marks import Trail
from ivr.proving.outcomes import Simulator
from ivr.proving.plan import compare
from ivr.proving.simulate import simulate
from ivr.proving.trials import key_rows, make_trials
from ivr.rules.model import RuleSet
from tests.unit.proving.conftest import RULES, WHOLE_LANGUAGE, load

TODAY = date(2026, 11, 23)
SHORT = """\
version: 1
numbers: {+47 21 00 00 00: queue main, anything else: queue main}
callers:
  vip: {numbers: [+47 55 97 00 01], first_in_line: true, to: queue faktura}
  nuisance: {numbers: [+47 98 76 54 32], say: not_today, to: hangup}
  hidden: {numbers: withheld, to: refuse}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
  faktura: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
"""


def test_rows_of_keys_lead_through_every_menu(rules: RuleSet) -> None:
    rows = key_rows(rules)

    assert {"", "1", "9", "91", "*", "D", "9D", "99", "9*"} <= set(rows)


@pytest.mark.parametrize("text", [RULES, WHOLE_LANGUAGE], ids=["small", "the whole language"])
def test_made_up_calls_reach_every_branch(text: str) -> None:
    rules = load(text)
    made = make_trials([Simulator(rules)], TODAY)
    missed = list(branches(rules))

    for trial in made.calls:
        trail = Trail(simulate(rules, trial.call, trial.given).steps)
        missed = [branch for branch in missed if not branch.reached_by(trail)]

    assert [branch.words for branch in missed] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mon-fri: 08:00-16:00", "mon-fri: 08:00-15:59"),
        ("12-24: until 12:00", "12-24: until 11:59"),
        ("to: 2027-07-30", "to: 2027-07-29"),
        ("public: Norway", "public: Norway\n  short_days: {}\n"),
        ("migrated: 2027-02-01", "migrated: 2027-02-02"),
        ("1: department faktura", "2: department faktura"),
        ("after: 90s", "after: 91s"),
        ("nobody_logged_in: queue faktura", "nobody_logged_in: voicemail faktura"),
        ("tries: 2", "tries: 3"),
        ("anything else: {to: menu main}", "anything else: {to: hangup}"),
    ],
)
def test_a_small_change_is_found(text: str, old: str, new: str) -> None:
    changed = text.replace(old, new, 1)
    if "short_days: {}" in new:
        changed = changed.replace("  short_days: {12-24: until 12:00}\n", "")
    before, after = Simulator(load(text)), Simulator(load(changed))

    found = compare(before, after, make_trials((before, after), TODAY).calls)

    assert found.changed > 0


def test_the_same_rules_are_not_changed(rules: RuleSet) -> None:
    before, after = Simulator(rules), Simulator(rules)

    assert compare(before, after, make_trials((before, after), TODAY).calls).changed == 0


def test_too_many_calls_are_thinned_out(rules: RuleSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_CALLS", 100)

    made = make_trials([Simulator(rules)], TODAY)

    assert made.possible > 100
    assert len(made.calls) <= 220
    assert len({trial.call.press for trial in made.calls}) == len(key_rows(rules))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[+47 55 97 00 01]", "[+47 55 97 00 01, +47 55 97 00 02]", "callers of vip: "),
        ("[+47 55 97 00 01]", "[+47 55 97 00 00, +47 55 97 00 01]", "callers of vip: "),
        ("first_in_line: true, to: queue faktura", "to: queue main", "callers of vip: "),
        ("say: not_today, to: hangup", "to: refuse", "callers of nuisance: "),
        ("{numbers: withheld, to: refuse}", "[+47 22 33 44 55]", "callers of hidden: "),
    ],
)
def test_a_change_of_a_list_is_found_and_whose_it_is_told(old: str, new: str, told: str) -> None:
    assert old in SHORT
    before, after = (Simulator(load(one)) for one in (SHORT, SHORT.replace(old, new, 1)))

    found = compare(before, after, make_trials((before, after), TODAY).calls)

    assert found.changed > 0
    assert all(told in group.text for group in found.groups)
