"""A server that is killed while phones ring at once, and one of them is taken: real phones on a real Asterisk."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from ivr.records.events import Connected, Offered, OfferFailed
from ivr.store.open import open_store
from tests.acceptance import probe
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.probe import offer
from tests.acceptance.serving import Server, addresses, started, tone_prompts, write_tone
from tests.acceptance.test_server_killed import killed
from tests.faults.oracles import nothing_is_left

pytestmark = pytest.mark.real

NAMES = ("kari", "ola", "per")
CALLER, NEXT = "+4790000001", "+4790000002"
MUSIC_HZ = 1000
RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent}
queues:
  vent:
    {answer: 80% within 20s, ring: all at once, ring_time: 60s, wrap_up: 0s, while_waiting: [{after: 5m, to: hangup}]}
agents:
"""


def rings(phone: Carrier) -> None:
    phone.says = lambda invite: phone.answer(invite, "180 Ringing")


def takes(phone: Carrier) -> None:
    """The call that rings there."""
    assert phone.media is not None
    phone.answer(phone.invites[-1], "200 OK", body=offer(phone.media.port, phone.host))


async def until(server: Server, noun: str, is_so: Callable[[list[Any]], bool]) -> None:
    """Wait for what Asterisk has: there is nothing to wait on but time."""
    ends_at = monotonic() + 10
    while not is_so(found := await server.ari(noun)):
        assert monotonic() < ends_at, found
        await asyncio.sleep(0.01)


async def offered(server: Server) -> list[str]:
    """Whose phones ring for the caller, in their order, once all of it is on disk."""

    def read() -> list[str]:
        with open_store(server.home).reading() as stored:
            return [
                entry.event.agent
                for call in stored.calls.open_calls()
                for entry in stored.calls.events(call.call_id)
                if isinstance(entry.event, Offered)
            ]

    async with asyncio.timeout(10):
        while len(found := await asyncio.to_thread(read)) < len(NAMES):  # noqa: ASYNC110 - another's
            await asyncio.sleep(0.05)
    return found


async def taken_and_not_written_down(first: Server, taker: Carrier) -> None:
    """The two hear each other already, and another program keeps the server from writing that down."""
    with closing(sqlite3.connect(first.home / "journal.sqlite", isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        takes(taker)
        await until(first, "bridges", lambda now: any(len(one["channels"]) == 2 for one in now))
        await killed(first)
        another.execute("ROLLBACK")


async def taken_and_not_heard_of(first: Server, taker: Carrier) -> None:
    """Asterisk has told of it, and the server has not read that any more."""
    os.kill(first.pid, signal.SIGSTOP)
    takes(taker)
    await until(first, "channels", lambda now: sum(one["state"] == "Up" for one in now) == 2)
    await killed(first)


async def taken_while_nobody_was_there(first: Server, taker: Carrier) -> None:
    await killed(first)
    takes(taker)
    await taker.until(1, of=taker.byes)


@dataclass(frozen=True, slots=True)
class House:
    """Phones that ring at once, and a caller for whom they do."""

    folder: Path
    phones: dict[str, Carrier]
    rules: str
    prompts: Path
    at: Any

    def rung(self) -> dict[str, int]:
        return {name: len(phone.invites) for name, phone in self.phones.items()}

    def server(self) -> Any:
        return started(self.folder, self.rules, self.prompts, self.at)

    async def killed_as(self, first: Server, happens: Any) -> str:
        """Who takes the phone: not who was rung last."""
        for phone in self.phones.values():
            await phone.until(1, of=phone.invites)
        name = (await offered(first))[0]
        await happens(first, self.phones[name])
        return name


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    prompts = tone_prompts(tmp_path / "prompts")
    write_tone(prompts / "music/calm/song.wav", MUSIC_HZ, seconds=10.0)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        phones = {
            name: await scopes.enter_async_context(carrier(sip, f"127.0.0.{81 + number}"))
            for number, name in enumerate(NAMES)
        }
        for phone in phones.values():
            rings(phone)
        agents = [
            f"  {name}: {{phone: 'sip:{name}@{one.host}:{one.inbox.port}', queues: [vent]}}\n"
            for name, one in phones.items()
        ]
        yield House(tmp_path, phones, RULES + "".join(agents), prompts, at)


async def states(server: Server, **wanted: str) -> None:
    await server.becomes(
        lambda now: {name: one["state"] for name, one in now["agents"].items()} == wanted
    )


@pytest.mark.fault("F-04", "F-05")
async def test_a_talk_that_was_not_written_down_any_more_is_counted_for_who_has_it(
    house: House,
) -> None:
    async with AsyncExitStack() as calls, house.server() as first:
        caller = await calls.enter_async_context(probe.call(first.sip, "100", CALLER))
        taker = await house.killed_as(first, taken_and_not_written_down)
        others = [name for name in NAMES if name != taker]

        async with house.server() as second:
            await states(second, **{taker: "talking"}, **dict.fromkeys(others, "available"))
            for name in others:  # they ring no more
                await house.phones[name].until(1, of=house.phones[name].cancels)
            async with probe.call(second.sip, "100", NEXT):
                await states(second, **{taker: "talking"}, **dict.fromkeys(others, "offered"))
                for name in others:
                    await house.phones[name].until(2, of=house.phones[name].invites)
                assert house.rung() == {taker: 1, others[0]: 2, others[1]: 2}
                takes(house.phones[others[1]])
                await states(
                    second, **{taker: "talking", others[1]: "talking", others[0]: "available"}
                )
            assert not caller.has_ended
            house.phones[taker].hangs_up()
            record = await second.record(caller.call_id)
            events = await second.events(record.call_id)
            await nothing_is_left(second)

    assert (record.disposition, record.agent, record.ended_by) == ("answered", taker, "agent")
    (connected,) = [one for one in events if isinstance(one, Connected)]
    assert connected.agent == taker
    failed = {one.agent: one.result for one in events if isinstance(one, OfferFailed)}
    assert failed == dict.fromkeys(others, "other_answered")


@pytest.mark.fault("F-04")
@pytest.mark.parametrize("happens", [taken_and_not_heard_of, taken_while_nobody_was_there])
async def test_a_phone_that_was_taken_for_nobody_is_let_go_and_all_ring_anew(
    house: House, happens: Any
) -> None:
    async with AsyncExitStack() as calls, house.server() as first:
        caller = await calls.enter_async_context(probe.call(first.sip, "100", CALLER))
        taker = await house.killed_as(first, happens)

        async with house.server() as second:
            for phone in house.phones.values():
                await phone.until(2, of=phone.invites)
            await states(second, **dict.fromkeys(NAMES, "offered"))
            await until(
                second, "channels", lambda now: sum(one["state"] == "Ringing" for one in now) == 3
            )
            assert len(house.phones[taker].byes) == 1
            others = [name for name in NAMES if name != taker]
            takes(house.phones[others[0]])
            await states(
                second, **{others[0]: "talking", others[1]: "available", taker: "available"}
            )
            await calls.aclose()
            record = await second.record(caller.call_id)
            await nothing_is_left(second)

    assert (record.disposition, record.agent, record.ended_by) == ("answered", others[0], "caller")
    assert house.rung() == dict.fromkeys(NAMES, 2)
