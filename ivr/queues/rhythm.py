"""What is due every so many seconds of a wait: each time once, whatever else is said meanwhile."""

from __future__ import annotations

EARLY_SECONDS = 0.5
"""A timer may go off a little early: what was due so soon has had its turn."""


class Rhythm:
    """Times of a wait, `every_seconds` apart. Begun in the middle of a wait, it asks for none that has passed."""

    def __init__(self, every_seconds: float, waited_seconds: float) -> None:
        self._every_seconds = every_seconds
        self._turns = self._passed(waited_seconds)

    def due_in(self, waited_seconds: float) -> float:
        """Seconds until the next time, 0.0 where it has come."""
        return max(0.0, (self._turns + 1) * self._every_seconds - waited_seconds)

    def take(self, waited_seconds: float) -> int:
        """The turn that is due, the first of a wait is 0; what it was too late for has no turn any more.

        A turn may be taken before its time.
        """
        self._turns = max(self._turns + 1, self._passed(waited_seconds))
        return self._turns - 1

    def _passed(self, waited_seconds: float) -> int:
        return int((waited_seconds + EARLY_SECONDS) // self._every_seconds)
