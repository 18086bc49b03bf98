"""How long the latest commits took, so that a slow disk is seen before anybody waits for it in vain."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

REMEMBERED = 1_000
LATEST = 5


class CommitTimes:
    """Written by the journal's thread, read by whoever asks how it is."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=REMEMBERED)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A commit. One that fails does not count."""
        began = perf_counter()
        yield
        self._seconds.append(perf_counter() - began)

    @property
    def now_seconds(self) -> float:
        """As a rule, of late."""
        return median([*self._seconds.copy()][-LATEST:]) if self._seconds else 0.0

    @property
    def p99_seconds(self) -> float:
        """99 of 100 of those remembered took no longer."""
        ordered = sorted(self._seconds.copy())
        return ordered[math.ceil(len(ordered) * 0.99) - 1] if ordered else 0.0
