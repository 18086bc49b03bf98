"""The tap: what comes from a leg, brought to a speech worker for as long as a scope lasts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from ivr import ids
from ivr.ari.channel import Channel
from ivr.ari.events import Entered, LegEnded
from ivr.ari.legs import Legs
from ivr.errors import AsteriskError, SpeechFailed


@asynccontextmanager
async def tapped(leg: Channel, legs: Legs, worker: str, call_id: str) -> AsyncIterator[None]:
    """Bring what comes from the leg to this worker. Raises SpeechFailed, AsteriskError when that cannot be.

    A spy hears the leg, and a channel to the worker hears the spy. Both must have come in before they can be brought
    together: to one that has not, Asterisk answers that it is not ours.
    """
    spy, media = legs.channel(ids.new("spy")), legs.channel(ids.new("med"))
    bridge = legs.bridge(ids.new("br"))
    try:
        async with (
            spy.listen(Entered, LegEnded) as of_spy,
            media.listen(Entered, LegEnded) as of_media,
        ):
            await leg.snoop(spy)
            await media.bring_to(worker, call_id)
            for listener in (of_spy, of_media):
                if not isinstance(await anext(listener), Entered):
                    raise SpeechFailed("Asterisk does not reach the worker")
        await bridge.create()
        await bridge.add(spy)
        await bridge.add(media)
        yield
    finally:
        with suppress(AsteriskError):  # without a link the next comparison clears them away
            media.hang_up_soon()
            spy.hang_up_soon()
            bridge.destroy().tell()
        for one in (spy, media):
            legs.release(one.id)
