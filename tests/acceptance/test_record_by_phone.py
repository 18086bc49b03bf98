"""A prompt is recorded by phone, from a mobile: read, heard, kept as a draft, published, heard by the next caller."""

from __future__ import annotations

import asyncio
import math
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivr.asterisk.pins import renew_pin
from ivr.sipp.sounds import alaw
from tests.acceptance import probe
from tests.acceptance.serving import (
    addresses,
    ivr,
    left_running,
    serving,
    started,
    tone_prompts,
    write_tones,
)

pytestmark = pytest.mark.real

VOICE_HZ, SORRY_HZ = 1000, 2200
SAID = {
    "agent.your_number": 500,
    "agent.your_pin": 600,
    "record.begin": 700,
    "beep": 800,
    "record.decide": 1300,
    "record.kept": 1500,
    "hello": 2000,
}
RULES = """\
version: 1
languages: [nb]
numbers: {anything else: {to: menu main}}
menus: {main: {say: hello, keys: {1: hangup}, nothing_chosen: hangup}}
queues: {q: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, number: 21, queues: [q]}}
"""
SETTINGS = '[prompts]\nrecord_by_phone = "+47 21 00 00 99"\nrecordable = ["hello"]\n'
VOICE = bytes(
    alaw(round(8000 * math.sin(2 * math.pi * VOICE_HZ * place / 8000))) for place in range(160)
)


async def keys(placed: probe.ProbeCall, row: str) -> None:
    """One after another, as fingers are: two equal keys without a pause would be one."""
    for key in row:
        placed.key_to_send.put_nowait(key)
        await placed.key_ended.get()
        await asyncio.sleep(0.15)


async def begins_to_read(mobile: probe.ProbeCall, pin: str) -> None:
    await mobile.hears(SAID["agent.your_number"])
    await keys(mobile, "21#")
    await mobile.hears(SAID["agent.your_pin"])
    await keys(mobile, f"{pin}#")
    await mobile.hears(SAID["record.begin"])
    await mobile.hears(SAID["beep"])
    await asyncio.sleep(0.8)  # the tone is over; a person draws a breath
    mobile.sound = VOICE


async def test_a_prompt_is_made_live_from_a_mobile_in_a_minute(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "prompts", hello=SAID["hello"])
    write_tones(prompts / "nb", SAID, seconds=0.6)
    (tmp_path / "ivr.toml").write_text(SETTINGS)
    pin = renew_pin(tmp_path / "home", "kari")
    async with serving(tmp_path, RULES, prompts) as server, asyncio.timeout(40):
        async with probe.call(server.sip, "+4721000099", "+4790000001") as mobile:
            await begins_to_read(mobile, pin)
            await asyncio.sleep(3.0)
            mobile.sound = probe.SILENCE
            mobile.key_to_send.put_nowait("#")
            await mobile.hears(VOICE_HZ)
            await mobile.hears(SAID["record.decide"])
            mobile.key_to_send.put_nowait("1")
            await mobile.hears(SAID["record.kept"])
        published = await ivr(
            "prompts", "publish", "hello", "--home", server.home, "--prompts", prompts
        )
        assert published.exit_code == 0, published.err
        async with probe.call(server.sip, "+4721000000", "+4790000002") as placed:
            # The server looks every second: until then callers hear the one before, and either is whole.
            await placed.hears(VOICE_HZ)
        log = server.log.read_text()

    assert not list((tmp_path / "home" / "recordings").glob("*"))
    assert not list((tmp_path / "home" / "drafts").glob("*/*"))
    assert pin not in log
    assert "draft kept" in log


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGUSR1], ids=["stop", "restart"])
async def test_who_reads_while_the_server_ends_is_told_and_nothing_of_it_is_kept(
    tmp_path: Path, sent: signal.Signals
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", hello=SAID["hello"])
    write_tones(prompts / "nb", {**SAID, "sorry": SORRY_HZ}, seconds=0.6)
    (tmp_path / "ivr.toml").write_text(f"{SETTINGS}[calls]\ndrain_seconds = 1\n")
    pin = renew_pin(tmp_path / "home", "kari")
    with addresses() as at:
        async with AsyncExitStack() as rest, asyncio.timeout(40):
            first = await rest.enter_async_context(started(tmp_path, RULES, prompts, at))
            mobile = await rest.enter_async_context(
                probe.call(first.sip, "+4721000099", "+4790000001")
            )
            await begins_to_read(mobile, pin)
            await asyncio.sleep(2.0)
            os.kill(first.pid, sent)
            if sent is signal.SIGUSR1:
                await first.program.wait()
                await rest.enter_async_context(started(tmp_path, RULES, prompts, at))
            await mobile.hears(SORRY_HZ)
            async with asyncio.timeout(5):
                while not mobile.has_ended:  # noqa: ASYNC110 - the probe has nothing to wait on
                    await asyncio.sleep(0.05)

    assert not list((tmp_path / "home").rglob("*-rec.wav"))
    assert not list((tmp_path / "home" / "drafts").glob("*/*"))
    assert not left_running(tmp_path / "home")
