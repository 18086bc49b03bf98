"""The story of a message left."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Call, MessageKept, MessageLost, NothingSaid
from ivr.rules.decision import Finished
from ivr.rules.model import Voicemail


async def run_voicemail(call: Call, box: Voicemail) -> Finished:
    """Greet, record after the tone (ours: Asterisk's own is not in every installation), and say what became of it."""
    if call.message is None:
        if not call.has_room_for_message(box):
            await call.say("sorry")
            return Finished()
        await call.say(box.say, "beep")
    match await call.take_message(box):
        case MessageKept():
            await call.say("message_saved")
        case NothingSaid():
            await call.say("goodbye")
        case MessageLost():
            await call.say("sorry")
        case unknown:
            assert_never(unknown)
    return Finished()
