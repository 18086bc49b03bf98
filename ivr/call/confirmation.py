"""Whether a person took the phone: a key says so, which no voicemail presses."""

from __future__ import annotations

from ivr.ari.channel import Channel
from ivr.call.hangup import HangUpScope
from ivr.call.keypad import Keypad
from ivr.call.outcomes import Chosen
from ivr.call.party import on_the_line
from ivr.call.voice import Voice
from ivr.errors import CallerHungUp
from ivr.rules.lint.prompts import TAKE_CALL

KEY = "1"
"""What the prompt names."""

TRIES = 2
WAIT_SECONDS = 5.0
"""After the prompt, each time: long enough to take a phone from the ear and find the key."""


async def is_confirmed(leg: Channel, voice: Voice) -> bool:
    """Ask whoever is on `leg`, and ask again, until the key is pressed; False where it is not, or the leg is gone."""
    try:
        async with HangUpScope(leg), on_the_line(leg, voice) as party:
            keypad = Keypad(party.ear, (KEY,))
            for _ in range(TRIES):
                async with party.voice.saying((TAKE_CALL,)) as saying:
                    first = await keypad.first(saying, WAIT_SECONDS)
                if isinstance(await keypad.choice(first, 0.0), Chosen):
                    return True
    except CallerHungUp:  # whoever was called, that is: this scope is around their leg
        return False
    return False
