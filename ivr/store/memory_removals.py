"""The removals' twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ivr import ids
from ivr.clock import Clock, SystemClock
from ivr.records.removals import (
    PURGED,
    KeptSince,
    Removal,
    TakenOut,
    forgotten_mark,
    is_taken_out,
)
from ivr.store.memory_journal import MemoryJournal


class MemoryRemovals:
    """See Removals and RemovalsTold. Nothing is recorded here: no file goes."""

    def __init__(self, journal: MemoryJournal, clock: Clock | None = None) -> None:
        self._journal = journal
        self._clock = clock or SystemClock()
        self._told: list[Removal] = []

    async def purge(self, since: KeptSince, author: str, why: str) -> Removal:
        taken = self.would_purge(since)
        for record in list(self._journal.ended()):
            if since.numbers is not None and record.arrived_at < since.numbers:
                self._mark(record.call_id, record.caller, PURGED)
            if since.journal is not None and record.arrived_at < since.journal:
                self._journal.drop_events(record.call_id)
        return self._ended("purge", author, why, since, taken)

    async def forget(self, caller: str, author: str, why: str) -> Removal:
        removal_id = ids.new("rem")
        calls = [one.call_id for one in self._journal.of_caller(caller)]
        for call_id in calls:
            self._mark(call_id, caller, forgotten_mark(removal_id))
        under_way = sum(one.caller == caller for one in self._journal.open_calls())
        taken = TakenOut(numbers=len(calls))
        ended = self._ended("forget", author, why, KeptSince(), taken)
        return msgspec.structs.replace(ended, removal_id=removal_id, under_way=under_way)

    async def finish(self) -> None:
        """Nothing here outlives its process."""

    def removals(self, count: int) -> Sequence[Removal]:
        return self._told[::-1][:count]

    def would_purge(self, since: KeptSince) -> TakenOut:
        every = list(self._journal.ended())
        old = [one for one in every if since.journal and one.arrived_at < since.journal]
        numbers = [
            one
            for one in every
            if since.numbers
            and one.arrived_at < since.numbers
            and one.caller is not None
            and not is_taken_out(one.caller)
        ]
        events = sum(len(self._journal.events(one.call_id)) for one in old)
        return TakenOut(events=events, numbers=len(numbers))

    def _mark(self, call_id: str, caller: str | None, mark: str) -> None:
        if caller is None or is_taken_out(caller):
            return
        self._journal.mark_caller(call_id, mark)

    def _ended(
        self, what: str, author: str, why: str, since: KeptSince, taken: TakenOut
    ) -> Removal:
        now = self._clock.now()
        removal = Removal(
            removal_id=ids.new("rem"),
            what="purge" if what == "purge" else "forget",
            asked_at=now,
            author=author,
            why=why,
            since=since,
            taken=taken,
            done_at=now,
        )
        if not taken.is_nothing or what == "forget":
            self._told.append(removal)
        return removal
