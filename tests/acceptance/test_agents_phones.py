"""Agents' phones of every kind, played by SIPp, at a real server: who signs in, is busy, declines or never answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.sipp import (
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Credentials,
    Pause,
    PutDown,
    Sipp,
)
from tests.acceptance.serving import Server, serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 22 00 00 00: {to: queue everybody}
  +47 23 00 00 00: {to: queue empty}
  anything else: {to: queue sales}
queues:
  sales:
    answer: 80% within 20s
    ring: longest idle
    ring_time: 2s
    while_waiting: [{after: 10m, to: hangup}]
    nobody_logged_in: hangup
    wrap_up: 0s
  everybody:
    answer: 80% within 20s
    ring: all at once
    while_waiting: [{after: 10m, to: hangup}]
  empty:
    answer: 80% within 20s
    while_waiting: [{after: 1s, also_ring: queue sales}, {after: 10m, to: hangup}]
agents:
  ola: {name: Ola, phone: ola, queues: [sales, everybody]}
  kari: {name: Kari, phone: kari, queues: [sales, everybody]}
"""

STATE_SECONDS = 30.0
"""How soon after a phone's REGISTER the server must know."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, RULES, tone_prompts(tmp_path / "prompts")) as server:
        yield server


@pytest.fixture
def sipp(sipp_argv: tuple[str, ...], tmp_path: Path) -> Sipp:
    return Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)


def account(server: Server, name: str) -> Credentials:
    return Credentials(name, keep_passwords(server.home, [name]).phones[name], server.sip)


async def state(server: Server, name: str, is_so: Callable[[str], bool]) -> str:
    """The agent's state as soon as `is_so`, or when there has been time enough for it."""
    ends_at = monotonic() + STATE_SECONDS
    while True:
        now = str((await server.health())["agents"][name]["state"])
        if is_so(now) or monotonic() > ends_at:
            return now
        await asyncio.sleep(0.05)


async def test_agent_is_there_as_long_as_the_phone_is_signed_in(server: Server, sipp: Sipp) -> None:
    absent = await state(server, "ola", lambda _: True)

    async with sipp.agent(account=account(server, "ola")):
        present = await state(server, "ola", lambda now: now != absent)
    gone = await state(server, "ola", lambda now: now == absent)

    assert present == "available"
    assert gone == absent


@pytest.mark.parametrize("behaviour", [Behaviour.BUSY, Behaviour.DECLINES, Behaviour.NEVER_ANSWERS])
async def test_call_that_one_agent_does_not_take_reaches_the_next(
    server: Server, sipp: Sipp, behaviour: Behaviour
) -> None:
    caller = CallerScript("+4721000000", "+4790000001", (Pause(4), PutDown()))

    async with AsyncExitStack() as phones:
        for name, script in {
            "ola": AgentScript(behaviour=behaviour),  # idle the longest, so offered first
            "kari": AgentScript(answers_after=0.1),
        }.items():
            await phones.enter_async_context(sipp.agent(script, account=account(server, name)))
            await state(server, name, lambda now: now == "available")
        report = await sipp.call(caller, server.sip)

    (record,) = await server.records(1)
    assert report.failures == ()
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert record.visits[0].offers == 2


async def test_agent_who_hangs_up_ends_the_call_for_both(server: Server, sipp: Sipp) -> None:
    caller = CallerScript("+4721000000", "+4790000001", (AwaitHangUp(),))
    script = AgentScript(answers_after=0.1, hangs_up_after=0.5)

    async with sipp.agent(script, account=account(server, "ola")):
        await state(server, "ola", lambda now: now == "available")
        report = await sipp.call(caller, server.sip, within_seconds=20)

    (record,) = await server.records(1)
    assert report.failures == ()
    assert (record.disposition, record.ended_by) == ("answered", "agent")


async def test_of_phones_that_ring_at_once_one_has_the_call_and_the_other_stops(
    server: Server, sipp: Sipp
) -> None:
    caller = CallerScript("+4722000000", "+4790000001", (Pause(2), PutDown()))

    async with AsyncExitStack() as phones:
        for name, script in {
            "ola": AgentScript(behaviour=Behaviour.NEVER_ANSWERS),
            "kari": AgentScript(answers_after=0.3),
        }.items():
            await phones.enter_async_context(sipp.agent(script, account=account(server, name)))
            await state(server, name, lambda now: now == "available")
        report = await sipp.call(caller, server.sip)
        stopped = await state(server, "ola", lambda now: now == "available")

    (record,) = await server.records(1)
    assert report.failures == ()
    assert (record.disposition, record.agent) == ("answered", "kari")
    assert record.visits[0].offers == 2
    assert stopped == "available"


async def test_who_waits_where_nobody_is_reaches_agents_of_the_queue_that_is_rung_too(
    server: Server, sipp: Sipp
) -> None:
    caller = CallerScript("+4723000000", "+4790000001", (Pause(3), PutDown()))

    script = AgentScript(answers_after=0.1)
    async with sipp.agent(script, account=account(server, "kari")):
        await state(server, "kari", lambda now: now == "available")
        report = await sipp.call(caller, server.sip)

    (record,) = await server.records(1)
    assert report.failures == ()
    assert [(visit.queue, visit.agent) for visit in record.visits] == [("empty", "kari")]
