"""Who calls from a phone of the house, and what for."""

from __future__ import annotations

import pytest

from ivr.ari.events import Arrival
from ivr.call import Shown
from ivr.desk import Desk
from ivr.flows.dictation import Dictation
from ivr.flows.own_call import OwnCall
from ivr.rules.decide.dialling import CallColleague
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.server.drafts import Dictations
from ivr.server.house_phone import HousePhone, own_story, shown_as

RULES = b"""
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {anything else: {to: queue q}}
queues: {q: {answer: 80% within 20s}}
phones: {hall: {phone: hall, no_answer: queue q}}
agents:
  kari: {name: Kari, phone: kari, number: 21, queues: [q]}
  ola: {name: Ola, phone: ola, number: 22, queues: [q]}
"""


@pytest.fixture
def rules() -> RuleSet:
    return load_rules(RULES, "rules.yaml")[0]


def comes(account: str, dialled: str) -> Arrival:
    return Arrival("ch", "node", (), account, "", dialled, f"PJSIP/{account}", "")


async def test_an_agent_calls_a_colleague_and_is_shown_by_name(rules: RuleSet) -> None:
    desk, arrival = Desk(rules), comes("kari", "22")
    phone = HousePhone.of(arrival, desk, rules)

    assert phone == HousePhone("kari", rules.agents["kari"])
    own = own_story(arrival, phone, rules, Dictations())
    assert isinstance(own, OwnCall)
    assert isinstance(own.dialling, CallColleague)
    assert own.dialling.colleague.name == "ola"
    assert shown_as(arrival, desk, rules, over_trunk=False) == Shown("21", "Kari")


async def test_a_phone_where_nobody_sits_is_of_the_house_and_a_strangers_is_not(
    rules: RuleSet,
) -> None:
    desk = Desk(rules)

    assert HousePhone.of(comes("hall", "1"), desk, rules) == HousePhone("hall", None)
    assert HousePhone.of(comes("stranger", "1"), desk, rules) is None


async def test_a_trunk_that_is_called_as_an_agent_is_shows_the_callers_number(
    rules: RuleSet,
) -> None:
    shown = shown_as(comes("kari", "1"), Desk(rules), rules, over_trunk=True)

    assert shown != Shown("21", "Kari")


async def test_a_call_to_the_code_for_recording_is_that_before_anything_else(
    rules: RuleSet,
) -> None:
    arrival, dictations = comes("kari", "*73"), Dictations("*73", ("closed",))
    phone = HousePhone.of(arrival, Desk(rules), rules)

    assert isinstance(own_story(arrival, phone, rules, dictations), Dictation)
    assert own_story(arrival, None, rules, dictations) is None
