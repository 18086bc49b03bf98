"""Who ended a call whose leg was gone when the link came back: not the caller, unless Asterisk had said so."""

import asyncio
from typing import Any

from ivr.queues.agents import AgentState


async def arrives(switchboard: Any) -> Any:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    return caller


def states(switchboard: Any) -> dict[str, AgentState]:
    return {view.name: view.state for view in switchboard.desk.agents()}


async def test_a_talk_that_is_lost_with_its_asterisk_was_ended_by_nobody_on_the_line(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari", answers_after=1)
    caller = await arrives(switchboard)
    caller.keys("1")
    await caller.is_talking_to("kari")
    await asyncio.sleep(1)

    switchboard.asterisk.restart()
    await asyncio.sleep(30)

    (record,) = switchboard.records
    assert (record.ended_by, record.disposition) == ("link_lost", "answered")
    assert states(switchboard)["kari"] is AgentState.AVAILABLE


async def test_a_caller_who_waits_and_is_lost_with_asterisk_has_not_abandoned(
    switchboard: Any,
) -> None:
    await switchboard.signs_in("kari")
    caller = await arrives(switchboard)
    caller.keys("1")
    await asyncio.sleep(5)

    switchboard.asterisk.restart()
    await asyncio.sleep(30)

    (record,) = switchboard.records
    assert (record.ended_by, record.disposition) == ("link_lost", "failed")
    assert record.visits[0].outcome == "system_dropped"
    assert states(switchboard)["kari"] is AgentState.AVAILABLE


async def test_a_caller_who_hangs_up_has_ended_the_call(switchboard: Any) -> None:
    caller = await arrives(switchboard)
    caller.keys("3")
    await caller.hears("voicemail")

    caller.hangs_up()
    await asyncio.sleep(30)

    (record,) = switchboard.records
    assert (record.ended_by, record.hangup_cause) == ("caller", 16)
