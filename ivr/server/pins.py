"""PINs of agents who sit down at any phone: whoever guesses is locked out for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ivr.asterisk.pins import is_pin
from ivr.flows.hot_desk import PinAnswer

log = structlog.get_logger()

MOST_WRONG = 3
LOCKED_SECONDS = 60.0
MOST_NUMBERS = 1_000
"""That are remembered of those that were tried; only phones of ours can try."""


@dataclass(slots=True)
class _Tries:
    """Of one number: wrong ones in a row, and until when it is locked, on the loop's clock."""

    wrong: int = 0
    until: float = 0.0


@dataclass(slots=True)
class Pins:
    """See PinsKept. A number that nobody has is locked like others, so that nobody learns who has one."""

    home: Path
    is_right: Callable[[Path, str, str], bool] = is_pin
    _tries: dict[str, _Tries] = field(default_factory=dict)

    async def check(self, number: str, agent: str | None, pin: str) -> PinAnswer:
        now = asyncio.get_running_loop().time()
        if len(self._tries) >= MOST_NUMBERS:
            self._tries = {one: tries for one, tries in self._tries.items() if now < tries.until}
        tries = self._tries.setdefault(number, _Tries())
        if now < tries.until:
            return "locked"
        # Counted before it is looked at: two phones at once are two tries.
        tries.wrong += 1
        if tries.wrong >= MOST_WRONG:
            tries.until, tries.wrong = now + LOCKED_SECONDS, 0
        if agent is not None and await asyncio.to_thread(self.is_right, self.home, agent, pin):
            self._tries.pop(number, None)
            return "right"
        is_locked = now < tries.until
        log.warning("wrong PIN", agent=agent, is_locked=is_locked)
        return "locked" if is_locked else "wrong"
