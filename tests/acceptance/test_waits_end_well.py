"""What callers who wait, and come back, are promised, on a real Asterisk: one outcome each, and no long silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bench.agent import measured_phone
from bench.scenario import AGENT_HZ
from ivr.call.silence import SILENT_SECONDS
from ivr.records.events import Ended, Offered, PlaceKept
from ivr.records.fold import SHORT_ABANDON_SECONDS
from tests.acceptance.probe import ProbeCall, call
from tests.acceptance.serving import Server, ivr, serving, tone_prompts, write_tone, write_tones
from tests.acceptance.test_agents_voice import calls_of
from tests.acceptance.tones import dominates, is_loud, speech

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MUSIC_HZ, KEEP_HZ, VOICEMAIL_HZ, CLOSED_HZ = 440.0, 1000.0, 1300.0, 1600.0
SILENCE_SECONDS = 2.0
RULES = """\
version: 1
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 21 00 00 02: queue known
  +47 21 00 00 03: department closing
  +47 21 00 00 04: queue kept
  +47 21 00 00 05: queue narrow
  +47 21 00 00 06: queue brief
  +47 21 00 00 07: department shut
  +47 21 00 00 08: queue served
hours: {day: {daily: 08:00-16:00}, always: {daily: 00:00-24:00}}
departments:
  shut: {name: Shut, hours: always, national: queue kept, closed: {say: closed, to: hangup}}
  closing: {name: Closing, hours: day, national: queue evening, closed: {say: closed, to: hangup}}
queues:
  known: {answer: 80% within 20s, ring: in order, last_agent: within 7d, wrap_up: 0s}
  evening:
    answer: 80% within 20s
    at_closing_time: voicemail box
    while_waiting: [{after: 5m, to: hangup}]
  kept: {answer: 80% within 20s, keep_place: 60s, while_waiting: [{after: 5m, to: hangup}]}
  brief: {answer: 80% within 20s, keep_place: 10s, while_waiting: [{after: 5m, to: hangup}]}
  served: {answer: 80% within 20s, keep_place: 60s, while_waiting: [{after: 5m, to: hangup}]}
  narrow:
    answer: 80% within 20s
    while_waiting: [{after: 1s, also_ring: queue known}, {after: 5m, to: hangup}]
voicemails: {box: {say: voicemail}}
agents:
  ola: {phone: "sip:ola@127.0.0.1:PORT", queues: [known, served]}
  tor: {phone: "sip:tor@127.0.0.1:PORT", queues: [known]}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("waits")
    prompts = tone_prompts(folder / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=20.0)
    tones = {"keep_place": KEEP_HZ, "voicemail": VOICEMAIL_HZ, "closed": CLOSED_HZ}
    write_tones(prompts / "nb", tones, seconds=1.0)
    async with measured_phone() as phones:
        rules = RULES.replace("PORT", str(phones.port))
        environment = {"IVR_TEST__CALL_TIME_HEADER": "true"}
        async with serving(folder, rules, prompts, environment) as running:
            yield running


class Listener:
    """A caller's ear: which tones come, and how long nothing does."""

    def __init__(self, placed: ProbeCall) -> None:
        self.placed = placed
        self.longest_silence = 0.0
        self._sound_at: float | None = None

    async def hears(self, hertz: float, *, never: float | None = None) -> float:
        """When the tone was heard; `never` is one that is not to be heard before it."""
        while True:
            at, packet = await self.placed.media.packets.get()
            self._sound_at = self._sound_at or at
            self.longest_silence = max(self.longest_silence, at - self._sound_at)
            if is_loud(packet):
                self._sound_at = at
            assert never is None or not dominates(never, speech(packet))
            if dominates(hertz, speech(packet)):
                return at


@asynccontextmanager
async def calling(
    server: Server, dialled: str, caller: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Listener]:
    """Whose call has one outcome, and no silence between what is heard."""
    async with asyncio.timeout(30), call(server.sip, dialled, caller, headers) as placed:
        listener = Listener(placed)
        yield listener
    assert listener.longest_silence <= SILENCE_SECONDS
    record = await server.record(placed.call_id)
    ends = [one for one in await server.events(record.call_id) if isinstance(one, Ended)]
    assert len(ends) == 1
    assert record.disposition is not None


