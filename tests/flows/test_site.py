"""Stories of sites whose calls a phone takes, at home or outside, and of sites that take only so many at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ivr.ari.fake import Caller
from ivr.desk.place import AWAY_SECONDS
from ivr.desk.sites import AGAIN_SECONDS
from ivr.records.events import (
    SITE_AGENT,
    Connected,
    GivenToSite,
    Offered,
    OfferFailed,
    PhoneTaken,
    Queued,
    TalkEnded,
)
from ivr.rules.load import load_rules
from tests.flows.conftest import CARRIER, OUTSIDE, PROMPTS, Switchboard, prompts
from tests.flows.test_left_behind import crashing

RULES = """
version: 1
languages: [nb]
numbers: {anything else: {to: queue national}}
phones:
  partner: {phone: +47 90 00 00 01, ring_time: 10s, confirm: true}
  shop: {phone: shop, ring_time: 10s}
sites:
  partner: {name: Partner, phone: partner, at_most: 1 call}
  oslo: {name: Oslo}
  shop: {name: Shop, phone: shop}
queues:
  national: {answer: 80% within 20s, split: {SPLIT}, nobody_logged_in: hangup}
agents:
  kari: {name: Kari, phone: kari, site: oslo, queues: [national]}
"""
PARTNER_ONLY, PARTNER_FIRST = "partner: 100%", "partner: 60%, oslo: 40%"
SHOP_FIRST = "shop: 60%, oslo: 40%"


def build(split: str, after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(RULES.replace("SPLIT", split).encode(), "rules.yaml")
    return Switchboard(rules, prompts(PROMPTS), trunks=(CARRIER,), after=after)


@asynccontextmanager
async def house(split: str, after: Switchboard | None = None) -> AsyncIterator[Switchboard]:
    async with build(split, after).running() as running:
        yield running


def nothing_left(board: Switchboard) -> None:
    assert board.supervisor.calls == 0
    assert board.asterisk.leftovers() == []
    assert set(board.trunks.calls_out.values()) <= {0}


def ring(board: Switchboard) -> Caller:
    return board.asterisk.ring("+4799999999", dialled="+4755301000")


def told(board: Switchboard, *kinds: type) -> list[Any]:
    calls = sorted([*board.journal.open_calls(), *board.records], key=lambda call: call.call_id)
    entries = (one for call in calls for one in board.journal.events(call.call_id))
    return [one.event for one in entries if isinstance(one.event, kinds)]


async def test_a_partner_outside_takes_its_call_once_the_key_is_pressed() -> None:
    async with house(PARTNER_ONLY) as board:
        partner = board.asterisk.phone(OUTSIDE[0], answers_after=2)
        caller = ring(board)
        await partner.hears("take_call")
        partner.keys("1")
        await caller.is_talking_to(OUTSIDE[0])
        partner.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        (record,) = board.records
        assert (record.disposition, record.agent, record.queue) == (
            "answered",
            "site partner",
            "national",
        )
        (taken,) = told(board, PhoneTaken)
        assert (taken.phone, taken.trunk) == ("partner", "telia")
        assert told(board, TalkEnded) == [TalkEnded(by="agent")]
        nothing_left(board)


@pytest.mark.parametrize(
    ("does", "result"),
    [
        ({"answers_after": 1}, "not_confirmed"),
        ({"busy": True}, "busy"),
        ({"answers_after": None}, "no_answer"),
        ({"gone": True}, "gone"),
    ],
)
async def test_who_is_not_taken_there_goes_to_the_next_site_and_keeps_the_place(
    does: dict[str, Any], result: str
) -> None:
    async with house(PARTNER_FIRST) as board:
        for address in OUTSIDE:
            board.asterisk.phone(address, **does)
        await board.signs_in("kari", answers_after=1)

        caller = ring(board)
        await caller.is_talking_to("kari")

        (failed,) = told(board, OfferFailed)
        assert (failed.agent, failed.result) == ("site partner", result)
        assert [(one.site, one.before) for one in told(board, GivenToSite)] == [
            ("partner", None),
            ("oslo", "partner"),
        ]
        assert len(told(board, Queued)) == 1
        caller.hangs_up()
        await asyncio.sleep(1)
        (record,) = board.records
        assert [visit.outcome for visit in record.visits] == ["answered"]
        nothing_left(board)


async def test_a_site_alone_is_tried_again_later() -> None:
    async with house(PARTNER_ONLY) as board:
        for address in OUTSIDE:
            board.asterisk.phone(address, busy=True)
        caller = ring(board)
        await asyncio.sleep(AGAIN_SECONDS / 2)
        partner = board.asterisk.phone(OUTSIDE[0], answers_after=1)
        await partner.hears("take_call")
        partner.keys("1")
        await caller.is_talking_to(OUTSIDE[0])

        assert [one.result for one in told(board, OfferFailed)] == ["busy"]
        caller.hangs_up()
        await asyncio.sleep(1)
        nothing_left(board)


async def test_a_full_site_gets_no_more_and_the_next_takes_the_call() -> None:
    async with house(PARTNER_FIRST) as board:
        partner = board.asterisk.phone(OUTSIDE[0], answers_after=1)
        await board.signs_in("kari", answers_after=1)
        first = ring(board)
        await partner.hears("take_call")
        partner.keys("1")
        await first.is_talking_to(OUTSIDE[0])

        others = []
        for _ in range(3):
            caller = ring(board)
            await caller.is_talking_to("kari")
            caller.hangs_up()
            await asyncio.sleep(1)
            others.append(caller)

        sites = Counter(one.site for one in told(board, GivenToSite))
        assert sites == {"partner": 1, "oslo": 3}
        assert told(board, OfferFailed) == []
        assert {one.site: one.owed > 0 for one in board.desk.sites.shares("national")}["partner"]
        first.hangs_up()


async def talks_with_the_partner(board: Switchboard) -> Caller:
    partner = board.asterisk.phone(OUTSIDE[0], answers_after=1)
    caller = ring(board)
    await partner.hears("take_call")
    partner.keys("1")
    await caller.is_talking_to(OUTSIDE[0])
    await asyncio.sleep(1)
    return caller


async def test_a_talk_that_outlives_the_server_counts_at_its_site() -> None:
    async with crashing(build(PARTNER_FIRST)) as board:
        first = await talks_with_the_partner(board)

    async with house(PARTNER_FIRST, after=board) as later:
        await asyncio.sleep(5)
        assert later.trunks.calls_out["telia"] == 1
        assert "partner" not in later.desk.sites.here("national")
        first.hangs_up()
        await asyncio.sleep(5)
        assert "partner" in later.desk.sites.here("national")
        nothing_left(later)


async def test_a_talk_at_a_site_that_began_as_its_server_was_killed_counts_too() -> None:
    async with crashing(build(PARTNER_FIRST)) as board:
        first = await talks_with_the_partner(board)
    (entries,) = board.journal._entries.values()
    entries[:] = [one for one in entries if not isinstance(one.event, PhoneTaken | Connected)]

    async with house(PARTNER_FIRST, after=board) as later:
        await asyncio.sleep(5)
        assert later.trunks.calls_out["telia"] == 1
        assert "partner" not in later.desk.sites.here("national")
        first.hangs_up()
        await asyncio.sleep(5)
        assert [one.trunk for one in told(later, PhoneTaken)] == ["telia"]
        assert [one.agent for one in told(later, Connected)] == [f"{SITE_AGENT}partner"]
        nothing_left(later)


async def test_a_phone_of_our_own_takes_a_sites_calls() -> None:
    async with house(SHOP_FIRST) as board:
        shop = await board.signs_in("shop", answers_after=1)
        caller = ring(board)
        await caller.is_talking_to("shop")
        shop.is_lost()
        await board.signs_in("kari", answers_after=1)
        await caller.is_talking_to("kari")
        await asyncio.sleep(1)

        assert [one.agent for one in told(board, Connected)] == ["site shop", "kari"]
        caller.hangs_up()


@pytest.mark.parametrize("after_seconds", [0.5, 1.5, 2.2, 3.0, 5.0, 8.0, 13.0])
async def test_a_caller_who_hangs_up_at_any_moment_leaves_nothing_there(
    after_seconds: float,
) -> None:
    async with house(PARTNER_ONLY) as board:
        board.asterisk.phone(OUTSIDE[0], answers_after=2)
        caller = ring(board)
        await asyncio.sleep(after_seconds)
        caller.hangs_up()
        await asyncio.sleep(30)

        nothing_left(board)
        assert "partner" in board.desk.sites.here("national")
        assert board.desk.waiting() == {}


async def test_agents_of_a_full_site_are_not_rung() -> None:
    rules = RULES.replace("SPLIT", PARTNER_FIRST).replace("split: {partner: 60%, oslo: 40%}, ", "")
    rules = rules.replace("oslo: {name: Oslo}", "oslo: {name: Oslo, at_most: 1 call}").replace(
        "  kari:", "  ola: {name: Ola, phone: ola, site: oslo, queues: [national]}\n  kari:"
    )
    board = Switchboard(load_rules(rules.encode(), "rules.yaml")[0], prompts(PROMPTS))
    async with board.running():
        for name in ("kari", "ola"):
            await board.signs_in(name, answers_after=1)
        first, second = ring(board), ring(board)
        await asyncio.sleep(10)
        assert len(told(board, Offered)) == 1

        first.hangs_up()
        await asyncio.sleep(3)
        assert len(told(board, Offered)) == 2
        second.hangs_up()


async def test_who_waits_for_a_site_that_has_become_full_goes_to_the_next() -> None:
    """Its agents take a call of another queue: as many as the site may have at once."""
    rules = RULES.replace("SPLIT", "oslo: 60%, bergen: 40%").replace(
        "  oslo: {name: Oslo}", "  oslo: {name: Oslo, at_most: 1 call}\n  bergen: {name: Bergen}"
    )
    rules = rules.replace("numbers: {", "numbers: {+47 21 00 00 01: {to: queue own}, ").replace(
        "agents:\n",
        "  own: {answer: 80% within 20s}\nagents:\n"
        "  ola: {name: Ola, phone: ola, site: oslo, queues: [own]}\n"
        "  tor: {name: Tor, phone: tor, site: bergen, queues: [national]}\n",
    )
    board = Switchboard(load_rules(rules.encode(), "rules.yaml")[0], prompts(PROMPTS))
    async with board.running():
        board.desk.phone_changed("kari", is_reachable=True, is_in_own_call=True)
        tor = await board.signs_in("tor", answers_after=1)
        waits = ring(board)
        await asyncio.sleep(10)
        assert tor.times_rung == 0, "it is Oslo's call, and Oslo has room"

        await board.signs_in("ola", answers_after=1)
        other = board.asterisk.ring("+4799999998", dialled="+4721000001")
        await other.is_talking_to("ola")
        await asyncio.sleep(AWAY_SECONDS + 3)

        assert "tor" in waits.talking_to()
        assert [(one.site, one.before) for one in told(board, GivenToSite)] == [
            ("oslo", None),
            ("bergen", "oslo"),
        ]
        for caller in (waits, other):
            caller.hangs_up()
