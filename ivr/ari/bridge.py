"""A bridge: where legs hear each other (mixing) or wait (holding)."""

from __future__ import annotations

from typing import Literal

from ivr.ari.channel import Channel
from ivr.ari.generated import models as m
from ivr.ari.generated.operations import Bridges
from ivr.ari.request import Door, Request
from ivr.errors import ChannelGone


class Bridge:
    """A handle. Hang up its channels first, destroy it after: the hang-up's cause is lost otherwise.

    To the other requests, what is over is gone: the bridge (Gone), or a channel (ChannelGone).
    """

    def __init__(self, door: Door, bridge_id: str) -> None:
        self.id = bridge_id
        self._bridges = Bridges(door)

    def create(self, kind: Literal["mixing", "holding"] = "mixing") -> Request[m.Bridge]:
        """Make it. Awaited, raises AsteriskRefused when there is one with this id."""
        return self._bridges.create_with_id(self.id, type=kind)

    async def add(self, *channels: Channel) -> None:
        """Let the channels hear the others, and be heard: all of them or none.

        Of several, Asterisk does not say which one is gone: add them one by one to learn it.
        """
        try:
            await self._bridges.add_channel(self.id, [channel.id for channel in channels])
        except ChannelGone as error:
            if len(channels) > 1:
                raise
            raise ChannelGone(channels[0].id, str(error)) from error

    def remove(self, channel: Channel) -> Request[None]:
        """Take the channel out."""
        return self._bridges.remove_channel(self.id, [channel.id])

    def destroy(self) -> Request[None]:
        """Delete the bridge."""
        return self._bridges.destroy(self.id)
