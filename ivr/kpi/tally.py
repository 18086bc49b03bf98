"""Counting offers: each time that a call came to a queue ended in exactly one way.

The letters beside the counts are those of the formulas (`docs/reference/kpi.md`). All is counted in whole numbers, so
that the same calls give the same figures to the last digit, in whatever order and portions they are counted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ivr.kpi.offers import OfferSums, seconds_up, sums_of
from ivr.records.record import QueueVisit, VisitOutcome

SHORT_SECONDS = 5.0
"""Who hung up after waiting so long at most, abandoned short: they hardly meant to wait."""

Counted = TypeVar("Counted", bound=str)


def most_first(counts: Mapping[Counted, int]) -> dict[Counted, int]:
    """The most frequent first, and those that are as frequent by name: in no order that a database chose."""
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


@dataclass(slots=True)
class Tally:
    """What is counted of some offers. `short_seconds`: see SHORT_SECONDS.

    `within` counts those whose wait was at most the seconds within which their queue is to answer. A wait whose
    beginning is not in the journal is in none of these, and in no list. `waits` are of the answered: how many waited so
    many seconds, rounded up; `wait_ms` are all of these together, in milliseconds.
    """

    short_seconds: float = SHORT_SECONDS
    outcomes: Counter[VisitOutcome] = field(default_factory=Counter)
    within: Counter[VisitOutcome] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    wait_ms: int = 0
    talks: int = 0
    talk_ms: int = 0
    longest_wait: float | None = None
    met: int = 0
    judged: int = 0

    def count(self, visit: QueueVisit, within_seconds: float) -> None:
        """Count a visit that has ended; one that has not is not counted yet."""
        self.add(sums_of(visit), within_seconds)

    def add(
        self, sums: OfferSums, within_seconds: float, short_seconds: float | None = None
    ) -> None:
        """Count many offers at once, all of queues that are to answer within so long; with a limit of their own."""
        self.outcomes.update(sums.outcomes)
        limit = self.short_seconds if short_seconds is None else short_seconds
        short = _up_to(sums.waits.get("abandoned", {}), limit)
        self.outcomes["abandoned"] -= short
        self.outcomes["abandoned_short"] += short
        for outcome, waits in sums.waits.items():
            self.within[outcome] += _up_to(waits, within_seconds)
            longest = max((seconds for seconds, count in waits.items() if count), default=None)
            if longest is not None:
                self.longest_wait = max(float(longest), self.longest_wait or 0.0)
        self.waits.update(sums.waits.get("answered", {}))
        self.wait_ms += sums.wait_ms
        self.talks += sums.talks
        self.talk_ms += sums.talk_ms

    def judge(self, met: int, judged: int) -> None:
        """By the service level that held for them, `met` of so many that are `judged`."""
        self.met += met
        self.judged += judged

    def outcome_of(self, visit: QueueVisit) -> VisitOutcome | None:
        """How the visit ended, short abandons told by this tally's own limit; None while it has not."""
        if visit.outcome not in {"abandoned", "abandoned_short"}:
            return visit.outcome
        wait = visit.wait_seconds
        is_short = wait is not None and seconds_up(wait) <= self.short_seconds
        return "abandoned_short" if is_short else "abandoned"

    @property
    def answered(self) -> int:
        """A."""
        return self.outcomes["answered"]

    @property
    def answered_within(self) -> int:
        """A≤."""
        return self.within["answered"]

    @property
    def abandoned(self) -> int:
        """B: all who hung up while they waited, the short ones among them."""
        return self.outcomes["abandoned"] + self.outcomes["abandoned_short"]

    @property
    def abandoned_within(self) -> int:
        """B≤."""
        return self.within["abandoned"]

    @property
    def abandoned_short(self) -> int:
        """Bs."""
        return self.outcomes["abandoned_short"]

    @property
    def overflowed(self) -> int:
        """F."""
        return self.outcomes["overflowed"]

    @property
    def overflowed_within(self) -> int:
        """F≤."""
        return self.within["overflowed"]

    @property
    def callback(self) -> int:
        """C."""
        return self.outcomes["callback"]

    @property
    def callback_within(self) -> int:
        """C≤."""
        return self.within["callback"]

    @property
    def exit_key(self) -> int:
        """K."""
        return self.outcomes["exit_key"]

    @property
    def system_dropped(self) -> int:
        return self.outcomes["system_dropped"]

    @property
    def offered(self) -> int:
        """Q, and those whom we or the network lost: all who were to be served here. Blocked and closed are apart."""
        return (
            self.answered
            + self.abandoned
            + self.overflowed
            + self.callback
            + self.exit_key
            + self.system_dropped
        )

    @property
    def mean_wait(self) -> float | None:
        """ASA, average speed of answer: seconds, of those who were answered."""
        return _mean_seconds(self.wait_ms, self.waits.total())

    @property
    def mean_talk(self) -> float | None:
        """AHT as far as it is kept: seconds of talk, without hold and wrap-up."""
        return _mean_seconds(self.talk_ms, self.talks)

    @property
    def service_level(self) -> float | None:
        """0 to 1, of what was judged; None of nothing: an empty queue has no service level, not a good one."""
        return self.met / self.judged if self.judged > 0 else None

    @property
    def abandon_rate(self) -> float | None:
        """B / offered, 0 to 1."""
        return self.abandoned / self.offered if self.offered else None

    def wait_quantile(self, share: float) -> float | None:
        """Whole seconds within which this share (0 to 1) of those who were answered were: the nearest rank."""
        found = quantile(self.waits, share)
        return None if found is None else float(found)


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """The least value that at least this share (0 to 1) do not exceed; None of nothing. `counts`: how many have it."""
    wanted = max(1, math.ceil(share * sum(counts.values())))
    for value in sorted(counts):
        wanted -= counts[value]
        if wanted <= 0:
            return value
    return None


def _up_to(waits: Mapping[int, int], seconds: float) -> int:
    return sum(count for wait, count in waits.items() if wait <= seconds)


def _mean_seconds(milliseconds: int, count: int) -> float | None:
    return milliseconds / (1000 * count) if count else None
