"""What is summed up of offers: whole numbers only, so that sums can be added and taken away again without a rest."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from ivr.records.record import QueueVisit, VisitOutcome

WAITED: tuple[VisitOutcome, ...] = (
    "answered",
    "abandoned",
    "overflowed",
    "callback",
    "exit_key",
    "system_dropped",
    "blocked",
)
"""Outcomes of those who waited. Who hung up is one of `abandoned`, however short the wait: the waits say it."""


@dataclass(slots=True)
class OfferSums:
    """Offers put together. `waits`, by outcome: how many waited so many seconds, rounded up to whole ones.

    `wait_ms` are the known waits of the answered together, in milliseconds, `talk_ms` the `talks`. Short abandons are
    not told apart here: `outcomes` has them under `abandoned`.
    """

    outcomes: Counter[VisitOutcome] = field(default_factory=Counter)
    waits: dict[VisitOutcome, Counter[int]] = field(default_factory=dict)
    wait_ms: int = 0
    talks: int = 0
    talk_ms: int = 0

    def count(self, visit: QueueVisit, times: int = 1) -> None:
        """Add a visit that has ended; `times` is -1 to take it away again."""
        outcome = visit.outcome
        if outcome is None:
            return
        if outcome == "abandoned_short":
            outcome = "abandoned"
        self.outcomes[outcome] += times
        wait = visit.wait_seconds
        if wait is not None and outcome in WAITED:
            self.waits.setdefault(outcome, Counter())[seconds_up(wait)] += times
        if outcome == "answered":
            self.wait_ms += 0 if wait is None else times * round(wait * 1000)
            if visit.talk_seconds is not None:
                self.talks += times
                self.talk_ms += times * round(visit.talk_seconds * 1000)

    def add(self, other: OfferSums) -> None:
        """Add what another has; it may be less than nothing."""
        self.outcomes.update(other.outcomes)
        for outcome, waits in other.waits.items():
            self.waits.setdefault(outcome, Counter()).update(waits)
        self.wait_ms += other.wait_ms
        self.talks += other.talks
        self.talk_ms += other.talk_ms

    @property
    def is_nothing(self) -> bool:
        return not any(self.outcomes.values())


def sums_of(visit: QueueVisit) -> OfferSums:
    """Of one visit."""
    sums = OfferSums()
    sums.count(visit)
    return sums


def seconds_up(wait_seconds: float) -> int:
    """Whole seconds, rounded up: a wait is within T whole seconds exactly where this is."""
    return math.ceil(wait_seconds)
