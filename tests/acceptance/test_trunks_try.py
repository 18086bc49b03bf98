"""`ivr trunks try` on a real server: what a played carrier answers is told, and what to do about it."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.serving import Server, addresses, started, tone_prompts

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA = "127.0.0.21"
NUMBER = "+47 22 00 00 01"

SETTINGS = """\
[[trunk]]
name = "telia"
addresses = ["{host}:{port}"]
register = true
account = "4755301000"
password_file = "{password}"
own_number = "+47 55 30 10 00"
first_answer_seconds = 2
ping_seconds = 1

[[trunk]]
name = "gone"
addresses = ["127.0.0.22:5070"]
first_answer_seconds = 2
"""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: menu main}
menus:
  main: {say: welcome, keys: {1: hangup}, wait: 60s, tries: 1, nothing_chosen: hangup}
"""


@dataclass(slots=True)
class World:
    server: Server
    telia: Carrier

    async def says(self, *argv: str) -> tuple[int, str]:
        """What `ivr trunks try` exits with, and says."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ivr", "trunks", "try", *argv),
            *("--home", str(self.server.home)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        return process.returncode or 0, told.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("trunks-try")
    password = folder / "password"
    password.write_text("s3cret-s3cret\n")
    password.chmod(0o600)
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia = await scopes.enter_async_context(
            carrier(sip, TELIA, login="4755301000", secret="s3cret-s3cret")
        )
        told = SETTINGS.format(host=TELIA, port=telia.inbox.port, password=password)
        (folder / "ivr.toml").write_text(told)
        prompts = tone_prompts(folder / "prompts", take_call=440, welcome=350)
        server = await scopes.enter_async_context(started(folder, RULES, prompts, at))
        await telia.until(1)
        yield World(server, telia)


@pytest.fixture(autouse=True)
def carrier_as_new(world: World) -> None:
    world.telia.invites.clear()
    world.telia.byes.clear()


async def test_a_trunk_that_is_well_says_how_fast_and_until_when(world: World) -> None:
    code, told = await world.says("telia")

    assert code == 0, told
    assert re.search(rf"asked {TELIA}:\d+ \(OPTIONS\): 200 after [0-9.]+ ms\n", told)
    assert re.search(r"signed in until \d{4}-", told)


async def test_an_address_that_is_silent_is_told_with_its_mend(world: World) -> None:
    code, told = await world.says("gone")

    assert code == 1
    assert "(OPTIONS): no answer" in told
    assert "-> nothing answered: compare the addresses" in told


async def test_a_call_that_is_answered_hears_the_prompt_and_its_sound_and_key_are_told(
    world: World,
) -> None:
    world.telia.to_invite = ("180 Ringing", "200 OK")
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(world.says("telia", "--call", NUMBER))
        await world.telia.until(1, of=world.telia.invites)
        assert world.telia.media is not None
        _, packet = await world.telia.media.packets.get()
        assert len(packet) == 172  # 20 ms of the prompt
        await world.telia.presses("1")
        await world.telia.until(1, of=world.telia.byes)
    code, told = asking.result()

    assert code == 0, told
    assert "rang after" in told
    assert re.search(
        r"answered after [0-9.]+ s, codec alaw, [1-9]\d* packets of sound received, key 1 heard",
        told,
    )
    assert world.telia.invites[0].first_line.startswith("INVITE sip:+4722000001@")


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        ("403 Forbidden", "own_number"),
        ("488 Not Acceptable Here", "codecs"),
        ("486 Busy Here", "the trunk works"),
    ],
)
async def test_a_call_that_is_not_taken_says_the_status_and_the_mend(
    world: World, status: str, mend: str
) -> None:
    world.telia.to_invite = (status,)

    code, told = await world.says("telia", "--call", NUMBER)

    assert code == 1
    assert f"not taken: {status[:3]}" in told
    assert mend in told


async def test_what_is_never_called_and_what_is_no_trunk_is_refused_in_words(world: World) -> None:
    code, told = await world.says("telia", "--call", "112")
    assert code != 0
    assert "never" in told
    code, told = await world.says("telenor")
    assert code != 0
    assert "there is no trunk telenor; there are: telia, gone" in told
    assert world.telia.invites == []


async def test_a_carrier_that_dies_ends_no_call_that_is_under_way(world: World) -> None:
    telia, server = world.telia, world.server
    assert telia.media is not None
    telia.sound_at = telia.media.port
    dialog, _ = await telia.call("+4755301000")
    telia.is_deaf = True
    try:
        await server.becomes(lambda now: now["trunks"]["telia"]["reachable"] is False)
        assert (await server.health())["trunks"]["telia"]["calls_in"] == 1
        while not telia.media.packets.empty():
            telia.media.packets.get_nowait()
        await telia.media.packets.get()  # the voice goes on
    finally:
        telia.is_deaf = False
    await server.becomes(lambda now: now["trunks"]["telia"]["reachable"])
    await telia.hang_up(dialog)

    record = await server.record(dialog.call_id)
    assert record.ended_by == "caller"
