from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import ExitStack
from random import Random

import pytest

from ivr.desk import Desk, Wish
from ivr.desk.sites import AGAIN_SECONDS, Sites
from ivr.queues.agents import AgentState
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet

RULES = """
version: 1
numbers: {anything else: {to: queue national}}
phones: {partner: {phone: partner}}
sites:
  partner: {name: Partner, phone: partner, at_most: 2 calls}
  oslo: {name: Oslo, at_most: 1 call}
queues:
  national: {answer: 80% within 20s, split: {partner: 50%, oslo: 50%}, while_waiting: [{after: 5m, to: hangup}]}
"""


@pytest.fixture
def rules() -> RuleSet:
    return load_rules(RULES.encode(), "rules.yaml")[0]


async def test_a_sites_phone_takes_as_many_calls_as_the_site_does(rules: RuleSet) -> None:
    sites = Sites(lambda _: frozenset(), lambda _: 0)
    sites.take(rules)

    assert sites.here("national") == {"partner"}
    assert all(sites.claim(call, "partner") is not None for call in ("a", "b"))
    assert sites.claim("c", "partner") is None
    assert sites.here("national") == frozenset()
    assert sites.room() == {"partner": 0, "oslo": 1}

    assert [sites.has_turned(), sites.has_turned()] == [True, False]
    sites.give_back("a")
    assert [sites.has_turned(), sites.has_turned()] == [True, False]
    assert sites.claim("c", "partner") is not None


async def test_callers_at_the_agents_of_a_site_count(rules: RuleSet) -> None:
    sites = Sites(lambda _: frozenset(), {"partner": 1, "oslo": 1}.__getitem__)
    sites.take(rules)

    assert sites.room() == {"partner": 1, "oslo": 0}
    assert sites.claim("a", "partner") is not None
    assert sites.claim("b", "partner") is None


async def test_a_site_that_did_not_take_a_call_is_left_alone_by_that_call_for_a_while(
    rules: RuleSet,
) -> None:
    sites = Sites(lambda _: frozenset(), lambda _: 0)
    sites.take(rules)
    sites.claim("a", "partner")

    sites.give_back("a", refused=True)

    assert sites.is_refused("a", "partner")
    assert sites.claim("a", "partner") is None
    assert "partner" not in sites.here("national", call_id="a")
    assert "partner" in sites.here("national", call_id="b")
    again = sites.tried_again_at("a")
    assert again is not None
    await asyncio.sleep(AGAIN_SECONDS)
    assert sites.tried_again_at("a") is None
    assert sites.claim("a", "partner") is not None


async def test_a_talk_of_an_earlier_server_counts_until_it_is_over(rules: RuleSet) -> None:
    sites = Sites(lambda _: frozenset(), lambda _: 0)
    sites.take(rules)

    with sites.talk_goes_on("a", "partner"):
        assert sites.room()["partner"] == 1
    assert sites.room()["partner"] == 2


AT_SITES = """
version: 1
numbers: {anything else: {to: queue national}}
queues:
  national: {answer: 80% within 20s, split: {a: 50%, b: 50%}, while_waiting: [{after: 5m, to: hangup}]}
  other: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
agents:
"""


async def test_where_agents_are_and_have_callers_is_what_a_look_at_each_of_them_says() -> None:
    drawn = Random(14)

    def rules() -> RuleSet:
        agents = ""
        for number in range(6):
            site, queue = drawn.choice("ab"), drawn.choice(["national", "other"])
            agents += f"  k{number}: {{phone: k{number}, site: {site}, queues: [{queue}]}}\n"
        return load_rules((AT_SITES + agents).encode(), "rules.yaml")[0]

    now = rules()
    desk = Desk(now)
    talks = ExitStack()
    for step in range(400):
        name = f"k{drawn.randrange(6)}"
        match drawn.randrange(8):
            case 0:
                desk.take_agents(now := rules())
            case 1 | 2 | 3:
                desk.phone_changed(name, is_reachable=drawn.random() < 0.7)
            case 4:
                talks.enter_context(desk.talk_goes_on(name, f"call-{step}", "national", 0.0))
            case 5:
                talks.close()
            case _:
                wish = drawn.choice([desk.wishes.sign_in, desk.wishes.sign_out])
                wish(name, Wish("anna"))

        seats = {view.name: view for view in desk.agents()}
        out = AgentState.SIGNED_OUT
        here = {
            now.agents[one].site
            for one, view in seats.items()
            if "national" in view.queues and view.state is not out
        }
        busy = Counter(
            now.agents[one].site
            for one, view in seats.items()
            if view.state in {AgentState.OFFERED, AgentState.TALKING}
        )
        assert desk.sites.here("national") == here
        assert {site: desk.sites.calls_at(site) for site in "ab"} == {
            site: busy[site] for site in "ab"
        }
    talks.close()
