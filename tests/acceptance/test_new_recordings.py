"""Recordings that come, and are replaced, while calls go on: the next call hears them, and no call is harmed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TAKEN = b"recordings taken"
OLD_HZ, NEW_HZ, AFTER_HZ, SITE_HZ = 440, 1000, 1600, 2200
BERGEN, OTHER = "+4755301000", "+4721000000"
RULES = """\
version: 1
languages: [nb]
numbers:
  +47 55 30 10 00: {site: bergen, to: menu main}
  anything else: {to: menu main}
menus:
  main: {say: [hello, after], keys: {1: hangup}, nothing_chosen: hangup}
sites: {bergen: {}}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("new")
    prompts = tone_prompts(folder / "prompts", hello=OLD_HZ, after=AFTER_HZ)
    write_tone(prompts / "nb" / "hello.wav", OLD_HZ, seconds=1.5)
    async with serving(folder, RULES, prompts) as server:
        yield server, prompts


async def test_the_next_call_hears_a_new_recording_without_a_restart(
    centre: tuple[Server, Path],
) -> None:
    server, prompts = centre
    taken = server.log.read_bytes().count(TAKEN)
    made = prompts.parent / "made.wav"
    write_tone(made, SITE_HZ, seconds=1.5)
    made.rename(prompts / "nb" / "hello.bergen.wav")  # whole from the first look on

    async with asyncio.timeout(30):
        await taken_again(server, taken)
        async with probe.call(server.sip, BERGEN, "+4790000001") as placed:
            await placed.hears(SITE_HZ)


async def test_one_that_is_replaced_while_it_plays_goes_on_and_the_next_is_whole(
    centre: tuple[Server, Path],
) -> None:
    server, prompts = centre
    taken = server.log.read_bytes().count(TAKEN)
    old, new = prompts / "nb" / "hello.wav", prompts / "new.wav"
    write_tone(new, NEW_HZ, seconds=5.0)

    async with asyncio.timeout(20):
        async with probe.call(server.sip, OTHER, "+4790000001") as placed:
            began = await placed.hears(OLD_HZ)
            os.replace(new, old)
            assert await placed.hears(AFTER_HZ) - began > 1.2
        # Known as 1.5 s perhaps, and 5 s long: it is heard to its end.
        async with probe.call(server.sip, OTHER, "+4790000002") as placed:
            began = await placed.hears(NEW_HZ)
            assert await placed.hears(AFTER_HZ) - began > 4.5
        await taken_again(server, taken)


async def taken_again(server: Server, taken: int) -> None:
    """The tests come in any order, and each leaves a server that has taken what it brought."""
    # Another process's state: there is nothing to wait on but time.
    while server.log.read_bytes().count(TAKEN) == taken:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
