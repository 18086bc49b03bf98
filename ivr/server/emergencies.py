"""Emergency calls, which no server of ours takes part in: what is kept of them, and that a stop waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from msgspec.structs import replace

from ivr.asterisk.letterbox import EmergencyCall
from ivr.clock import Clock
from ivr.errors import StoreFailed
from ivr.records.changes import Ledger
from ivr.records.emergency import EmergencyRecord, EmergencyTry
from ivr.server.asterisk import AsteriskInUse

log = structlog.get_logger()

LOOK_SECONDS = 1.0

LOOKS_BETWEEN_WORDS = 10
"""So often is looked before the log says again why the server has not ended."""

LOOKS_FOR_AN_END = 3
"""A stop looks so often for the last word of calls that are over."""

LOOKED_BACK = 200
"""So many calls of before this server's start are looked through for some that are under way."""


def gone_on(so_far: EmergencyRecord | None, told: EmergencyCall) -> EmergencyRecord:
    """The record when one thing more is told of the call. What was told before may be lost: any may come first."""
    record = so_far or EmergencyRecord(
        call=told.call, number=told.number, phone=told.phone, began_at=told.at
    )
    match told.stage:
        case "began":
            return replace(record, began_at=told.at, shown=told.shown or None)
        case "not taken":
            one = EmergencyTry(trunk=told.trunk, at=told.at, status=told.status)
            return replace(record, tries=(*record.tries, one))
        case "refused":  # its end is told, too
            return replace(record, outcome="refused")
        case "ended" if told.outcome == "ANSWER":
            answered_at = record.answered_at or told.at - timedelta(seconds=told.seconds)
            return replace(
                record,
                outcome="answered",
                answered_at=answered_at,
                ended_at=told.at,
                trunk=told.trunk or None,
                talk_seconds=told.seconds,
            )
        case "ended":
            return replace(record, outcome=record.outcome or "given_up", ended_at=told.at)


@dataclass(slots=True)
class Emergencies:
    """Keeps what Asterisk's log tells of emergency calls, and what its channels show meanwhile.

    `site_of` says to which site the agent of a phone belongs.
    """

    asterisk: AsteriskInUse
    ledger: Ledger
    clock: Clock
    site_of: Callable[[str], str | None]
    _under_way: dict[str, EmergencyRecord] = field(default_factory=dict, init=False)
    _unkept: dict[str, EmergencyRecord] = field(default_factory=dict, init=False)
    _missed: set[str] = field(default_factory=set, init=False)

    @property
    def under_way(self) -> tuple[EmergencyRecord, ...]:
        """Those that have not ended, the oldest first."""
        return tuple(sorted(self._under_way.values(), key=lambda one: one.began_at))

    def take(self, told: EmergencyCall) -> None:
        """Asterisk's log tells something."""
        so_far = self._under_way.get(told.call) or self._unkept.get(told.call)
        record = gone_on(so_far, told)
        self._note(record if so_far else replace(record, site=self.site_of(told.phone)))

    async def begin(self) -> None:
        """Take up those of earlier servers that had not ended when they were last heard of. Before anything is told."""
        try:
            latest = await self.ledger.emergencies(LOOKED_BACK)
        except StoreFailed as failed:
            log.warning("earlier emergency calls cannot be read", error=str(failed))
            return
        self._under_way = {one.call: one for one in latest if one.ended_at is None}

    async def run(self) -> None:
        """Follow those under way and keep what is new of all, until cancelled."""
        while True:
            if self._under_way:
                self.seen(await self.asterisk.emergency_calls())
            await self.keep()
            await asyncio.sleep(LOOK_SECONDS)

    def seen(self, channels: Mapping[str, bool] | None) -> None:
        """Asterisk's channels: which of them are answered; a call whose channel is missing twice is gone."""
        if channels is None:
            return
        for call, record in list(self._under_way.items()):
            if call in channels:
                self._missed.discard(call)
                if channels[call] and record.answered_at is None:
                    self._note(replace(record, answered_at=self.clock.now()))
            elif call not in self._missed:
                self._missed.add(call)  # its end is told within a moment, as a rule
            else:
                log.error("emergency call lost", call=call, number=record.number)
                outcome = record.outcome or "lost"
                self._note(replace(record, outcome=outcome, ended_at=self.clock.now()))

    async def keep(self) -> None:
        """Write what is new; what cannot be written is tried again at the next look."""
        waiting = dict(self._unkept)
        if not waiting:
            return
        try:
            await self.ledger.put_emergencies(*waiting.values())
        except StoreFailed as failed:
            log.warning("emergency calls not written down yet", error=str(failed))
            return
        for call, record in waiting.items():
            if self._unkept.get(call) is record:
                del self._unkept[call]

    async def over(self) -> None:
        """Wait until no phone is in an emergency call, for as long as that takes, and a moment for the word of it."""
        looks = 0
        while calls := await self.asterisk.emergency_calls():
            if looks % LOOKS_BETWEEN_WORDS == 0:
                log.warning("the stop waits for emergency calls", calls=len(calls))
            looks += 1
            await asyncio.sleep(LOOK_SECONDS)
        for _ in range(LOOKS_FOR_AN_END):
            if not self._under_way:
                break
            await asyncio.sleep(LOOK_SECONDS)
        await self.keep()

    def _note(self, record: EmergencyRecord) -> None:
        self._unkept[record.call] = record
        if record.ended_at is None:
            self._under_way[record.call] = record
        else:
            self._under_way.pop(record.call, None)
            self._missed.discard(record.call)
