"""Music to wait to: who hears it, so that it begins anew when its recordings are others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from ivr.ari.channel import Channel
from ivr.errors import AsteriskUnreachable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, eq=False)
class _Hearing:
    """A leg, and the kind of music that it hears."""

    leg: Channel
    kind: str


class Music:
    """Of one server: whoever hears a kind whose recordings have changed is given it anew.

    Asterisk goes by the list that was there when the music began, and is silent for good where the next one is gone.
    """

    def __init__(self) -> None:
        self._heard: set[_Hearing] = set()

    @asynccontextmanager
    async def heard_by(self, leg: Channel, kind: str) -> AsyncIterator[None]:
        """Music of this kind while the body runs."""
        hearing = _Hearing(leg, kind)
        self._heard.add(hearing)
        try:
            await leg.start_music(kind)
            yield
        finally:
            self._heard.remove(hearing)
            if not leg.ended.done():
                leg.stop_music().tell()

    def begin_anew(self, kinds: Collection[str]) -> None:
        """The recordings of these are others now, and Asterisk has them."""
        legs = [one for one in self._heard if one.kind in kinds and not one.leg.ended.done()]
        with suppress(AsteriskUnreachable):  # who comes back with the link is given it anew, too
            for one in legs:
                one.leg.stop_music().tell()  # else Asterisk goes on with the old list
                one.leg.start_music(one.kind).tell()
        if legs:
            log.info("music began anew for those who wait", kinds=sorted(kinds), callers=len(legs))
