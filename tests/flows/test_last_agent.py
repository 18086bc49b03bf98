"""Who calls again gets the agent they talked with last, if that agent is free."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from ivr.numbers import parse_number
from ivr.records.events import CallEvent, Connected, Routed
from ivr.server.talk_book import TalkBook
from ivr.why import LastAgentFirst
from tests.clocks import LoopClock
from tests.flows.conftest import MONDAY_MORNING, RULES

WITH_LAST_AGENT = RULES.replace(
    "  kundeservice:\n    answer:", "  kundeservice:\n    last_agent: within 7d\n    answer:"
)
CALLER, OTHER, HIDDEN = "+4790000001", "+4790000002", ""


@pytest.fixture
async def switchboard(make_switchboard: Any) -> Any:
    async with make_switchboard(WITH_LAST_AGENT, clock=LoopClock(MONDAY_MORNING)) as running:
        yield running


def told_of(switchboard: Any, kind: type[CallEvent]) -> list[Any]:
    """What all calls were told of this kind, the first call first."""
    calls = sorted(switchboard.records, key=lambda one: one.call_id)
    entries = [one for call in calls for one in switchboard.journal.events(call.call_id)]
    return [one.event for one in entries if isinstance(one.event, kind)]


async def talks(switchboard: Any, number: str, with_whom: str, *, seconds: float = 30) -> None:
    caller = switchboard.asterisk.ring(number, dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to(with_whom)
    await asyncio.sleep(seconds)
    caller.hangs_up()
    await asyncio.sleep(1)


async def kari_and_then_ola(switchboard: Any) -> None:
    """Kari has talked with the caller; from now on Ola is free for longer."""
    await switchboard.signs_in("kari", answers_after=1)
    await talks(switchboard, CALLER, "kari")
    await switchboard.signs_in("ola", answers_after=1)
    await talks(switchboard, OTHER, "kari")


async def test_who_calls_again_gets_the_same_agent_though_another_has_been_free_for_longer(
    switchboard: Any,
) -> None:
    await kari_and_then_ola(switchboard)

    await talks(switchboard, CALLER, "kari")
    steps = [one for event in told_of(switchboard, Routed) for one in event.steps if one.taken]
    told = [one.because for one in steps if isinstance(one.because, LastAgentFirst)]
    assert [(one.agent, one.queue) for one in told] == [("kari", "kundeservice")]


async def test_nobody_waits_for_the_agent_they_talked_with_last(switchboard: Any) -> None:
    await kari_and_then_ola(switchboard)
    busy = switchboard.asterisk.ring(OTHER, dialled="+4755301000")
    await busy.hears("welcome")
    busy.keys("1")
    await busy.is_talking_to("kari")

    await talks(switchboard, CALLER, "ola")
    busy.hangs_up()


async def test_who_hides_the_number_is_known_by_nobody(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    await talks(switchboard, HIDDEN, "kari")
    await switchboard.signs_in("ola", answers_after=1)
    await talks(switchboard, OTHER, "kari")

    await talks(switchboard, HIDDEN, "ola")
    assert [one.agent for one in told_of(switchboard, Connected)] == ["kari", "kari", "ola"]


async def test_a_talk_of_longer_ago_than_the_queue_goes_by_does_not_count(
    switchboard: Any,
) -> None:
    await kari_and_then_ola(switchboard)
    switchboard.clock.at += timedelta(days=8)

    await talks(switchboard, CALLER, "ola")


async def test_who_was_talked_with_is_read_from_the_records_of_earlier_servers(
    switchboard: Any,
) -> None:
    await kari_and_then_ola(switchboard)

    later = TalkBook(switchboard.clock)
    later.remember(switchboard.journal)

    caller = parse_number(CALLER)
    known, told = later.last(caller), switchboard.talks.last(caller)
    assert known is not None
    assert told is not None
    assert known.agent == told.agent == "kari"
    assert abs(known.at - told.at) < timedelta(seconds=1)  # of a clock that goes on


def talked_last_with(switchboard: Any, agent: str) -> None:
    """So the server that runs has it, and so would the one after it."""
    later = TalkBook(switchboard.clock)
    later.remember(switchboard.journal)
    for book in (switchboard.talks, later):
        known = book.last(parse_number(CALLER))
        assert known is not None
        assert known.agent == agent


@pytest.mark.parametrize("seconds", [1, 8])
@pytest.mark.parametrize("by", ["the caller", "the agent"])
async def test_a_talk_of_less_than_four_seconds_counts_neither_at_once_nor_after_a_restart(
    switchboard: Any, by: str, seconds: int
) -> None:
    kari = await switchboard.signs_in("kari", answers_after=1)
    await talks(switchboard, CALLER, "kari")
    kari.answers_after = 600
    ola = await switchboard.signs_in("ola", answers_after=1)
    caller = switchboard.asterisk.ring(CALLER, dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("ola")
    await asyncio.sleep(seconds)
    (caller if by == "the caller" else ola).hangs_up()
    await asyncio.sleep(60)
    caller.hangs_up()
    await asyncio.sleep(1)

    talked_last_with(switchboard, "kari" if seconds < 4 else "ola")


async def test_of_several_talks_in_a_call_it_is_the_last_also_after_a_restart(
    switchboard: Any,
) -> None:
    kari = await switchboard.signs_in("kari", answers_after=1)
    caller = switchboard.asterisk.ring(CALLER, dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(30)
    await switchboard.signs_in("ola", answers_after=1)
    kari.is_lost()
    await caller.is_talking_to("ola")
    await asyncio.sleep(30)
    caller.hangs_up()
    await asyncio.sleep(1)

    talked_last_with(switchboard, "ola")


async def test_where_all_are_rung_at_once_that_agent_is_rung_alone_first(
    make_switchboard: Any,
) -> None:
    at_once = WITH_LAST_AGENT.replace("ring: longest idle", "ring: all at once", 1)
    async with make_switchboard(at_once) as switchboard:
        kari = await switchboard.signs_in("kari", answers_after=1)
        await talks(switchboard, CALLER, "kari")
        ola = await switchboard.signs_in("ola", answers_after=1)
        kari.answers_after = 5

        await talks(switchboard, CALLER, "kari")
        assert ola.times_rung == 0

        kari.answers_after = 600
        await talks(switchboard, CALLER, "ola")
