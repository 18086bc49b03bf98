"""The story of a message left."""

from __future__ import annotations

from ivr.call import Call
from ivr.rules.decision import Finished
from ivr.rules.model import Voicemail


async def run_voicemail(call: Call, box: Voicemail) -> Finished:
    """Greet, record after the tone (ours: Asterisk's own is not in every installation), and say that it was kept."""
    await call.say(box.say, "beep")
    await call.take_message(box)
    await call.say("message_saved")
    return Finished()
