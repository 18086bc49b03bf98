"""Stories of callers who leave a message."""

import asyncio
from typing import Any

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
