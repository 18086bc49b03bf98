"""Callers who waited on the floor while no server was there: who came first is first, and has waited since then."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ivr.ari.fake import Caller
from ivr.records.events import Arrived, Queued
from ivr.rules.load import load_rules
from tests.flows.conftest import MONDAY_MORNING, Switchboard, prompts

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent, +47 55 30 20 00: menu main}
menus: {main: {say: welcome, keys: {1: queue vent}, wait: 20s, tries: 3, nothing_chosen: hangup}}
queues:
  vent:
    answer: 80% within 20s
    while_waiting: [{after: 30s, to: hangup}]
agents: {kari: {phone: kari, queues: [vent]}}
"""


def build(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts(), after=after)


def comes_from_floor(switchboard: Switchboard, number: str, waited_seconds: int) -> Caller:
    args = ("call", "+4755301000", "id@phone", f"floor={waited_seconds * 1000}")
    return switchboard.asterisk.ring(number, dialled="+4755301000", args=args)


async def test_who_came_first_is_served_first_whoever_the_floor_offers_first() -> None:
    async with build().running() as switchboard:
        await switchboard.signs_in("kari", answers_after=1)
        late = comes_from_floor(switchboard, "+4790000002", 3)
        await asyncio.sleep(0.9)
        early = comes_from_floor(switchboard, "+4790000001", 15)

        await early.is_talking_to("kari")
        assert late.talking_to() == set()
        early.hangs_up()
        await late.is_talking_to("kari")
        late.hangs_up()
        await asyncio.sleep(2)

        assert switchboard.asterisk.leftovers() == []


async def test_the_time_on_the_floor_is_waited_in_the_first_queue() -> None:
    async with build().running() as switchboard:
        await switchboard.signs_in("kari", busy=True)
        caller = comes_from_floor(switchboard, "+4790000001", 15)
        await caller.hears("music:calm")
        began = asyncio.get_running_loop().time()

        await caller.is_hung_up()
        assert asyncio.get_running_loop().time() - began == pytest.approx(15, abs=1)
        await asyncio.sleep(1)
        (record,) = switchboard.records
        assert record.arrived_at == MONDAY_MORNING - timedelta(seconds=15)
        assert record.wait_seconds == pytest.approx(30, abs=2)
        assert record.visits[0].wait_seconds == pytest.approx(30, abs=2)


async def test_a_server_that_takes_the_call_up_counts_the_floor_once() -> None:
    async with build().running() as switchboard:
        caller = comes_from_floor(switchboard, "+4790000001", 15)
        await caller.hears("music:calm")
        (call,) = switchboard.journal.open_calls()
        kinds = [entry.event for entry in switchboard.journal.events(call.call_id)]
        assert [one.waited_seconds for one in kinds if isinstance(one, Arrived)] == [15.0]
        assert any(isinstance(one, Queued) for one in kinds)
        open_call = switchboard.under_way.open_call(call.call_id)
        assert open_call is not None
        assert open_call.left_off is not None
        (wait,) = open_call.left_off.standing.waits
        assert wait.since == MONDAY_MORNING - timedelta(seconds=15)
        caller.hangs_up()
        await asyncio.sleep(1)
