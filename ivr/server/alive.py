"""What is alive in one Asterisk at one moment, and what of it is nobody's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ivr import ids
from ivr.ari.events import BridgeSnapshot, ChannelSnapshot, Linked

TAPS = ("Snoop/", "WebSocket/")
"""How the names of channels begin that take a caller's speech to a worker."""


@dataclass(frozen=True, slots=True)
class AliveInAsterisk:
    """`is_alone`: no other server uses this Asterisk, so that every phone which rings in it rings for us."""

    found: Linked
    is_alone: bool

    @property
    def is_offered(self) -> frozenset[str]:
        """Callers whom the floor offers to us at this moment."""
        return frozenset(
            one.channel_id for one in self.found.channels if one.waits_on_floor and one.is_ours
        )

    @property
    def on_floor(self) -> frozenset[str]:
        """Callers who wait on the floor until they are offered again."""
        return frozenset(
            one.channel_id for one in self.found.channels if one.waits_on_floor and not one.is_ours
        )

    @property
    def callers(self) -> frozenset[str]:
        """Who came in by our own dialplan, and not a leg that we rang, or that listens in."""
        return frozenset(
            one.channel_id
            for one in self.found.channels
            if self.is_alone and one.endpoint.startswith("PJSIP/") and not _is_leg(one.channel_id)
        )

    def nobodys(self, others: Collection[str]) -> set[str]:
        """The channels that would be ours, without `others`, whose story somebody tells, and those on the floor."""
        ours = {one.channel_id for one in self.found.channels if self._is_ours(one)}
        return ours.difference(others, self.on_floor)

    def _is_ours(self, channel: ChannelSnapshot) -> bool:
        """In our application, or a phone that still rings: it comes there when somebody answers, and hears nothing."""
        return channel.is_ours or (self.is_alone and _is_leg(channel.channel_id))

    def talks(self, nobodys: Collection[str]) -> list[tuple[BridgeSnapshot, list[str]]]:
        """Bridges in which some of these hear somebody; a caller's speech on its way to a worker is no talk."""
        taps = {one.channel_id for one in self.found.channels if one.endpoint.startswith(TAPS)}
        return [
            (bridge, members)
            for bridge in self.found.bridges
            if not taps.intersection(bridge.channel_ids)
            and len(bridge.channel_ids) > 1
            and (members := [leg for leg in bridge.channel_ids if leg in nobodys])
        ]

    def bridge_of(self, leg: str) -> str | None:
        """The bridge that a channel is in."""
        inside = (one.bridge_id for one in self.found.bridges if leg in one.channel_ids)
        return next(inside, None)

    def bridges_of(self, nobodys: set[str], made_before: str) -> list[str]:
        """Bridges of ours with nobody else in them. One that is empty, and was made later, may be filled soon."""
        return [
            one.bridge_id
            for one in self.found.bridges
            if self.is_alone
            and ids.is_one(one.bridge_id, "br")
            and one.bridge_id < made_before
            and nobodys.issuperset(one.channel_ids)
        ]


def came_in(channels: Collection[str]) -> bool:
    """Whether one of them is none that we made: it may be about to arrive."""
    return not all(map(_is_leg, channels))


def _is_leg(channel_id: str) -> bool:
    return ids.is_one(channel_id, "leg")
