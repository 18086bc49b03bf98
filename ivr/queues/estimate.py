"""The estimate of a caller's wait: a range of seconds, the range of minutes that people say, and when it is told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_SPOKEN = (0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60)
"""The minutes that bounds of a range are."""

BEYOND = 61
"""Stands for more than the last of them."""

_LOW, _HIGH = 0.25, 0.75
"""Half of the waits are within the range before it is rounded outwards."""


@dataclass(frozen=True, slots=True)
class MinuteRange:
    """From `lowest` to `highest` minutes, as they are said; 0: less than one. `highest` may be BEYOND."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class WaitEstimate:
    """As many waits are longer than `seconds` as are shorter; half of them lie between `low` and `high`.

    It was made with so many callers `ahead`, in all queues that the `agents` serve who may take this one.
    """

    seconds: float
    low_seconds: float
    high_seconds: float
    ahead: int = 0
    agents: int = 0

    @classmethod
    def of(cls, waits: Sequence[float]) -> WaitEstimate | None:
        """`waits` with the shortest first; of none there is no estimate."""
        if not waits:
            return None
        last = len(waits) - 1
        low, middle, high = (waits[round(share * last)] for share in (_LOW, 0.5, _HIGH))
        return cls(middle, low, high)

    @property
    def minutes(self) -> MinuteRange:
        """The range as it is said, rounded outwards."""
        low, high = self.low_seconds / 60, self.high_seconds / 60
        lowest = _SPOKEN[max(0, bisect_right(_SPOKEN, low) - 1)]
        place = bisect_left(_SPOKEN, high)
        highest = _SPOKEN[place] if place < len(_SPOKEN) else BEYOND
        if highest == lowest:  # to the second: nothing is known so well
            highest = _SPOKEN[_SPOKEN.index(lowest) + 1] if lowest < _SPOKEN[-1] else BEYOND
        return MinuteRange(lowest, highest)


@dataclass(frozen=True, slots=True)
class ExpectedWait:
    """A caller was expected to wait `seconds` from `at` on, which is seconds on one clock."""

    seconds: float
    at: float


@dataclass(frozen=True, slots=True)
class _ToldWait:
    minutes: MinuteRange
    at: float


class ToldWaits:
    """What one caller was expected to wait, and what they have been told of it, by queue.

    A range that is longer than the last that was told is kept to ourselves, for as long as what was told can still
    come true. When it cannot, the caller hears how long it really takes.
    """

    def __init__(self) -> None:
        self._told: dict[str, _ToldWait] = {}
        self._new: set[str] = set()
        self.expected: dict[str, ExpectedWait] = {}
        """From when they came on; where they found an agent free, or nobody there, nothing was."""

    def comes(self, queue: str) -> None:
        """The caller comes to the queue, and is about to wait."""
        self._new.add(queue)
        self.expected.pop(queue, None)

    def is_to_be_expected(self, queue: str) -> bool:
        """Whether the wait that begins is to be estimated: once each time that the caller comes."""
        if queue not in self._new:
            return False
        self._new.discard(queue)
        return True

    def next(self, queue: str, estimate: WaitEstimate, now: float) -> MinuteRange | None:
        """What to tell at `now` (seconds on one clock); None where it is better to say nothing."""
        minutes, told = estimate.minutes, self._told.get(queue)
        if told is not None and minutes.highest > told.minutes.highest:
            ends_at = told.at + 60.0 * told.minutes.highest
            if now + estimate.low_seconds <= ends_at:
                return None
        self._told[queue] = _ToldWait(minutes, now)
        return minutes
