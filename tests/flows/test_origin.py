"""A story begins where another server left it off, and goes on as if nothing had happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec
import pytest

from ivr.ari.exchange import NodeExchange
from ivr.ari.fake import Caller
from ivr.call import HangUpScope, Ports, call_on
from ivr.errors import CallerHungUp
from ivr.flows.inbound import inbound
from ivr.flows.origin import Adopted
from ivr.records.events import LeftQueue, Queued, Routed
from ivr.records.journal import Entry
from ivr.records.taking_up import LeftOff, left_off
from ivr.rules.load import load_rules
from ivr.server.phones import watch_phones
from tests.flows.conftest import MONDAY_MORNING, RULES, Switchboard, prompts

SUNDAY_MORNING = MONDAY_MORNING - timedelta(days=1)
CALL = "a-call"

Went = list[tuple[str, int]]


def new_board() -> Switchboard:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts())


def as_stored(entries: tuple[Entry, ...]) -> list[Entry]:
    """As another process reads them."""
    return msgspec.json.decode(msgspec.json.encode(entries), type=list[Entry])


@asynccontextmanager
async def adopting(board: Switchboard, left: LeftOff, at: datetime) -> AsyncIterator[Caller]:
    """A server that takes up one call: the channel is there and answered, and the story begins at its place."""
    exchange = NodeExchange(board.node)
    ports = Ports(exchange, prompts(), board.journal, board.counts, board.messages)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(board.node.run()),
            group.create_task(watch_phones(board.node, board.desk)),
        ]
        await board.node.ready()
        async with exchange.arrivals() as arrivals:
            caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
            arrival = await anext(arrivals)
        legs = exchange.legs(CALL, arrival.node)
        leg = legs.channel(arrival.channel_id)
        await leg.answer()
        async with call_on(leg, legs, ports, CALL, caller=None, languages=("nb", "en")) as call:
            call.keep_on()

            async def story() -> None:
                try:
                    async with HangUpScope(call.leg):
                        await inbound(call, board.rules, Adopted(left, at), board.desk)
                except CallerHungUp:
                    pass
                finally:
                    await call.leave()

            going_on = group.create_task(story())
            yield caller
            await going_on
        for task in tasks:
            task.cancel()
    assert board.asterisk.leftovers() == []


def routed(board: Switchboard, call_id: str, began: float) -> Went:
    """Where the call went, and how many seconds after its beginning."""
    return [
        (entry.event.to, round(entry.monotonic_ns / 1e9 - began))
        for entry in board.journal.events(call_id)
        if isinstance(entry.event, Routed)
    ]


async def keys_whenever_asked(caller: Caller, key: str) -> None:
    await caller.hears("choices")
    await asyncio.sleep(1)
    caller.keys(key)


async def until_the_end(key: str, at: datetime) -> tuple[Went, Went]:
    """Where a call goes that nothing interrupts, and its waits."""
    board = new_board()
    board.clock.at = at
    async with board.running():
        await board.signs_in("kari", busy=True)
        began = asyncio.get_running_loop().time()
        caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
        await keys_whenever_asked(caller, key)
        await asyncio.sleep(900)
        caller.hangs_up()
        await asyncio.sleep(60)
        (record,) = board.records
        return routed(board, record.call_id, began), waits(board, record.call_id)


def waits(board: Switchboard, call_id: str) -> Went:
    """Queues that were entered (1) and left (0), in order."""
    return [
        (entry.event.queue, int(isinstance(entry.event, Queued)))
        for entry in board.journal.events(call_id)
        if isinstance(entry.event, Queued | LeftQueue)
    ]


async def left_after(seconds: float, key: str, at: datetime) -> tuple[LeftOff, Went, Went]:
    """A call whose server is gone after so long: where it was left, where it had been, and its waits."""
    board = new_board()
    board.clock.at = at
    async with board.running():
        await board.signs_in("kari", busy=True)
        loop = asyncio.get_running_loop()
        began = loop.time()
        caller = board.asterisk.ring("+4790000001", dialled="+4755301000")
        keying = asyncio.ensure_future(keys_whenever_asked(caller, key))
        await asyncio.sleep(seconds)
        keying.cancel()
        (call,) = board.journal.open_calls()
        left = left_off(as_stored(board.journal.events(call.call_id)))
        been = routed(board, call.call_id, began), waits(board, call.call_id)
        caller.hangs_up()
        await asyncio.sleep(30)
    assert left is not None
    return left, *been


@pytest.mark.parametrize("at", [MONDAY_MORNING, SUNDAY_MORNING], ids=["open", "closed"])
@pytest.mark.parametrize("key", ["1", "2", "3", "9"])
@pytest.mark.parametrize("share", [0.01, 0.04, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.fault("F-02", "F-06")
async def test_whenever_a_call_was_left_it_goes_on_to_the_same_end(
    share: float, key: str, at: datetime
) -> None:
    whole, all_waits = await until_the_end(key, at)
    seconds = share * whole[-1][1]
    left, been, waited = await left_after(seconds, key, at)

    board = new_board()
    began = asyncio.get_running_loop().time() - seconds
    board.asterisk.phone("PJSIP/kari", busy=True)
    async with adopting(board, left, at + timedelta(seconds=seconds)) as caller:
        if len(been) == 1:  # nothing was keyed yet
            await keys_whenever_asked(caller, key)
        await asyncio.sleep(900)
        caller.hangs_up()

    went = been + routed(board, CALL, began)
    assert [to for to, _ in went] == [to for to, _ in whole]
    assert waited + waits(board, CALL) == all_waits
    if left.is_waiting:  # no step of a wait comes later for it; a menu, or a message, begins anew
        seconds_of = [second for _, second in whole]
        assert [second for _, second in went] == pytest.approx(seconds_of, abs=1)
