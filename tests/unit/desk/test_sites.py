from __future__ import annotations

import asyncio

import pytest

from ivr.desk.sites import AGAIN_SECONDS, Sites
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
    sites = Sites(lambda _: (), lambda _: 0)
    sites.take(rules)

    assert sites.here("national") == {"partner"}
    assert all(sites.claim(call, "partner") is not None for call in ("a", "b"))
    assert sites.claim("c", "partner") is None
    assert sites.here("national") == frozenset()
    assert sites.room() == {"partner": 0, "oslo": 1}

    assert not sites.opened(sites.room())
    sites.give_back("a")
    assert sites.opened(sites.room())
    assert sites.claim("c", "partner") is not None


async def test_callers_at_the_agents_of_a_site_count(rules: RuleSet) -> None:
    sites = Sites(lambda _: (), {"partner": 1, "oslo": 1}.__getitem__)
    sites.take(rules)

    assert sites.room() == {"partner": 1, "oslo": 0}
    assert sites.claim("a", "partner") is not None
    assert sites.claim("b", "partner") is None


async def test_a_site_that_did_not_take_a_call_is_left_alone_by_that_call_for_a_while(
    rules: RuleSet,
) -> None:
    sites = Sites(lambda _: (), lambda _: 0)
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
    sites = Sites(lambda _: (), lambda _: 0)
    sites.take(rules)

    with sites.talk_goes_on("a", "partner"):
        assert sites.room()["partner"] == 1
    assert sites.room()["partner"] == 2
