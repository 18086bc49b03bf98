"""How a server ends: a drain, a drain that has lasted long enough, at once, and by a crash. And two side by side."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest

from ivr.asterisk import run
from ivr.sipp import AgentScript, CallerReport, CallerScript, Pause, PutDown, Sipp
from ivr.store.open import open_store
from tests.acceptance import probe
from tests.acceptance.serving import (
    BUILT_IN,
    Addresses,
    Server,
    addresses,
    left_running,
    serving,
    started,
    write_tone,
)
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {{to: queue sales}}
queues:
  sales:
    answer: 80% within 20s
    while_waiting: [{{after: 10m, to: hangup}}]
    nobody_logged_in: hangup
agents:
  kari: {{name: Kari, phone: '{kari}', queues: [sales]}}
  ola: {{name: Ola, phone: '{ola}', queues: [sales]}}
"""

DIALLED, CALLER = "+4721000000", "+4790000001"
GOODBYE_HZ = 1000
DRAIN_SECONDS = 20.0
AT_ONCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class House:
    """Rules and prompts to serve with, agents' phones that are up, and phones to call with."""

    folder: Path
    rules: str
    prompts: Path
    sipp: Sipp

    def serving(
        self, folder: str = "server", **environment: str
    ) -> AbstractAsyncContextManager[Server]:
        return serving(self.folder / folder, self.rules, self.prompts, environment)

    def started(self, at: Addresses) -> AbstractAsyncContextManager[Server]:
        return started(self.folder / "server", self.rules, self.prompts, at)

    async def talk(self, server: Server, seconds: float) -> CallerReport:
        """A call that lasts for so long."""
        script = CallerScript(DIALLED, CALLER, (Pause(seconds), PutDown()))
        return await self.sipp.call(script, server.sip, within_seconds=seconds + 20)


@pytest.fixture
async def house(sipp_argv: tuple[str, ...], tmp_path: Path) -> AsyncIterator[House]:
    sipp = Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)
    prompts = tmp_path / "prompts"
    for prompt in BUILT_IN:
        write_tone(prompts / f"nb/{prompt}.wav", GOODBYE_HZ, seconds=1.0)
    for name in ("server", "another"):
        (tmp_path / name).mkdir()
    async with sipp.agent(AgentScript(answers_after=0.1)) as phone:
        rules = RULES.format(kari=phone.uri("kari"), ola=phone.uri("ola"))
        yield House(tmp_path, rules, prompts, sipp)


@pytest.fixture
def no_asterisk_stays(tmp_path: Path) -> Iterator[None]:
    """A test that kills a server ends the Asterisk that it left behind, even when the test fails."""
    yield
    trace = run.find_running(tmp_path / "server/home")
    if trace is not None:
        os.kill(trace.pid, signal.SIGKILL)


def somebody_talks(health: Mapping[str, Any]) -> bool:
    return any(agent["state"] == "talking" for agent in health["agents"].values())


def a_talk_is_stored(home: Path) -> bool:
    with open_store(home).reading() as stored:
        return any(call.agent for call in stored.calls.open_calls())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.fault("F-07")
async def test_stop_lets_a_talk_go_on_to_its_end_and_takes_no_new_call(
    house: House, number: signal.Signals
) -> None:
    async with house.serving() as server, asyncio.TaskGroup() as calls:
        talking = calls.create_task(house.talk(server, 4.0), name="talk")
        await server.becomes(somebody_talks)

        os.kill(server.pid, number)
        await server.becomes(lambda now: bool(now["status"] == "down"))
        refused = await house.talk(server, 1.0)
        exit_code = await server.ended(within_seconds=DRAIN_SECONDS)

        assert exit_code == 0
        assert "SIP/2.0 503" in " ".join(refused.failures)
        assert (await server.record(refused.call_id)).ended_by == "drain"
    talk = await server.record(talking.result().call_id)
    assert talking.result().failures == ()
    assert (talk.disposition, talk.ended_by) == ("answered", "caller")
    assert talk.talk_seconds == pytest.approx(4.0, abs=1.0)


async def test_when_the_drain_has_lasted_long_enough_caller_hears_goodbye(house: House) -> None:
    async with house.serving(IVR_CALLS__DRAIN_SECONDS="1") as server:
        async with probe.call(server.sip, DIALLED, CALLER) as placed:
            await server.becomes(somebody_talks)

            os.kill(server.pid, signal.SIGTERM)
            async with asyncio.timeout(5):
                await placed.hears(GOODBYE_HZ)
            exit_code = await server.ended(within_seconds=DRAIN_SECONDS)
            hung_up = placed.has_ended

        record = await server.record(placed.call_id)

    assert (exit_code, hung_up) == (0, True)
    assert (record.disposition, record.ended_by) == ("answered", "drain")


