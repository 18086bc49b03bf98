"""Stories of phones that fall silent in the middle of a call: some are muted, some are gone."""

import asyncio

import pytest

from ivr.call.lifesign import ASK_AGAIN_SECONDS, LOOK_SECONDS
from ivr.records.events import TalkEnded
from tests.flows.test_queue_order import events_of, switchboard_with, waits

GONE_SECONDS = 2 * LOOK_SECONDS + 32 + 1


async def test_an_agents_phone_that_vanishes_is_noticed_within_a_minute_and_the_next_is_rung() -> (
    None
):
    async with switchboard_with() as house:
        kari = await house.signs_in("kari", answers_after=1.0)
        caller = await waits(house)
        await caller.is_talking_to("kari")
        await asyncio.sleep(100)
        ola = await house.signs_in("ola", answers_after=1.0)
        assert kari.channel is not None
        assert kari.channel.times_asked == 0

        kari.vanishes()
        await asyncio.sleep(GONE_SECONDS)
        assert "sorry" in caller.heard
        await caller.is_talking_to("ola")
        caller.hangs_up()
        await asyncio.sleep(1)

        assert ola.times_rung == 1
        ended = events_of(house, TalkEnded)
        assert ended[0].by == "system"
        assert ended[0].heard_seconds == pytest.approx(100, abs=2)


async def test_a_phone_that_is_muted_is_asked_now_and_then_and_the_talk_goes_on() -> None:
    async with switchboard_with() as house:
        kari = await house.signs_in("kari", answers_after=1.0)
        caller = await waits(house)
        await caller.is_talking_to("kari")
        await asyncio.sleep(30)
        kari.falls_silent()
        await asyncio.sleep(5 * ASK_AGAIN_SECONDS)

        assert kari.channel is not None
        assert kari.channel.times_asked == 5
        assert "kari" in caller.talking_to()
        caller.hangs_up()


async def test_a_caller_who_vanishes_while_waiting_keeps_no_place_for_longer_than_a_minute() -> (
    None
):
    async with switchboard_with() as house:
        await house.signs_in("kari", busy=True)
        caller = await waits(house)
        await asyncio.sleep(20)
        caller.vanishes()
        await asyncio.sleep(GONE_SECONDS)

        assert house.desk.waiting() == {}
        (record,) = house.records
        assert record.ended_by == "lost"


async def test_a_phone_that_was_never_heard_is_not_asked() -> None:
    async with switchboard_with() as house:
        kari = await house.signs_in("kari", answers_after=1.0)
        caller = await waits(house)
        caller.sends_sound = kari.sends_sound = False
        await caller.is_talking_to("kari")
        await asyncio.sleep(200)

        for phone in (caller, kari):
            assert phone.channel is not None
            assert phone.channel.times_asked == 0
        caller.hangs_up()
