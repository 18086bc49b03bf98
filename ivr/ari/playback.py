"""A playback: something being played to a channel."""

from __future__ import annotations

from ivr.ari.generated.operations import Playbacks
from ivr.ari.request import Door, Request
from ivr.errors import Gone


class Playback:
    """A handle. Its end is heard on the channel, as PlaybackEnded with this id."""

    def __init__(self, door: Door, playback_id: str) -> None:
        self.id = playback_id
        self._playbacks = Playbacks(door)

    def stop(self) -> Request[None]:
        """Stop it: what is asked of the channel after this finds it silent. One that is over is gone.

        AsteriskRefused where it cannot be stopped: Asterisk begins it just now, or speaks by itself.
        """
        return self._playbacks.stop(self.id)

    async def is_heard(self) -> bool:
        """Whether it plays at this moment."""
        return await self._state() == "playing"

    async def is_over(self) -> bool:
        """Whether it neither plays nor waits for what plays before it."""
        return await self._state() not in {"queued", "playing"}

    async def _state(self) -> str | None:
        """In Asterisk's words; None where it is gone, as one that is over."""
        try:
            return (await self._playbacks.get(self.id)).state
        except Gone:
            return None
