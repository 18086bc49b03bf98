"""Keys, one at a time: what a phone sends is cleaned here, and every wait for a key has its own name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection

from ivr.ari.events import Digit
from ivr.call.outcomes import Choice, Chosen, Keyed, NoInput, NoMatch, Reply
from ivr.menus.digits import Complete, Partial, match_digits

ECHO_SECONDS = 0.060
"""The same digit within this long of its own end is one digit: some gateways send a key twice."""


class Keypad:
    """The keys of one leg while a listener is open."""

    def __init__(self, digits: AsyncIterator[Digit]) -> None:
        self._digits = digits
        self._last = ""
        self._last_end = float("-inf")

    async def key(self) -> str:
        """The next key, however long it takes."""
        async for digit in self._digits:
            now = asyncio.get_running_loop().time()
            pause = now - digit.duration_ms / 1000 - self._last_end
            is_echo = digit.digit == self._last and pause < ECHO_SECONDS
            self._last, self._last_end = digit.digit, now
            if not is_echo:
                return digit.digit
        # The listener ends only with its scope; a leg that ended cancels the flow before this line is reached.
        message = "the listener for keys was closed while a key was awaited"
        raise RuntimeError(message)

    async def key_within(self, seconds: float) -> str | None:
        try:
            async with asyncio.timeout(seconds):
                return await self.key()
        except TimeoutError:
            return None

    async def first_key(self, voice: asyncio.Task[None], wait_seconds: float) -> str | None:
        """The first key: at any moment while the voice speaks, or within the first-digit timeout after it."""
        loop = asyncio.get_running_loop()
        is_over = False
        try:
            async with asyncio.timeout(None) as first_digit:

                def start_waiting(_: asyncio.Task[None]) -> None:
                    if not is_over:  # removing a callback does not recall one that is scheduled
                        first_digit.reschedule(loop.time() + wait_seconds)

                voice.add_done_callback(start_waiting)
                try:
                    return await self.key()
                finally:
                    is_over = True
                    voice.remove_done_callback(start_waiting)
        except TimeoutError:
            return None

    async def choice(
        self, first: str | None, keys: Collection[str], between_seconds: float
    ) -> Choice:
        """What the first key and those that follow it come to, in a menu of these keys."""
        if first is None:
            return NoInput()
        keyed = first
        while True:
            match match_digits(keys, keyed):
                case Complete(key):
                    return Chosen(key)
                case Partial():
                    more = await self.key_within(between_seconds)
                    if more is None:
                        return NoMatch()
                    keyed += more
                case _:
                    return NoMatch()

    async def reply(self, first: str | None, count: int, between_seconds: float) -> Reply:
        """`count` digits, the first of them keyed already; a star or a hash, or a long wait, ends the try."""
        if first is None:
            return NoInput()
        keyed, key = "", first
        while key.isdecimal():
            keyed += key
            if len(keyed) == count:
                return Keyed(keyed)
            following = await self.key_within(between_seconds)
            if following is None:
                break
            key = following
        return NoMatch()
