"""Callers who wait hear their place, put together from recordings, between the music."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MUSIC_HZ, BEFORE_HZ, ONE_HZ, TWO_HZ, AFTER_HZ = 440, 1000, 1300, 1600, 2000
RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue main}
queues:
  main: {answer: 80% within 20s, say_place: every 10s, while_waiting: [{after: 5m, to: hangup}]}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("place")
    prompts = tone_prompts(folder / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=20.0)
    parts = {
        "place.you_are_number": BEFORE_HZ,
        "number.1": ONE_HZ,
        "number.2": TWO_HZ,
        "place.in_line": AFTER_HZ,
    }
    for name, hertz in parts.items():
        write_tone(prompts / "nb" / f"{name}.wav", hertz, seconds=0.5)
    async with serving(folder, RULES, prompts) as running:
        yield running


async def test_the_second_caller_is_told_two_and_one_as_soon_as_the_first_is_gone(
    server: Server,
) -> None:
    waits, leaves = asyncio.Event(), asyncio.Event()

    async def first_caller() -> None:
        async with probe.call(server.sip, "+4721000000", "+4790000001") as first:
            await first.hears(AFTER_HZ)
            waits.set()
            await leaves.wait()

    async with asyncio.timeout(30), asyncio.TaskGroup() as callers:
        callers.create_task(first_caller(), name="first caller")
        await waits.wait()
        async with probe.call(server.sip, "+4721000000", "+4790000002") as second:
            for hertz in (BEFORE_HZ, TWO_HZ, AFTER_HZ, MUSIC_HZ):
                await second.hears(hertz)
            leaves.set()
            for hertz in (BEFORE_HZ, ONE_HZ, AFTER_HZ, MUSIC_HZ):
                await second.hears(hertz)
