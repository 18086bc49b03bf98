"""The place of a caller who was cut off, or hung up, and calls again: remembered, and offered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from ivr.call import Call, Chosen
from ivr.desk import Place
from ivr.flows.origin import Adopted, Origin
from ivr.queues.line import HeldPlace
from ivr.rules.decision import KeptPlace, PlaceTaken
from ivr.rules.lint.prompts import KEEP_PLACE
from ivr.rules.visit.row import KEEP_KEY

WAIT_SECONDS = 4.0
"""After the prompt: whoever does not want the place waits no longer for having been asked."""


async def offer_place(call: Call, kept: KeptPlace) -> PlaceTaken | None:
    """Ask once whether the caller wants the old place; None where they do not, or it is gone by now."""
    chosen = await call.choose_key((KEEP_KEY,), (KEEP_PLACE,), WAIT_SECONDS)
    if not isinstance(chosen, Chosen):
        call.acquaintance.refuses_place(kept)
        return None
    return PlaceTaken(kept.queue, kept.since) if call.acquaintance.takes_place(kept) else None


def held_before(origin: Origin) -> HeldPlace:
    """What the caller's place has come to when the story begins."""
    if not isinstance(origin, Adopted):
        return HeldPlace()
    held = origin.left.held
    return HeldPlace(held.queue, held.is_before_all, set(held.missed_by), is_taken_over=True)


@contextmanager
def place_remembered(call: Call, place: Place) -> Iterator[None]:
    """Who is gone while they wait has left the place; so has who is cut off from an agent, and did not hang up."""
    try:
        yield
    except asyncio.CancelledError:
        ended = call.leg.ended
        if ended.done() and (place.is_waiting or ended.result().was_lost):
            call.acquaintance.leaves_place(place.queue.name, place.waited_seconds)
        raise
