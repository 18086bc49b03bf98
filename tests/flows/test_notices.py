"""Stories of callers who come from one site to another: a notice is heard once in a call."""

from __future__ import annotations

import asyncio

import pytest

from ivr.rules.load import load_rules
from tests.flows.conftest import PROMPTS, Switchboard, prompts
from tests.flows.test_left_behind import crashing

RULES = """
version: 1
languages: [nb]
numbers: {anything else: menu main}
site_of_call: [question postcode]
questions: {postcode: {say: ask, digits: 4, tries: 1, wait: 30s, finds: site, to: menu main}}
notices:
  - {from: 2020-01-01, to: 2099-12-31, say: news.oslo, sites: oslo}
  - {from: 2020-01-01, to: 2099-12-31, say: news.bergen, sites: bergen}
menus: {main: {say: choices, wait: 30s, keys: {1: question postcode}, nothing_chosen: hangup}}
sites: {bergen: {postcodes: 5000-5999}, oslo: {postcodes: 0000-1299}}
"""
SPOKEN = (*PROMPTS, "ask", "choices", "news.oslo", "news.bergen")


@pytest.mark.parametrize("keyed_before_the_restart", [0, 1, 2, 3])
async def test_a_notice_heard_before_the_server_was_restarted_is_not_heard_again(
    keyed_before_the_restart: int,
) -> None:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    postcodes = ("0150", "5003", "0150")
    async with crashing(Switchboard(rules, prompts(SPOKEN))) as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
        await asyncio.sleep(3)
        for postcode in postcodes[:keyed_before_the_restart]:
            caller.keys(f"1{postcode}")
            await asyncio.sleep(10)
        caller.keys("1")  # to the question: what was said on the way to the menu is behind
        await asyncio.sleep(2)

    async with Switchboard(rules, prompts(SPOKEN), after=board).running():
        await asyncio.sleep(5)
        for postcode in postcodes[keyed_before_the_restart:]:
            caller.keys(f"{postcode}1")
            await asyncio.sleep(10)
        caller.hangs_up()
        await asyncio.sleep(1)

    assert [one for one in caller.heard if one.startswith("news.")] == ["news.oslo", "news.bergen"]


WITH_TRIES = """
version: 1
languages: [nb]
numbers:
  +47 21 00 00 01: menu main
  +47 21 00 00 02: question customer
  +47 21 00 00 03: voicemail box
  +47 21 00 00 04: phone desk
notices: [{from: 2020-01-01, to: 2099-12-31, say: news.oslo}]
menus: {main: {say: choices, wait: 10s, tries: 3, keys: {1: voicemail box}, nothing_chosen: hangup}}
questions: {customer: {say: ask, digits: 4, tries: 3, wait: 10s, to: hangup}}
voicemails: {box: {say: voicemail}}
phones: {desk: {phone: desk, ring_time: 60s, no_answer: hangup}}
"""


@pytest.mark.parametrize(
    ("dialled", "seconds"),
    [("+4721000001", 25), ("+4721000002", 25), ("+4721000003", 20), ("+4721000004", 10)],
    ids=["menu", "question", "voicemail", "phone"],
)
async def test_a_notice_is_not_said_again_once_something_began_after_it(
    dialled: str, seconds: int
) -> None:
    rules, _ = load_rules(WITH_TRIES.encode(), "rules.yaml")
    spoken = prompts((*SPOKEN, "beep"))
    async with crashing(Switchboard(rules, spoken)) as board:
        board.asterisk.phone("PJSIP/desk", answers_after=600)
        caller = board.asterisk.ring("+4790000001", dialled=dialled)
        caller.speaks_seconds = 60.0
        await asyncio.sleep(seconds)
        assert "news.oslo" in caller.heard

    async with Switchboard(rules, spoken, after=board).running():
        await asyncio.sleep(10)
        caller.hangs_up()
        await asyncio.sleep(1)

    assert caller.heard.count("news.oslo") == 1


async def test_a_notice_that_a_killed_server_may_not_have_said_to_the_end_is_said_again() -> None:
    rules, _ = load_rules(WITH_TRIES.encode(), "rules.yaml")
    async with crashing(Switchboard(rules, prompts(SPOKEN))) as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4721000001")
        await caller.hears("news.oslo")

    async with Switchboard(rules, prompts(SPOKEN), after=board).running():
        await caller.hears("choices")
        caller.hangs_up()
        await asyncio.sleep(1)

    assert caller.heard.count("news.oslo") == 2
