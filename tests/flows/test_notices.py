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
