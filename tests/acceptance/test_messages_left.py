"""A message is what somebody said after the tone: who hangs up before, at it or a moment later has left none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

GREETING_HZ, TONE_HZ = 500, 1400

RULES = """\
version: 1
languages: [nb]
numbers:
  anything else: voicemail box
voicemails:
  box: {say: voicemail, at_most: 30s}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("messages")
    prompts = tone_prompts(folder / "prompts")
    write_tone(prompts / "nb" / "voicemail.wav", GREETING_HZ, seconds=1.0)
    write_tone(prompts / "nb" / "beep.wav", TONE_HZ, seconds=0.3)
    async with serving(folder, RULES, prompts) as running:
        yield running


@pytest.mark.parametrize(
    ("hears", "speaks_seconds", "messages"),
    [
        (GREETING_HZ, 0.0, 0),
        (GREETING_HZ, 0.5, 0),
        (TONE_HZ, 0.0, 0),
        (TONE_HZ, 0.4, 0),
        (TONE_HZ, 0.9, 0),
        (TONE_HZ, 3.5, 1),
    ],
)
async def test_only_what_was_said_is_a_message(
    server: Server, hears: float, speaks_seconds: float, messages: int
) -> None:
    async with (
        probe.call(server.sip, "+4721000000", "+4790000001") as placed,
        asyncio.timeout(15),
    ):
        await placed.hears(hears)
        placed.sound = probe.SPEECH
        await asyncio.sleep(speaks_seconds)

    record = await server.record(placed.call_id)
    assert len(record.messages) == messages
    assert record.disposition == ("voicemail" if messages else "menu_abandoned")
    assert record.ended_by == "caller"
