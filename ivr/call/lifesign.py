"""Signs of life of a phone: one that has spoken and falls silent is asked whether it is there.

Silence ends no call: who is muted, or holds the line, may send nothing for minutes. But a phone that was killed, or has
lost its network, sends nothing either, and says no goodbye. SIP can tell the two apart: one that is there answers, and
nobody notices; where no answer comes, Asterisk ends the leg.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from ivr.ari.channel import Channel
from ivr.errors import AsteriskError

log = structlog.get_logger()

LOOK_SECONDS = 6.0
"""Between two looks at a phone: who vanishes has sent nothing between two of them after twice as long at most."""

ASK_AGAIN_SECONDS = 60.0
"""A phone that is there, and goes on being silent, is asked no more often than this."""

AT_ONCE = 8
"""So many phones are looked at side by side: a thousand must not take a minute, nor stand before what callers need."""


@dataclass(slots=True, eq=False)
class _Watched:
    """A phone, how many packets had come from it when it was looked at last, and when it was asked."""

    leg: Channel
    heard: int | None = None
    asked_at: float | None = None


class LifeSigns:
    """Looks at phones now and then, all of them in one round. Give `run` a task."""

    def __init__(self) -> None:
        self._watched: set[_Watched] = set()

    @contextmanager
    def watched(self, leg: Channel) -> Iterator[None]:
        """The leg is looked at while the body runs. Who was never heard is not asked."""
        phone = _Watched(leg)
        self._watched.add(phone)
        try:
            yield
        finally:
            self._watched.remove(phone)

    async def run(self) -> None:
        """Look at all phones, round after round."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            left = iter(tuple(self._watched))
            async with asyncio.TaskGroup() as group:
                for number in range(min(AT_ONCE, len(self._watched))):
                    group.create_task(_look_at(left), name=f"lifesigns/{number}")
            await asyncio.sleep(max(LOOK_SECONDS - (clock() - began), 0.0))


async def _look_at(phones: Iterator[_Watched]) -> None:
    for phone in phones:
        if phone.leg.ended.done():
            continue
        try:
            await _look(phone)
        except AsteriskError as error:  # it has ended, or there is no link just now
            log.debug("phone not looked at", leg=phone.leg.id, error=str(error))


async def _look(phone: _Watched) -> None:
    before, phone.heard = phone.heard, await phone.leg.packets_heard()
    if not phone.heard or phone.heard != before:
        return
    now = asyncio.get_running_loop().time()
    if phone.asked_at is None or now - phone.asked_at >= ASK_AGAIN_SECONDS:
        phone.asked_at = now
        log.info("phone fell silent", leg=phone.leg.id)
        await phone.leg.ask_whether_there()
