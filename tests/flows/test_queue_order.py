"""Stories of who is served first, and by whom."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from ivr.records.events import Connected, Offered, OfferFailed
from ivr.rules.load import load_rules
from tests.flows.conftest import RULES, Switchboard, ended_cleanly, prompts

HOSPITAL = "+4755970000"
CALLERS = "callers: {hospitals: {numbers: [+47 55 97 00 00], priority: high}}\nqueues:"
OLA_SPEAKS_NORWEGIAN = ("phone: ola, queues", "phone: ola, languages: [nb], queues")
KARI_SPEAKS_ENGLISH = ("phone: kari, queues", "phone: kari, languages: [en], queues")
ALL_AT_ONCE = ("ring: longest idle", "ring: all at once")


@asynccontextmanager
async def switchboard_with(*changes: tuple[str, str]) -> AsyncIterator[Switchboard]:
    text = RULES.replace("queues:\n", CALLERS + "\n", 1)
    for before, after in changes:
        text = text.replace(before, after)
    async with ended_cleanly(
        Switchboard(load_rules(text.encode(), "rules.yaml")[0], prompts()).running()
    ) as board:
        yield board


async def waits(switchboard: Switchboard, number: str = "+4790000001", keys: str = "1") -> Any:
    caller = switchboard.asterisk.ring(number, dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys(keys)
    return caller


def events_of(switchboard: Switchboard, kind: Any) -> list[Any]:
    return [
        entry.event
        for record in switchboard.records
        for entry in switchboard.journal.events(record.call_id)
        if isinstance(entry.event, kind)
    ]


async def test_a_caller_with_a_priority_is_served_before_who_has_waited_longer() -> None:
    async with switchboard_with() as switchboard:
        kari = await switchboard.signs_in("kari", busy=True)
        early = await waits(switchboard)
        await asyncio.sleep(3)
        hospital = await waits(switchboard, HOSPITAL)
        await asyncio.sleep(3)
        kari.busy, kari.answers_after = False, 1.0

        await hospital.is_talking_to("kari")
        hospital.hangs_up()
        await early.is_talking_to("kari")
        early.hangs_up()


async def test_a_caller_is_given_to_who_speaks_the_language_before_anybody_else() -> None:
    async with switchboard_with(OLA_SPEAKS_NORWEGIAN, KARI_SPEAKS_ENGLISH) as switchboard:
        await switchboard.signs_in("kari", answers_after=1)
        await switchboard.signs_in("ola", answers_after=1)

        caller = await waits(switchboard)
        await caller.is_talking_to("ola")
        caller.hangs_up()


async def test_who_has_waited_long_for_the_language_is_given_to_anybody() -> None:
    async with switchboard_with(KARI_SPEAKS_ENGLISH) as switchboard:
        await switchboard.signs_in("ola", answers_after=1)
        first = await waits(switchboard)
        await first.is_talking_to("ola")
        kari = await switchboard.signs_in("kari", answers_after=1)

        caller = await waits(switchboard)
        await asyncio.sleep(20)
        assert kari.times_rung == 0
        await caller.is_talking_to("kari")
        caller.hangs_up()
        await asyncio.sleep(1)

        assert round(switchboard.records[0].wait_seconds or 0) == 31
        first.hangs_up()


async def test_nobody_waits_for_a_language_that_nobody_there_speaks() -> None:
    async with switchboard_with(KARI_SPEAKS_ENGLISH) as switchboard:
        await switchboard.signs_in("kari", answers_after=1)

        caller = await waits(switchboard)
        await caller.is_talking_to("kari")
        caller.hangs_up()
        await asyncio.sleep(1)

        assert round(switchboard.records[0].wait_seconds or 0) == 1


async def test_who_waits_for_the_only_one_who_speaks_it_waits_no_longer_than_they_are_there() -> (
    None
):
    async with switchboard_with(KARI_SPEAKS_ENGLISH) as switchboard:
        ola = await switchboard.signs_in("ola", busy=True)
        kari = await switchboard.signs_in("kari", answers_after=1)

        caller = await waits(switchboard)
        await asyncio.sleep(5)
        assert kari.times_rung == 0
        ola.unregisters()
        await asyncio.sleep(3)
        assert "kari" in caller.talking_to()
        caller.hangs_up()


async def test_of_phones_that_ring_at_once_the_first_to_answer_has_the_call() -> None:
    async with switchboard_with(ALL_AT_ONCE) as switchboard:
        await switchboard.signs_in("kari", answers_after=8)
        await switchboard.signs_in("ola", answers_after=3)

        caller = await waits(switchboard)
        await caller.is_talking_to("ola")
        await asyncio.sleep(30)
        caller.hangs_up()

    assert {event.agent for event in events_of(switchboard, Offered)} == {"kari", "ola"}
    assert [event.agent for event in events_of(switchboard, Connected)] == ["ola"]
    failed = [(event.agent, event.result) for event in events_of(switchboard, OfferFailed)]
    assert failed == [("kari", "other_answered")]


async def test_who_is_busy_while_all_are_rung_keeps_the_others_ringing() -> None:
    async with switchboard_with(ALL_AT_ONCE) as switchboard:
        await switchboard.signs_in("kari", busy=True)
        await switchboard.signs_in("ola", answers_after=3)

        caller = await waits(switchboard)
        await caller.is_talking_to("ola")
        caller.hangs_up()

    failed = [(event.agent, event.result) for event in events_of(switchboard, OfferFailed)]
    assert failed == [("kari", "busy")]


async def test_when_two_answer_in_the_same_moment_one_has_the_call_and_one_is_let_go() -> None:
    async with switchboard_with(ALL_AT_ONCE) as switchboard:
        await switchboard.signs_in("kari", answers_after=3)
        await switchboard.signs_in("ola", answers_after=3)

        caller = await waits(switchboard)
        await asyncio.sleep(6)
        caller.hangs_up()

    assert len(events_of(switchboard, Connected)) == 1
    assert [event.result for event in events_of(switchboard, OfferFailed)] == ["other_answered"]


async def test_a_caller_who_hangs_up_stops_all_phones() -> None:
    async with switchboard_with(ALL_AT_ONCE) as switchboard:
        await switchboard.signs_in("kari")
        await switchboard.signs_in("ola")

        caller = await waits(switchboard)
        await asyncio.sleep(3)
        caller.hangs_up()

    assert [record.disposition for record in switchboard.records] == ["abandoned"]


async def test_agents_of_another_queue_are_rung_too_and_the_caller_keeps_the_wait() -> None:
    also = ("{after: 2m, to: queue bergen}", "{after: 2m, also_ring: queue bergen}")
    async with switchboard_with(also) as switchboard:
        await switchboard.signs_in("kari")
        switchboard.asterisk.phone("PJSIP/direct/sip:tommy@127.0.0.1:5091", answers_after=1)

        caller = await waits(switchboard)
        await caller.is_talking_to("tommy")
        caller.hangs_up()
        await asyncio.sleep(1)

    (record,) = switchboard.records
    assert [(visit.queue, visit.agent) for visit in record.visits] == [("kundeservice", "tommy")]
    assert round(record.wait_seconds or 0) >= 120


async def test_at_closing_time_those_who_wait_go_where_the_rules_say() -> None:
    way_out = "{word}: voicemail kundeservice\n  bergen"
    ends = (way_out.format(word="nobody_logged_in"), way_out.format(word="at_closing_time"))
    long = ("{after: 2m, to: queue bergen}", "{after: 2h, to: queue bergen}")
    early = ("office: {mon-fri: 08:00-16:00}", "office: {mon-fri: 08:00-10:02}")
    async with switchboard_with(ends, long, early) as switchboard:
        caller = await waits(switchboard)
        await caller.hears("voicemail")
        caller.hangs_up()
        await asyncio.sleep(1)

    (record,) = switchboard.records
    assert [(visit.queue, visit.outcome) for visit in record.visits] == [
        ("kundeservice", "overflowed")
    ]
    assert 100 <= (record.visits[0].wait_seconds or 0) <= 121


async def test_who_waits_when_nothing_is_said_of_closing_time_is_served() -> None:
    early = ("office: {mon-fri: 08:00-16:00}", "office: {mon-fri: 08:00-10:01}")
    async with switchboard_with(early) as switchboard:
        kari = await switchboard.signs_in("kari", busy=True)
        caller = await waits(switchboard)
        await asyncio.sleep(80)
        kari.busy, kari.answers_after = False, 1.0
        await caller.is_talking_to("kari")
        caller.hangs_up()


async def test_who_has_talked_with_the_fewest_is_known_from_the_records_after_a_restart() -> None:
    async with switchboard_with(("ring: longest idle", "ring: fewest calls")) as switchboard:
        await switchboard.signs_in("kari", answers_after=1)
        await asyncio.sleep(5)
        await switchboard.signs_in("ola", answers_after=1)
        switchboard.desk.had_talks(["kari"])

        caller = await waits(switchboard)
        await caller.is_talking_to("ola")
        caller.hangs_up()
