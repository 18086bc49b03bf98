"""Calls to numbers outside, over played carriers: one real server, one real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import Server, addresses, started, tone_prompts

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA, LYSE = "127.0.0.11", "127.0.0.12"

SETTINGS = """\
[[trunk]]
name = "telia"
addresses = ["127.0.0.11:{telia}"]
own_number = "+47 21 00 00 00"
first_answer_seconds = 2

[[trunk]]
name = "lyse"
addresses = ["127.0.0.12:{lyse}"]
number_form = "0047"
own_number = "+47 22 00 00 00"
"""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {name: Duty, to: phone vakt}
  anything else: {to: menu main}
menus:
  main: {say: welcome, keys: {1: hangup}, wait: 5s, tries: 1, nothing_chosen: hangup}
phones:
  vakt: {phone: +47 90 00 00 01, ring_time: 3s, no_answer: menu main}
"""


@dataclass(slots=True)
class World:
    server: Server
    telia: Carrier
    lyse: Carrier


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("calls-out")
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia = await scopes.enter_async_context(carrier(sip, TELIA))
        lyse = await scopes.enter_async_context(carrier(sip, LYSE))
        ports = {"telia": telia.inbox.port, "lyse": lyse.inbox.port}
        (folder / "ivr.toml").write_text(SETTINGS.format(**ports))
        prompts = tone_prompts(folder / "prompts", welcome=440)
        server = await scopes.enter_async_context(started(folder, RULES, prompts, at))
        yield World(server, telia, lyse)


async def test_a_number_outside_is_called_and_whoever_answers_talks(world: World) -> None:
    async with plain_phone(world.server.sip, "x") as caller:
        dialog, _ = await caller.call("+4755301000")
        await world.telia.until(1, of=world.telia.invites)
        await world.server.becomes(lambda now: now["trunks"]["telia"]["calls_out"] == 1)
        await caller.hang_up(dialog)
        record = await world.server.record(dialog.call_id)
    assert record.disposition == "answered"
