"""The ear: what one person keys or says, for the whole call; no key is too early, and one key is one key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from ivr.ari.channel import Channel
from ivr.ari.events import ChannelEvent, Digit
from ivr.ari.listening import Listener
from ivr.menus.words import Meaning

PAUSE_SECONDS = 0.020
"""Between two equal keys, by Asterisk's own times, is a pause; what follows sooner is a piece of the same key.

Measured: keys of 80-100 ms, 50 ms apart, leave 30 ms; pieces of one key (end packets with times of their own) overlap.
"""

TORN_PAUSE_SECONDS = 0.060
"""After such a piece: what Asterisk put off and plays later comes this long after it (measured: 25 ms)."""

HASH_SECONDS = 3.0
"""A `#` this soon after a choice or an answer belongs to it: many end every entry with one."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and when it was let go of, in Asterisk's seconds. Which one may be a secret: no log, no journal."""

    digit: str
    ended: float


@dataclass(frozen=True, slots=True)
class SpeechNews(ChannelEvent):
    """What the recogniser tells of a call. `turn`: of the menus that listen, the one that it was told in."""

    turn: int


@dataclass(frozen=True, slots=True)
class SpeaksNow(SpeechNews):
    """The caller has begun to speak; what it means will be known soon, or never."""


@dataclass(frozen=True, slots=True)
class SpokenWords(SpeechNews):
    """The caller said something."""

    meaning: Meaning


@dataclass(frozen=True, slots=True)
class SpokenDigits(SpeechNews):
    """The caller said digits; empty where it was something else. They may be a secret: no log, no journal."""

    digits: str


@dataclass(frozen=True, slots=True)
class NotHeard(SpeechNews):
    """What the caller says is heard no more: there are only keys."""


Heard: TypeAlias = Key | SpeechNews
"""What an ear hears."""


class Ear:
    """Opened with the call and closed with it. What is keyed waits here until a menu or a question takes it."""

    def __init__(self, sounds: Listener[Digit | SpeechNews]) -> None:
        self._sounds = sounds
        self._last: Digit | None = None
        self._is_torn = False
        self._completed: float | None = None

    @classmethod
    @asynccontextmanager
    async def on(cls, leg: Channel) -> AsyncIterator[Ear]:
        """An ear on this leg, for as long as the scope lasts."""
        async with leg.listen(Digit, SpeechNews) as sounds:
            yield cls(sounds)

    def tell(self, news: SpeechNews) -> None:
        """Something of what the caller says: heard in its turn among the keys."""
        self._sounds.hear(news)

    def kept(self, *, takes_hash: bool = False) -> Key | None:
        """What was keyed already and not taken yet, the oldest of it; None if there is nothing. Words do not wait."""
        while sound := self._sounds.waiting():
            if isinstance(sound, Digit) and (key := self._key(sound, takes_hash=takes_hash)):
                return key
        return None

    async def hear(self, *, takes_hash: bool = False) -> Heard:
        """The next key or word, however long it takes. With `takes_hash` a `#` counts even right after a choice."""
        while True:
            sound = await anext(self._sounds)
            if isinstance(sound, SpeechNews):
                return sound
            if key := self._key(sound, takes_hash=takes_hash):
                return key

    async def hear_key(self, *, takes_hash: bool = False) -> Key:
        """The next key, whatever is said meanwhile."""
        while True:
            heard = await self.hear(takes_hash=takes_hash)
            if isinstance(heard, Key):
                return heard

    def complete(self) -> None:
        """What was heard last made a choice or an answer complete: a `#` that follows at once goes with it."""
        self._completed = self._last.ended if self._last else None

    @contextmanager
    def covered(self) -> Iterator[None]:
        """What is keyed inside counts nowhere, and what was keyed before counts no more."""
        with self._sounds.passing_over():
            yield

    async def one_of(self, keys: Collection[str]) -> str:
        """The first of these keys that is let go of from now on, also where keys count for nothing else."""
        with self._sounds.heeding():
            while True:
                key = await self.hear_key()
                if key.digit in keys:
                    return key.digit

    def _key(self, digit: Digit, *, takes_hash: bool) -> Key | None:
        if self._is_piece(digit):
            return None
        completed, self._completed = self._completed, None
        is_close = completed is not None and digit.began - completed < HASH_SECONDS
        if digit.digit == "#" and is_close and not takes_hash:
            return None
        return Key(digit.digit, digit.ended)

    def _is_piece(self, digit: Digit) -> bool:
        """Whether it is a piece of the key before it. A clock that was set back makes a new key."""
        before, self._last = self._last, digit
        is_piece = (
            before is not None
            and digit.digit == before.digit
            and digit.ended >= before.ended
            and digit.began - before.ended
            < (TORN_PAUSE_SECONDS if self._is_torn else PAUSE_SECONDS)
        )
        self._is_torn = is_piece
        return is_piece
