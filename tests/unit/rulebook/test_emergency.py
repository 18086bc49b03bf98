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
  ola: {name: Ola, phone: 'sip:ola@127.0.0.1', queues: [sales]}
"""


HOMELESS = RULES.replace("phone: 'sip:ola@127.0.0.1'", "phone: ola")


def codes(rules: str = RULES, *, has_trunks: bool = True, **keys: object) -> list[str]:
    read, _ = load_rules(rules.encode(), "rules.yaml")
    emergency = Emergency.model_validate(keys)
    return [fault.code for fault in emergency_faults(emergency, read, has_trunks=has_trunks)]


def test_a_site_with_agents_and_no_number_is_told_and_a_site_without_agents_is_not() -> None:
    assert codes(trunks=("telia", "lyse"), number="+47 21 00 00 00") == ["IVR634"]


def test_nothing_is_said_where_each_site_has_its_number() -> None:
    own = {"bergen": "+47 55 30 10 00"}

    assert codes(trunks=("telia", "lyse"), number="+47 21 00 00 00", numbers=own) == []


def test_one_trunk_alone_is_told() -> None:
    own = {"bergen": "+47 55 30 10 00"}

    assert codes(trunks=("telia",), number="+47 21 00 00 00", numbers=own) == ["IVR635"]


def test_that_no_trunk_takes_emergency_calls_is_told_where_there_are_trunks() -> None:
    assert codes() == ["IVR640"]
    assert codes(has_trunks=False) == []


def test_an_agent_of_no_site_is_told_where_sites_have_numbers_and_the_phone_can_call() -> None:
    own = {"bergen": "+47 55 30 10 00"}
    trunks, number = ("telia", "lyse"), "+47 21 00 00 00"

    assert codes(HOMELESS, trunks=trunks, number=number, numbers=own) == ["IVR634"]
    assert codes(HOMELESS.replace("site: bergen, ", ""), trunks=trunks, number=number) == []


def test_a_number_of_a_site_that_the_rules_do_not_have_is_told() -> None:
    read, _ = load_rules(RULES.encode(), "rules.yaml")
    own = {"bergen": "+47 55 30 10 00", "brgen": "+47 73 80 20 00"}
    emergency = Emergency.model_validate({"numbers": own})

    told = [str(fault) for fault in emergency_faults(emergency, read)]

    assert told == [
        "ivr.toml:1:1: warning IVR651: `[emergency.numbers]` has a number for brgen, and the rules have no site of "
        "that name; did you mean 'bergen'?"
    ]
