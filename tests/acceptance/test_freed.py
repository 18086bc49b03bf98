"""Callers whose server is gone, with no other in sight: freed to the floor, and taken up from there, nobody lost."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.records.events import Queued, RecordingStarted, TakenUp
from ivr.sipp import AgentScript, Sipp
from tests.acceptance import probe
from tests.acceptance.serving import (
    Server,
    addresses,
    left_running,
    started,
    tone_prompts,
    write_tone,
)
from tests.acceptance.test_server_killed import MENU_HZ, MOMENT_HZ, MUSIC_HZ, killed, written
from tests.ports import MEDIA, SIP

pytestmark = [pytest.mark.real, pytest.mark.long]

ON_OUR_WAY_HZ, TONE_HZ, SAVED_HZ = 1800, 1300, 2200
NOTED_SECONDS = 4.0
"""Without a server it is known by then who talks."""

FREED_SECONDS = 15.0
"""What the issue allows until callers whom nobody has hear something."""

RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: menu main, 200: queue rings, 300: voicemail post, 400: queue other}}
menus:
  main: {{say: menu, keys: {{1: queue vent}}, wait: 60s, tries: 3, nothing_chosen: hangup}}
queues:
  vent: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
  rings: {{answer: 80% within 20s, ring_time: 60s, while_waiting: [{{after: 5m, to: hangup}}]}}
  other: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}
agents:
  per: {{phone: '{per}', queues: [other]}}
  kari: {{phone: '{kari}', queues: [vent]}}
  ola: {{phone: '{ola}', queues: [rings]}}
voicemails: {{post: {{say: voicemail, at_most: 60s}}}}
"""


def prompts_of(folder: Path) -> Path:
    prompts = tone_prompts(
        folder / "prompts", menu=MENU_HZ, one_moment=MOMENT_HZ, message_saved=SAVED_HZ
    )
    for name, hertz in {"on_our_way": ON_OUR_WAY_HZ, "voicemail": 440, "beep": TONE_HZ}.items():
        write_tone(prompts / f"nb/{name}.wav", hertz, seconds=1.0)
    write_tone(prompts / "music/calm/song.wav", MUSIC_HZ, seconds=10.0)
    return prompts


async def agent_leaves(server: Server, number: str) -> None:
    """Who talks with this caller hangs up, as Asterisk has it."""
    channels = {one["caller"]["number"]: one["id"] for one in await server.ari("channels")}
    bridges = [set(one["channels"]) for one in await server.ari("bridges")]
    (leg,) = next(one for one in bridges if channels[number] in one) - {channels[number]}
    authorization = aiohttp.encode_basic_auth("ivr", keep_passwords(server.home, ()).ari)
    async with aiohttp.ClientSession(headers={"Authorization": authorization}) as session:
        await session.delete(f"http://{server.ari_address}/ari/channels/{leg}")


async def ringing(server: Server) -> int:
    return sum(one["state"] == "Ringing" for one in await server.ari("channels"))


