"""Counting offers: each time that a call came to a queue ended in exactly one way.

The letters beside the counts are those of the formulas (`docs/reference/kpi.md`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.records.record import QueueVisit, VisitOutcome

SHORT_SECONDS = 5.0
"""Who hung up after waiting so long at most, abandoned short: they hardly meant to wait."""


@dataclass(slots=True)
class Tally:
    """What is counted of some offers. `short_seconds`: see SHORT_SECONDS.

    The counts ending in `_within` are of those whose wait was at most the seconds within which their queue is to
    answer. A wait whose beginning is not in the journal is in none of these, and in no list.
    """

    short_seconds: float = SHORT_SECONDS
    outcomes: Counter[VisitOutcome] = field(default_factory=Counter)
    within: Counter[VisitOutcome] = field(default_factory=Counter)
    waits_answered: list[float] = field(default_factory=list)
    talks: list[float] = field(default_factory=list)
    longest_wait: float | None = None

    def count(self, visit: QueueVisit, within_seconds: float) -> None:
        """Count a visit that has ended; one that has not is not counted yet."""
        outcome = self.outcome_of(visit)
        if outcome is None:
            return
        wait = visit.wait_seconds
        self.outcomes[outcome] += 1
        if wait is not None:
            self.within[outcome] += wait <= within_seconds
            self.longest_wait = max(wait, self.longest_wait or 0.0)
        if outcome == "answered":
            self.waits_answered += [] if wait is None else [wait]
            self.talks += [] if visit.talk_seconds is None else [visit.talk_seconds]

    def outcome_of(self, visit: QueueVisit) -> VisitOutcome | None:
        """How the visit ended, short abandons told by this tally's own limit; None while it has not."""
        if visit.outcome not in {"abandoned", "abandoned_short"} or visit.wait_seconds is None:
            return visit.outcome
        return "abandoned_short" if visit.wait_seconds <= self.short_seconds else "abandoned"

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
        return self.within["abandoned"] + self.within["abandoned_short"]

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
        return mean(self.waits_answered)

    @property
    def mean_talk(self) -> float | None:
        """AHT as far as it is kept: seconds of talk, without hold and wrap-up."""
        return mean(self.talks)

    @property
    def abandon_rate(self) -> float | None:
        """B / offered, 0 to 1."""
        return self.abandoned / self.offered if self.offered else None

    def wait_quantile(self, share: float) -> float | None:
        """Seconds within which this share (0 to 1) of those who were answered were: the nearest rank."""
        return quantile(self.waits_answered, share)


def mean(values: Sequence[float]) -> float | None:
    """The sum over the count; None of nothing."""
    return math.fsum(values) / len(values) if values else None


def quantile(values: Sequence[float], share: float) -> float | None:
    """The least value that at least this share (0 to 1) of the values do not exceed; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
