"""Stories of a full queue: who would be connected at once never hears that it is full."""

import asyncio

from ivr.records.events import Routed
from tests.flows.test_queue_order import (
    KARI_SPEAKS_ENGLISH,
    OLA_SPEAKS_NORWEGIAN,
    events_of,
    switchboard_with,
    waits,
)

ONE_MAY_WAIT = (
    "    nobody_logged_in: voicemail kundeservice\n  bergen:",
    "    nobody_logged_in: voicemail kundeservice\n"
    "    at_most: 1 waiting\n    when_full: voicemail kundeservice\n  bergen:",
)
FOR_EVER = ("at_most: 1 waiting", "at_most: 1 waiting\n    widen_after: never")


async def test_while_one_phone_rings_the_next_caller_gets_the_free_agent() -> None:
    async with switchboard_with(ONE_MAY_WAIT) as house:
        await house.signs_in("kari", answers_after=None)
        await house.signs_in("ola", answers_after=1.0)
        first = await waits(house)
        await asyncio.sleep(3)
        second = await waits(house, "+4790000002")

        await second.is_talking_to("ola")
        third = await waits(house, "+4790000003")
        await third.hears("voicemail")
        for caller in (first, second, third):
            caller.hangs_up()


async def test_who_waits_for_a_language_keeps_nobody_from_an_agent_who_is_free() -> None:
    async with switchboard_with(
        ONE_MAY_WAIT, FOR_EVER, KARI_SPEAKS_ENGLISH, OLA_SPEAKS_NORWEGIAN
    ) as house:
        await house.signs_in("ola", answers_after=1.0)
        talks = await waits(house)
        await talks.is_talking_to("ola")
        norwegian = await waits(house, "+4790000002")
        await asyncio.sleep(3)
        await house.signs_in("kari", answers_after=1.0)

        english = await waits(house, "+4790000003", keys="91")
        await english.is_talking_to("kari")
        late = await waits(house, "+4790000004", keys="91")
        await late.hears("voicemail")
        for caller in (talks, norwegian, english, late):
            caller.hangs_up()
        await asyncio.sleep(1)
        steps = [step for event in events_of(house, Routed) for step in event.steps]
        assert [one.taken for one in steps if one.because.kind == "full_but_free"] == [False]
