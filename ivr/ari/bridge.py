"""A bridge: where legs hear each other (mixing) or wait (holding)."""

from __future__ import annotations

from ivr.ari.channel import Channel
from ivr.ari.generated.operations import Bridges
from ivr.ari.transport import Transport
from ivr.errors import ChannelGone


class Bridge:
    """A handle. Hang up its channels first, destroy it after: the hang-up's cause is lost otherwise."""

    def __init__(self, transport: Transport, bridge_id: str) -> None:
        self.id = bridge_id
        self._bridges = Bridges(transport)

    async def add(self, *channels: Channel) -> None:
        """Let the channels hear the others, and be heard: all of them or none.

        Raises ChannelGone when one of them, or the bridge, is gone.
        """
        await self._bridges.add_channel(self.id, [channel.id for channel in channels])

    async def remove(self, channel: Channel) -> None:
        """Take the channel out. One that is out, or gone, is out already."""
        try:
            await self._bridges.remove_channel(self.id, [channel.id])
        except ChannelGone:
            return

    async def destroy(self) -> None:
        """Delete the bridge. One that is gone is deleted already."""
        try:
            await self._bridges.destroy(self.id)
        except ChannelGone:
            return
