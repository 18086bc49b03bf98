"""A running server whose web port is attacked: calls and commands go on, and the log stays a log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ivr.web.line import MOST_LINES
from tests.acceptance import probe
from tests.acceptance.serving import Server, ivr, serving, tone_prompts, write_tone

pytestmark = pytest.mark.real

MUSIC_HZ = 1000
RULES = """\
version: 1
languages: [nb]
numbers:
  anything else: queue everybody
queues:
  everybody: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""
FLOOD = 300


@asynccontextmanager
async def connected(
    server: Server,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    address = urlsplit(server.health_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def test_a_flood_of_half_requests_stops_no_call_and_no_command(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    async with serving(tmp_path, RULES, prompts) as server, AsyncExitStack() as flood:
        quiet = server.open_files()
        for at in range(FLOOD):
            _, writer = await flood.enter_async_context(connected(server))
            writer.write((b"GET /hea", b"INVITE sip:+4799887766@x SIP/2.0\r\n\r\n")[at % 2])

        assert server.open_files() <= quiet + MOST_LINES + 20
        assert (await server.health())["status"] == "ok"
        async with probe.call(server.sip, "+4721000000", "+4790000001") as placed:
            await placed.hears(MUSIC_HZ)
        closed = await ivr("close", "everybody", "--until", "23:59", "--home", server.home)
        assert closed.exit_code == 0, closed.err

    told = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    refused = [line for line in told if line["event"] == "web request refused"]
    assert {line["code"] for line in refused} <= {"bad-request", "too-slow"}
    assert 1 <= len(refused) <= 2
    assert "99887766" not in server.log.read_text("utf-8")
