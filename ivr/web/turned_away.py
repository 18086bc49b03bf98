"""What was refused at the web port, in the log: a line a minute for each reason, and nothing of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import structlog

from ivr.observe import Counts

log = structlog.get_logger()

QUIET_SECONDS = 60.0


@dataclass(slots=True)
class TurnedAway:
    """Counts them as `web_refused`. `now` is in seconds."""

    counts: Counts = field(default_factory=Counts)
    now: Callable[[], float] = monotonic
    _told_at: dict[str, float] = field(default_factory=dict, init=False)
    _untold: dict[str, int] = field(default_factory=dict, init=False)

    def tell(self, code: str) -> None:
        """A request was refused, with this code: log it, unless one like it was logged a moment ago."""
        self.counts.count("web_refused")
        times = self._untold.get(code, 0) + 1
        if code in self._told_at and self.now() - self._told_at[code] < QUIET_SECONDS:
            self._untold[code] = times
            return
        self._told_at[code] = self.now()
        self._untold[code] = 0
        log.warning("web request refused", code=code, times=times)
