"""Faults one after the other under callers who wait and choose: nobody notices, and in the end nothing is left."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import psutil
import pytest

from ivr.asterisk import run
from ivr.records.events import Offered
from ivr.sipp import AgentScript, Behaviour, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import (
    Addresses,
    Server,
    addresses,
    serving,
    started,
    tone_prompts,
    write_tone,
)
from tests.acceptance.test_server_killed import killed, written
from tests.faults.oracles import nothing_is_left, records_of, still_hears
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

MENU_HZ, MUSIC_HZ, MOMENT_HZ = 440, 1000, 800
RELINKED_SECONDS = 10.0
"""Lenient, for a machine with much else to do; 1 s is the aim."""

RULES = """\
version: 1
languages: [nb]
numbers: {{100: menu main, 200: queue vent}}
menus:
  main: {{say: menu, keys: {{1: menu main}}, wait: 60s, tries: 3, nothing_chosen: hangup}}
queues: {{vent: {{answer: 80% within 20s, ring_time: 60s, while_waiting: [{{after: 5m, to: hangup}}]}}}}
agents: {{kari: {{name: Kari, phone: '{kari}', queues: [{queue}]}}}}
"""
ALONE = RULES.format(kari="kari", queue="vent")


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    prompts = tone_prompts(tmp_path / "prompts", menu=MENU_HZ, one_moment=MOMENT_HZ)
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    return prompts


@pytest.fixture
async def server(tmp_path: Path, prompts: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path, ALONE, prompts) as server:
        yield server


@pytest.mark.fault("F-12", "F-20", "F-23")
async def test_no_more_files_and_a_link_that_asterisk_closes_are_not_noticed_and_its_end_is_told(
    server: Server,
) -> None:
    async with AsyncExitStack() as calls:
        waits = await calls.enter_async_context(probe.call(server.sip, "200", "+4790000001"))
        await still_hears(waits, MUSIC_HZ)

        program = psutil.Process(server.pid)
        before = program.rlimit(resource.RLIMIT_NOFILE)
        program.rlimit(resource.RLIMIT_NOFILE, (server.open_files(), before[1]))
        chooses = await calls.enter_async_context(probe.call(server.sip, "100", "+4790000002"))
        await still_hears(chooses, MENU_HZ)
        program.rlimit(resource.RLIMIT_NOFILE, before)
        await still_hears(waits, MUSIC_HZ)

        await server.console("ari shutdown websocket sessions")
        began = monotonic()
        await server.becomes(lambda _: "link lost" in server.log.read_text())
        now = await server.becomes(lambda now: bool(now["status"] == "ok"))
        assert monotonic() - began < RELINKED_SECONDS
        assert (now["calls"], now["queues"]["vent"]["waiting"]) == (2, 1)
        await still_hears(waits, MUSIC_HZ)
        await still_hears(chooses, MENU_HZ)

        asterisk = run.find_running(server.home)
        assert asterisk is not None
        os.kill(asterisk.pid, signal.SIGTERM)
        first, second = await records_of(server, waits, chooses)
        await server.becomes(lambda _: run.find_running(server.home) not in {None, asterisk})
        await server.becomes(lambda now: bool(now["status"] == "ok"))
        async with probe.call(server.sip, "100", "+4790000003") as later:
            await still_hears(later, MENU_HZ)
        await nothing_is_left(server)
    assert {first.ended_by, second.ended_by} <= {"lost", "link_lost"}
    assert first.ended_at is not None
    assert second.ended_at is not None


@pytest.fixture
async def nobody_answers(tmp_path: Path, sipp_argv: tuple[str, ...]) -> AsyncIterator[str]:
    """Where kari's phone rings, and rings."""
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)
    async with phones.agent(AgentScript(behaviour=Behaviour.NEVER_ANSWERS)) as phone:
        yield phone.uri("kari")


@pytest.mark.fault("F-03", "F-04")
async def test_a_phone_that_rang_for_a_server_that_was_killed_rings_anew_for_the_next(
    tmp_path: Path, prompts: Path, nobody_answers: str
) -> None:
    rules = RULES.format(kari=nobody_answers, queue="vent")
    with addresses() as at:
        async with AsyncExitStack() as call:
            waits = await _killed_while_it_rings(tmp_path, rules, prompts, at, call)
            async with started(tmp_path, rules, prompts, at) as second:
                await still_hears(waits, MUSIC_HZ)
                await second.becomes(lambda now: now["agents"]["kari"]["state"] == "offered")
                ringing = [one for one in await second.ari("channels") if one["state"] == "Ringing"]
                assert len(ringing) == 1  # the one of the first server rings no more

                await call.aclose()
                (record,) = await records_of(second, waits)
                await nothing_is_left(second)
    assert (record.disposition, record.ended_by) == ("abandoned", "caller")


async def _killed_while_it_rings(
    tmp_path: Path, rules: str, prompts: Path, at: Addresses, call: AsyncExitStack
) -> probe.ProbeCall:
    async with started(tmp_path, rules, prompts, at) as first:
        waits = await call.enter_async_context(probe.call(first.sip, "200", "+4790000001"))
        await first.becomes(lambda now: now["agents"]["kari"]["state"] == "offered")
        await written(first, "+4790000001", Offered)
        await killed(first)
        return waits
