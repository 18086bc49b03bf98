"""A server that ends in the middle, and what the next one makes of what it left behind."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from ivr.ari.fake import Caller, FakePhone
from ivr.call.call import LONGEST_CALL_SECONDS
from ivr.control import QueueAsked
from ivr.records.events import (
    Arrived,
    CallEvent,
    Connected,
    Ended,
    OfferFailed,
    PhoneTaken,
    PromptMissed,
    TakenUp,
)
from ivr.records.outside import seconds_outside
from ivr.records.record import CallRecord
from ivr.rules.load import load_rules
from ivr.server.queue_control import QueueControl
from ivr.speech.fake import FakeSpeech
from ivr.store.memory_journal import MemoryJournal
from tests.flows.conftest import (
    ASKING,
    CARRIER,
    MONDAY_MORNING,
    OUTSIDE,
    PROMPTS,
    RULES,
    Switchboard,
    prompts,
)


def build(after: Switchboard | None = None, *, recorded: Collection[str] = PROMPTS) -> Switchboard:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    return Switchboard(rules, prompts(recorded), after=after, trunks=(CARRIER,))


def asking(after: Switchboard | None = None) -> Switchboard:
    rules, _ = load_rules(ASKING.encode(), "rules.yaml")
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
        waiting = await waits_behind(second)
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


async def test_a_caller_whose_agent_is_lost_in_a_talk_that_outlived_its_server_waits_again() -> (
    None
):
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    async with build(first).running() as second:
        await asyncio.sleep(10)
        caller.heard.clear()
        kari.is_lost()
        await second.signs_in("ola", answers_after=1)
        await caller.is_talking_to("ola")
        assert caller.heard[0] == "one_moment"
        caller.hangs_up()
        await asyncio.sleep(60)

        assert [one.agent for one in second.events(Connected)] == ["kari", "ola"]
        assert record(second).ended_by == "caller"
        assert second.asterisk.leftovers() == []


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


async def waits_behind(switchboard: Switchboard) -> Caller:
    """A second caller, for 10 s."""
    caller = switchboard.asterisk.ring("+4790000002", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    await asyncio.sleep(10)
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


async def hears_the_menu_anew_and_is_served(caller: Caller, second: Switchboard) -> None:
    kari = await second.signs_in("kari", answers_after=1)
    await caller.hears("choices")
    assert caller.heard[:3] == ["one_moment", "welcome", "choices"]
    caller.keys("1")
    await caller.is_talking_to("kari")
    kari.hangs_up()
    await caller.is_hung_up()
    await asyncio.sleep(1)


async def test_a_caller_in_a_menu_is_told_and_offered_it_again() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    caller.heard.clear()
    async with build(first).running() as second:
        await hears_the_menu_anew_and_is_served(caller, second)

        ended = record(second)
        assert (ended.disposition, ended.agent) == ("answered", "kari")
        assert ended.arrived_at == MONDAY_MORNING
        assert [one.place for one in second.events(TakenUp)] == ["menu main"]
        assert second.counts["calls_taken_up"] == 1
        assert second.asterisk.leftovers() == []


async def test_a_caller_to_whom_is_said_what_cannot_be_stopped_hears_the_rest_of_it() -> None:
    """Asterisk may be slow to begin it, and then it cannot be stopped in that moment, asked twice."""
    async with crashing(build()) as first:
        first.asterisk.lengths["welcome"] = 5.0
        caller = await waits_in_a_menu(first)
    first.asterisk.faults.unstoppable_media.add("welcome")
    caller.heard.clear()
    async with build(first).running() as second:
        await hears_the_menu_anew_and_is_served(caller, second)

        assert (record(second).disposition, record(second).agent) == ("answered", "kari")
        assert second.asterisk.leftovers() == []


async def test_who_waits_keeps_the_place_and_the_time_and_hears_music_only() -> None:
    async with crashing(build()) as first:
        early = await waits_in_the_queue(first)
        late = await waits_behind(first)
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


async def test_who_was_taken_to_the_front_stands_there_for_the_next_server_too() -> None:
    async with crashing(build()) as first:
        early = await waits_in_the_queue(first)
        late = await waits_behind(first)
        (call_id,) = [
            one.call_id for one in first.journal.open_calls() if one.caller == "+4790000002"
        ]
        asked = QueueAsked(act="front", call=call_id, queue="kundeservice")
        await QueueControl(first.desk, first.journal).queue(asked, "anna")
        await asyncio.sleep(1)
    async with build(first).running() as second:
        second.clock.at += timedelta(seconds=20)
        await asyncio.sleep(25)  # the phone rang for the other, and was not answered
        second.asterisk.phone("PJSIP/kari", answers_after=1)
        await late.is_talking_to("kari")
        assert early.talking_to() == frozenset()
        for caller in (early, late):
            caller.hangs_up()
        await asyncio.sleep(30)
        assert second.asterisk.leftovers() == []


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

        assert (record(second).disposition, record(second).ended_by) == ("answered", "agent")
        assert second.asterisk.leftovers() == []


async def is_rated(caller: Caller, switchboard: Switchboard) -> None:
    await caller.hears("rate")
    await asyncio.sleep(3)
    caller.keys("9")
    await caller.is_hung_up()
    await asyncio.sleep(1)
    ended = record(switchboard)
    assert [one.score for one in ended.surveys] == [9]
    assert (ended.ended_by, ended.agent) == ("agent", "lise")
    assert switchboard.asterisk.leftovers() == []
    assert switchboard.node.followed() == frozenset()


@pytest.mark.parametrize("when", ["there", "gone"])
async def test_a_caller_is_asked_how_it_was_after_a_talk_that_outlived_its_server(
    when: str,
) -> None:
    async with crashing(asking()) as first:
        lise = await first.signs_in("lise", answers_after=2)
        caller = await waits_in_a_menu(first)
        caller.keys("6")
        await caller.is_talking_to("lise")
        await asyncio.sleep(20)
    if when == "gone":
        lise.hangs_up()
    async with asking(first).running() as second:
        await asyncio.sleep(5)
        if when == "there":
            lise.hangs_up()
        await is_rated(caller, second)


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

        assert record(second).ended_by == "agent"


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


async def test_a_talk_outside_that_began_as_its_server_was_killed_is_counted_too() -> None:
    async with crashing(build()) as first:
        vakt = first.asterisk.phone(OUTSIDE[0], answers_after=1)
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        caller.keys("5")
        await vakt.hears("take_call")
        vakt.keys("1")
        await caller.is_talking_to(OUTSIDE[0])
        await asyncio.sleep(30)
    (entries,) = first.journal._entries.values()
    entries[:] = [entry for entry in entries if not isinstance(entry.event, PhoneTaken)]
    async with build(first).running() as second:
        await asyncio.sleep(60)
        assert second.trunks.calls_out == {"telia": 1}
        vakt.hangs_up()
        await caller.is_hung_up()
        await asyncio.sleep(1)
        assert second.trunks.calls_out == {"telia": 0}
        (call_id,) = second.journal._entries
        assert seconds_outside(second.journal.events(call_id)) == pytest.approx(59, abs=2)

    ended = record(second)
    assert (ended.disposition, ended.ended_by) == ("answered", "agent")
    assert ended.talk_seconds == pytest.approx(59, abs=2)
    assert len(second.events(PhoneTaken)) == 1


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


def freed(*callers: Caller) -> None:
    """Nobody has answered for 15 s: the dialplan has taken them to the floor."""
    for caller in callers:
        caller.is_freed()
        caller.heard.clear()


async def test_who_was_freed_to_the_floor_goes_on_where_the_call_was_left() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    freed(caller)
    async with build(first).running() as second:
        await asyncio.sleep(3)
        assert second.supervisor.calls == 0
        caller.is_offered(waited_seconds=9)
        await caller.hears("choices")
        assert caller.heard[:3] == ["one_moment", "welcome", "choices"]
        assert caller.channel is not None
        assert caller.channel.variables["TIMEOUT(absolute)"] == str(LONGEST_CALL_SECONDS)
        caller.hangs_up()
        await asyncio.sleep(5)

        assert record(second).ended_by == "caller"
        assert second.events(TakenUp) == [TakenUp(place="menu main", was_freed=True)]
        assert second.asterisk.leftovers() == []
        assert second.journal.open_calls() == ()


async def test_who_waited_in_a_queue_and_was_freed_has_the_place_and_the_time_still() -> None:
    async with crashing(build()) as first:
        early = await waits_in_the_queue(first)
        late = await waits_behind(first)
    freed(early, late)
    async with build(first).running() as second:
        await asyncio.sleep(3)
        for caller in (late, early):
            caller.is_offered(waited_seconds=9)
        await asyncio.sleep(2)
        assert early.heard == late.heard == ["music:calm"]
        for caller in (early, late):
            caller.hangs_up()
        await asyncio.sleep(30)

        waited = {one.caller: one.wait_seconds or 0 for one in second.records}
        assert waited["+4790000001"] > 70
        assert waited["+4790000002"] > 11
        assert second.asterisk.leftovers() == []
        assert second.journal.open_calls() == ()


async def test_who_was_freed_and_hangs_up_before_the_next_server_asks_is_closed() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    freed(caller)
    async with build(first).running() as second:
        await asyncio.sleep(3)
        assert len(second.journal.open_calls()) == 1
        caller.hangs_up()
        await asyncio.sleep(3)

        assert record(second).ended_by == "lost_while_down"
        assert second.left_behind[0].closed == 1
        assert second.journal.open_calls() == ()


async def test_who_was_left_alone_in_a_talk_and_freed_goes_on_as_after_a_talk() -> None:
    async with crashing(build()) as first:
        caller, kari = await talks(first)
    kari.hangs_up()
    freed(caller)
    async with build(first).running() as second:
        await asyncio.sleep(3)
        caller.is_offered(waited_seconds=9)
        await caller.is_hung_up()
        await asyncio.sleep(5)

        ended = record(second)
        assert (ended.disposition, ended.ended_by, ended.agent) == ("answered", "agent", "kari")
        assert second.asterisk.leftovers() == []
        assert second.journal.open_calls() == ()


async def test_who_is_offered_as_the_server_looks_is_gone_on_with_once() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    freed(caller)
    caller.is_offered(waited_seconds=9)
    async with build(first).running() as second:
        await caller.hears("choices")
        assert caller.heard.count("welcome") == 1
        caller.hangs_up()
        await asyncio.sleep(5)

        assert record(second).ended_by == "caller"
        assert second.asterisk.leftovers() == []


async def test_a_caller_is_gone_on_with_where_nobody_has_recorded_what_is_said_then() -> None:
    recorded = set(PROMPTS) - {"one_moment"}
    async with crashing(build(recorded=recorded)) as first:
        caller = first.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("choices")
    heard = len(caller.heard)

    async with build(first, recorded=recorded).running() as second:
        await caller.hears("welcome")
        caller.hangs_up()
        await asyncio.sleep(1)

        assert "sorry" not in caller.heard[heard:]
        assert not second.events(PromptMissed)


def forget(switchboard: Switchboard, *, but: int = 0) -> None:
    """The journal has only so many of the first events of each call; of a call without any it has nothing."""
    entries = switchboard.journal._entries
    switchboard.journal._entries = {
        call_id: kept for call_id, found in entries.items() if (kept := found[:but])
    }


@pytest.mark.parametrize("stay", [waits_in_a_menu, waits_in_the_queue])
async def test_a_caller_of_whom_the_journal_knows_nothing_begins_a_new_call(
    stay: Callable[[Switchboard], Awaitable[Caller]],
) -> None:
    async with crashing(build()) as first:
        caller = await stay(first)
    forget(first)
    caller.heard.clear()
    async with build(first).running() as second:
        await caller.hears("choices")
        assert "one_moment" not in caller.heard
        caller.hangs_up()
        await asyncio.sleep(5)

        ended = record(second)
        assert (ended.dialled, ended.caller) == ("+4755301000", "+4790000001")
        assert ended.disposition == "menu_abandoned"
        assert second.asterisk.leftovers() == []


async def test_a_call_of_which_nothing_was_decided_yet_begins_and_is_one_call() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    forget(first, but=1)
    caller.heard.clear()
    async with build(first).running() as second:
        await caller.hears("choices")
        caller.hangs_up()
        await asyncio.sleep(5)

        assert len(second.events(Arrived)) == 1
        assert record(second).disposition == "menu_abandoned"
        assert second.asterisk.leftovers() == []


async def test_a_caller_whose_call_was_over_when_the_server_died_is_hung_up() -> None:
    async with crashing(build()) as first:
        caller = await waits_in_a_menu(first)
    (call,) = first.journal.open_calls()
    first.journal.note(call.call_id, Ended(by="rules"))
    caller.heard.clear()
    async with build(first).running() as second:
        await caller.is_hung_up()
        await asyncio.sleep(1)

        assert caller.heard == []
        assert record(second).ended_by == "rules"


async def hangs_for_a_while(switchboard: Switchboard, *callers: Caller) -> None:
    """The server did nothing for so long that its callers were freed, and hears of that when it goes on."""
    for caller in callers:
        caller.heard.clear()
        caller.is_freed()
    await asyncio.sleep(5)


async def test_a_server_that_hung_goes_on_with_the_callers_who_were_freed_meanwhile() -> None:
    async with build().running() as server:
        waits = await waits_in_the_queue(server)
        chooses = await waits_in_a_menu(server)
        await hangs_for_a_while(server, chooses, waits)
        for caller in (chooses, waits):
            assert not caller.channel or not caller.channel.is_gone
            caller.is_offered(waited_seconds=3)
        await asyncio.sleep(2)
        assert chooses.heard == ["one_moment"]
        assert waits.heard == ["music:calm"]
        for caller in (chooses, waits):
            caller.hangs_up()
        await asyncio.sleep(30)

        assert {one.ended_by for one in server.records} == {"caller"}
        assert len(server.records) == 2
        assert server.asterisk.leftovers() == []
        assert server.node.followed() == frozenset()


async def test_who_was_freed_from_a_server_that_hung_and_hangs_up_is_lost_with_the_link() -> None:
    async with build().running() as server:
        caller = await waits_in_a_menu(server)
        await hangs_for_a_while(server, caller)
        caller.hangs_up()
        await asyncio.sleep(5)

        assert record(server).ended_by == "link_lost"
        assert server.asterisk.leftovers() == []
        assert server.node.followed() == frozenset()


async def test_a_message_that_was_being_left_when_the_server_hung_is_kept() -> None:
    async with build().running() as server:
        caller = await leaves_a_message(server)
        await hangs_for_a_while(server, caller)
        caller.is_offered(waited_seconds=3)
        await caller.is_hung_up()
        await asyncio.sleep(5)

        assert len(record(server).messages) == 1
        assert "message_saved" in caller.heard
        assert server.asterisk.leftovers() == []
