"""Stories of more calls than there are ports for speech."""

from __future__ import annotations

import asyncio
from typing import Any


async def test_a_caller_for_whom_there_is_no_room_is_sent_elsewhere_and_written_down(
    switchboard: Any,
) -> None:
    switchboard.room.legs = 3
    first = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await first.hears("welcome")

    second = switchboard.asterisk.ring("+4790000002", dialled="+4755301000")
    await asyncio.sleep(1)

    assert second.heard == []
    told = switchboard.records[0]
    assert (told.caller, told.ended_by, told.hangup_cause) == ("+4790000002", "failed", 42)
    assert told.error == "no-room"
    assert "no more calls fit" in switchboard.room.problem(1)
    first.hangs_up()
    await asyncio.sleep(1)
    assert switchboard.asterisk.leftovers() == []


async def test_whoever_comes_when_others_have_left_is_taken(switchboard: Any) -> None:
    switchboard.room.legs = 3
    first = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await first.hears("welcome")
    first.hangs_up()
    await asyncio.sleep(1)

    second = switchboard.asterisk.ring("+4790000002", dialled="+4755301000")
    await second.hears("welcome")

    second.hangs_up()
    await asyncio.sleep(1)
    assert switchboard.room.turned_away == 0
