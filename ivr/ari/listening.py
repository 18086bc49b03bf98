"""Listeners: what one part of the code publishes, any number of others hear, each at its own pace.

A listener's buffer is bounded. One that falls behind is told so (ListenerOverflow) where it listens; nothing is
dropped in silence, and nobody else is held up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Generic, TypeVar

from ivr.errors import ListenerOverflow

T = TypeVar("T")


class Listener(AsyncIterator[T], Generic[T]):
    """Hears items in the order they were published. Never ends by itself: leave it by leaving its scope."""

    def __init__(self, longest: int, kinds: tuple[type, ...]) -> None:
        self._longest = longest
        self._kinds = kinds
        self._waiting: deque[T] = deque()
        self._heard = asyncio.Event()
        self._is_full = False
        self._is_passing_over = False

    def hear(self, item: T) -> bool:
        """Put an item in the buffer, if it is of a kind listened for. False when the buffer has just overflowed."""
        if self._is_passing_over or self._is_full:
            return True
        if self._kinds and not isinstance(item, self._kinds):
            return True
        self._is_full = len(self._waiting) >= self._longest
        if not self._is_full:
            self._waiting.append(item)
        self._heard.set()
        return not self._is_full

    def waiting(self) -> T | None:
        """What waits to be read, the oldest of it, without waiting for more."""
        return self._waiting.popleft() if self._waiting else None

    @contextmanager
    def passing_over(self) -> Iterator[None]:
        """What is published inside is not kept, and what waited is forgotten; an overflow with it."""
        self._waiting.clear()
        self._is_full, self._is_passing_over = False, True
        try:
            yield
        finally:
            self._is_passing_over = False

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """What is published inside is kept, also where all around it is passed over; what is left then is forgotten."""
        was_passing_over, self._is_passing_over = self._is_passing_over, False
        try:
            yield
        finally:
            self._is_passing_over = was_passing_over
            if was_passing_over:
                self._waiting.clear()
                self._is_full = False

    async def __anext__(self) -> T:
        """What was published next. Raises ListenerOverflow once the buffer was too short, after what it still held."""
        while not self._waiting:
            if self._is_full:
                raise ListenerOverflow(self._longest)
            self._heard.clear()
            await self._heard.wait()
        return self._waiting.popleft()


class Hub(Generic[T]):
    """A place where things are published and heard; so many may wait for a listener that is busy (`longest`)."""

    def __init__(self, longest: int = 256) -> None:
        self.longest = longest
        self._listeners: list[Listener[T]] = []
        self.overflows = 0

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def publish(self, item: T) -> None:
        """Tell everybody who listens now."""
        for listener in self._listeners:
            if not listener.hear(item):
                self.overflows += 1

    def listen(
        self, kinds: tuple[type, ...] = (), first: Callable[[], Iterable[T]] = tuple
    ) -> AbstractAsyncContextManager[Listener[T]]:
        """Listen for items of `kinds` (all if empty), beginning with what `first` gives when that begins."""
        return Listening((self,), kinds, first)

    def tell(self, listener: Listener[T]) -> None:
        """Tell this one, too, what is published from now on."""
        self._listeners.append(listener)

    def leave(self, listener: Listener[T]) -> None:
        """It hears no more."""
        self._listeners.remove(listener)


class Listening(AbstractAsyncContextManager[Listener[T]]):
    """Listening to what several hubs publish as if they were one; as long as the longest of them may wait.

    A class and no generator: whoever follows a call listens half a dozen times, and does little else meanwhile.
    """

    def __init__(
        self,
        hubs: Sequence[Hub[T]],
        kinds: tuple[type, ...] = (),
        first: Callable[[], Iterable[T]] = tuple,
    ) -> None:
        self._hubs = hubs
        self._first = first
        self._listener = Listener[T](max(hub.longest for hub in hubs), kinds)

    async def __aenter__(self) -> Listener[T]:
        for item in self._first():
            self._listener.hear(item)
        for hub in self._hubs:
            hub.tell(self._listener)
        return self._listener

    async def __aexit__(self, *_: object) -> None:
        for hub in self._hubs:
            hub.leave(self._listener)
