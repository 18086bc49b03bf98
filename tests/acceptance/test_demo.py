"""`ivr demo --once`: the main job on real parts, told call by call, and nothing left behind."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from ivr.demo.carrier import TRUNK
from ivr.demo.listening import WORD
from ivr.demo.script import AGENTS, STORIES
from tests.acceptance.serving import left_running

pytestmark = [pytest.mark.real, pytest.mark.long]

REPOSITORY = Path(__file__).parents[2]
LONGEST_SECONDS = 180.0
STOP_SECONDS = 60.0


@asynccontextmanager
async def played(home: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`ivr demo --once`; ended by SIGTERM where the scope is left too early, so that what it started ends, too."""
    playing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ivr", "demo", "--once", "--home", str(home)),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield playing
    finally:
        if playing.returncode is None:
            playing.terminate()
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await playing.communicate()
        if playing.returncode is None:
            playing.kill()
            await playing.wait()


async def test_demo_that_is_told_to_end_while_callers_talk_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    async with played(home) as playing:
        assert playing.stdout
        async with asyncio.timeout(LONGEST_SECONDS):
            async for line in playing.stdout:
                if line.startswith(b"   over: "):  # all others are in the middle of their calls
                    break
        assert len(left_running(home)) > len(AGENTS)
        playing.terminate()
        await asyncio.sleep(0.5)
        playing.terminate()  # who is impatient does not cut short what ends the others
        async with asyncio.timeout(STOP_SECONDS):
            told = (await playing.communicate())[0].decode()

    assert playing.returncode == 0, told
    assert told.endswith("stopped\n")
    assert "Traceback" not in told
    assert not left_running(home)


async def test_demo_tells_its_calls_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with played(home) as playing, asyncio.timeout(LONGEST_SECONDS):
        told = (await playing.communicate())[0].decode()

    assert playing.returncode == 0, told
    for number, story in enumerate(STORIES, 1):
        assert f"\n{number}. {story.title}\n" in told
        assert story.caller not in told
    for ending in ("answered", "abandoned", "voicemail", "closed"):
        assert f"ended as    {ending}" in told
    assert "starting a carrier, which is played by a second Asterisk" in told
    assert told.count(f" over trunk {TRUNK}, ") == len(STORIES) + 1
    assert f"\n{len(STORIES) + 1}. A caller says “{WORD}” and presses nothing" in told
    spoken = told.partition(f"\n{len(STORIES) + 1}. A caller says")[2]
    assert re.search(r" s  said a word of key 3 in menu main \(\d+% by phoneme, \d+ ms aft", spoken)
    assert " s  went to queue faktura\n" in spoken
    assert re.search(rf"(?m)^   {TRUNK}  answers, signed in until ", told)
    assert "packets of sound received, key 1 heard" in told
    for place in ("routing_rules.yaml:", "queue kundeservice:", "queue bergen-henting:"):
        assert place in told
    assert "Traceback" not in told
    assert not left_running(home)
