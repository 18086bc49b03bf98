"""Far more calls than are let in, on a real Asterisk: who is inside notices nothing, and it is over when it is over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ivr.server.admission import A_SECOND
from ivr.sipp import CallerScript, Pause, PutDown, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import serving, tone_prompts
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

LET_IN, FLOOD, CALLS = 4, 60, 240
NORMAL_SECONDS = 10.0
"""What the issue allows from the flood's end."""
MENU_HZ, CHOSEN_HZ = 440, 1000
RULES = """\
version: 1
languages: [nb]
numbers: {anything else: menu main}
menus:
  main: {say: menu, keys: {2: menu chosen}, wait: 6s, tries: 9, nothing_chosen: hangup}
  chosen: {say: chosen, keys: {1: menu main}, wait: 6s, tries: 9, nothing_chosen: hangup}
"""
STRANGER = CallerScript("+4721000000", "+4790000001", (Pause(0.2), PutDown()))


@pytest.mark.fault("F-86")
async def test_a_flood_is_turned_away_written_down_and_heard_by_nobody_inside(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "prompts", menu=MENU_HZ, chosen=CHOSEN_HZ)
    callers = Sipp(sipp_argv, tmp_path / "callers", sip_ports=SIP, media_ports=MEDIA)
    limits = {"IVR_CALLS__PER_SECOND": str(LET_IN)}

    async with serving(tmp_path, RULES, prompts, limits) as server:
        async with probe.call(server.sip, "+4721000000", "+4790000002") as inside:
            await inside.hears(MENU_HZ)
            async with asyncio.TaskGroup() as group:
                flood = group.create_task(
                    callers.load(STRANGER, server.sip, calls=CALLS, rate_per_second=FLOOD)
                )
                keyed = 0
                while not flood.done():
                    key, tone = (("2", CHOSEN_HZ), ("1", MENU_HZ))[keyed % 2]
                    await inside.key_to_tone(key, tone)
                    keyed += 1
        async with (
            asyncio.timeout(NORMAL_SECONDS),
            probe.call(server.sip, "+4721000000", "+4790000003") as after,
        ):
            await after.hears(MENU_HZ)
        report, health = flood.result(), await server.health()
        records = await server.records(CALLS + 2)

    assert keyed >= 2
    assert report.successful + report.failed == CALLS
    assert report.failed > CALLS / 2
    strangers = [record for record in records if record.caller == STRANGER.caller_number]
    refused = [record for record in strangers if record.error == A_SECOND]
    assert (len(strangers), len(refused)) == (CALLS, report.failed)
    assert {record.hangup_cause for record in refused} == {42}
    assert any("calls.per_second" in problem for problem in health["problems"])
    assert server.log.read_text("utf-8").count("calls are turned away") == 1
