"""Taking dictation: somebody reads a prompt into the phone, and it is no message of a caller's."""

from __future__ import annotations

from ivr.ari.channel import Channel
from ivr.ari.events import RecordingEnded

SILENCE_SECONDS = 5
"""Who reads and then says nothing for so long is done."""

SHORTEST_SECONDS = 1
"""By Asterisk's count of whole seconds; what is shorter is a key pressed too soon."""


async def take_dictation(leg: Channel, name: str, longest_seconds: int) -> float | None:
    """Record `leg` under this name until `#`, a silence or the limit; its length, None where there is nothing."""
    async with leg.listen(RecordingEnded) as endings:
        await leg.record(
            name,
            longest_seconds=longest_seconds,
            silence_seconds=SILENCE_SECONDS,
            beep=False,  # ours was heard already
            terminate_on="#",
        )
        async for ended in endings:
            if ended.name == name:
                return ended.seconds if ended.ok and ended.seconds >= SHORTEST_SECONDS else None
    return None
