"""Stories of callers who leave a message."""

import asyncio
from typing import Any

import pytest

from ivr.ari.generated import models as m
from ivr.records.events import MessageLeft


async def test_the_end_of_another_recording_of_the_same_leg_ends_no_message(
    switchboard: Any,
) -> None:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("3")
    await caller.hears("voicemail")
    await asyncio.sleep(8)
    switchboard.asterisk.report(
        m.RecordingFinished,
        recording=m.LiveRecording(
            name="somebody-elses",
            format="wav",
            target_uri=f"channel:{caller.channel_id}",
            state="done",
            duration=1,
        ),
    )
    await asyncio.sleep(3)

    assert "message_saved" not in caller.heard
    caller.keys("#")
    await caller.hears("message_saved")
    await caller.is_hung_up()
    await asyncio.sleep(1)
    (left,) = switchboard.events(MessageLeft)
    assert left.seconds > 4


async def is_at_the_tone(switchboard: Any) -> Any:
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("3")
    await caller.hears("voicemail")
    await switchboard.asterisk.until(lambda: switchboard.asterisk.live_recordings)
    return caller


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.9])
async def test_who_hangs_up_at_the_tone_has_left_no_message(
    switchboard: Any, seconds: float
) -> None:
    caller = await is_at_the_tone(switchboard)
    await asyncio.sleep(seconds)
    caller.hangs_up()
    await asyncio.sleep(5)

    (record,) = switchboard.records
    assert record.messages == ()
    assert record.disposition != "voicemail"


async def test_who_ends_it_at_once_is_not_told_that_it_was_saved(switchboard: Any) -> None:
    caller = await is_at_the_tone(switchboard)
    caller.keys("#")
    await caller.hears("goodbye")
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert "message_saved" not in caller.heard
    assert switchboard.events(MessageLeft) == []


@pytest.mark.fault("F-28")
async def test_a_message_that_is_not_on_the_disk_is_not_called_saved(switchboard: Any) -> None:
    switchboard.messages.is_broken = True
    caller = await is_at_the_tone(switchboard)
    await asyncio.sleep(5)
    caller.keys("#")
    await caller.hears("sorry")
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert "message_saved" not in caller.heard
    assert switchboard.events(MessageLeft) == []
    assert switchboard.counts["messages_lost"] == 1


@pytest.mark.fault("F-28")
async def test_without_room_on_the_disk_no_message_is_asked_for(switchboard: Any) -> None:
    switchboard.messages.is_full = True
    caller = switchboard.asterisk.ring("+4790000001", dialled="+4755301000")
    await caller.hears("welcome")
    caller.keys("3")
    await caller.hears("sorry")
    await caller.is_hung_up()
    await asyncio.sleep(1)

    assert caller.heard[-1] == "sorry"
    assert not {"voicemail", "beep"} & set(caller.heard)
    (record,) = switchboard.records
    assert record.disposition == "menu_abandoned"  # and no menu's success
    assert switchboard.asterisk.stored_recordings == {}
    assert switchboard.counts["messages_lost"] == 1


@pytest.mark.parametrize("was_taken_up", [False, True])
async def test_a_server_that_stops_keeps_what_was_said_so_far_and_says_goodbye(
    make_switchboard: Any, *, was_taken_up: bool
) -> None:
    async with make_switchboard() as switchboard:
        caller = await is_at_the_tone(switchboard)
        caller.speaks_seconds = 60.0
        await asyncio.sleep(5)
        if was_taken_up:
            switchboard.asterisk.lose_link()
            await asyncio.sleep(1)
            switchboard.asterisk.restore_link()
            await asyncio.sleep(5)
        began = asyncio.get_running_loop().time()
        draining = asyncio.ensure_future(switchboard.supervisor.drain(0.5))

        await caller.hears("goodbye")
        await caller.is_hung_up()
        await draining

        assert asyncio.get_running_loop().time() - began < 4
        (record,) = switchboard.records
        assert record.ended_by == "drain"
        assert [one.seconds >= 4 for one in record.messages] == [True]
        assert switchboard.asterisk.leftovers() == []