async def agent(server: Server, name: str, *words: str) -> None:
    done = await ivr("agent", name, *words, "--home", server.home, "-m", "a test")
    assert done.exit_code == 0, done.err


async def explained(server: Server, call_id: str) -> str:
    told = await ivr("explain", call_id, "--home", server.home)
    assert told.exit_code == 0, told.err
    return told.out


async def test_who_calls_again_gets_the_agent_they_talked_with_last(server: Server) -> None:
    number, caller, other = "+4721000002", "+4790000021", "+4790000022"
    await agent(server, "ola", "pause")
    async with calling(server, number, caller) as first:
        await first.hears(AGENT_HZ)
        talks_since = await first.hears(AGENT_HZ)
        while await first.hears(AGENT_HZ) < talks_since + SILENT_SECONDS + 0.5:
            continue  # until then it is not known whether the phone is dead
    await agent(server, "ola", "resume")
    await calls_of(server, caller, 1)
    async with calling(server, number, caller) as again:
        await again.hears(AGENT_HZ)
    async with calling(server, number, other) as stranger:
        await stranger.hears(AGENT_HZ)

    second, before = await calls_of(server, caller, 2)
    (strangers,) = await calls_of(server, other, 1)
    assert (before.agent, second.agent, strangers.agent) == ("tor", "tor", "ola")
    assert "tor talked with the caller" in await explained(server, second.call_id)


async def test_who_still_waits_at_closing_time_goes_where_the_rules_say(server: Server) -> None:
    number, caller = "+4721000003", "+4790000031"
    at = {"X-Sim-Now": "2026-11-23T15:59:57"}
    async with calling(server, number, caller, at) as waits:
        music_at = await waits.hears(MUSIC_HZ)
        left_at = await waits.hears(VOICEMAIL_HZ)
    async with calling(server, number, caller, {"X-Sim-Now": "2026-11-23T16:00"}) as late:
        await late.hears(CLOSED_HZ)

    assert 1.0 < left_at - music_at < 4.0
    after, before = await calls_of(server, caller, 2)
    assert [visit.outcome for visit in before.visits] == ["overflowed"]
    assert after.disposition == "closed"
    told = await explained(server, before.call_id)
    assert "it is closing time for queue evening: voicemail box" in told


async def test_who_hangs_up_while_asked_for_the_place_has_it_still_and_others_are_not_asked(
    server: Server,
) -> None:
    number, caller, other = "+4721000004", "+4790000041", "+4790000042"
    async with calling(server, number, caller) as first:
        await first.hears(MUSIC_HZ)
    (left,) = await calls_of(server, caller, 1)
    async with calling(server, number, caller) as asked:
        await asked.hears(KEEP_HZ)
    await calls_of(server, caller, 2)
    async with calling(server, number, other) as stranger:
        await stranger.hears(MUSIC_HZ)
    async with calling(server, number, caller) as again:
        await again.hears(KEEP_HZ)
        await again.placed.key_to_tone("1", MUSIC_HZ)

    third, second, _ = await calls_of(server, caller, 3)
    kept = [one for one in await server.events(third.call_id) if isinstance(one, PlaceKept)]
    assert [one.of_call for one in kept] == [left.call_id]
    assert {one.disposition for one in (third, second, left)} == {"abandoned"}
    assert "the caller took back the place in queue kept" in await explained(server, third.call_id)


async def test_a_queue_that_is_rung_too_keeps_the_place_and_one_outcome(server: Server) -> None:
    async with calling(server, "+4721000005", "+4790000051") as waits:
        await waits.hears(MUSIC_HZ)
        await waits.hears(AGENT_HZ)

    (record,) = await calls_of(server, "+4790000051", 1)
    assert [(visit.queue, visit.outcome) for visit in record.visits] == [("narrow", "answered")]
    offered = [one for one in await server.events(record.call_id) if isinstance(one, Offered)]
    assert [one.queue for one in offered] == ["narrow"]
    assert "also ring queue known" in await explained(server, record.call_id)


