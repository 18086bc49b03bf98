"""A playback: something being played to a channel."""

from __future__ import annotations

from ivr.ari.generated.operations import Playbacks
from ivr.ari.transport import Transport
from ivr.errors import ChannelGone


class Playback:
    """A handle. Its end is heard on the channel, as PlaybackEnded with this id."""

    def __init__(self, transport: Transport, playback_id: str) -> None:
        self.id = playback_id
        self._playbacks = Playbacks(transport)

    async def stop(self) -> None:
        """Stop it. One that is over is stopped already."""
        try:
            await self._playbacks.stop(self.id)
        except ChannelGone:
            return
