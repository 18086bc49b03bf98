"""The state of a running server as programs and people see it, while a real call comes, waits and leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.acceptance import probe
from tests.acceptance.serving import Server, ivr, serving, tone_prompts, write_tone

pytestmark = [pytest.mark.real, pytest.mark.alone]

MUSIC_HZ = 1000
CALLER = "+4790000001"
RULES = """\
version: 1
languages: [nb]
numbers:
  anything else: queue bergen
queues:
  bergen: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
agents:
  kari: {name: Kari, phone: kari, queues: [bergen]}
"""
FRESH_SECONDS = 1.0
"""What the issue allows between a change and the event that tells of it."""


@asynccontextmanager
async def listening(server: Server, secret: str) -> AsyncIterator[aiohttp.StreamReader]:
    """To the server's events, from before the first of them."""
    port = urlsplit(server.health_url).port
    url, known = f"http://127.0.0.1:{port}/api/v1/events", {"Authorization": f"Bearer {secret}"}
    async with aiohttp.ClientSession(headers=known) as session, session.get(url) as answer:
        assert answer.status == 200, await answer.text()
        yield answer.content


async def told(events: aiohttp.StreamReader, wanted: str, **facts: Any) -> dict[str, Any]:
    """The next event of this name that has these facts."""
    event = ""
    async with asyncio.timeout(10):
        async for line in events:
            name, _, rest = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                event = rest
            elif name == "data" and event == wanted:
                body: dict[str, Any] = json.loads(rest)
                if facts.items() <= body.items():
                    return body
    raise AssertionError(f"no {wanted} with {facts}")


@pytest.mark.fault("F-95")
async def test_a_call_is_seen_as_it_comes_waits_and_leaves(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    async with serving(tmp_path, RULES, prompts) as server:
        made = await ivr("token", "add", "wallboard", "--home", server.home)
        assert made.exit_code == 0, made.err
        secret = made.out.strip()

        async with listening(server, secret) as events:
            state = await told(events, "state")
            assert state["calls"] == []
            assert [agent["state"] for agent in state["agents"]] == ["signed out"]

            async with probe.call(server.sip, "+4721000000", CALLER) as placed:
                await placed.hears(MUSIC_HZ)
                heard_at = monotonic()
                await told(events, "queue", name="bergen", waiting=1)
                call = await told(events, "call", doing="waiting", queue="bergen")
                assert monotonic() - heard_at < FRESH_SECONDS
                assert call["caller"] == "+47…001"

                shown = await ivr("status", "--once", "--home", server.home)
                assert any(line.startswith("+47…001") for line in shown.out.splitlines()), shown.out
                assert CALLER not in shown.out
            await told(events, "gone", kind="call", call_id=call["call_id"])

            assert (await ivr("token", "revoke", "wallboard", "--home", server.home)).exit_code == 0
            async with asyncio.timeout(FRESH_SECONDS):
                assert b"event: agent" not in await events.read()
        port = urlsplit(server.health_url).port
        known = {"Authorization": f"Bearer {secret}"}
        async with (
            aiohttp.ClientSession(headers=known) as session,
            session.get(f"http://127.0.0.1:{port}/api/v1/state") as answer,
        ):
            assert answer.status == 401
    assert secret not in server.log.read_text("utf-8")
