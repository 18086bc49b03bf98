"""Company for a caller who waits: music, and now and then the place in line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from ivr.call import Call
from ivr.desk import Place
from ivr.errors import IvrError, first_of
from ivr.numerals import place_in_line
from ivr.queues.line import ToldPlaces


@asynccontextmanager
async def company(
    call: Call, place: Place, told: ToldPlaces, *, at_once: bool
) -> AsyncIterator[None]:
    """Keep the caller company while the body runs. `at_once`: the place is told before any music."""
    every = place.queue.say_place_seconds
    if every is None:
        async with call.music(place.queue.music):
            yield
        return
    try:
        async with asyncio.TaskGroup() as group:
            keeping = keep_company(call, place, told, every_seconds=every, at_once=at_once)
            kept = group.create_task(keeping, name=f"company/{call.id}")
            try:
                yield
            finally:
                kept.cancel()
    except* IvrError as errors:
        raise first_of(errors) from None


async def keep_company(
    call: Call, place: Place, told: ToldPlaces, *, every_seconds: float, at_once: bool
) -> None:
    """Music, and every `every_seconds` of the wait the place, for as long as nobody says stop.

    While a phone rings for this caller no place is told: somebody is about to answer.
    """
    if at_once and (said := what_to_tell(call, place, told)):
        await call.say(*said)
    while True:
        async with call.music(place.queue.music):
            said = await next_to_tell(call, place, told, every_seconds)
        await call.say(*said)


async def next_to_tell(
    call: Call, place: Place, told: ToldPlaces, every_seconds: float
) -> tuple[str, ...]:
    """What there is to tell, at the first of the times for it when there is anything."""
    while True:
        await asyncio.sleep(place.seconds_to_next(every_seconds))
        if said := what_to_tell(call, place, told):
            return said


def what_to_tell(call: Call, place: Place, told: ToldPlaces) -> tuple[str, ...]:
    """The place as prompts; none while there is nothing to tell, or where a recording for it is missing."""
    if place.claimed:
        return ()
    number = told.next(place.queue.name, place.number)
    return call.sayable(partial(place_in_line, number)) if number is not None else ()
