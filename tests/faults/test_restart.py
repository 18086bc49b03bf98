"""A restart with callers in a menu, in a queue and in a talk; and a server that hangs. Nobody is lost."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ivr.records.events import Queued
from ivr.server.whereabouts import find_server
from ivr.sipp import AgentScript, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import Server, addresses, tone_prompts, write_tone
from tests.acceptance.test_server_killed import (
    CHOSEN_HZ,
    MENU_HZ,
    MOMENT_HZ,
    MUSIC_HZ,
    RULES,
    SOUND_SECONDS,
    written,
)
from tests.acceptance.watching import next_server, watched
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

GAP_PACKETS = 5
"""What the issue allows a talk: 100 ms."""


@asynccontextmanager
async def served(folder: Path, rules: str, prompts: Path) -> AsyncIterator[Server]:
    with addresses() as at:
        async with watched(folder, rules, prompts, at) as server:
            yield server


def pid_of(server: Server) -> int:
    return find_server(server.home).pid


def packets_missing(talk: probe.ProbeCall) -> int:
    """Packets of speech that did not come, by their numbers. Which moment they came at is this machine's load too."""
    numbers = []
    while not talk.media.packets.empty():
        _, packet = talk.media.packets.get_nowait()
        numbers.append(int.from_bytes(packet[2:4], "big"))
    assert len(numbers) > 1
    return sum((later - earlier) % 65536 - 1 for earlier, later in pairwise(numbers))


@dataclass(frozen=True, slots=True)
class Callers:
    """One who talks, one who waits and one who chooses, on a server that is watched."""

    server: Server
    talks: probe.ProbeCall
    waits: probe.ProbeCall
    chooses: probe.ProbeCall

    async def are_gone_on_with(self) -> None:
        """The caller in the menu hears that we go on, in time; the others notice nothing."""
        async with asyncio.timeout(SOUND_SECONDS):
            await self.chooses.hears(MOMENT_HZ)
        now = await self.server.becomes(lambda now: now["queues"]["vent"]["waiting"] == 1)
        assert now["calls"] == 3
        assert now["agents"]["kari"]["state"] == "talking"
        assert packets_missing(self.talks) < GAP_PACKETS
        assert not any(one.has_ended for one in (self.talks, self.waits, self.chooses))


@pytest.fixture
async def callers(tmp_path: Path, sipp_argv: tuple[str, ...]) -> AsyncIterator[Callers]:
    """They hang up in the end, and their records are right."""
    prompts = tone_prompts(
        tmp_path / "prompts", menu=MENU_HZ, chosen=CHOSEN_HZ, one_moment=MOMENT_HZ
    )
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    write_tone(prompts / "nb" / "on_our_way.wav", 620.0, seconds=0.5)  # who is freed meanwhile
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)
    async with phones.agent(AgentScript(answers_after=0.1)) as phone:
        rules = RULES.format(kari=phone.uri("kari"), queue="vent")
        async with AsyncExitStack() as calls, served(tmp_path, rules, prompts) as server:
            talks, waits, chooses = [
                await calls.enter_async_context(probe.call(server.sip, "100", number))
                for number in ("+4790000001", "+4790000002", "+4790000003")
            ]
            await talks.hears(MENU_HZ)
            talks.key_to_send.put_nowait("1")
            await server.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
            await waits.key_to_tone("1", MUSIC_HZ)
            await chooses.hears(MENU_HZ)
            await server.becomes(lambda now: now["queues"]["vent"]["waiting"] == 1)
            while not talks.media.packets.empty():
                talks.media.packets.get_nowait()
            yield Callers(server, talks, waits, chooses)
            await calls.aclose()
            records = await server.records(3)
    dispositions = sorted(str(one.disposition) for one in records)
    assert dispositions == ["abandoned", "answered", "menu_abandoned"]
    assert {one.ended_by for one in records} == {"caller"}


@pytest.mark.fault("F-10")
async def test_a_restart_costs_nobody_their_call(callers: Callers) -> None:
    server = callers.server
    before = pid_of(server)

    os.kill(server.pid, signal.SIGUSR1)
    await next_server(server, before)

    await callers.are_gone_on_with()


@pytest.mark.thorough
@pytest.mark.fault("F-08", "F-13")
async def test_a_server_that_hangs_is_ended_and_the_next_goes_on_with_all_callers(
    callers: Callers,
) -> None:
    server = callers.server
    hanging = pid_of(server)

    await written(server, "+4790000002", Queued)
    os.kill(hanging, signal.SIGSTOP)
    await next_server(server, hanging)

    await callers.are_gone_on_with()
    assert "the server hangs" in server.log.read_text()


MANY = 50
MANY_RULES = """\
version: 1
languages: [nb]
numbers: {{100: menu main, 200: queue talk, 300: queue wait}}
menus:
  main: {{say: menu, keys: {{1: queue wait}}, wait: 60s, tries: 3, nothing_chosen: hangup}}
queues:
  talk: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
  wait: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
agents:
{agents}
  nobody: {{phone: nobody, queues: [wait]}}
"""


def of(health: Mapping[str, Any]) -> tuple[int, int, int]:
    """Calls, those who wait, and agents who talk."""
    talking = sum(one["state"] == "talking" for one in health["agents"].values())
    return health["calls"], health["queues"]["wait"]["waiting"], talking


@pytest.mark.thorough
@pytest.mark.fault("F-10")
async def test_a_restart_with_fifty_callers_loses_none(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", menu=MENU_HZ, one_moment=MOMENT_HZ)
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)
    kinds = [("100", "200", "300")[number % 3] for number in range(MANY)]
    there = (MANY, kinds.count("300"), kinds.count("200"))

    async with phones.agent(AgentScript(answers_after=0.1)) as phone, AsyncExitStack() as calls:
        agents = "\n".join(
            f"  a{number}: {{phone: '{phone.uri(f'a{number}')}', queues: [talk]}}"
            for number in range(there[2])
        )
        rules = MANY_RULES.format(agents=agents)
        async with served(tmp_path, rules, prompts) as server:
            placed = [
                await calls.enter_async_context(
                    probe.call(server.sip, dialled, f"+47900001{number:02}")
                )
                for number, dialled in enumerate(kinds)
            ]
            await server.becomes(lambda now: of(now) == there)
            for call in placed:
                while not call.media.packets.empty():
                    call.media.packets.get_nowait()
            before = pid_of(server)

            os.kill(server.pid, signal.SIGUSR1)
            await next_server(server, before)
            async with asyncio.timeout(SOUND_SECONDS), asyncio.TaskGroup() as group:
                for call in placed:
                    if call.dialled == "100":
                        group.create_task(call.hears(MOMENT_HZ))

            await server.becomes(lambda now: of(now) == there)
            assert not any(call.has_ended for call in placed)
            gaps = [packets_missing(call) for call in placed if call.dialled == "200"]
            assert max(gaps) < GAP_PACKETS
            await calls.aclose()
            records = await server.records(MANY)
            assert not await server.ari("bridges")

    assert len(records) == MANY
    assert {one.ended_by for one in records} == {"caller"}
    assert [str(one.disposition) for one in records].count("answered") == there[2]
