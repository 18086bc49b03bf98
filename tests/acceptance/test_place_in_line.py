"""Callers who wait hear their place and how long it takes, put together from recordings, between the music."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from click.testing import CliRunner

from bench.agent import measured_phone
from bench.scenario import AGENT_HZ
from ivr.cli import ivr
from ivr.numerals import PARTS
from ivr.queues.experience import ENOUGH_ERRORS
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    Queued,
    TalkEnded,
    WaitEstimated,
)
from ivr.records.journal import Entry
from ivr.store.open import open_store
from tests.acceptance import probe
from tests.acceptance.serving import Server, serving, tone_prompts, write_tone, write_tones
from tests.acceptance.test_waits_end_well import Listener, calling

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

MUSIC_HZ, BEFORE_HZ, ONE_HZ, TWO_HZ, AFTER_HZ = 440, 1000, 1300, 1600, 2000
WAIT_HZ, ENGLISH_HZ, OTHER_HZ = 2400, 2700, 3000
RULES = """\
version: 1
languages: [nb, en]
numbers:
  +47 21 00 00 02: queue told
  +47 21 00 00 03: {language: en, to: queue english}
  +47 21 00 00 04: queue wrong
  anything else: queue main
queues:
  main: {answer: 80% within 20s, say_place: every 10s, while_waiting: [{after: 5m, to: hangup}]}
  told: {answer: 80% within 20s, say_wait: {right_within: 1m}, while_waiting: [{after: 5m, to: hangup}]}
  english: {answer: 80% within 20s, say_wait: {right_within: 1m}, while_waiting: [{after: 5m, to: hangup}]}
  wrong: {answer: 80% within 20s, say_wait: {right_within: 1m}, while_waiting: [{after: 5m, to: hangup}]}
agents:
  ola: {phone: "sip:ola@127.0.0.1:OLAS_PORT", queues: [told, english, wrong], languages: [nb, en]}
