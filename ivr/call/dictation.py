"""Taking dictation: somebody reads a prompt into the phone, and it is no message of a caller's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ivr.ari.channel import Channel
from ivr.ari.events import RecordingEnded, Relinked
from ivr.errors import AsteriskUnreachable, Gone

SILENCE_SECONDS = 5
"""Who reads and then says nothing for so long is done."""

SHORTEST_SECONDS = 1
"""By Asterisk's count of whole seconds; what is shorter is a key pressed too soon."""

TAKES = 5
"""So often it may be read."""


def names_of_takes(leg_id: str) -> tuple[str, ...]:
    """How the recordings on a leg are called: so that the next server knows them, too."""
    return tuple(f"{leg_id}-{number}-rec" for number in range(TAKES))


async def break_off_dictation(leg: Channel) -> None:
    """End what the server before this one recorded on this leg; what is said there waits for its end else."""
    for name in names_of_takes(leg.id):
        try:
            await leg.recording(name).stop()
        except Gone:
            continue  # it never began, or is over
        return


async def take_dictation(leg: Channel, name: str, longest_seconds: int) -> float | None:
    """Record `leg` under this name until `#`, a silence or the limit; its length, None where there is nothing.

    Raises AsteriskUnreachable where the link was lost meanwhile: what was read is read anew.
    """
    async with leg.listen(RecordingEnded, Relinked) as happenings:
        recording = await leg.record(
            name,
            longest_seconds=longest_seconds,
            silence_seconds=SILENCE_SECONDS,
            beep=False,  # ours was heard already
            terminate_on="#",
        )
        try:
            return await _read(name, happenings)
        except (AsteriskUnreachable, asyncio.CancelledError):
            if not leg.ended.done():
                recording.stop().tell()  # what is said next waits for its end else
            raise


async def _read(name: str, happenings: AsyncIterator[RecordingEnded | Relinked]) -> float | None:
    async for happened in happenings:
        if isinstance(happened, Relinked):
            raise AsteriskUnreachable
        if happened.name == name:
            is_read = happened.ok and happened.seconds >= SHORTEST_SECONDS
            return happened.seconds if is_read else None
    return None
