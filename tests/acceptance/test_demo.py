"""`ivr demo --once`: the main job on real parts, told call by call, and nothing left behind."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest

from ivr.demo.carrier import TRUNK
from ivr.demo.listening import WORD
from ivr.demo.script import STORIES
from tests.acceptance.serving import left_running

pytestmark = [pytest.mark.real, pytest.mark.long]

REPOSITORY = Path(__file__).parents[2]
LONGEST_SECONDS = 180.0


async def test_demo_tells_its_calls_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    playing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ivr", "demo", "--once", "--home", str(home)),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            told = (await playing.communicate())[0].decode()
    finally:
        if playing.returncode is None:
            playing.kill()
            await playing.wait()

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
