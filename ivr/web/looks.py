"""Looks at the state of the house: with callers' numbers or without, and one for all who look at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ivr.control import PresentState, without_numbers

StateLook: TypeAlias = Callable[[], PresentState]


class SharedLook:
    """A look that is taken again when it is `fresh_seconds` old: many who look cost as much as one."""

    def __init__(
        self, look: StateLook, fresh_seconds: float, tick: Callable[[], float] = time.monotonic
    ) -> None:
        """`tick` is in seconds, by a clock that nobody sets."""
        self._look = look
        self._fresh_seconds = fresh_seconds
        self._tick = tick
        self._seen: PresentState | None = None
        self._seen_at = 0.0

    def __call__(self) -> PresentState:
        now = self._tick()
        if self._seen is None or now - self._seen_at >= self._fresh_seconds:
            self._seen, self._seen_at = self._look(), now
        return self._seen


@dataclass(frozen=True, slots=True)
class Looks:
    """For who may see callers' numbers, and for who may not."""

    whole: StateLook
    masked: StateLook

    @classmethod
    def at(cls, present: StateLook) -> Looks:
        """Each is taken anew; `present` gives callers' numbers in full."""
        return cls(present, lambda: without_numbers(present()))

    def shared(self, fresh_seconds: float) -> Looks:
        """The same, each of them taken once for all who look within so many seconds."""
        return Looks(SharedLook(self.whole, fresh_seconds), SharedLook(self.masked, fresh_seconds))
