"""What keys come to, in a menu or for a question: every wait for a key has its own name."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from ivr.call.ear import Ear, Key
from ivr.call.outcomes import Chosen, Digits, MenuOutcome, NoInput, NoMatch, QuestionOutcome
from ivr.menus.digits import Complete, Partial, match_digits


class Keypad:
    """The keys of one try; `options` are those of the menu, none for a question."""

    def __init__(self, ear: Ear, options: Collection[str] = ()) -> None:
        self._ear = ear
        self._options = options
        self._takes_hash = any(option.startswith("#") for option in options)

    def kept(self) -> Key | None:
        """A key from before this try: nothing needs to be said to who knows what comes."""
        return self._ear.kept(takes_hash=self._takes_hash)

    async def first_key(self, voice: asyncio.Task[None], wait_seconds: float) -> Key | None:
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
                    return await self._ear.hear(takes_hash=self._takes_hash)
                finally:
                    is_over = True
                    voice.remove_done_callback(start_waiting)
        except TimeoutError:
            return None

    async def choice(self, first: Key | None, between_seconds: float) -> MenuOutcome:
        """What the first key and those that follow it come to, in the menu."""
        if first is None:
            return NoInput()
        keyed = first.digit
        while True:
            match match_digits(self._options, keyed):
                case Complete(option):
                    self._ear.complete()
                    return Chosen(option)
                case Partial():
                    following = await self._key_within(between_seconds)
                    if following is None:
                        return NoMatch()
                    keyed += following.digit
                case _:
                    return NoMatch()

    async def reply(self, first: Key | None, count: int, between_seconds: float) -> QuestionOutcome:
        """`count` digits, the first of them keyed already; a star or a hash, or a long wait, ends the try."""
        if first is None:
            return NoInput()
        keyed, key = "", first
        while key.digit.isdecimal():
            keyed += key.digit
            if len(keyed) == count:
                self._ear.complete()
                return Digits(keyed)
            following = await self._key_within(between_seconds)
            if following is None:
                break
            key = following
        return NoMatch()

    async def _key_within(self, seconds: float) -> Key | None:
        try:
            async with asyncio.timeout(seconds):
                return await self._ear.hear(takes_hash=True)
        except TimeoutError:
            return None
