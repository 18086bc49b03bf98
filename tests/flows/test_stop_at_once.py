"""Stories of a stop that cannot wait: nobody hears a goodbye, and still everything is cleared away and told."""

import asyncio
from typing import Any

import pytest


async def arrives(switchboard: Any) -> Any:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    return caller


async def test_drain_that_is_hurried_hangs_up_on_everybody_without_a_word(switchboard: Any) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    talking, keying = await arrives(switchboard), await arrives(switchboard)
    talking.keys("1")
    await talking.is_talking_to("kari")
    draining = asyncio.ensure_future(switchboard.supervisor.drain(600))
    await asyncio.sleep(1)

    switchboard.supervisor.hurry()
    async with asyncio.timeout(1):
        await draining

    assert "goodbye" not in (*talking.heard, *keying.heard)
    assert {record.ended_by for record in switchboard.records} == {"drain"}
    assert switchboard.asterisk.leftovers() == []


async def test_goodbye_that_is_hurried_is_cut_short(switchboard: Any) -> None:
    caller = await arrives(switchboard)
    draining = asyncio.ensure_future(switchboard.supervisor.drain(0.5))
    await caller.hears("goodbye")

    switchboard.supervisor.hurry()
    async with asyncio.timeout(0.5):
        await draining

    assert [record.ended_by for record in switchboard.records] == ["drain"]


@pytest.mark.parametrize("seconds", [0.0, 0.5])
async def test_hurry_before_the_drain_begins_is_no_different(
    switchboard: Any, seconds: float
) -> None:
    await arrives(switchboard)
    await asyncio.sleep(seconds)

    switchboard.supervisor.hurry()
    async with asyncio.timeout(0.5):
        await switchboard.supervisor.drain(600)

    assert [record.ended_by for record in switchboard.records] == ["drain"]
