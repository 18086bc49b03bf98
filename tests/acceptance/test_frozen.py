"""What hangs: Asterisk is ended and started again, whatever stands in the way; without a server the floor speaks."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from ivr.asterisk import run
from tests.acceptance import probe
from tests.acceptance.plain_sip import plain_phone
from tests.acceptance.serving import serving, tone_prompts, write_tone
from tests.acceptance.test_floor import AT_ONCE_SECONDS
from tests.acceptance.test_freed import FREED_SECONDS, ON_OUR_WAY_HZ
from tests.acceptance.test_server_killed import MENU_HZ, MOMENT_HZ, MUSIC_HZ

pytestmark = [pytest.mark.real, pytest.mark.long]

RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue vent}
queues: {vent: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [vent]}}
"""
HEALED_SECONDS = 60.0
MENU = """\
version: 1
languages: [nb]
numbers: {anything else: menu main}
menus:
  main: {say: menu, keys: {1: menu main}, wait: 60s, tries: 3, nothing_chosen: hangup}
"""
STALE_SECONDS = 3.5
"""After so long Asterisk knows that nobody answers."""


@pytest.mark.fault("F-08", "F-24")
async def test_a_server_that_hangs_leaves_callers_to_the_floor_and_has_them_again_as_it_goes_on(
    tmp_path: Path,
) -> None:
    """New ones within a second; those whom it had after some time. Nobody watches over this server."""
    prompts = tone_prompts(tmp_path / "prompts", menu=MENU_HZ, one_moment=MOMENT_HZ)
    write_tone(prompts / "nb/on_our_way.wav", ON_OUR_WAY_HZ, seconds=1.0)
    write_tone(prompts / "music/calm/song.wav", MUSIC_HZ, seconds=10.0)
    async with serving(tmp_path, MENU, prompts) as server, AsyncExitStack() as calls:
        chooses = await calls.enter_async_context(probe.call(server.sip, "100", "+4790000001"))
        await chooses.hears(MENU_HZ)
        os.kill(server.pid, signal.SIGSTOP)
        try:
            async with asyncio.timeout(FREED_SECONDS):
                await asyncio.sleep(STALE_SECONDS)
                began = perf_counter()
                comes = await calls.enter_async_context(
                    probe.call(server.sip, "100", "+4790000002")
                )
                assert await comes.hears(ON_OUR_WAY_HZ) - began < AT_ONCE_SECONDS
                await chooses.hears(ON_OUR_WAY_HZ)
        finally:
            os.kill(server.pid, signal.SIGCONT)

        async with asyncio.timeout(5):
            await chooses.hears(MOMENT_HZ)
            await comes.hears(MENU_HZ)
        await chooses.key_to_tone("1", MENU_HZ)
        await calls.aclose()
        records = await server.records(2)

    assert {str(one.caller): (one.disposition, one.ended_by) for one in records} == {
        "+4790000001": ("menu_abandoned", "caller"),
        "+4790000002": ("menu_abandoned", "caller"),
    }


@pytest.mark.fault("F-21")
async def test_an_asterisk_that_hangs_is_started_again_as_soon_as_it_can_be(tmp_path: Path) -> None:
    async with serving(tmp_path, RULES, tone_prompts(tmp_path / "prompts")) as server:
        before = run.find_running(server.home)
        assert before is not None
        texts = server.home / "asterisk/etc"
        texts.rename(texts.with_name("etc.away"))
        texts.write_text("a file where its folder should be")

        os.kill(before.pid, signal.SIGSTOP)
        told = await server.becomes(cannot_be_started, within_seconds=HEALED_SECONDS)
        texts.unlink()
        texts.with_name("etc.away").rename(texts)

        await server.becomes(lambda now: now["status"] == "ok", within_seconds=HEALED_SECONDS)
        after = run.find_running(server.home)
        async with plain_phone(server.sip, "+4790000001") as phone:
            dialog, answered = await phone.call("100")
            await phone.hang_up(dialog)

    assert told["status"] == "down"
    assert after is not None
    assert after.pid != before.pid
    assert answered.status == 200


def cannot_be_started(health: Mapping[str, Any]) -> bool:
    return any("it cannot be started" in problem for problem in health["problems"])
