"""When Asterisk is told to sign in at a carrier: by itself it tries again, but not at once, and not always.

Measured with Asterisk 22.10: told to sign in while an earlier REGISTER of that trunk is unanswered, it takes the answer
to that one for nobody's. The carrier has us signed in then, Asterisk says that it has not, and never tries again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ivr.asterisk.conf_trunks import REFUSED_RETRY_SECONDS, RETRY_SECONDS
from ivr.clock import Clock

ANSWER_SECONDS = 32.0
"""Within so long a REGISTER is answered, or given up (RFC 3261, timer F)."""

LATE_SECONDS = 10.0
"""After so long beyond that, nothing more will be heard of it: we look every five seconds."""

_PASSING = frozenset({401, 407, 408, 500, 502, 503, 504})
"""What Asterisk takes for a failure that passes, with 6xx and no answer at all; all else it takes for a refusal."""


@dataclass(slots=True)
class SigningIn:
    """What was tried, and what came of it, by the trunk's name."""

    clock: Clock
    _tried: dict[str, datetime] = field(default_factory=dict)
    _failed: dict[str, tuple[datetime, int | None]] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)

    def failed(self, name: str, status: int | None) -> None:
        """The last try came to nothing: Asterisk waits, and tries again."""
        self._failed[name] = self.clock.now(), status
        self._tried.pop(name, None)

    def tried(self, names: Iterable[str]) -> None:
        """It is being tried now."""
        for name in names:
            self._tried[name] = self.clock.now()
            self._wanted.discard(name)

    def want(self, names: Iterable[str]) -> None:
        """Somebody wants it to be tried as soon as may be."""
        self._wanted.update(names)

    def forget(self, name: str) -> None:
        """It is signed in, or no more."""
        self._tried.pop(name, None)
        self._failed.pop(name, None)
        self._wanted.discard(name)

    def meet(self, signed_out: Iterable[str]) -> None:
        """Asterisk began to try those that were never heard of when it was told of them."""
        for name in signed_out:
            if name not in self._failed:
                self._tried.setdefault(name, self.clock.now())

    def due(self, signed_out: Iterable[str]) -> tuple[str, ...]:
        """Which of those that are signed out are to be tried now: what is wanted, and what Asterisk forgot."""
        return tuple(name for name in signed_out if self._is_due(name))

    def _is_due(self, name: str) -> bool:
        now = self.clock.now()
        began = self._tried.get(name)
        if began is None:
            if name not in self._failed:
                return False
            at, status = self._failed[name]
            passes = status is None or status in _PASSING or status >= 600
            wait = RETRY_SECONDS if passes else REFUSED_RETRY_SECONDS
            began = at + timedelta(seconds=wait)
        since = (now - began).total_seconds()
        if name in self._wanted and not 0 <= since < ANSWER_SECONDS:
            return True
        return since >= ANSWER_SECONDS + LATE_SECONDS
