"""Who is let in when too many come: those inside are to notice nothing, and the others hear of it at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from ivr.amount import counted
from ivr.clock import Clock

log = structlog.get_logger()

TOLD_FOR = timedelta(minutes=10)
"""How long `/health` speaks of callers who were turned away."""

OVER_SECONDS = 10.0
"""After so long without anybody turned away it is over, and the log says how many there were."""

AT_ONCE, A_SECOND = "too-many-at-once", "too-many-a-second"
"""Words of records: which limit it was."""


@dataclass(slots=True)
class Admission:
    """The limits: calls under way (None: as many as there is room for), and new calls a second.

    A second's worth may come in one moment: carriers deliver in bursts. `tick` is in seconds, by a clock that nobody
    sets.
    """

    at_once: int | None
    per_second: float
    clock: Clock
    tick: Callable[[], float] = time.monotonic
    turned_away: int = 0
    _saved: float = field(default=0.0, init=False)
    _saved_at: float | None = field(default=None, init=False)
    _last: tuple[datetime, str] | None = field(default=None, init=False)

    def refusal(self, calls: int) -> str | None:
        """Why one more call is not taken beside so many `calls`; None: it is, and counts."""
        now = self.tick()
        self._save(now)
        if self.at_once is not None and calls >= self.at_once:
            return self._refused(AT_ONCE)
        if self._saved < 1:
            return self._refused(A_SECOND)
        self._saved -= 1
        return None

    def problem(self) -> str | None:
        """What `/health` is to say of it."""
        if self._last is None or self.clock.now() - self._last[0] >= TOLD_FOR:
            return None
        at, word = self._last
        limit, mend = (
            (f"{self.at_once} at once", "calls.at_once")
            if word == AT_ONCE
            else (f"{self.per_second:g} new ones a second", "calls.per_second")
        )
        return (
            f"more calls came than are let in ({limit}), the last at {at.isoformat(timespec='seconds')}: "
            f"{counted(self.turned_away, 'was', 'were')} turned away with 503 since the start. If this machine bears "
            f"more, raise `{mend}`; if nobody expected so many, look at who calls (`ivr calls`)"
        )

    def _save(self, now: float) -> None:
        """What was not used in the last second is still there."""
        most = max(1.0, self.per_second)
        passed = most if self._saved_at is None else (now - self._saved_at) * self.per_second
        self._saved = min(most, self._saved + passed)
        self._saved_at = now

    def _refused(self, word: str) -> str:
        self.turned_away += 1
        self._last = (self.clock.now(), word)
        return word


@dataclass(slots=True)
class Flood:
    """The log of turning away: a line as it begins and one when it is over, however many came."""

    tick: Callable[[], float] = time.monotonic
    turned_away: int = 0
    _last_at: float = field(default=0.0, init=False)

    def hear(self, refusal: str | None) -> None:
        """A call was refused, for this; None: it was let in."""
        now = self.tick()
        if refusal is not None:
            if not self.turned_away:
                log.warning("calls are turned away", reason=refusal)
            self.turned_away += 1
            self._last_at = now
        elif self.turned_away and now - self._last_at >= OVER_SECONDS:
            log.warning("calls are let in again", turned_away=self.turned_away)
            self.turned_away = 0