"""
FEW_SECONDS = 40
"""What callers of the past were expected to wait, and waited where they are told."""

MORE_SECONDS = 130
"""What they waited where the estimates are wrong: by more than the rules allow, also when one of six is right."""


def earlier_call(number: int, queue: str, waited: float) -> Iterator[Entry]:
    """A call of an hour ago, which waited so many seconds."""
    came = datetime.now(UTC) - timedelta(hours=1, minutes=-number)
    call_id = f"00000000000000000000000{number:03}-{queue}"
    expected = WaitEstimated(
        queue=queue, seconds=FEW_SECONDS, low_seconds=20, high_seconds=60, ahead=1, agents=1
    )
    story: tuple[tuple[float, CallEvent], ...] = (
        (0, Arrived("+4721000002", "+4790000009", came.isoformat(), "r", f"channel-{number}")),
        (0, Queued(queue=queue)),
        (0, expected),
        (waited, Connected(queue=queue, agent="ola")),
        (waited + 100, TalkEnded(by="agent")),
        (waited + 100, Ended(by="agent")),
    )
    for seq, (seconds, event) in enumerate(story, 1):
        yield Entry(
            call_id=call_id,
            seq=seq,
            at=came + timedelta(seconds=seconds),
            monotonic_ns=int(seconds * 1e9),
            event=event,
        )


def taken_by_a_server_before(home: Path) -> None:
    """So many calls that the estimates of each queue are known to be right, or wrong."""
    home.mkdir()
    with open_store(home).adding() as past:
        for number in range(ENOUGH_ERRORS):
            past.add([[*earlier_call(number, "told", FEW_SECONDS)]])
            past.add([[*earlier_call(number, "english", FEW_SECONDS)]])
            past.add([[*earlier_call(number, "wrong", MORE_SECONDS)]])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("place")
    prompts = tone_prompts(folder / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", MUSIC_HZ, seconds=20.0)
    parts = dict.fromkeys(PARTS, OTHER_HZ) | {
        "wait.is": WAIT_HZ,
        "place.you_are_number": BEFORE_HZ,
        "number.1": ONE_HZ,
        "number.2": TWO_HZ,
        "place.in_line": AFTER_HZ,
    }
    write_tones(prompts / "nb", parts, seconds=0.5)
    shutil.copytree(prompts / "nb", prompts / "en")
    write_tone(prompts / "en" / "wait.is.wav", ENGLISH_HZ, seconds=0.5)
    taken_by_a_server_before(folder / "home")
    async with measured_phone() as ola:
        rules = RULES.replace("OLAS_PORT", str(ola.port))
        async with serving(folder, rules, prompts) as running:
            yield running


async def test_the_second_caller_is_told_two_and_one_as_soon_as_the_first_is_gone(
    server: Server,
) -> None:
    waits, leaves = asyncio.Event(), asyncio.Event()

    async def first_caller() -> None:
        async with probe.call(server.sip, "+4721000000", "+4790000001") as first:
            await first.hears(AFTER_HZ)
            waits.set()
            await leaves.wait()

    async with asyncio.timeout(30), asyncio.TaskGroup() as callers:
        callers.create_task(first_caller(), name="first caller")
        await waits.wait()
        async with probe.call(server.sip, "+4721000000", "+4790000002") as second:
            for hertz in (BEFORE_HZ, TWO_HZ, AFTER_HZ, MUSIC_HZ):
                await second.hears(hertz)
            leaves.set()
            for hertz in (BEFORE_HZ, ONE_HZ, AFTER_HZ, MUSIC_HZ):
                await second.hears(hertz)


async def test_who_waits_for_an_agent_who_talks_hears_how_long_and_it_is_measured(
    server: Server,
) -> None:
    talks, leaves = asyncio.Event(), asyncio.Event()

    async def first_caller() -> None:
        async with probe.call(server.sip, "+4721000002", "+4790000003") as first:
            await first.hears(AGENT_HZ)
            talks.set()
            await leaves.wait()

    async with asyncio.timeout(30), asyncio.TaskGroup() as callers:
        callers.create_task(first_caller(), name="first caller")
        await talks.wait()
        async with probe.call(server.sip, "+4721000002", "+4790000004") as second:
            for hertz in (WAIT_HZ, OTHER_HZ, MUSIC_HZ):
                await second.hears(hertz)
            leaves.set()
            await second.hears(AGENT_HZ)

    (visit,) = (await server.record(second.call_id)).visits
    assert visit.estimated_seconds is not None
    assert visit.wait_seconds is not None
    assert visit.estimate_error_seconds is not None
    assert visit.estimate_error_seconds == pytest.approx(
        visit.wait_seconds - visit.estimated_seconds, abs=0.5
    )
    shown = await asyncio.to_thread(
        CliRunner().invoke, ivr, ["queue", "told", "--home", str(server.home)]
    )
    error = abs(visit.estimate_error_seconds) / (ENOUGH_ERRORS + 1)
    assert f"wrong by {error:.0f} s in the mean of the last 6; right_within is 60 s" in shown.output
    assert "callers hear them" in shown.output


@asynccontextmanager
async def while_ola_talks(
    server: Server, dialled: str, caller: str
) -> AsyncIterator[tuple[Listener, asyncio.Event]]:
    """A caller who waits for her; she is free when the event is set."""
    talks, leaves = asyncio.Event(), asyncio.Event()

    async def first_caller() -> None:
        async with probe.call(server.sip, dialled, "+4790000005") as first:
            await first.hears(AGENT_HZ)
            talks.set()
            await leaves.wait()

    async with asyncio.timeout(30), asyncio.TaskGroup() as callers:
        callers.create_task(first_caller(), name="first caller")
        await talks.wait()
        async with calling(server, dialled, caller) as second:
            yield second, leaves


async def test_who_chose_english_hears_the_wait_in_english(server: Server) -> None:
    async with while_ola_talks(server, "+4721000003", "+4790000006") as (caller, leaves):
        await caller.hears(ENGLISH_HZ, never=WAIT_HZ)
        await caller.hears(OTHER_HZ)
        await caller.hears(MUSIC_HZ)
        leaves.set()
        await caller.hears(AGENT_HZ)

    (visit,) = (await server.record(caller.placed.call_id)).visits
    assert (visit.outcome, visit.agent) == ("answered", "ola")


async def test_where_estimates_are_wrong_by_more_than_the_rules_allow_only_music_is_heard(
    server: Server,
) -> None:
    async with while_ola_talks(server, "+4721000004", "+4790000007") as (caller, leaves):
        since = await caller.hears(MUSIC_HZ, never=WAIT_HZ)
        while await caller.hears(MUSIC_HZ, never=WAIT_HZ) < since + 3.0:
            continue
        leaves.set()
        await caller.hears(AGENT_HZ, never=WAIT_HZ)

    (visit,) = (await server.record(caller.placed.call_id)).visits
    assert (visit.outcome, visit.agent) == ("answered", "ola")
    assert visit.estimated_seconds is not None
    shown = await asyncio.to_thread(
        CliRunner().invoke, ivr, ["queue", "wrong", "--home", str(server.home)]
    )
    assert "callers hear none for now" in shown.output
