"""What the waits and talks of late were like, by queue: what an estimate of the next wait is made from. Pure.

Only the latest are kept, so that a morning rush is not told from a quiet night. A queue of which little is known
yet is taken to be a usual one; each talk that it has shows more of what it is really like.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

LATEST_TALKS = 60
LATEST_WAITS = 100
LATEST_ERRORS = 20
ENOUGH_ERRORS = 5
"""With fewer measured waits, nobody knows what the estimate of a queue is worth."""

USUAL_TALK_SECONDS = (45.0, 100.0, 160.0, 240.0, 480.0)
"""Talks of a queue of which nothing is known; they count as many beside those that were had."""

USUAL_RING_SECONDS = 5.0
_USUAL_RINGS = 5

_UNSEEN_WAIT_SECONDS = 120.0
"""A wait of so long in which nobody gave up stands beside those that were seen: one who left is no rule yet."""


@dataclass(frozen=True, slots=True)
class MeasuredWait:
    """What a caller was expected to wait, and how long it took until an agent had them. Seconds."""

    estimated_seconds: float
    waited_seconds: float

    @property
    def error_seconds(self) -> float:
        """How far off it was, in either direction."""
        return abs(self.waited_seconds - self.estimated_seconds)


@dataclass(slots=True)
class _WaitSeen:
    seconds: float
    gave_up: bool


@dataclass(slots=True)
class QueueExperience:
    """Of one queue, the latest only. Seconds."""

    talks: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST_TALKS))
    rings: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST_TALKS))
    measured: deque[MeasuredWait] = field(default_factory=lambda: deque(maxlen=LATEST_ERRORS))
    _waits: OrderedDict[str, _WaitSeen] = field(default_factory=OrderedDict)

    def talked(self, seconds: float) -> None:
        """A talk is over."""
        self.talks.append(max(0.0, seconds))

    def rang(self, seconds: float) -> None:
        """A phone was taken after so long."""
        self.rings.append(max(0.0, seconds))

    def measure(self, estimated_seconds: float, waited_seconds: float) -> None:
        """A caller for whom there was an estimate has an agent."""
        self.measured.append(MeasuredWait(estimated_seconds, waited_seconds))

    def waits(self, call_id: str) -> None:
        """The caller waits, or waits on: what was said of the end of this wait was wrong."""
        self._waits.pop(call_id, None)

    def waited(self, call_id: str, seconds: float, *, gave_up: bool) -> None:
        """The wait is over: an agent has the caller, or the caller is gone."""
        self._waits.pop(call_id, None)
        self._waits[call_id] = _WaitSeen(max(0.0, seconds), gave_up)
        if len(self._waits) > LATEST_WAITS:
            self._waits.popitem(last=False)

    def errors_seconds(self, waiting: Iterable[MeasuredWait] = ()) -> Sequence[float]:
        """How wrong the latest estimates were. Those `waiting` still who should have an agent by now are among them.

        They are the latest of all, and wrong by as much at least as they have waited too long.
        """
        overdue = (one for one in waiting if one.waited_seconds > one.estimated_seconds)
        return [one.error_seconds for one in (*self.measured, *overdue)][-LATEST_ERRORS:]

    @property
    def ring_seconds(self) -> float:
        """From an agent being found to caller and agent hearing each other."""
        known = sum(self.rings) + _USUAL_RINGS * USUAL_RING_SECONDS
        return known / (len(self.rings) + _USUAL_RINGS)

    @property
    def leaving_per_second(self) -> float:
        """How likely one who waits is to be gone within the next second."""
        left = sum(one.gave_up for one in self._waits.values())
        return left / (sum(one.seconds for one in self._waits.values()) + _UNSEEN_WAIT_SECONDS)

    def lengths(self) -> TalkLengths:
        """Of the talks that are to be expected."""
        return TalkLengths((*self.talks, *USUAL_TALK_SECONDS))


class Experience:
    """Of all queues. A queue of which nothing was heard has none, and is taken as usual."""

    def __init__(self) -> None:
        self._of: dict[str, QueueExperience] = {}

    def of(self, queue: str) -> QueueExperience:
        """What is known of this queue; from now on it is kept."""
        return self._of.setdefault(queue, QueueExperience())


class TalkLengths:
    """Talks are as long as these were, each as likely as the next."""

    def __init__(self, seconds: tuple[float, ...]) -> None:
        self._sorted = sorted(seconds)
        self._mean = sum(seconds) / len(seconds)

    def draw(self, chance: Random, elapsed_seconds: float = 0.0) -> float:
        """How much longer a talk takes that has taken so long.

        One that is longer than all that were had takes as much again as a usual one, more or less: the long get longer.
        """
        first = bisect_right(self._sorted, elapsed_seconds) if elapsed_seconds > 0 else 0
        left = len(self._sorted) - first
        if left == 0:
            return chance.expovariate(1.0 / self._mean) if self._mean > 0 else 0.0
        return self._sorted[first + int(chance.random() * left)] - elapsed_seconds
