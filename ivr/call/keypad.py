"""What keys and words come to, in a menu or for a question: every wait has its own name."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from ivr.call.ear import Ear, Key, NotHeard, SpeaksNow, SpokenDigits, SpokenWords
from ivr.call.outcomes import (
    Chosen,
    Digits,
    MenuOutcome,
    NoInput,
    NoMatch,
    QuestionOutcome,
    Rated,
    SurveyOutcome,
)
from ivr.menus.digits import Complete, Partial, match_digits
from ivr.menus.words import Understood

SPEAKING_SECONDS = 3.0
"""Who has begun to speak is given so long, though the wait for a key is over; a slower worker is not waited for."""


class Keypad:
    """The keys of one try, and in turn number `turn` of those that listen, the words.

    `options` are those of the menu, none for a question.
    """

    def __init__(self, ear: Ear, options: Collection[str] = (), *, turn: int | None = None) -> None:
        self._ear = ear
        self._options = options
        self._turn = turn
        self._takes_hash = any(option.startswith("#") for option in options)

    def kept(self) -> Key | None:
        """A key from before this try: nothing needs to be said to who knows what comes."""
        return self._ear.kept(takes_hash=self._takes_hash)

    async def first(
        self, voice: asyncio.Task[None], wait_seconds: float
    ) -> Key | SpokenWords | SpokenDigits | None:
        """The first key or word: at any moment while the voice speaks, or within the first-digit timeout after it.

        What means nothing while the voice speaks is taken for noise: it stops nothing.
        """
        loop = asyncio.get_running_loop()
        is_over = False
        try:
            async with asyncio.timeout(None) as first_digit:

                def start_waiting(_: asyncio.Task[None]) -> None:
                    if not is_over:  # removing a callback does not recall one that is scheduled
                        first_digit.reschedule(loop.time() + wait_seconds)

                voice.add_done_callback(start_waiting)
                try:
                    return await self._first(voice, first_digit)
                finally:
                    is_over = True
                    voice.remove_done_callback(start_waiting)
        except TimeoutError:
            return None

    async def _first(
        self, voice: asyncio.Task[None], first_digit: asyncio.Timeout
    ) -> Key | SpokenWords | SpokenDigits:
        clock = asyncio.get_running_loop().time
        until: float | None = None
        while True:
            heard = await self._ear.hear(takes_hash=self._takes_hash)
            if isinstance(heard, Key):
                return heard
            if heard.turn != self._turn:
                continue
            match heard:
                case SpokenDigits(digits=digits):
                    if voice.done() or digits:
                        return heard
                case SpokenWords(meaning=meaning):
                    if voice.done() or isinstance(meaning, Understood):
                        return heard
                case SpeaksNow() if (until := first_digit.when()) is not None:
                    first_digit.reschedule(max(until, clock() + SPEAKING_SECONDS))
                case NotHeard() if until is not None:
                    first_digit.reschedule(until)
                case _:
                    pass

    async def choice(
        self, first: Key | SpokenWords | SpokenDigits | None, between_seconds: float
    ) -> MenuOutcome:
        """What the first key and those that follow it come to, in the menu. Words are no keys."""
        if not isinstance(first, Key):
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

    async def reply(
        self, first: Key | SpokenWords | SpokenDigits | None, count: int, between_seconds: float
    ) -> QuestionOutcome:
        """`count` digits, the first of them keyed or said already; a star or a hash, or a long wait, ends the try."""
        heard: Key | SpokenDigits | None = first if isinstance(first, Key | SpokenDigits) else None
        if heard is None:
            return NoInput()
        digits, are_said = "", False
        while heard is not None:
            new = heard.digit if isinstance(heard, Key) else heard.digits
            are_said |= isinstance(heard, SpokenDigits)
            digits += new
            if not new.isdecimal() or len(digits) > count:
                break
            if len(digits) == count:
                self._ear.complete()
                return Digits(digits, are_said=are_said)
            heard = await self._digits_within(between_seconds)
        return NoMatch()

    async def _digits_within(self, seconds: float) -> Key | SpokenDigits | None:
        """The next key, or what is said next; who has begun to speak is given a little longer."""
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(seconds) as patience:
                while True:
                    heard = await self._ear.hear(takes_hash=True)
                    if isinstance(heard, Key):
                        return heard
                    if heard.turn == self._turn and isinstance(heard, SpokenDigits):
                        return heard
                    if heard.turn == self._turn and isinstance(heard, SpeaksNow):
                        until = max(patience.when() or 0.0, clock() + SPEAKING_SECONDS)
                        patience.reschedule(until)
        except TimeoutError:
            return None

    async def digits(
        self, first: Key | SpokenWords | SpokenDigits | None, at_most: int, between_seconds: float
    ) -> str:
        """Digits until another key, a long wait, or so many of them; the first was keyed already."""
        keyed = ""
        key = first if isinstance(first, Key) else None
        while key is not None and key.digit.isdecimal():
            keyed += key.digit
            if len(keyed) == at_most:
                self._ear.complete()
                break
            key = await self._key_within(between_seconds)
        return keyed

    async def rating(
        self,
        first: Key | SpokenWords | SpokenDigits | None,
        answers: Collection[str],
        between_seconds: float,
    ) -> SurveyOutcome:
        """One of the numbers; where another begins with it, a hash or a long wait says that it was all."""
        if not isinstance(first, Key):
            return NoInput()
        keyed, key = "", first
        while key.digit != "#":
            keyed += key.digit
            match match_digits(answers, keyed):
                case Complete(number):
                    self._ear.complete()
                    return Rated(int(number))
                case Partial():
                    following = await self._key_within(between_seconds)
                    if following is None:
                        break
                    key = following
                case _:
                    return NoMatch()
        return Rated(int(keyed)) if keyed in answers else NoMatch()

    async def _key_within(self, seconds: float) -> Key | None:
        try:
            async with asyncio.timeout(seconds):
                return await self._ear.hear_key(takes_hash=True)
        except TimeoutError:
            return None