@pytest.mark.fault("F-04", "F-15")
async def test_callers_whom_nobody_has_hear_the_floor_and_are_gone_on_with_by_the_server_that_comes(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    """One chooses, one waits, one has a phone rung, one leaves a message; one talks, and one whose agent leaves.

    No server is there for some 15 s.
    """
    prompts = prompts_of(tmp_path)
    takes, rings = (
        Sipp(sipp_argv, tmp_path / name, sip_ports=SIP, media_ports=MEDIA)
        for name in ("takes", "rings")
    )
    numbers = [f"+479000000{place}" for place in range(1, 7)]
    async with (
        takes.agent(AgentScript(answers_after=0.1)) as kari,
        rings.agent(AgentScript(answers_after=120.0)) as ola,
        AsyncExitStack() as scopes,
    ):
        at = scopes.enter_context(addresses())
        rules = RULES.format(kari=kari.uri("kari"), per=kari.uri("per"), ola=ola.uri("ola"))
        async with AsyncExitStack() as calls, started(tmp_path, rules, prompts, at) as first:
            talks, waits, chooses, rung_for, leaves, is_left = [
                await calls.enter_async_context(probe.call(first.sip, dialled, number))
                for dialled, number in zip(
                    ("100", "100", "100", "200", "300", "400"), numbers, strict=True
                )
            ]
            await talks.hears(MENU_HZ)
            talks.key_to_send.put_nowait("1")
            await first.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
            await first.becomes(lambda now: now["agents"]["per"]["state"] == "talking")
            await waits.key_to_tone("1", MUSIC_HZ)
            await leaves.hears(TONE_HZ)
            leaves.sound = probe.SPEECH
            await written(first, numbers[1], Queued)
            await written(first, numbers[3], Queued)
            await written(first, numbers[4], RecordingStarted)
            await first.becomes(lambda now: now["agents"]["ola"]["state"] == "offered")
            assert await ringing(first) == 1
            await killed(first)

            died_at = monotonic()
            async with asyncio.timeout(FREED_SECONDS):
                await asyncio.sleep(NOTED_SECONDS)
                await agent_leaves(first, numbers[5])
                for call in (chooses, waits, rung_for, leaves):
                    await call.hears(ON_OUR_WAY_HZ)
            async with asyncio.timeout(5):
                for call in (chooses, waits, rung_for, leaves):
                    await call.hears(MUSIC_HZ)
                while await ringing(first) or not is_left.has_ended:  # noqa: ASYNC110 - another's state
                    await asyncio.sleep(0.1)
            waited = monotonic() - died_at
            async with started(tmp_path, rules, prompts, at) as second:
                async with asyncio.timeout(5):
                    await chooses.hears(MOMENT_HZ)
                await leaves.hears(SAVED_HZ)
                await second.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
                await second.becomes(lambda now: now["queues"]["vent"]["waiting"] == 1)
                await second.becomes(lambda now: now["agents"]["ola"]["state"] == "offered")
                assert not any(one.has_ended for one in (talks, waits, chooses, rung_for, leaves))
                await calls.aclose()
                records = {one.caller: one for one in await second.records(6)}
                place = [
                    one.place
                    for one in await second.events(records[numbers[1]].call_id)
                    if isinstance(one, TakenUp)
                ]
    assert not left_running(second.home)
    assert place == ["queue vent"]
    assert {str(number): str(one.disposition) for number, one in records.items()} == dict(
        zip(
            numbers,
            ("answered", "abandoned", "menu_abandoned", "abandoned", "voicemail", "answered"),
            strict=True,
        )
    )
    assert (records[numbers[1]].wait_seconds or 0.0) > waited


@pytest.mark.fault("F-67")
async def test_callers_of_whom_a_new_journal_knows_nothing_begin_anew(tmp_path: Path) -> None:
    """One is in the middle of a prompt, one waits with music; what the server wrote down is lost with its disk."""
    prompts = prompts_of(tmp_path)
    write_tone(prompts / "nb/menu.wav", MENU_HZ, seconds=2.0)
    rules = RULES.format(kari="kari", per="per", ola="ola")
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        async with AsyncExitStack() as calls, started(tmp_path, rules, prompts, at) as first:
            chooses, waits = [
                await calls.enter_async_context(probe.call(first.sip, "100", number))
                for number in ("+4790000001", "+4790000002")
            ]
            await chooses.hears(MENU_HZ)
            await waits.key_to_tone("1", MUSIC_HZ)
            await killed(first)
            for file in first.home.glob("journal.sqlite*"):
                file.unlink()

            async with started(tmp_path, rules, prompts, at) as second:
                await second.becomes(
                    lambda now: now["calls"] == 2
                )  # prompts are heard to their end
                async with asyncio.timeout(5):
                    await waits.hears(MENU_HZ)
                for call in (chooses, waits):
                    await call.key_to_tone("1", MUSIC_HZ)
                await second.becomes(lambda now: now["queues"]["vent"]["waiting"] == 2)
                await calls.aclose()
                records = await second.records(2)
    assert not left_running(second.home)
    assert {str(one.caller): str(one.disposition) for one in records} == {
        "+4790000001": "abandoned",
        "+4790000002": "abandoned",
    }
