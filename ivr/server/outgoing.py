"""Calls to numbers outside: which may be made, how many, how long, and what is told of those that were not."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

import structlog

from ivr.call.call import LONGEST_CALL_SECONDS
from ivr.clock import Clock, day_began, stopwatch
from ivr.errors import StoreFailed
from ivr.numbers import PhoneNumber
from ivr.observe import Counts
from ivr.records.events import is_agent
from ivr.records.outside import seconds_outside
from ivr.records.record import CallRecord
from ivr.server.trunks import TrunksInUse
from ivr.settings import Outgoing
from ivr.store.door import StoredCalls
from ivr.trunks import Allowance, mend_for_call
from ivr.why import BarredBy

log = structlog.get_logger()

A_MINUTE_SECONDS = 60.0

LONGEST_CALL = 2 * timedelta(seconds=LONGEST_CALL_SECONDS)
"""No call lasts so long: whichever ended today came after that, before midnight."""

UNSURE_SECONDS = 0.01
"""A sum of talks differs by no more than this from the same sum in another order."""

TOLD_FOR = timedelta(minutes=10)
"""How long `/health` speaks of a call that was not made."""

_MENDS: dict[BarredBy, str] = {
    "never": "`outgoing.never` forbids the number of a phone in the rules; give it another, or take the phone out",
    "not_allowed": "`outgoing.allow` does not name the number of a phone in the rules; add its kind or country there",
    "each_minute": "`outgoing.calls_each_minute` have gone out in a minute; find out why before you raise it",
    "each_day": "`outgoing.minutes_each_day` are used up until midnight; find out why before you raise them",
    "no_line": "every trunk had as many calls out as its `calls_out_at_once`; raise it if the carrier takes more",
    "no_trunk": "no trunk of ivr.toml has an address to call over",
}


def mend_of(by: BarredBy) -> str:
    """What to do about a call that is not made."""
    return _MENDS[by]


def _may_have_talked_outside(record: CallRecord) -> bool:
    """Whether more was talked than with agents at their own phones: only then are the events of the call read."""
    visits = (one for one in record.visits if is_agent(one.agent))
    with_agents = sum(one.talk_seconds or 0.0 for one in visits)
    return (record.talk_seconds or 0.0) > with_agents + UNSURE_SECONDS


@dataclass(slots=True)
class _Leg:
    """A leg that goes out over a trunk; `talked`: for how long, from when it was answered."""

    trunk: str
    talked: Callable[[], timedelta] | None = None


@dataclass(slots=True)
class OutgoingCalls:
    """The gate that every call to a number outside goes through, and the count of those under way."""

    said: Outgoing
    trunks: TrunksInUse
    zone: Callable[[], tzinfo]
    clock: Clock
    counts: Counts
    tick: Callable[[], float] = time.monotonic
    """For how long is talked: no minute is used up, and none given, by setting the machine's clock."""
    barred: Counter[BarredBy] = field(default_factory=Counter)
    _last_barred: dict[BarredBy, datetime] = field(default_factory=dict)
    _last_failed: dict[str, tuple[datetime, int | None]] = field(default_factory=dict)
    _begun: deque[float] = field(default_factory=deque)
    _legs: dict[str, _Leg] = field(default_factory=dict)
    _seconds: dict[date, float] = field(default_factory=dict)

    @property
    def longest_seconds(self) -> float:
        return self.said.longest_minutes * 60.0

    def remember(self, calls: StoredCalls) -> None:
        """Count what earlier servers talked outside today, as far as it can be read. Blocks.

        A talk belongs to the day on which it ended. Of one that goes on `taken` is told, or `talked` when it is over.
        """
        now = self.clock.now()
        midnight = day_began(now, self.zone()).astimezone(UTC)
        try:
            talked = sum(
                seconds_outside(calls.events(record.call_id), midnight)
                for record in calls.between(midnight - LONGEST_CALL, now)
                if record.ended_at is not None and record.ended_at >= midnight
                if _may_have_talked_outside(record)
            ) + sum(seconds_outside(entries, midnight) for entries in calls.open_journals())
        except StoreFailed as error:
            log.warning("today's minutes outside are not known", error=str(error))
            return
        self.talked(talked)

    def bars(
        self, number: PhoneNumber, *, is_named: bool, is_tried: bool = False
    ) -> BarredBy | None:
        """Why this number is not called now, which is counted; None: it is, and counts as called."""
        by = self._bars(number, is_named=is_named)
        if by is None:
            self._begun.append(self.tick())
            self.counts.count("calls_out")
        elif not is_tried:
            self.barred[by] += 1
            self._last_barred[by] = self.clock.now()
            self.counts.count("calls_out_barred")
        return by

    def has_line(self, trunk: str) -> bool:
        return self.trunks.has_line(trunk)

    def begin(self, leg: str, trunk: str) -> None:
        self._legs[leg] = _Leg(trunk)
        self.trunks.calls_out[trunk] += 1
        self.trunks.went[trunk] += 1

    def taken(self, leg: str, seconds_ago: float = 0.0) -> None:
        # A talk of an earlier server is told by a clock that may have been set, but never lasts longer than it may.
        before = timedelta(seconds=min(seconds_ago, self.longest_seconds))
        since = stopwatch(self.tick)
        self._legs[leg].talked = lambda: before + since()

    def talked(self, seconds: float) -> None:
        today = self._today()
        self._seconds = {today: self._seconds.get(today, 0.0) + seconds}

    def end(self, leg: str) -> None:
        known = self._legs.pop(leg, None)
        if known is None:
            return
        self.trunks.calls_out[known.trunk] -= 1
        if known.talked is not None:
            self.talked(known.talked().total_seconds())

    def failed(self, trunk: str, status: int | None) -> None:
        self._last_failed[trunk] = (self.clock.now(), status)
        self.counts.count("calls_out_failed")
        self.trunks.call_failed(trunk, status)

    def minutes_today(self) -> float:
        """How long has been talked outside today, by the rules' clock; those who talk now included."""
        talks = (leg.talked for leg in self._legs.values() if leg.talked is not None)
        under_way = (talked().total_seconds() for talked in talks)
        return (self._seconds.get(self._today(), 0.0) + sum(under_way)) / 60

    def problems(self) -> Iterator[str]:
        """What `/health` is to say of calls that were not made a moment ago, or got nowhere, each with its mend."""
        now = self.clock.now()
        for trunk, (at, status) in self._last_failed.items():
            if now - at < TOLD_FOR and self.trunks.named(trunk) is not None:
                yield (
                    f"trunk {trunk} did not get a call out ({status or 'no answer'} to INVITE), and the next trunk was "
                    f"tried if there is one: {mend_for_call(status)}"
                )
        for by, last in self._last_barred.items():
            if now - last < TOLD_FOR:
                count = self.barred[by]
                calls = f"{count} call{'s' if count > 1 else ''}"
                yield f"{calls} to a number outside not made, and those callers went on by the rules: {_MENDS[by]}"

    def _bars(self, number: PhoneNumber, *, is_named: bool) -> BarredBy | None:
        allowance = Allowance(self.said.allow, self.said.never)
        if forbidden := allowance.forbids(number, is_named=is_named):
            return forbidden
        ways = [trunk.name for trunk in self.trunks.present() if trunk.hosts]
        if not ways:
            return "no_trunk"
        if not any(map(self.trunks.has_line, ways)):
            return "no_line"
        if self.minutes_today() >= self.said.minutes_each_day:
            return "each_day"
        while self._begun and self.tick() - self._begun[0] >= A_MINUTE_SECONDS:
            self._begun.popleft()
        return "each_minute" if len(self._begun) >= self.said.calls_each_minute else None

    def _today(self) -> date:
        return self.clock.now().astimezone(self.zone()).date()
