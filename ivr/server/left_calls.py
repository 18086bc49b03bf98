"""The calls whose story nobody tells at present, each until somebody has it again, or it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from ivr.records.events import Ended
from ivr.records.taking_up import OpenCall
from ivr.server.under_way import CallsUnderWay
from ivr.store.door import StoredCalls

LostWith: TypeAlias = Literal["lost_while_down", "link_lost"]
"""With what a call lost whoever told its story: with its server, or with the link to Asterisk."""

LATEST_ENDED = 100
"""A server may be killed between the end of a call and its hang-up: of so many calls that is looked for."""


@dataclass(frozen=True, slots=True)
class Unended:
    """Calls without an end of servers before this one, oldest first; `last_seen` (aware): the last that is known."""

    calls: tuple[str, ...] = ()
    last_seen: datetime | None = None


def unended_calls(stored: StoredCalls, under_way: CallsUnderWay) -> Unended:
    """Let `under_way` remember them. Blocks; raises StoreFailed. To be read before calls are taken."""
    latest = stored.latest(LATEST_ENDED)
    under_way.remember_over(record.channel for record in latest)
    seen = [record.ended_at for record in latest[:1] if record.ended_at]
    calls: list[str] = []
    for entries in stored.open_journals():
        under_way.remember(entries)
        calls.append(entries[0].call_id)
        seen += [entry.at for entry in entries]
    return Unended(tuple(calls), max(seen, default=None))


@dataclass(slots=True)
class LeftCall:
    """A call that waits for a link. `by` says how it has ended where it is not there any more.

    `over` is set when somebody has the call again, or it has ended; `is_in_hand`: somebody is about to have it.
    """

    call: OpenCall
    by: LostWith
    last_seen: datetime | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    is_in_hand: bool = False

    @property
    def leg(self) -> str | None:
        """The caller's; None where the journal does not know it."""
        return self.call.legs[0] if self.call.legs else None

    @property
    def since(self) -> datetime:
        """Who comes first to the queue again, and so to its first free agent."""
        left = self.call.left_off
        if left is None:
            return datetime.max.replace(tzinfo=UTC)
        waits = [one.since for one in left.standing.waits if left.is_waiting]
        return waits[-1] if waits else left.standing.at

    def end(self, *, is_now: bool) -> Ended:
        """How it has ended, for all that we know; `is_now`: something of it was there until now."""
        return Ended(by=self.by, last_seen=None if is_now else self.last_seen)


class LeftCalls:
    """Those of one node."""

    def __init__(self, journal: CallsUnderWay, unended: Unended) -> None:
        self._journal = journal
        self._calls = {
            call_id: LeftCall(
                journal.open_call(call_id) or OpenCall(call_id),
                "lost_while_down",
                unended.last_seen,
            )
            for call_id in unended.calls
        }
        self.is_over = False
        self._added = asyncio.Event()

    def __iter__(self) -> Iterator[LeftCall]:
        return iter(tuple(self._calls.values()))

    def __contains__(self, left: LeftCall) -> bool:
        return self._calls.get(left.call.call_id) is left

    def on(self, leg: str) -> LeftCall | None:
        """The call of this caller's leg."""
        return next((one for one in self if one.leg == leg), None)

    async def added(self, call_id: str) -> LeftCall:
        """This call, as soon as its story has let go of it."""
        while (left := self._calls.get(call_id)) is None:
            self._added.clear()
            await self._added.wait()
        return left

    def out_of_hand(self) -> list[LeftCall]:
        """Those that nobody is about to have."""
        return [one for one in self if not one.is_in_hand]

    def add(self, call: OpenCall) -> LeftCall:
        """It has lost its link."""
        left = self._calls[call.call_id] = LeftCall(call, "link_lost")
        self._added.set()
        if self.is_over:
            left.over.set()
        return left

    def remove(self, left: LeftCall) -> None:
        """Somebody has the call again, or it is over."""
        self._calls.pop(left.call.call_id, None)
        left.over.set()

    def give_up(self) -> None:
        """The server ends: nobody waits any more."""
        self.is_over = True
        for left in self:
            left.over.set()
