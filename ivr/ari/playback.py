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
        """Stop it: what is asked of the channel after this finds it silent. One that is over is gone."""
        return self._playbacks.stop(self.id)

    async def is_heard(self) -> bool:
        """Whether it plays at this moment. One that is over is gone."""
        try:
            return (await self._playbacks.get(self.id)).state == "playing"
        except Gone:
            return False
