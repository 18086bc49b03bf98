"""A server that is killed in the middle of its calls, and the next one: real callers on a real Asterisk."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from ivr.archives.audit import MOST_OFF
from ivr.records.events import CallEvent, Queued, RecordingStarted, TakenUp
from ivr.sipp import AgentScript, Sipp
from ivr.store.open import open_store
from tests.acceptance import probe
from tests.acceptance.serving import (
    Server,
    addresses,
    left_running,
    started,
    tone_prompts,
    write_tone,
)
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

MENU_HZ, MOMENT_HZ, MUSIC_HZ, CHOSEN_HZ = 440, 800, 1000, 1300
LEAVES = "+4790000004"
SOUND_SECONDS = 5.0
"""What the issue allows from the start of the next server to the next sound."""

RULES = """\
version: 1
languages: [nb]
numbers: {{anything else: menu main}}
menus:
  main: {{say: menu, keys: {{1: queue vent, 2: menu chosen}}, wait: 20s, tries: 3, nothing_chosen: hangup}}
  chosen: {{say: chosen, keys: {{1: menu main}}, wait: 20s, tries: 3, nothing_chosen: hangup}}
queues: {{vent: {{answer: 80% within 20s, while_waiting: [{{after: 5m, to: hangup}}]}}}}
agents: {{kari: {{name: Kari, phone: '{kari}', queues: [{queue}]}}}}
"""


async def killed(server: Server) -> None:
    os.kill(server.pid, signal.SIGKILL)
    await server.program.wait()


async def written(server: Server, caller: str | None, kind: type[CallEvent]) -> None:
    """Until an event of this kind is on disk for this caller; None: for one without a number, as agents' phones are."""

    def is_there() -> bool:
        with open_store(server.home).reading() as stored:
            return any(
                isinstance(entry.event, kind)
                for call in stored.calls.open_calls()
                if call.caller == caller
                for entry in stored.calls.events(call.call_id)
            )

    async with asyncio.timeout(10):
        # Another process writes it: there is nothing to wait on but time.
        while not await asyncio.to_thread(is_there):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.fault("F-01", "F-03", "F-05")
async def test_callers_in_a_menu_in_a_queue_and_in_a_talk_are_all_gone_on_with(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(
        tmp_path / "prompts", menu=MENU_HZ, chosen=CHOSEN_HZ, one_moment=MOMENT_HZ
    )
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    phones = Sipp(sipp_argv, tmp_path / "agents", sip_ports=SIP, media_ports=MEDIA)

    with addresses() as at:
        async with phones.agent(AgentScript(answers_after=0.1)) as phone:
            rules = RULES.format(kari=phone.uri("kari"), queue="vent")
            async with AsyncExitStack() as calls, started(tmp_path, rules, prompts, at) as first:
                talks, waits, chooses = [
                    await calls.enter_async_context(probe.call(first.sip, "100", number))
                    for number in ("+4790000001", "+4790000002", "+4790000003")
                ]
                leaves = await calls.enter_async_context(AsyncExitStack())
                await leaves.enter_async_context(probe.call(first.sip, "100", LEAVES))
                await talks.hears(MENU_HZ)
                talks.key_to_send.put_nowait("1")
                await first.becomes(lambda now: now["agents"]["kari"]["state"] == "talking")
                await waits.key_to_tone("1", MUSIC_HZ)
                await chooses.hears(MENU_HZ)
                await written(first, "+4790000002", Queued)
                await killed(first)
                await leaves.aclose()
                left_at = datetime.now(UTC)

                async with started(tmp_path, rules, prompts, at) as second:
                    began = monotonic()
                    async with asyncio.timeout(SOUND_SECONDS):
                        await chooses.hears(MOMENT_HZ)
                    await chooses.key_to_tone("2", CHOSEN_HZ)
                    assert monotonic() - began < SOUND_SECONDS + 5
                    now = await second.becomes(lambda now: now["queues"]["vent"]["waiting"] == 1)
                    assert now["calls"] == 3
                    assert not talks.has_ended
                    assert not waits.has_ended
                    assert now["agents"]["kari"]["state"] == "talking"
                    await calls.aclose()
                    events = await _ended(second, count=4)
                    (left,) = [one for one in await second.records(4) if one.caller == LEAVES]

    assert not left_running(second.home)
    assert {number: kind for number, (kind, _) in events.items()} == {
        "+4790000001": "answered",
        "+4790000002": "abandoned",
        "+4790000003": "menu_abandoned",
        LEAVES: "failed",
    }
    assert left.ended_by == "lost_while_down"
    assert left.ended_at is not None
    assert abs(left.ended_at - left_at) < MOST_OFF  # by Asterisk's own ledger
    assert {number: taken_up for number, (_, taken_up) in events.items()} == {
        "+4790000001": [],
        "+4790000002": ["queue vent"],
        "+4790000003": ["menu main"],
        LEAVES: [],
    }


async def _ended(server: Server, count: int) -> dict[str, tuple[str, list[str]]]:
    """How each call ended, and where it was taken up."""
    found = {}
    for record in await server.records(count):
        events = await server.events(record.call_id)
        places = [one.place for one in events if isinstance(one, TakenUp)]
        found[str(record.caller)] = (str(record.disposition), places)
    return found


MESSAGE_RULES = """\
version: 1
languages: [nb]
numbers: {anything else: voicemail post}
voicemails: {post: {say: voicemail, at_most: 60s}}
"""
GREETING_HZ, TONE_HZ, SAVED_HZ = 440, 1000, 1600


@pytest.mark.fault("F-01")
async def test_messages_that_are_being_left_are_kept_whatever_their_callers_do(
    tmp_path: Path,
) -> None:
    """One goes on speaking and ends with a key; the other hangs up while no server is there."""
    prompts = tone_prompts(tmp_path / "prompts", message_saved=SAVED_HZ)
    write_tone(prompts / "nb" / "voicemail.wav", GREETING_HZ, seconds=0.5)
    write_tone(prompts / "nb" / "beep.wav", TONE_HZ, seconds=0.5)
    with addresses() as at:
        async with (
            AsyncExitStack() as stays_on,
            AsyncExitStack() as goes_away,
            started(tmp_path, MESSAGE_RULES, prompts, at) as first,
        ):
            stays = await stays_on.enter_async_context(probe.call(first.sip, "100", "+4790000001"))
            goes = await goes_away.enter_async_context(probe.call(first.sip, "100", "+4790000002"))
            for one in (stays, goes):
                await one.hears(TONE_HZ)
                one.sound = probe.SPEECH
            for number in ("+4790000001", "+4790000002"):
                await written(first, number, RecordingStarted)
            await asyncio.sleep(2)  # they speak
            await killed(first)
            await goes_away.aclose()
            async with started(tmp_path, MESSAGE_RULES, prompts, at) as second:
                await second.becomes(lambda now: now["calls"] == 1)
                await stays.key_to_tone("#", SAVED_HZ)
                records = {one.caller: one for one in await second.records(2)}

    assert {number: len(one.messages) for number, one in records.items()} == {
        "+4790000001": 1,
        "+4790000002": 1,
    }
    assert [one.messages[0].seconds >= 2 for one in records.values()] == [True, True]
    assert records["+4790000001"].ended_by == "rules"
    assert records["+4790000002"].ended_by == "lost_while_down"
