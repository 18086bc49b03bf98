"""How long to wait before trying again: a little, then longer, and never two at the same beat."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """Waits grow from `first_seconds` by a quarter each time up to `longest_seconds`, each shifted by up to a fifth.

    They grow slowly so that an Asterisk which was away for some seconds is found within a quarter of that time.
    """

    first_seconds: float = 0.1
    longest_seconds: float = 5.0
    _tries: int = 0

    def next_seconds(self) -> float:
        """The next wait, in seconds."""
        steady = min(self.first_seconds * 1.25 ** min(self._tries, 64), self.longest_seconds)
        self._tries += 1
        return min(steady * random.uniform(0.8, 1.2), self.longest_seconds)  # noqa: S311 - spreads load, keeps no secret

    def reset(self) -> None:
        """Begin small again."""
        self._tries = 0
