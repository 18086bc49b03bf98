"""What is heard from an agent's phone, and how soon; that nothing is, is noticed. Real phones with real packets."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bench.agent import MeasuredPhone, caller_key, measured_phone
from bench.connections import CALLER_HZ, PLACE_HZ, connections
from bench.scenario import AGENT_HZ
from ivr.asterisk.passwords import keep_passwords
from ivr.call.silence import SILENT_SECONDS
from ivr.numerals import PARTS
from ivr.records.events import OfferFailed, PlaceKept, PlacePassedOn
from ivr.records.record import CallRecord
from tests.acceptance.plain_sip import SILENT_PORT, PlainPhone, plain_phone
from tests.acceptance.probe import call, offer
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone
from tests.acceptance.test_agents_own_calls import attentive
from tests.acceptance.tones import dominates, speech

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MUSIC_HZ, SORRY_HZ, KEEP_HZ = 1000.0, 620.0, 520.0
WHISPER_SECONDS = 0.8
RULES = """\
version: 1
languages: [nb]
numbers:
  +47 21 00 00 02: queue told
  +47 21 00 00 03: queue briefed
  +47 21 00 00 04: queue kept
  anything else: queue sales
queues:
  briefed: {answer: 80% within 20s, whisper: [queue], while_waiting: [{after: 5m, to: hangup}]}
  kept: {answer: 80% within 20s, keep_place: 60s, while_waiting: [{after: 5m, to: hangup}]}
  told:
    answer: 80% within 20s
    say_place: every 30s
    wrap_up: 1s
    while_waiting: [{after: 5m, to: hangup}]
  sales:
    answer: 80% within 20s
    ring: in order
    ring_time: 20s
    wrap_up: 0s
    while_waiting: [{after: 5m, to: hangup}]
agents:
  kari: {phone: kari, queues: [sales]}
  ola: {phone: "sip:ola@127.0.0.1:OLAS_PORT", queues: [sales]}
  tor: {phone: "sip:tor@127.0.0.1:OLAS_PORT", queues: [told]}
  ida: {phone: "sip:ida@127.0.0.1:OLAS_PORT", queues: [briefed]}
"""


@dataclass(frozen=True, slots=True)
class Centre:
    """A server, Kari's phone that registers, and Ola's, which speaks a tone as soon as it has answered."""

    server: Server
    kari: PlainPhone
    ola: MeasuredPhone


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def centre(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Centre]:
    folder = tmp_path_factory.mktemp("voice")
    prompts = tone_prompts(folder / "prompts")
    write_tone(prompts / "nb" / "sorry.wav", SORRY_HZ, seconds=1.0)
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=10.0)
    write_tone(prompts / "nb" / "keep_place.wav", KEEP_HZ, seconds=2.0)
    write_tone(prompts / "nb" / "queue.briefed.wav", PLACE_HZ, seconds=WHISPER_SECONDS)
    for part in PARTS:
        write_tone(prompts / "nb" / f"{part}.wav", PLACE_HZ, seconds=10.0)
    async with measured_phone(hears_hz=CALLER_HZ) as ola:
        rules = RULES.replace("OLAS_PORT", str(ola.port))
        async with serving(folder, rules, prompts) as server:
            password = keep_passwords(server.home, ["kari"]).phones["kari"]
            async with plain_phone(server.sip, "kari", password) as kari:
                yield Centre(server, kari, ola)


async def calls_of(server: Server, caller: str, count: int) -> list[CallRecord]:
    """The stored records of this caller's calls, newest first, as soon as there are so many."""
    async with asyncio.timeout(10):
        while True:
            found = [one for one in await server.records(1) if one.caller == caller]
            if len(found) == count:
                return found
            await asyncio.sleep(
                0.05
            )  # another process writes them: there is nothing to wait on but time


async def test_a_caller_who_is_connected_with_a_dead_phone_gets_the_next_agent(
    centre: Centre,
) -> None:
    kari, server = centre.kari, centre.server
    assert await kari.register() == 200
    async with attentive(kari):
        await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")

    async with call(server.sip, "+4721000000", "+4790000001") as placed, asyncio.timeout(20):
        kari.answer(await kari.receives("INVITE"), "200 OK", body=offer(SILENT_PORT, kari.host))
        await kari.receives("ACK")
        kari.answer(await kari.receives("BYE"), "200 OK")
        await placed.hears(SORRY_HZ)
        await placed.hears(AGENT_HZ)
        now = await server.health()
        assert now["agents"]["kari"] == {**now["agents"]["kari"], "state": "paused"}
        assert now["agents"]["ola"]["state"] == "talking"
        connected_at = await placed.hears(AGENT_HZ)
        await placed.hears(AGENT_HZ, since=connected_at + SILENT_SECONDS + 0.5)

    (record,) = await calls_of(server, "+4790000001", 1)
    assert (record.disposition, record.agent) == ("answered", "ola")
    assert [visit.offers for visit in record.visits] == [2]
    failed = [one for one in await server.events(record.call_id) if isinstance(one, OfferFailed)]
    assert [(one.agent, one.result) for one in failed] == [("kari", "silent")]


MOST_SECONDS = 0.2
"""From the agent's answer until both hear each other, at the median: the bound of the promise."""


@pytest.mark.alone
async def test_both_hear_each_other_at_once_though_the_place_in_line_is_being_said(
    centre: Centre,
) -> None:
    took = await connections(centre.server.sip, centre.ola, "the place in line", 3)

    assert statistics.median(took) < MOST_SECONDS, took


@pytest.mark.alone
async def test_a_caller_hears_music_while_the_agent_is_told_and_waits_no_longer_than_that(
    centre: Centre,
) -> None:
    caller = "+4790000003"
    async with call(centre.server.sip, "+4721000003", caller) as placed, asyncio.timeout(10):
        music_at = heard_at = 0.0
        while not heard_at:
            at, packet = await placed.media.packets.get()
            if dominates(MUSIC_HZ, speech(packet)):
                music_at = at
            elif dominates(AGENT_HZ, speech(packet)):
                heard_at = at
        answered_at = centre.ola.answered_at.pop(caller_key(caller))

    assert WHISPER_SECONDS < heard_at - answered_at < WHISPER_SECONDS + MOST_SECONDS
    assert heard_at - music_at < 0.1


async def test_a_caller_who_calls_again_has_the_old_place_with_a_real_key(centre: Centre) -> None:
    number, caller = "+4721000004", "+4790000004"
    async with asyncio.timeout(15):
        async with call(centre.server.sip, number, caller) as placed:
            await placed.hears(MUSIC_HZ)
        await calls_of(centre.server, caller, 1)
        async with call(centre.server.sip, number, caller) as placed:
            await placed.hears(KEEP_HZ)
            await placed.key_to_tone("1", MUSIC_HZ)

    after, before = await calls_of(centre.server, caller, 2)
    (kept,) = [e for e in await centre.server.events(after.call_id) if isinstance(e, PlaceKept)]
    (passed_on,) = [
        e for e in await centre.server.events(before.call_id) if isinstance(e, PlacePassedOn)
    ]
    assert (kept.of_call, passed_on.to_call) == (before.call_id, after.call_id)
