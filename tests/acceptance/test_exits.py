"""Callers who wait leave by a key, also while their place is told; other keys mean nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone, write_tones

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MUSIC_HZ, BEFORE_HZ, AFTER_HZ, VOICEMAIL_HZ, MENU_HZ = 440, 1000, 1300, 1600, 2000
RULES = """\
version: 1
languages: [nb]
numbers: {anything else: queue main}
menus: {other: {say: choices, keys: {1: queue main}, nothing_chosen: hangup}}
queues:
  main:
    answer: 80% within 20s
    say_place: every 10s
    keys: {2: voicemail main, star: menu other}
    while_waiting: [{after: 5m, to: hangup}]
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("exits")
    prompts = tone_prompts(folder / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=20.0)
    tones = {
        "place.you_are_number": BEFORE_HZ,
        "number.1": BEFORE_HZ,
        "place.in_line": AFTER_HZ,
        "voicemail": VOICEMAIL_HZ,
        "choices": MENU_HZ,
    }
    write_tones(prompts / "nb", tones, seconds=1.0)
    async with serving(folder, RULES, prompts) as running:
        yield running


async def test_a_key_leads_out_of_the_music_and_back_and_out_of_an_announcement(
    server: Server,
) -> None:
    async with (
        asyncio.timeout(30),
        probe.call(server.sip, "+4721000000", "+4790000001") as caller,
    ):
        await caller.hears(AFTER_HZ)
        await caller.key_to_tone("7", MUSIC_HZ)
        await caller.key_to_tone("*", MENU_HZ)
        await caller.key_to_tone("1", BEFORE_HZ)
        took = await caller.key_to_tone("2", VOICEMAIL_HZ)

    assert took < 1.0, "the announcement was heard to its end"
