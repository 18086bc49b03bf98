"""The legs of one call, and the bridges between them."""

from __future__ import annotations

from ivr.ari.bridge import Bridge
from ivr.ari.channel import Channel
from ivr.ari.registry import Registry
from ivr.ari.request import Door


class Legs:
    """Hands out channels and bridges whose requests all go through one door, so that they are done in order."""

    def __init__(self, door: Door, registry: Registry, app: str) -> None:
        self._door = door
        self._registry = registry
        self._app = app

    def channel(self, channel_id: str) -> Channel:
        """A handle on a channel; nothing is asked of Asterisk, and nothing followed yet."""
        return Channel(self._door, self._registry, self._app, channel_id)

    def bridge(self, bridge_id: str) -> Bridge:
        """A handle on a bridge; nothing is asked of Asterisk, and nothing made yet."""
        return Bridge(self._door, bridge_id)

    def release(self, channel_id: str) -> None:
        """Follow a channel no longer. Does not hang it up."""
        self._registry.release(channel_id)