async def test_second_signal_ends_the_server_at_once(house: House) -> None:
    async with house.serving() as server, probe.call(server.sip, DIALLED, CALLER) as placed:
        await server.becomes(somebody_talks)

        os.kill(server.pid, signal.SIGTERM)
        await server.becomes(lambda now: bool(now["status"] == "down"))
        os.kill(server.pid, signal.SIGTERM)
        began = monotonic()
        exit_code = await server.ended(within_seconds=10)
        took = monotonic() - began
        record = await server.record(placed.call_id)
        placed.has_ended = True  # whatever became of its BYE

        assert exit_code == 0
        assert took < AT_ONCE_SECONDS
        assert record.ended_by == "drain"
        assert not left_running(server.home)
        assert "Traceback" not in server.log.read_text()


async def test_stop_does_not_wait_for_a_browser_that_stays_connected(house: House) -> None:
    async with house.serving() as server:
        host, _, port = server.health_url.split("/")[2].rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n")
        await reader.readline()

        os.kill(server.pid, signal.SIGTERM)
        exit_code = await server.ended(within_seconds=5)

        writer.close()
        assert exit_code == 0


@pytest.mark.fault("F-05")
async def test_crash_costs_a_talk_nothing_and_the_next_server_takes_calls(
    house: House, no_asterisk_stays: None
) -> None:
    with addresses() as at:
        async with asyncio.TaskGroup() as calls:
            async with house.started(at) as crashing:
                talking = calls.create_task(house.talk(crashing, 9.0), name="talk")
                await crashing.becomes(lambda _: a_talk_is_stored(crashing.home))
                left = run.find_running(crashing.home)
                os.kill(crashing.pid, signal.SIGKILL)
                await crashing.ended(within_seconds=5)
            assert left is not None
            assert psutil.pid_exists(left.pid)

            async with house.started(at) as server:
                found = run.find_running(server.home)
                new = await house.talk(server, 1.0)
                record = await server.record(new.call_id)
                talk = await talking
                outlived = await server.record(talk.call_id)
                os.kill(server.pid, signal.SIGTERM)
                exit_code = await server.ended(within_seconds=DRAIN_SECONDS)

    assert found == left
    assert (talk.failures, new.failures) == ((), ())
    assert (record.disposition, record.ended_by) == ("answered", "caller")
    assert (outlived.disposition, outlived.ended_by) == ("answered", "caller")
    assert outlived.talk_seconds == pytest.approx(9.0, abs=1.0)
    assert exit_code == 0
    assert not left_running(server.home)


async def test_when_an_agent_leaves_a_talk_that_outlived_its_server_the_caller_is_let_go(
    house: House, no_asterisk_stays: None
) -> None:
    leaves = AgentScript(answers_after=0.1, hangs_up_after=10.0)
    async with house.sipp.agent(leaves) as phone, AsyncExitStack() as call:
        uri = phone.uri("kari")
        with addresses() as at:
            house = replace(house, rules=RULES.format(kari=uri, ola=uri.replace("kari", "ola")))
            async with house.started(at) as crashing:
                placed = await call.enter_async_context(probe.call(crashing.sip, DIALLED, CALLER))
                await crashing.becomes(lambda _: a_talk_is_stored(crashing.home))
                os.kill(crashing.pid, signal.SIGKILL)
                await crashing.ended(within_seconds=5)
            async with house.started(at) as server:
                await server.becomes(lambda now: bool(now["calls"] == 1))
                await server.becomes(lambda now: bool(now["calls"] == 0))
                await server.becomes(lambda _: placed.has_ended)
                record = await server.record(placed.call_id)
                os.kill(server.pid, signal.SIGTERM)
                exit_code = await server.ended(within_seconds=DRAIN_SECONDS)

    assert (record.disposition, record.ended_by) == ("answered", "agent")
    assert record.talk_seconds == pytest.approx(10.0, abs=2.0)
    assert exit_code == 0


async def test_two_servers_on_one_machine_take_calls_side_by_side(house: House) -> None:
    async with AsyncExitStack() as scopes:
        servers = [
            await scopes.enter_async_context(house.serving(name)) for name in ("server", "another")
        ]
        async with asyncio.TaskGroup() as calls:
            talks = [calls.create_task(house.talk(server, 1.0)) for server in servers]
        reports = [talk.result() for talk in talks]
        records = [await server.records(1) for server in servers]

    assert [report.failures for report in reports] == [(), ()]
    for report, stored in zip(reports, records, strict=True):
        assert [one.sip_call_id for one in stored] == [report.call_id]
        assert stored[0].disposition == "answered"
