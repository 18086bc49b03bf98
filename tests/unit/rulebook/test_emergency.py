"""What is said of settings by which help would not find the caller."""

from __future__ import annotations

from ivr.rulebook.emergency import emergency_faults
from ivr.rules.load import load_rules
from ivr.settings import Emergency

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {anything else: {to: queue sales}}
sites:
  bergen: {name: Bergen}
  oslo: {name: Oslo}
queues:
  sales: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}], nobody_logged_in: hangup}
agents:
  kari: {name: Kari, phone: kari, site: bergen, queues: [sales]}
  ola: {name: Ola, phone: ola, queues: [sales]}
"""


def codes(**keys: object) -> list[str]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    emergency = Emergency.model_validate(keys)
    return [fault.code for fault in emergency_faults(emergency, rules)]


def test_a_site_with_agents_and_no_number_is_told_and_a_site_without_agents_is_not() -> None:
    assert codes(trunks=("telia", "lyse"), number="+47 21 00 00 00") == ["IVR634"]


def test_nothing_is_said_where_each_site_has_its_number() -> None:
    own = {"bergen": "+47 55 30 10 00"}

    assert codes(trunks=("telia", "lyse"), number="+47 21 00 00 00", numbers=own) == []


def test_one_trunk_alone_is_told() -> None:
    own = {"bergen": "+47 55 30 10 00"}

    assert codes(trunks=("telia",), number="+47 21 00 00 00", numbers=own) == ["IVR635"]


def test_nothing_is_said_while_no_trunk_takes_emergency_calls() -> None:
    assert codes() == []
