from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ivr.rules.decide import decide
from ivr.rules.decision import CameIn, Facts, OptionChosen
from ivr.rules.model import RuleSet
from tests.unit.rules.decide.calls import BERGEN, MONDAY, OSLO, SUNDAY, facts, why_not


@pytest.mark.parametrize(
    ("at", "key", "site", "expected"),
    [
        ("2025-02-28 15:00", "1", "bergen", "queue bergen"),
        ("2025-03-01 11:00", "1", "bergen", "queue kundeservice"),
        ("2025-03-03 09:00", "1", "bergen", "queue kundeservice"),
        ("2026-11-23 09:00", "2", "bergen", "queue bergen-henting"),
        ("2026-11-23 09:00", "3", "bergen", "queue faktura"),
        ("2027-01-29 09:00", "4", "bergen", "queue bergen"),
        ("2027-02-01 09:00", "4", "bergen", "queue kundeservice"),
        ("2025-05-30 09:00", "1", "trondheim", "queue trondheim"),
        ("2025-06-02 09:00", "1", "trondheim", "queue kundeservice"),
        ("2026-11-23 09:00", "2", "trondheim", "queue trondheim"),
        ("2026-11-23 09:00", "3", "trondheim", "queue faktura"),
        ("2026-11-23 09:00", "2", "oslo", "queue kundeservice"),
        ("2026-11-23 09:00", "2", None, "queue kundeservice"),
        ("2026-11-23 09:00", "2", "nowhere", "queue kundeservice"),
    ],
)
def test_the_site_and_the_day_say_local_or_national(
    shipped: RuleSet, at: str, key: str, site: str | None, expected: str
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=OSLO)

    decision = decide(shipped, facts(moment, site), OptionChosen("main", key))

    assert decision.to == expected


def test_a_migration_begins_at_midnight_where_the_rules_belong(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        """
version: 1
numbers:
  +47 55 30 10 00: {site: bergen, to: department vakt}
hours: {always: {daily: 00:00-24:00}}
sites: {bergen: {departments: {vakt: {local: queue bergen, migrated: 2026-07-01}}}}
departments: {vakt: {hours: always, national: queue oslo, closed: {say: closed, to: hangup}}}
queues: {bergen: {answer: 80% within 20s}, oslo: {answer: 80% within 20s}}
"""
    )
    last_local = datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)
    first_national = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)

    before = decide(rules, Facts(at=last_local, dialled=BERGEN), CameIn())
    after = decide(rules, Facts(at=first_national, dialled=BERGEN), CameIn())

    assert before.to == "queue bergen"
    assert after.to == "queue oslo"


def test_a_department_that_stays_says_why_it_is_not_national(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), OptionChosen("main", "2"))

    assert why_not(decision)[-1] == (
        "not queue kundeservice: henting in Bergen is local, with no day of migration"
    )


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("1", "voicemail kundeservice"),
        ("2", "hangup"),
        ("3", "hangup"),
        ("4", "voicemail kundeservice"),
    ],
)
def test_a_closed_department_says_so_and_leads_elsewhere(
    shipped: RuleSet, key: str, expected: str
) -> None:
    decision = decide(shipped, facts(SUNDAY), OptionChosen("main", key))

    assert decision.to == expected
    assert decision.say == ("closed",)
    assert decision.closed
    assert any("is closed" in text for text in why_not(decision))


def test_a_closed_period_says_its_own_prompt(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: department vakt}}
hours: {always: {daily: 00:00-24:00}}
holidays: {closed: [{from: 2026-11-23, to: 2026-11-23, say: closed.storm}]}
departments: {vakt: {hours: always, national: queue main, closed: {say: closed, to: hangup}}}
queues: {main: {answer: 80% within 20s}}
"""
    )

    decision = decide(rules, Facts(at=MONDAY, dialled=None), CameIn())

    assert decision.say == ("closed.storm",)
    assert decision.to == "hangup"


def test_a_closed_department_may_lead_to_one_that_is_open(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: department a}}
hours: {office: {mon-fri: 08:00-16:00}, always: {daily: 00:00-24:00}}
departments:
  a: {hours: office, national: queue main, closed: {say: closed, to: department b}}
  b: {hours: office, national: queue main, closed: {say: closed, to: department c}}
  c: {hours: always, national: queue main, closed: {say: closed, to: hangup}}
queues: {main: {answer: 80% within 20s}}
"""
    )

    decision = decide(rules, Facts(at=SUNDAY, dialled=None), CameIn())

    assert decision.to == "queue main"
    assert decision.say == ("closed",)
    assert decision.department == "c"
    assert not decision.closed
