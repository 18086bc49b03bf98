"""A word to the agent before the caller, who hears the music go on and waits no longer than it takes."""

from __future__ import annotations

import asyncio
from typing import Any

from ivr.numerals import PARTS
from ivr.records.events import Connected, OfferFailed, Whispered
from tests.flows.conftest import RULES

WHISPERING = RULES.replace(
    "  kundeservice:\n    answer:",
    "  kundeservice:\n    whisper: [queue, site, waited]\n    answer:",
)
RECORDED = ("queue.kundeservice", "site.bergen", *PARTS)
WORDS = ("queue.kundeservice", "site.bergen", "minutes.under", "number.1_minute", "minutes.one")


def heard_by(phone: Any) -> list[str]:
    return [name.rpartition("/")[2] for name in phone.heard]


async def waits(switchboard: Any) -> Any:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("1")
    return caller


async def test_the_agent_hears_queue_site_and_wait_and_the_caller_music_until_they_are_connected(
    make_switchboard: Any,
) -> None:
    async with make_switchboard(WHISPERING, RECORDED) as switchboard:
        kari = await switchboard.signs_in("kari", answers_after=1)
        caller = await waits(switchboard)
        await kari.hears("queue.kundeservice")
        assert caller.channel.music == "calm"
        before = [*caller.heard]
        began = asyncio.get_running_loop().time()

        await caller.is_talking_to("kari")

        took = asyncio.get_running_loop().time() - began
        assert took <= 2.0 * len(WORDS) + 0.1
        assert caller.heard == before
        assert tuple(heard_by(kari)) == WORDS
        caller.hangs_up()
        await asyncio.sleep(1)
        (told,) = switchboard.events(Whispered)
        assert (told.agent, told.prompts) == ("kari", WORDS)
        assert len(switchboard.events(Connected)) == 1


async def test_what_has_no_recording_is_left_out(make_switchboard: Any) -> None:
    async with make_switchboard(WHISPERING, ("site.bergen",)) as switchboard:
        kari = await switchboard.signs_in("kari", answers_after=1)
        caller = await waits(switchboard)

        await caller.is_talking_to("kari")

        assert heard_by(kari) == ["site.bergen"]
        caller.hangs_up()


async def test_an_agent_who_hangs_up_meanwhile_costs_the_caller_no_place(
    make_switchboard: Any,
) -> None:
    async with make_switchboard(WHISPERING, RECORDED) as switchboard:
        kari = await switchboard.signs_in("kari", answers_after=1)
        caller = await waits(switchboard)
        await kari.hears("queue.kundeservice")
        await switchboard.signs_in("ola", answers_after=1)

        kari.hangs_up()

        await caller.is_talking_to("ola")
        caller.hangs_up()
        await asyncio.sleep(1)
        failed = switchboard.events(OfferFailed)
        assert [(one.agent, one.result) for one in failed] == [("kari", "gone")]


async def test_a_caller_who_hangs_up_meanwhile_leaves_the_agent_free(make_switchboard: Any) -> None:
    async with make_switchboard(WHISPERING, RECORDED) as switchboard:
        kari = await switchboard.signs_in("kari", answers_after=1)
        caller = await waits(switchboard)
        await kari.hears("queue.kundeservice")

        caller.hangs_up()
        await asyncio.sleep(1)

        assert switchboard.asterisk.leftovers() == []
        assert switchboard.records[0].disposition == "abandoned"
        states = {view.name: view.state for view in switchboard.desk.agents()}
        assert states["kari"] == "available"
