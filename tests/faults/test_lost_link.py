"""The link between server and Asterisk is lost, and both live on: real callers on a real Asterisk notice a pause."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from ivr.asterisk import run
from ivr.asterisk.passwords import keep_passwords
from ivr.records.events import TakenUp
from ivr.sipp import AgentScript, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import (
    Addresses,
    Server,
    addresses,
    running,
    started,
    tone_prompts,
    write_tone,
)
from tests.acceptance.test_server_killed import killed
from tests.faults.cut_wire import CutWire
from tests.faults.oracles import still_hears
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.alone]

MENU_HZ, MOMENT_HZ, MUSIC_HZ, CHOSEN_HZ = 440, 800, 1000, 1300
ESTABLISHED = "link established"
NOTICED_SECONDS = 6.0
"""What the issue allows for a link over which nothing comes any more."""

RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: menu main}}
menus:
  main: {{say: menu, keys: {{1: queue vent, 2: menu chosen}}, wait: 1s, tries: 9, nothing_chosen: hangup}}
  chosen: {{say: chosen, keys: {{1: menu main}}, wait: 60s, tries: 3, nothing_chosen: hangup}}
queues: {{vent: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}}}
agents: {{kari: {{name: Kari, phone: '{kari}', queues: [vent]}}}}
"""


@asynccontextmanager
async def an_asterisk(
    folder: Path, rules: str, prompts: Path, at: Addresses
) -> AsyncIterator[Server]:
    """That of a server which is no more."""
    async with started(folder, rules, prompts, at) as server:
        await killed(server)
        try:
            yield server
        finally:
            left = run.find_running(server.home)
            assert left is not None
            os.kill(left.pid, signal.SIGKILL)


@asynccontextmanager
async def linked_over(
    wire: CutWire, asterisk: Server, folder: Path, prompts: Path, at: Addresses
) -> AsyncIterator[Server]:
    """A server that has its Asterisk at the other end of the wire."""
    host, port = wire.address
    password = folder / "ari.password"
    password.write_text(keep_passwords(asterisk.home, ()).ari)
    password.chmod(0o600)
    environment = {
        **os.environ,
        "IVR_ASTERISK__ARI": f"{host}:{port}",
        "IVR_ASTERISK__PASSWORD_FILE": str(password),
    }
    home = folder / "second"
    places = {"--home": home, "--rules": folder / "rules.yaml", "--prompts": prompts}
    options = [str(word) for one in {**places, "--web": at.web}.items() for word in one]
    program = (sys.executable, "-m", "ivr", "serve", *options)
    async with running(program, home, folder / "second.log", environment) as server:
        yield server


def is_well(now: Mapping[str, object]) -> bool:
    return now["status"] == "ok"


@pytest.mark.parametrize(
    ("longer_seconds", "waiting_is_freed"),
    [(0.0, False), pytest.param(14.0, True, marks=pytest.mark.thorough)],
    ids=["short", "so long that Asterisk frees callers"],
)
@pytest.mark.fault("F-37", "F-39")
async def test_a_link_that_is_lost_costs_no_caller_in_a_menu_in_a_queue_or_in_a_talk(
    tmp_path: Path,
    sipp_argv: tuple[str, ...],
    longer_seconds: float,
    waiting_is_freed: bool,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", chosen=CHOSEN_HZ)
    for name, hertz in (("menu", MENU_HZ), ("one_moment", MOMENT_HZ)):
        write_tone(prompts / f"nb/{name}.wav", hertz, seconds=1.0)
    write_tone(prompts / "nb/no_input.wav", MENU_HZ, seconds=0.2)
    write_tone(prompts / "music/calm/song.wav", MUSIC_HZ, seconds=10.0)
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)

    with addresses() as at, addresses() as other:
        async with AsyncExitStack() as scope:
            phone = await scope.enter_async_context(phones.agent(AgentScript(answers_after=0.1)))
            rules = RULES.format(kari=phone.uri("kari"))
            asterisk = await scope.enter_async_context(an_asterisk(tmp_path, rules, prompts, at))
            host, _, port = asterisk.ari_address.rpartition(":")
            wire = await scope.enter_async_context(CutWire.to(host, int(port)))
            server = await scope.enter_async_context(
                linked_over(wire, asterisk, tmp_path, prompts, other)
            )
            calls = await scope.enter_async_context(AsyncExitStack())
            talks, waits, chooses = [
                await calls.enter_async_context(probe.call(asterisk.sip, "100", number))
                for number in ("+4790000001", "+4790000002", "+4790000003")
            ]
            await talks.hears(MENU_HZ)
            talks.key_to_send.put_nowait("1")
            await server.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
            await waits.key_to_tone("1", MUSIC_HZ)
            await chooses.hears(MENU_HZ)

            wire.swallow()
            since = monotonic()
            await server.becomes(lambda now: not is_well(now))
            assert monotonic() - since < NOTICED_SECONDS + 0.5
            await still_hears(waits, MUSIC_HZ)
            await asyncio.sleep(longer_seconds)
            wire.mend()
            await chooses.hears(MOMENT_HZ, since=since)
            await chooses.key_to_tone("2", CHOSEN_HZ)
            await asyncio.sleep(0.2)  # a sound may be heard before the answer to what asked for it

            links = server.log.read_text().count(ESTABLISHED)
            wire.cut()
            now = await server.becomes(
                lambda now: is_well(now) and server.log.read_text().count(ESTABLISHED) > links
            )
            assert (now["calls"], now["queues"]["vent"]["waiting"]) == (3, 1)
            assert now["agents"]["kari"]["state"] == "talking"
            await still_hears(waits, MUSIC_HZ)
            await still_hears(chooses, CHOSEN_HZ)
            assert not talks.has_ended
            await calls.aclose()
            ended = {record.caller: record for record in await server.records(3)}
            taken_up = {
                caller: [
                    one.place
                    for one in await server.events(record.call_id)
                    if isinstance(one, TakenUp)
                ]
                for caller, record in ended.items()
            }

    assert {caller: one.disposition for caller, one in ended.items()} == {
        "+4790000001": "answered",
        "+4790000002": "abandoned",
        "+4790000003": "menu_abandoned",
    }
    assert {one.ended_by for one in ended.values()} == {"caller"}
    assert taken_up == {
        "+4790000001": [],
        "+4790000002": ["queue vent"] if waiting_is_freed else [],
        "+4790000003": ["menu main"],
    }
