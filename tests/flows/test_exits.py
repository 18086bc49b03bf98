"""Stories of callers who leave a queue by a key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from ivr.ari.fake import Caller
from ivr.queues.agents import AgentState
from ivr.records.events import Connected, LeftQueue, Queued, Routed
from ivr.rules.load import load_rules
from tests.flows.conftest import NUMBERS, PROMPTS, Switchboard, ended_cleanly, prompts
from tests.flows.test_hangup_at_every_await import around_request, at_await, nowhere, tell

RULES = """
version: 1
languages: [nb]
numbers:
  +47 21 00 00 01: {to: queue kundeservice}
  +47 21 00 00 02: {to: menu main}
menus:
  main:
    say: welcome
    keys: {1: queue kundeservice, 2: voicemail kundeservice}
    nothing_chosen: hangup
queues:
  kundeservice:
    answer: 80% within 20s
    say_place: every 45s
    keys: {1: voicemail kundeservice, star: menu main, hash: queue bergen}
    while_waiting: [{after: 10m, to: hangup}]
  bergen: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}]}
agents:
  kari: {phone: kari, queues: [kundeservice]}
"""
DIALLED = "+4721000001"


def running() -> AbstractAsyncContextManager[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts((*PROMPTS, *NUMBERS))).running()


@pytest.fixture
async def board() -> AsyncIterator[Switchboard]:
    async with ended_cleanly(running()) as board:
        yield board


async def hangs_up(caller: Caller) -> None:
    caller.hangs_up()
    await asyncio.sleep(1)


async def waits(board: Switchboard, dialled: str = DIALLED) -> Caller:
    caller = board.asterisk.ring("+4790000001", dialled=dialled)
    await caller.hears("place.in_line")
    await asyncio.sleep(5)
    return caller


async def test_a_caller_leaves_by_a_key_at_any_moment(board: Switchboard) -> None:
    caller = await waits(board)
    caller.keys("1")
    await caller.hears("voicemail")
    caller.hangs_up()
    await asyncio.sleep(1)

    assert [one.result for one in board.events(LeftQueue)] == ["exit_key"]
    assert [visit.outcome for visit in board.records[0].visits] == ["exit_key"]


async def test_keys_that_mean_nothing_are_ignored(board: Switchboard) -> None:
    caller = await waits(board)
    caller.keys("27")
    await asyncio.sleep(30)
    assert "voicemail" not in caller.heard
    caller.keys("51")

    await caller.hears("voicemail")
    caller.hangs_up()


async def test_a_key_counts_while_the_place_is_told(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled=DIALLED)
    await caller.hears("place.you_are_number")
    caller.keys("1")

    await caller.hears("voicemail")
    caller.hangs_up()
    assert "place.in_line" not in caller.heard


async def test_the_phone_that_rings_stops_when_the_caller_leaves(board: Switchboard) -> None:
    kari = await board.signs_in("kari")
    caller = board.asterisk.ring("+4790000001", dialled=DIALLED)
    await asyncio.sleep(3)
    assert kari.times_rung == 1
    caller.keys("1")

    await caller.hears("voicemail")
    assert [one.state for one in board.desk.agents()] == [AgentState.AVAILABLE]
    caller.hangs_up()


async def test_who_talks_with_an_agent_is_not_taken_away_by_a_key(board: Switchboard) -> None:
    await board.signs_in("kari", answers_after=1)
    caller = board.asterisk.ring("+4790000001", dialled=DIALLED)
    await caller.is_talking_to("kari")
    caller.keys("1*#")
    await asyncio.sleep(20)

    assert caller.talking_to()
    await hangs_up(caller)
    assert len(board.events(Connected)) == 1
    assert board.events(LeftQueue) == []


async def test_the_hash_that_ends_a_choice_leads_nowhere(board: Switchboard) -> None:
    caller = board.asterisk.ring("+4790000001", dialled="+4721000002")
    await caller.hears("welcome")
    caller.keys("1#")
    await asyncio.sleep(30)
    assert board.desk.waiting() == {"kundeservice": 1}
    caller.keys("#")
    await asyncio.sleep(1)

    assert board.desk.waiting() == {"bergen": 1}
    await hangs_up(caller)
    assert [one.queue for one in board.events(Queued)] == ["kundeservice", "bergen"]


async def test_who_comes_back_from_a_menu_has_kept_the_wait(board: Switchboard) -> None:
    early = await waits(board)
    early.keys("*")
    await early.hears("welcome")
    late = board.asterisk.ring("+4790000002", dialled=DIALLED)
    await late.hears("place.in_line")
    early.keys("1")
    await asyncio.sleep(2)
    await board.signs_in("kari", answers_after=1)

    await early.is_talking_to("kari")
    early.hangs_up()
    late.hangs_up()


async def test_the_journal_says_which_key_it_was(board: Switchboard) -> None:
    caller = await waits(board)
    caller.keys("1")
    await caller.hears("voicemail")
    await hangs_up(caller)

    (left,) = (one for one in board.events(Routed) if one.to == "voicemail kundeservice")
    why = left.steps[0].because
    assert (why.kind, why.facts()["key"]) == ("left_by_key", "1")


async def leaves_while_a_phone_rings(switchboard: Any, caller: Any) -> None:
    await switchboard.signs_in("kari")
    await asyncio.sleep(3)
    caller.keys("1")
    await caller.hears("voicemail")


async def test_a_hang_up_at_every_await_leaves_nothing_behind() -> None:
    told = await tell(running, leaves_while_a_phone_rings, nowhere, dialled=DIALLED)
    assert told.awaits > 10
    for number in range(1, told.awaits + 1):
        await tell(running, leaves_while_a_phone_rings, at_await(number), dialled=DIALLED)


@pytest.mark.parametrize("when", ["before_request", "after_request"])
async def test_a_hang_up_around_every_request_leaves_nothing_behind(when: str) -> None:
    told = await tell(running, leaves_while_a_phone_rings, nowhere, dialled=DIALLED)
    assert told.requests > 5
    for number in range(1, told.requests + 1):
        prepare = around_request(number, when)
        await tell(running, leaves_while_a_phone_rings, prepare, dialled=DIALLED)


@pytest.mark.parametrize("tenths", range(5, 16))
async def test_a_key_around_the_moment_of_the_answer_loses_nobody(tenths: int) -> None:
    async with running() as board:
        await board.signs_in("kari", answers_after=1)
        caller = board.asterisk.ring("+4790000001", dialled=DIALLED)
        await asyncio.sleep(tenths / 10)
        caller.keys("1")
        await asyncio.sleep(5)
        assert caller.talking_to() or "voicemail" in caller.heard
        caller.hangs_up()
        await asyncio.sleep(60)

        has_left = [one.result for one in board.events(LeftQueue)] == ["exit_key"]
        assert has_left != bool(board.events(Connected))
        assert board.supervisor.calls == 0
        assert board.asterisk.leftovers() == []
        assert [one.state for one in board.desk.agents()] == [AgentState.AVAILABLE]
