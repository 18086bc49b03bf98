"""The link flaps while the floor offers callers: each of them is one call, whoever has begun to take it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from ivr.ari.events import Linked
from ivr.ari.fake import Caller
from ivr.ari.generated import models as m
from ivr.ari.reading import FLOOR
from tests.flows.conftest import Switchboard
from tests.flows.test_killed_at_every_event import build
from tests.flows.test_left_behind import crashing

MOMENTS = [number / 10 for number in range(0, 42, 3)]
"""Seconds from an offer; what is done with one takes less than four."""


class Floor:
    """What the dialplan does with a caller there: an offer each second, while there is a link."""

    def __init__(self, board: Switchboard, *callers: Caller) -> None:
        self._board = board
        self._callers = callers
        self.is_linked = True

    async def offers(self) -> None:
        while True:
            for number, caller in enumerate(self._callers):
                self._look_at(caller, number)
            await asyncio.sleep(1)

    def _look_at(self, caller: Caller, number: int) -> None:
        channel = caller.channel
        if channel is None or channel.is_gone:
            return
        if channel.context == FLOOR and not channel.is_ours and self.is_linked:
            caller.is_offered(waited_seconds=9 - number)

    async def flaps(self, after: float, away: float) -> None:
        await asyncio.sleep(after)
        self._board.asterisk.lose_link()
        self.is_linked = False
        await asyncio.sleep(away)
        self._board.clock.at += timedelta(seconds=away)
        self._board.asterisk.restore_link()
        self.is_linked = True


@asynccontextmanager
async def on_floor(board: Switchboard, *callers: Caller) -> AsyncIterator[Floor]:
    floor = Floor(board, *callers)
    offering = asyncio.ensure_future(floor.offers())
    try:
        yield floor
    finally:
        offering.cancel()
        await asyncio.wait([offering])


def comes_from_floor(board: Switchboard, number: str) -> Caller:
    caller: Caller = board.asterisk.ring(
        number, dialled="+4755301000", args=("call", "+4755301000", "id@phone", "floor=5000")
    )
    assert caller.channel is not None
    caller.channel.context = FLOOR
    return caller


async def each_is_one_call(board: Switchboard, *callers: Caller) -> None:
    """They hear us in the end, and what is kept of each is one call that ended as it should."""
    await asyncio.sleep(15)
    for caller in callers:
        assert caller.heard
        if caller.channel is not None and not caller.channel.is_gone:
            caller.hangs_up()
    await asyncio.sleep(60)

    assert sorted(one.channel for one in board.records) == sorted(one.channel_id for one in callers)
    assert {one.ended_by for one in board.records} <= {"caller", "rules"}
    assert board.asterisk.leftovers() == []
    assert board.journal.open_calls() == ()
    assert board.node.followed() == frozenset()


@pytest.mark.parametrize("away", [0.5, 9.0, 20.0])
@pytest.mark.parametrize("after", MOMENTS)
async def test_callers_of_an_earlier_server_are_one_call_each(after: float, away: float) -> None:
    async with crashing(build()) as first:
        callers = [
            first.asterisk.ring(number, dialled="+4755301000")
            for number in ("+4790000001", "+4790000002")
        ]
        for caller in callers:
            await caller.hears("choices")
    for caller in callers:
        caller.is_freed()
        caller.heard.clear()
    async with build(first).running() as second, on_floor(second, *callers) as floor:
        await floor.flaps(after, away)
        await each_is_one_call(second, *callers)


@pytest.mark.parametrize("away", [0.5, 9.0, 20.0])
@pytest.mark.parametrize("after", MOMENTS)
async def test_callers_who_were_freed_under_a_lost_link_are_one_call_each(
    after: float, away: float
) -> None:
    async with build().running() as board:
        await board.signs_in("kari", answers_after=None)
        waits, leaves, chooses = [
            board.asterisk.ring(f"+479000000{number}", dialled="+4755301000") for number in "123"
        ]
        for caller, key in ((waits, "1"), (leaves, "3"), (chooses, "")):
            await caller.hears("choices")
            if key:
                caller.keys(key)
        leaves.speaks_seconds = 300.0
        await leaves.hears("voicemail")
        await asyncio.sleep(5)
        board.asterisk.lose_link()
        await asyncio.sleep(14)
        for caller in (waits, leaves, chooses):
            caller.is_freed()
            caller.heard.clear()
        board.clock.at += timedelta(seconds=14)
        board.asterisk.restore_link()
        async with on_floor(board, waits, leaves, chooses) as floor:
            await floor.flaps(after, away)
            await each_is_one_call(board, waits, leaves, chooses)


@pytest.mark.parametrize("away", [0.5, 9.0, 20.0])
@pytest.mark.parametrize("after", MOMENTS)
async def test_callers_who_came_without_a_server_are_one_call_each(
    after: float, away: float
) -> None:
    async with build().running() as board:
        callers = [comes_from_floor(board, number) for number in ("+4790000001", "+4790000002")]
        async with on_floor(board, *callers) as floor:
            await floor.flaps(after, away)
            await each_is_one_call(board, *callers)


@pytest.mark.parametrize("looks_for", [0.0, 0.3, 0.6, 0.9, 2.0])
async def test_who_is_in_hand_as_the_link_is_lost_and_is_offered_again_is_no_second_call(
    monkeypatch: pytest.MonkeyPatch, looks_for: float
) -> None:
    """A server that has not looked yet goes on with nobody; when there is a link again, the floor has the caller."""
    async with crashing(build()) as first:
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("choices")
    caller.is_freed()
    caller.heard.clear()
    second = build(first)
    looks = 0
    look = second.node.look

    async def slow_look() -> Linked:
        nonlocal looks
        looks += 1
        await asyncio.sleep(2 if looks == 1 else looks_for)  # a busy Asterisk
        return await look()

    monkeypatch.setattr(second.node, "look", slow_look)
    async with second.running(), on_floor(second, caller) as floor:
        await floor.flaps(1.5, 20.0)
        await each_is_one_call(second, caller)
    assert looks > 1


async def test_who_is_offered_before_the_story_has_let_go_is_no_second_call() -> None:
    """The end of a recording is waited for, and its word may be lost; meanwhile the floor offers the caller twice."""
    async with build().running() as board:
        caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("choices")
        caller.keys("3")
        caller.speaks_seconds = 300.0
        await caller.hears("voicemail")
        await asyncio.sleep(5)
        board.asterisk.faults.untold.update({m.RecordingFinished, m.StasisEnd})
        caller.is_freed()
        caller.heard.clear()
        board.asterisk.faults.untold.clear()
        async with on_floor(board, caller):
            await asyncio.sleep(0.5)
            caller.is_freed()  # a link that is lost and made again at once: the offer is over
            await each_is_one_call(board, caller)
