"""Addresses that try passwords, or that nobody knows: counted, and when they are at it without end, answered no more.

An address is barred, never an account: whoever knows a phone's name could else lock its owner out. Nor is an address
barred from which a phone of ours has signed in within a month: behind it may be an office, whose phones must reach
112 whatever one of them does. A password of 79 bits stands a few tries more.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from ivr.clock import Clock

log = structlog.get_logger()

WRONG_A_MINUTE = 10
"""So many wrong passwords within a minute, and the address is barred; a phone with a mistyped one tries less often."""

STRANGE_A_MINUTE = 60
"""So many requests of somebody whom nobody knows."""

BARRED_FOR = timedelta(minutes=10)
TOLD_FOR = timedelta(minutes=30)

HOME_FOR = timedelta(days=30)
"""So long an address from which a phone of ours has signed in is that phone's home."""

MOST_HOMES = 5_000

MOST_ADDRESSES = 500
"""That are remembered, and so at most are barred: who has been quiet longest is forgotten."""

MOST_LINES_A_MINUTE = 20
"""Of the log, for all strangers together; and one for each address."""

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(slots=True)
class Stranger:
    """What came from one address. `recent` has the times of the last wrong passwords and of other refusals."""

    address: str
    last_at: datetime
    wrong: int = 0
    refused: int = 0
    told_at: datetime | None = None
    barred_until: datetime | None = None
    recent_wrong: deque[datetime] = field(default_factory=lambda: deque(maxlen=WRONG_A_MINUTE))
    recent_strange: deque[datetime] = field(default_factory=lambda: deque(maxlen=STRANGE_A_MINUTE))

    def is_at_it(self, now: datetime) -> bool:
        """Whether it has gone beyond a limit within the last minute."""
        return any(
            len(times) == times.maxlen and _is_within_a_minute(times[0], now)
            for times in (self.recent_wrong, self.recent_strange)
        )


@dataclass(slots=True)
class Strangers:
    """All of them, the one that was heard of last at the end."""

    clock: Clock
    homes: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    """Addresses of phones of ours, and when one last proved its password there; to the day, as they are kept."""
    _known: OrderedDict[str, Stranger] = field(default_factory=OrderedDict)
    _forgotten: list[str] = field(default_factory=list)
    _lines: deque[datetime] = field(default_factory=lambda: deque(maxlen=MOST_LINES_A_MINUTE))

    def wrong_password(self, address: str) -> bool:
        """It gave a wrong password; whether a line of the log should say so."""
        stranger = self._met(address)
        stranger.wrong += 1
        stranger.recent_wrong.append(stranger.last_at)
        return self._is_worth_a_line(stranger)

    def refused(self, address: str) -> bool:
        """Nobody knows it; whether a line of the log should say so."""
        stranger = self._met(address)
        stranger.refused += 1
        stranger.recent_strange.append(stranger.last_at)
        return self._is_worth_a_line(stranger)

    def refused_while_barred(self, address: str) -> None:
        """It tried again in vain. That does not prolong it: whoever has mended a password need not wait for that."""
        self._met(address).refused += 1

    def password_right(self, address: str) -> None:
        """A phone of ours is there."""
        now = self.clock.now()
        before = self.homes.get(address)
        if before is None or now - before > _DAY:
            self.homes[address] = now
            self.homes.move_to_end(address)
            if len(self.homes) > MOST_HOMES:
                self.homes.popitem(last=False)

    def is_home(self, address: str) -> bool:
        """Whether a phone of ours has signed in there lately."""
        at = self.homes.get(address)
        return at is not None and self.clock.now() - at < HOME_FOR

    def beyond(self) -> tuple[str, ...]:
        """The addresses that should be barred and are not yet."""
        now = self.clock.now()
        return tuple(
            one.address
            for one in self._known.values()
            if one.barred_until is None and one.is_at_it(now)
        )

    def bar(self, address: str, until: datetime | None = None) -> None:
        """It is answered no more."""
        stranger = self._met(address)
        stranger.barred_until = until or self.clock.now() + BARRED_FOR
        log.warning(
            "address answered no more",
            address=address,
            wrong_passwords=stranger.wrong,
            refused=stranger.refused,
            until=stranger.barred_until.isoformat(timespec="seconds"),
        )

    def spare(self, address: str) -> None:
        """It may go on, barred or not; what it did counts no more towards being barred."""
        if address in self._forgotten:
            self._forgotten.remove(address)
        if stranger := self._known.get(address):
            stranger.recent_wrong.clear()
            stranger.recent_strange.clear()
            stranger.barred_until = None

    def over(self) -> tuple[str, ...]:
        """The barred addresses whose time is over, or that there are too many of to be remembered.

        Whoever would be barred for longer than anybody is was so before the machine's clock was set back.
        """
        now = self.clock.now()
        due = (
            one.address
            for one in self.barred()
            if one.barred_until is None or not now < one.barred_until <= now + BARRED_FOR
        )
        return (*self._forgotten, *due)

    def barred(self) -> tuple[Stranger, ...]:
        return tuple(one for one in self._known.values() if one.barred_until is not None)

    def until(self, address: str) -> datetime | None:
        """Until when it is barred."""
        stranger = self._known.get(address)
        return stranger.barred_until if stranger else None

    def lately(self) -> Iterator[Stranger]:
        """Those of the last half hour, and the barred, the latest first."""
        since = self.clock.now() - TOLD_FOR
        for one in reversed(self._known.values()):
            if one.last_at >= since or one.barred_until is not None:
                yield one

    def _met(self, address: str) -> Stranger:
        now = self.clock.now()
        stranger = self._known.setdefault(address, Stranger(address, now))
        stranger.last_at = now
        self._known.move_to_end(address)
        if len(self._known) > MOST_ADDRESSES:
            self._forget_one()
        return stranger

    def _forget_one(self) -> None:
        """The one that has been quiet longest and is not barred, if there is one."""
        for one in self._known.values():
            if one.barred_until is None:
                del self._known[one.address]
                return
        address, _ = self._known.popitem(last=False)
        self._forgotten.append(address)

    def _is_worth_a_line(self, stranger: Stranger) -> bool:
        """One a minute for each address, and not too many for all of them."""
        now = stranger.last_at
        if stranger.told_at is not None and _is_within_a_minute(stranger.told_at, now):
            return False
        if len(self._lines) == self._lines.maxlen and _is_within_a_minute(self._lines[0], now):
            return False
        stranger.told_at = now
        self._lines.append(now)
        return True


def _is_within_a_minute(at: datetime, now: datetime) -> bool:
    """Not where it is ahead: the machine's clock was set back since."""
    return timedelta() <= now - at < _MINUTE
