"""Company for a caller who waits: music, and now and then the place in line, how long it takes, and a message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from ivr.call import Call
from ivr.desk import Place
from ivr.errors import IvrError, first_of
from ivr.numerals import place_in_line, wait_between
from ivr.queues.line import Told
from ivr.queues.rhythm import Rhythm

TOGETHER_SECONDS = 10.0
"""What is due within so long of something else is said with it, and not at once after it."""


@asynccontextmanager
async def company(call: Call, place: Place, told: Told, *, at_once: bool) -> AsyncIterator[None]:
    """Keep the caller company while the body runs. `at_once`: place and wait are told before any music."""
    queue = place.queue
    if queue.say_place_seconds is None and queue.say_wait is None and not queue.say:
        async with call.music(queue.music):
            yield
        return
    try:
        async with asyncio.TaskGroup() as group:
            keeping = keep_company(call, place, told, at_once=at_once)
            kept = group.create_task(keeping, name=f"company/{call.id}")
            try:
                yield
            finally:
                kept.cancel()
    except* IvrError as errors:
        raise first_of(errors) from None


async def keep_company(call: Call, place: Place, told: Told, *, at_once: bool) -> None:
    """Music, and what there is to tell at its times, for as long as nobody says stop."""
    telling = _Telling(call, place, told)
    if at_once and (said := telling.now()):
        await call.say(*said)
    while True:
        async with call.music(place.queue.music):
            said = await telling.next()
        await call.say(*said)


class _Telling:
    """What this caller is told and when: the place, the wait, and the messages of the queue one after another.

    While a phone rings for this caller nothing is told: somebody is about to answer.
    """

    def __init__(self, call: Call, place: Place, told: Told) -> None:
        self._call = call
        self._place = place
        self._told = told
        every, waited = place.queue.say_place_seconds, place.waited_seconds
        self._places = Rhythm(every, waited) if every is not None else None
        say_wait = place.queue.say_wait
        self._waits = Rhythm(say_wait.every_seconds, waited) if say_wait is not None else None
        self._messages = Rhythm(place.queue.say_every_seconds, waited) if place.queue.say else None

    async def next(self) -> tuple[str, ...]:
        """What there is to tell, at the first of the times for it when there is anything."""
        all_of_them = (self._places, self._waits, self._messages)
        rhythms = [one for one in all_of_them if one is not None]
        while True:
            waited = self._place.waited_seconds
            await asyncio.sleep(min(one.due_in(waited) for one in rhythms))
            if said := (*self._of_place(), *self._of_wait(), *self._of_messages()):
                return said

    def now(self) -> tuple[str, ...]:
        """Place and wait as prompts; none while there is nothing to tell, or where a recording for it is missing."""
        return (*self._place_now(), *self._wait_now())

    def _place_now(self) -> tuple[str, ...]:
        if self._places is None or self._place.claimed:
            return ()
        number = self._told.places.next(self._place.queue.name, self._place.number)
        if number is None:
            return ()
        return self._call.sayable(partial(place_in_line, number))

    def _of_place(self) -> tuple[str, ...]:
        if self._places is None or self._turn(self._places) is None:
            return ()
        return self._place_now()

    def _wait_now(self) -> tuple[str, ...]:
        if self._waits is None or self._place.claimed:
            return ()
        estimate = self._place.estimate_to_tell()
        if estimate is None:
            return ()
        now = asyncio.get_running_loop().time()
        minutes = self._told.waits.next(self._place.queue.name, estimate, now)
        if minutes is None:
            return ()
        return self._call.sayable(partial(wait_between, minutes.lowest, minutes.highest))

    def _of_wait(self) -> tuple[str, ...]:
        if self._waits is None or self._turn(self._waits) is None:
            return ()
        return self._wait_now()

    def _of_messages(self) -> tuple[str, ...]:
        messages = self._place.queue.say
        if self._messages is None or (turn := self._turn(self._messages)) is None:
            return ()
        return () if self._place.claimed else (messages[turn % len(messages)],)

    def _turn(self, rhythm: Rhythm) -> int | None:
        """Which turn it is; None where it is not time yet."""
        waited = self._place.waited_seconds
        return rhythm.take(waited) if rhythm.due_in(waited) <= TOGETHER_SECONDS else None
