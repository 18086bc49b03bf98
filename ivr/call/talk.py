"""A talk: legs that hear each other, any number of them."""

from __future__ import annotations

import asyncio

import structlog

from ivr.ari.bridge import Bridge
from ivr.ari.channel import Channel
from ivr.errors import ChannelGone, Gone, NotConnected

log = structlog.get_logger()


class Talk:
    """`members` hear each other; who leaves, leaves the others with each other."""

    def __init__(self, bridge: Bridge, belongs_to: Channel) -> None:
        """`belongs_to`: the leg whose end is the end of the story, and no failure of the talk."""
        self.id = bridge.id
        self._bridge = bridge
        self._belongs_to = belongs_to
        self._members: list[Channel] = []

    @property
    def members(self) -> tuple[Channel, ...]:
        return tuple(self._members)

    def begin(self) -> None:
        """Make the bridge; nobody is in it yet."""
        self._bridge.create().tell()

    async def add(self, *legs: Channel) -> None:
        """Let them hear the members, and be heard. Raises NotConnected when a leg or the bridge is gone.

        All in one request; when one of them is gone, one by one, to learn which.
        """
        try:
            try:
                await self._bridge.add(*legs)
            except ChannelGone:
                for leg in legs:
                    await self._bridge.add(leg)
        except Gone as error:
            if error.id == self._belongs_to.id:
                raise
            log.warning("no talk", gone=error.noun, error=str(error))
            raise NotConnected from error
        self._members += legs

    def remove(self, leg: Channel) -> None:
        """Take a leg out; it is not hung up."""
        if leg in self._members:
            self._members.remove(leg)
        if not leg.ended.done():
            self._bridge.remove(leg).tell()

    async def ended(self) -> Channel:
        """Wait until a member has hung up and fewer than two are left; who that was."""
        while True:
            await asyncio.wait(
                [leg.ended for leg in self._members], return_when=asyncio.FIRST_COMPLETED
            )
            gone = [leg for leg in self._members if leg.ended.done()]
            self._members = [leg for leg in self._members if leg not in gone]
            if len(self._members) < 2:
                return gone[-1]

    async def ended_within(self, seconds: float) -> Channel | None:
        """As `ended`; None where they talk longer than that."""
        try:
            async with asyncio.timeout(seconds):
                return await self.ended()
        except TimeoutError:
            return None

    def end(self) -> None:
        """Delete the bridge. Hang up first who shall be: the other order loses the hang-up's cause."""
        self._bridge.destroy().tell()
