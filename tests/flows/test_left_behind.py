"""A server that ends in the middle, and what the next one makes of what it left behind."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from ivr.ari.fake import Caller, FakePhone
from ivr.records.events import Arrived, CallEvent, Connected, Ended, OfferFailed, TakenUp
from ivr.records.record import CallRecord
from ivr.rules.load import load_rules
from ivr.speech.fake import FakeSpeech
from ivr.store.memory_journal import MemoryJournal
from tests.flows.conftest import (
    CARRIER,
    MONDAY_MORNING,
    OUTSIDE,
    RULES,
    Switchboard,
    prompts,
)


def build(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts(), after=after, trunks=(CARRIER,))


def as_it_is_now(journal: MemoryJournal) -> MemoryJournal:
    found = copy.copy(journal)
    found._entries = {call_id: [*entries] for call_id, entries in journal._entries.items()}
    found._records = dict(journal._records)
    return found


class _Crash(Exception):
    """As a process that is killed: nothing is said to anybody."""


@asynccontextmanager
async def crashing(switchboard: Switchboard) -> AsyncIterator[Switchboard]:
    """A server that ends with the scope, without a word to Asterisk or to the journal."""

    journal = switchboard.journal

    def crash() -> None:
        switchboard.journal = as_it_is_now(
            journal
        )  # what is noted from here on, no dead process would note
        switchboard.asterisk.lose_link()
        raise _Crash

    try:
        async with switchboard.running():
            yield switchboard
            crash()
    except* _Crash:
        pass
    switchboard.asterisk.restore_link()


async def talks(switchboard: Switchboard) -> tuple[Caller, FakePhone]:
    kari = await switchboard.signs_in("kari", answers_after=1)
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(30)
    return caller, kari


def record(switchboard: Switchboard) -> CallRecord:
    (found,) = switchboard.records
    return found


def caller_hangs_up(caller: Caller, _: FakePhone) -> None:
    caller.hangs_up()


def agent_hangs_up(_: Caller, agent: FakePhone) -> None:
    agent.hangs_up()


def agent_is_lost(_: Caller, agent: FakePhone) -> None:
    agent.is_lost()


def caller_is_lost(caller: Caller, _: FakePhone) -> None:
    caller.is_lost()


@pytest.mark.parametrize(
    ("leave", "by"),
    [
        (caller_hangs_up, "caller"),
        (agent_hangs_up, "agent"),
        (caller_is_lost, "lost"),
        (agent_is_lost, "lost"),
    ],
)
async def test_a_talk_that_outlived_its_server_ends_for_both_when_one_leaves(
    leave: Callable[[Caller, FakePhone], None], by: str
) -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    async with build(first).running() as second:
        await asyncio.sleep(30)
        assert "kari" in caller.talking_to()
        assert second.supervisor.calls == 1
        waiting = second.asterisk.ring("+4790000002", dialled="+4755301000")
        await waiting.hears("welcome")
        waiting.keys("1")
        await asyncio.sleep(10)
        assert kari.times_rung == 1  # the agent talks, and is not rung in it
        waiting.hangs_up()

        leave(caller, kari)
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert second.asterisk.leftovers() == []
        ended = next(one for one in second.records if one.caller == "+4790000001")
        assert (ended.ended_by, ended.disposition, ended.agent) == (by, "answered", "kari")
        assert ended.talk_seconds is not None
        assert ended.talk_seconds > 60
        assert second.journal.open_calls() == ()


async def test_the_drain_waits_for_a_talk_that_outlived_its_server_and_then_ends_it() -> None:
    async with crashing(build()) as first:
        caller, _ = await talks(first)
    async with build(first).running() as second:
        await asyncio.sleep(5)
        draining = asyncio.ensure_future(second.supervisor.drain(600))
        await asyncio.sleep(590)
        assert "kari" in caller.talking_to()

        await draining
        await asyncio.sleep(1)

        assert second.asterisk.leftovers() == []
        assert record(second).ended_by == "drain"


async def waits_in_a_menu(switchboard: Switchboard) -> Caller:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    return caller


async def waits_in_the_queue(switchboard: Switchboard) -> Caller:
    await switchboard.signs_in("kari", answers_after=None)
    caller = await waits_in_a_menu(switchboard)
    caller.keys("1")
    await asyncio.sleep(60)
    return caller


async def is_in_a_talk(switchboard: Switchboard) -> Caller:
    return (await talks(switchboard))[0]


STAYS: tuple[Callable[[Switchboard], Awaitable[Caller]], ...] = (
    waits_in_a_menu,
    waits_in_the_queue,
    is_in_a_talk,
)


@pytest.mark.parametrize("stay", STAYS)
async def test_a_call_that_ended_while_no_server_was_there_is_closed_and_counted(
    stay: Callable[[Switchboard], Awaitable[Caller]],
) -> None:
    async with crashing(build()) as first:
        await stay(first)
    first.asterisk.restart()
    first.clock.at += timedelta(hours=3)
    async with build(first).running() as second:
        second.clock.at = first.clock.at
        await asyncio.sleep(5)

        lost = record(second)
        assert lost.ended_by == "lost_while_down"
        assert lost.ended_at is not None
        assert lost.ended_at - lost.arrived_at < timedelta(
            minutes=5
        )  # not the three hours after it
        assert (lost.wait_seconds or 0) < 120
        assert second.left_behind[0].closed == 1
        assert second.counts["calls_ended_lost_while_down"] == 1
        assert second.journal.open_calls() == ()


async def test_a_caller_in_a_menu_is_told_and_offered_it_again() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    caller.heard.clear()
    async with build(first).running() as second:
        kari = await second.signs_in("kari", answers_after=1)
        await caller.hears("choices")
        assert caller.heard[:3] == ["one_moment", "welcome", "choices"]
        caller.keys("1")
        await caller.is_talking_to("kari")
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        ended = record(second)
        assert (ended.disposition, ended.agent) == ("answered", "kari")
        assert ended.arrived_at == MONDAY_MORNING
        assert [one.place for one in second.events(TakenUp)] == ["menu main"]
        assert second.counts["calls_taken_up"] == 1
        assert second.asterisk.leftovers() == []


async def test_who_waits_keeps_the_place_and_the_time_and_hears_music_only() -> None:
    async with crashing(build()) as first:
        early = await waits_in_the_queue(first)
        late = first.asterisk.ring("+4790000002", dialled="+4755301000")
        await late.hears("welcome")
        late.keys("1")
        await asyncio.sleep(10)
    early.heard.clear()
    async with build(first).running() as second:
        second.clock.at += timedelta(seconds=80)
        await second.signs_in("kari", answers_after=1)
        await early.is_talking_to("kari")
        assert early.heard == ["music:calm"]
        assert late.talking_to() == frozenset()
        for caller in (early, late):
            caller.hangs_up()
        await asyncio.sleep(30)

        waited = {one.caller: one.wait_seconds or 0 for one in second.records}
        assert waited["+4790000001"] > 60
        assert second.asterisk.leftovers() == []
        assert second.journal.open_calls() == ()


async def test_a_phone_that_rang_for_the_server_before_is_let_go_and_rings_anew() -> None:
    async with crashing(build()) as first:
        kari = await first.signs_in("kari", answers_after=None)
        caller = await waits_in_a_menu(first)
        caller.keys("1")
        await asyncio.sleep(10)
        assert (kari.times_rung, len(first.asterisk.channels)) == (1, 2)
    async with build(first).running() as second:
        await asyncio.sleep(5)
        assert (kari.times_rung, len(second.asterisk.channels)) == (2, 2)
        assert record_events(second, OfferFailed) == []
        caller.hangs_up()
        await asyncio.sleep(5)
        assert second.asterisk.leftovers() == []


async def test_a_call_whose_place_the_rules_have_no_more_begins_anew() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    caller.heard.clear()
    rules, _ = load_rules(
        RULES.replace("menu main", "menu other").replace("  main:", "  other:").encode(), "r"
    )
    async with Switchboard(rules, prompts(), after=first, trunks=(CARRIER,)).running() as second:
        await caller.hears("choices")
        assert caller.heard[0] == "welcome"
        caller.hangs_up()
        await asyncio.sleep(5)
        assert second.journal.open_calls() == ()


@pytest.mark.parametrize("seconds", range(0, 64, 3))
@pytest.mark.fault("F-06")
async def test_whenever_the_server_goes_the_caller_reaches_somebody_in_the_end(
    seconds: int,
) -> None:
    """At every point of a call: a greeting, a menu, a step of the wait, a phone that rings, a talk."""
    async with crashing(build()) as first:
        await first.signs_in("kari", answers_after=12)
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        keying = asyncio.ensure_future(keys_when_asked(caller))
        await asyncio.sleep(seconds + 0.5)
        keying.cancel()
    async with build(first).running() as second:
        second.clock.at += timedelta(seconds=seconds + 5)
        await second.signs_in("kari", answers_after=12)
        keying = asyncio.ensure_future(keys_when_asked(caller))
        await asyncio.sleep(5)
        await caller.is_talking_to("kari")
        keying.cancel()
        caller.hangs_up()
        await asyncio.sleep(60)

        (ended,) = second.records
        assert (ended.disposition, ended.agent, ended.ended_by) == ("answered", "kari", "caller")
        assert second.asterisk.leftovers() == []
        assert second.journal.open_calls() == ()


async def keys_when_asked(caller: Caller) -> None:
    """A caller who takes a while to choose."""
    await caller.hears("choices")
    await asyncio.sleep(4)
    caller.keys("1")


def record_events(switchboard: Switchboard, kind: type[CallEvent]) -> list[CallEvent]:
    """All of this kind of a call that has not ended."""
    (call,) = switchboard.journal.open_calls()
    return [
        one.event for one in switchboard.journal.events(call.call_id) if isinstance(one.event, kind)
    ]


async def test_one_who_was_left_alone_in_a_talk_is_let_go() -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    kari.hangs_up()
    async with build(first).running() as second:
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert record(second).ended_by == "lost_while_down"


@pytest.mark.parametrize("request_number", range(1, 9))
async def test_a_link_that_is_lost_while_it_is_cleared_away_costs_neither_server_nor_callers(
    request_number: int,
) -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
        in_menu = first.asterisk.ring("+4790000002", dialled="+4755301000")
        await in_menu.hears("welcome")
        rings = first.asterisk.ring("+4790000003", dialled="+4755301000")
        await rings.hears("welcome")
        left_alone = first.asterisk.ring("+4790000004", dialled="+4755301000")
        await left_alone.hears("welcome")
    rings.hangs_up()
    second, asterisk = build(first), first.asterisk
    loop = asyncio.get_running_loop()

    def drop() -> None:
        asterisk.lose_link()
        loop.call_later(0.5, asterisk.restore_link)

    async with second.running():
        asterisk.faults.before_request[len(asterisk.requests) + request_number] = drop
        await asyncio.sleep(30)
        assert second.supervisor.calls >= 1
        kari.hangs_up()
        await caller.is_hung_up()
        in_menu.hangs_up()
        left_alone.hangs_up()
        await asyncio.sleep(5)
        assert second.supervisor.calls == 0
    assert len(second.records) == 4


async def test_a_talk_of_which_the_journal_knows_nothing_is_watched_all_the_same() -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    strangers = build(first)
    strangers.journal = build().journal
    async with strangers.running() as second:
        await asyncio.sleep(5)
        assert second.supervisor.calls == 1
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)
        assert second.supervisor.calls == 0


async def test_a_talk_that_began_as_its_server_was_killed_is_one_in_its_record_too() -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    (entries,) = first.journal._entries.values()
    entries[:] = [entry for entry in entries if not isinstance(entry.event, Connected)]
    async with build(first).running() as second:
        await asyncio.sleep(20)
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        ended = record(second)
        assert (ended.disposition, ended.agent, ended.ended_by) == ("answered", "kari", "agent")
        assert ended.talk_seconds == pytest.approx(19, abs=2)


async def test_a_server_that_fails_too_leaves_the_talk_to_the_third() -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    async with crashing(build(first)) as second:
        await asyncio.sleep(5)
    async with build(second).running() as third:
        await asyncio.sleep(5)
        assert "kari" in caller.talking_to()
        kari.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert record(third).ended_by == "agent"


async def test_a_link_that_comes_back_changes_nothing_for_a_talk_that_is_watched() -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    async with build(first).running() as second:
        await asyncio.sleep(5)
        second.asterisk.lose_link()
        await asyncio.sleep(5)
        second.asterisk.restore_link()
        await asyncio.sleep(5)
        assert second.supervisor.calls == 1
        second.asterisk.lose_link()
        kari.hangs_up()
        await asyncio.sleep(5)
        second.asterisk.restore_link()
        await caller.is_hung_up()
        await asyncio.sleep(2)

        assert record(second).ended_by == "link_lost"


async def test_many_calls_of_two_servers_are_each_closed_once() -> None:
    first = build()
    for number in range(50):
        arrived = Arrived(dialled="1", caller=None, call_time="", revision="", channel=f"c{number}")
        first.journal.note(f"call-{number}", arrived)
    first.journal.note("call-7", Ended(by="caller"))
    switchboard = build(first)
    async with switchboard.running():
        await asyncio.sleep(5)

    assert sum(one.ended_by == "lost_while_down" for one in switchboard.records) == 49
    assert switchboard.left_behind[0].closed == 49


async def test_a_talk_outside_that_outlived_its_server_holds_its_line_until_it_ends() -> None:
    async with crashing(build()) as first:
        vakt = first.asterisk.phone(OUTSIDE[0], answers_after=1)
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        caller.keys("5")
        await vakt.hears("take_call")
        vakt.keys("1")
        await caller.is_talking_to(OUTSIDE[0])
        await asyncio.sleep(30)
    async with build(first).running() as second:
        await asyncio.sleep(30)
        assert second.trunks.calls_out == {"telia": 1}
        caller.hangs_up()
        await vakt.is_hung_up()
        await asyncio.sleep(1)
        assert second.trunks.calls_out == {"telia": 0}

    assert (record(second).disposition, record(second).ended_by) == ("answered", "caller")


async def test_a_callers_tap_is_no_talk_and_is_cleared_away_as_the_call_goes_on() -> None:
    rules, _ = load_rules(
        RULES.replace("    wait: 5s", "    speech: true\n    wait: 5s").encode(), "r"
    )
    first = Switchboard(rules, prompts(), speech=FakeSpeech())
    async with crashing(first):
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        await asyncio.sleep(1)
        assert len(first.asterisk.channels) == 3

    async with Switchboard(rules, prompts(), after=first).running() as second:
        await caller.hears("choices")
        assert second.supervisor.calls == 1
        assert len(first.asterisk.channels) == 1
        caller.hangs_up()
        await asyncio.sleep(5)
        assert list(first.asterisk.channels) == []


async def leaves_a_message(switchboard: Switchboard) -> Caller:
    """Until they speak after the tone, for a minute."""
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    caller.speaks_seconds = 90.0
    await caller.hears("welcome")
    caller.keys("3")
    await caller.hears("voicemail")
    await asyncio.sleep(25)
    return caller


async def test_a_message_goes_on_being_left_when_the_server_dies() -> None:
    async with crashing(build()) as first:
        caller = await leaves_a_message(first)
    async with build(first).running() as second:
        await caller.hears("message_saved")
        await caller.is_hung_up()
        await asyncio.sleep(1)

        (message,) = record(second).messages
        assert message.seconds > 60
        assert (record(second).disposition, record(second).ended_by) == ("voicemail", "rules")
        assert caller.heard.count("voicemail") == 1
        assert "one_moment" not in caller.heard
        assert second.asterisk.leftovers() == []


async def test_a_message_that_was_ended_while_no_server_was_there_is_kept() -> None:
    async with crashing(build()) as first:
        caller = await leaves_a_message(first)
    caller.keys("#")
    await asyncio.sleep(3)
    async with build(first).running() as second:
        await caller.hears("message_saved")
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert [15 <= one.seconds <= 25 for one in record(second).messages] == [True]


async def test_a_message_is_kept_of_a_caller_who_hung_up_while_no_server_was_there() -> None:
    async with crashing(build()) as first:
        caller = await leaves_a_message(first)
    caller.hangs_up()
    await asyncio.sleep(3)
    async with build(first).running() as second:
        await asyncio.sleep(5)

        assert [15 <= one.seconds <= 25 for one in record(second).messages] == [True]
        assert record(second).ended_by == "lost_while_down"
        assert record(second).disposition == "voicemail"


async def test_a_message_that_is_gone_on_with_is_kept_when_the_caller_hangs_up() -> None:
    async with crashing(build()) as first:
        caller = await leaves_a_message(first)
    async with build(first).running() as second:
        await asyncio.sleep(10)
        caller.hangs_up()
        await asyncio.sleep(5)

        assert [25 <= one.seconds <= 40 for one in record(second).messages] == [True]
        assert record(second).ended_by == "caller"
        assert second.asterisk.leftovers() == []


async def test_of_a_caller_who_hung_up_at_the_tone_there_is_no_message() -> None:
    async with crashing(build()) as first:
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        caller.keys("3")
        await caller.hears("voicemail")
        await asyncio.sleep(4)  # the tone, and a moment
    caller.hangs_up()
    async with build(first).running() as second:
        await asyncio.sleep(5)

        assert record(second).messages == ()