async def test_who_waits_where_is_closed_by_hand_waits_on_and_who_comes_hears_so(
    server: Server,
) -> None:
    number, waits, comes = "+4721000003", "+4790000061", "+4790000062"
    at = {"X-Sim-Now": "2026-11-23T10:00"}
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
    by_hand = ("closing", "--home", server.home, "--author", "anna")
    async with calling(server, number, waits, at) as before:
        await before.hears(MUSIC_HZ)
        closed = await ivr("close", *by_hand, "--until", until, "-m", "a fire drill")
        assert closed.exit_code == 0, closed.err
        async with calling(server, number, comes, at) as after:
            await after.hears(CLOSED_HZ)
        opened = await ivr("open", *by_hand)
        assert opened.exit_code == 0, opened.err
        await before.hears(MUSIC_HZ)

    (record,) = await calls_of(server, comes, 1)
    told = await explained(server, record.call_id)
    assert record.disposition == "closed"
    assert "a fire drill" in told
    (waited,) = await calls_of(server, waits, 1)
    (visit,) = waited.visits
    assert visit.wait_seconds is not None
    # As long as the two commands took, which is the machine's affair.
    is_short = visit.wait_seconds <= SHORT_ABANDON_SECONDS
    assert visit.outcome == ("abandoned_short" if is_short else "abandoned")


async def test_who_calls_again_when_the_place_is_kept_no_longer_waits_anew_unasked(
    server: Server,
) -> None:
    number, caller = "+4721000006", "+4790000071"
    async with calling(server, number, caller) as first:
        await first.hears(MUSIC_HZ)
    await calls_of(server, caller, 1)
    await asyncio.sleep(10.5)
    async with calling(server, number, caller) as again:
        await again.hears(MUSIC_HZ, never=KEEP_HZ)

    after, _ = await calls_of(server, caller, 2)
    assert not any(isinstance(one, PlaceKept) for one in await server.events(after.call_id))
    assert [visit.queue for visit in after.visits] == ["brief"]


async def test_who_calls_again_where_it_was_closed_meanwhile_hears_so_and_has_the_place_later(
    server: Server,
) -> None:
    number, caller = "+4721000007", "+4790000081"
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="minutes")
    by_hand = ("shut", "--home", server.home, "--author", "anna")
    async with calling(server, number, caller) as first:
        await first.hears(MUSIC_HZ)
    await calls_of(server, caller, 1)
    closed = await ivr("close", *by_hand, "--until", until, "-m", "a fire drill")
    assert closed.exit_code == 0, closed.err
    async with calling(server, number, caller) as turned_away:
        await turned_away.hears(CLOSED_HZ, never=KEEP_HZ)
    await calls_of(server, caller, 2)
    opened = await ivr("open", *by_hand)
    assert opened.exit_code == 0, opened.err
    async with calling(server, number, caller) as again:
        await again.hears(KEEP_HZ)
        await again.placed.key_to_tone("1", MUSIC_HZ)

    third, second, left = await calls_of(server, caller, 3)
    kept = [one for one in await server.events(third.call_id) if isinstance(one, PlaceKept)]
    assert [one.of_call for one in kept] == [left.call_id]
    assert second.disposition == "closed"


async def test_who_has_the_place_again_when_the_agent_is_free_by_now_talks_at_once(
    server: Server,
) -> None:
    number, caller = "+4721000008", "+4790000091"
    await agent(server, "ola", "pause")
    async with calling(server, number, caller) as first:
        await first.hears(MUSIC_HZ)
    await calls_of(server, caller, 1)
    await agent(server, "ola", "resume")
    async with calling(server, number, caller) as again:
        await again.hears(KEEP_HZ)
        await again.placed.key_to_tone("1", AGENT_HZ)

    after, _ = await calls_of(server, caller, 2)
    assert (after.disposition, after.agent) == ("answered", "ola")
    assert len([one for one in await server.events(after.call_id) if isinstance(one, Offered)]) == 1
