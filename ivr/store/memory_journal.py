"""The journal's twin in memory: the same promises without a disk. It ships with the code."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from ivr.clock import Clock, SystemClock
from ivr.errors import StoreFailed
from ivr.kpi.rows import Sought, Terms, calls_behind
from ivr.records.events import Arrived, CallEvent, Ended, GivenToSite, MenuTry, is_agent
from ivr.records.fold import SHORT_ABANDON_SECONDS, fold
from ivr.records.journal import Entry, JournalState
from ivr.records.keyed_call import KeyedCall
from ivr.records.record import CallRecord, QueueVisit
from ivr.records.ringing import whom_each_rang
from ivr.records.speech import SpokenCall, SpokenEvent
from ivr.records.taking_up import agents_talked


class MemoryJournal:
    """Journal and reader in one. `monotonic_ns` is the clock that durations are told by.

    `fail` and `mend` make the disk fail and work again; what is noted meanwhile is written then.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        short_seconds: float = SHORT_ABANDON_SECONDS,
    ) -> None:
        self._clock = clock or SystemClock()
        self._monotonic_ns = monotonic_ns
        self._short_seconds = short_seconds
        self._entries: dict[str, list[Entry]] = {}
        self._records: dict[str, CallRecord] = {}
        self._waiting: list[Entry] = []
        self._failing_since: datetime | None = None
        self._last_error: str | None = None

    @property
    def state(self) -> JournalState:
        return JournalState(
            written=sum(len(entries) for entries in self._entries.values()),
            behind=len(self._waiting),
            failing_since=self._failing_since,
            last_error=self._last_error,
        )

    def note(self, call_id: str, event: CallEvent, *, at_once: bool = False) -> None:
        del at_once  # it always is
        entry = self._entry(call_id, event)
        if self._failing_since is None:
            self._write(entry)
        else:
            self._waiting.append(entry)

    async def keep(self, call_id: str, event: CallEvent) -> None:
        if self._failing_since is not None:
            message = f"the journal cannot be written: {self._last_error}"
            raise StoreFailed(message)
        self._write(self._entry(call_id, event))

    def fail(self, reason: str = "disk full") -> None:
        self._failing_since = self._clock.now()
        self._last_error = reason

    def mend(self) -> None:
        self._failing_since = None
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            self._write(entry)

    def events(self, call_id: str) -> tuple[Entry, ...]:
        found = _only(call_id, self._entries)
        return tuple(self._entries[found]) if found else ()

    def call(self, call_id: str) -> CallRecord | None:
        found = _only(call_id, self._records)
        return self._records[found] if found else None

    def latest(self, count: int) -> tuple[CallRecord, ...]:
        newest = sorted(
            self._records.values(), key=lambda r: (r.arrived_at, r.call_id), reverse=True
        )
        return tuple(newest[:count])

    def open_calls(self) -> tuple[CallRecord, ...]:
        return tuple(fold(entries) for entries in self.open_journals())

    def open_journals(self) -> Sequence[Sequence[Entry]]:
        begun = (
            entries for call_id, entries in self._entries.items() if call_id not in self._records
        )
        return sorted(begun, key=lambda entries: (fold(entries).arrived_at, entries[0].call_id))

    def given(self, first: datetime, last: datetime) -> Iterator[GivenToSite]:
        for record in self._arrived(first, last):
            for entry in self._entries[record.call_id]:
                if isinstance(entry.event, GivenToSite) and not record.test:
                    yield entry.event

    def given_to_sites(self) -> Sequence[GivenToSite]:
        events = (one.event for entries in self._entries.values() for one in entries)
        return [event for event in events if isinstance(event, GivenToSite)]

    def of_caller(self, caller: str) -> tuple[CallRecord, ...]:
        found = [record for record in self._records.values() if record.caller == caller]
        return tuple(sorted(found, key=lambda record: (record.arrived_at, record.call_id)))

    def between(self, first: datetime, last: datetime) -> Iterator[CallRecord]:
        for record in self._arrived(first, last):
            yield msgspec.structs.replace(record, decisions=())

    def behind(self, sought: Sought, count: int) -> tuple[CallRecord, ...]:
        terms = Terms(zone=UTC, targets={}, short_seconds=sought.short_seconds)
        came = self.between(sought.first, sought.last)
        found = [
            call
            for call in calls_behind(came, sought.by, terms, sought.only)
            if sought.takes_call(call)
        ]
        return tuple(found[-count:])

    def spoken(self, first: datetime, last: datetime) -> Iterator[SpokenCall]:
        for record in self._arrived(first, last):
            yield SpokenCall(
                call_id=record.call_id,
                test=record.test,
                events=tuple(
                    entry.event
                    for entry in self._entries[record.call_id]
                    if isinstance(entry.event, SpokenEvent)
                ),
            )

    def keyed(self, first: datetime, last: datetime) -> Iterator[KeyedCall]:
        for record in self._arrived(first, last):
            yield KeyedCall(
                call_id=record.call_id,
                dialled=record.dialled,
                caller=record.caller,
                call_time=record.call_time,
                test=record.test,
                tries=tuple(
                    entry.event
                    for entry in self._entries[record.call_id]
                    if isinstance(entry.event, MenuTry)
                ),
            )

    def latest_visits(self, count: int) -> Sequence[tuple[str, QueueVisit]]:
        """See StoredCalls."""
        calls = sorted(self._records.values(), key=lambda one: (one.arrived_at, one.call_id))
        found = [
            (one.call_id, visit)
            for one in calls
            for visit in one.visits
            if not one.test and visit.wait_seconds is not None
        ]
        return found[-count:]

    def surveyed(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        for record in self._records.values():
            for reply in record.surveys:
                if record.caller and not record.test and reply.asked_at >= since:
                    yield record.caller, reply.asked_at

    def talks(
        self, since: datetime, shortest_seconds: float
    ) -> Iterator[tuple[str, str, datetime]]:
        """See StoredCalls."""
        for one in self._records.values():
            counts = one.disposition == "answered" and not one.test and one.arrived_at >= since
            talks = [
                (visit.agent, visit.waited_until + timedelta(seconds=shortest_seconds))
                for visit in one.visits
                if is_agent(visit.agent)
                if (visit.talk_seconds or 0.0) >= shortest_seconds
            ]
            if counts and one.caller and talks and one.ended_at:
                yield one.caller, *talks[-1]

    def talks_of_agents(self, since: datetime) -> Iterator[str]:
        """See StoredCalls."""
        for visit in (
            one for call in self._records.values() if not call.test for one in call.visits
        ):
            if is_agent(visit.agent) and visit.waited_until >= since:
                yield visit.agent
        for entries in self.open_journals():
            yield from agents_talked(entries, since)

    def rung_last(self) -> Mapping[str, str]:
        """See StoredCalls."""
        entries = (one for call in self._entries.values() for one in call)
        return whom_each_rang(one.event for one in sorted(entries, key=lambda one: one.at))

    def add(self, calls: Sequence[Sequence[Entry]]) -> int:
        """See PastCalls."""
        new = [entries for entries in calls if entries[0].call_id not in self._entries]
        for entry in (entry for entries in new for entry in entries):
            self._write(entry)
        return len(new)

    def mark_caller(self, call_id: str, mark: str) -> None:
        """Put a mark in the place of the caller's number. See Removals."""
        record = self._records[call_id]
        self._records[call_id] = msgspec.structs.replace(record, caller=mark, sip_call_id=None)
        self._entries[call_id] = [_marked(entry, mark) for entry in self._entries[call_id]]

    def drop_events(self, call_id: str) -> None:
        """Let go of what happened to a call that has ended; its record stays."""
        self._entries[call_id] = []

    def ended(self) -> Collection[CallRecord]:
        """The records of all calls that have ended."""
        return self._records.values()

    async def run(self) -> None:
        """Everything is written as it comes: there is nothing to do."""

    async def written(self) -> None:
        if self._failing_since is not None:
            message = f"the journal cannot be written: {self._last_error}"
            raise StoreFailed(message)

    async def close(self) -> None:
        """There is nothing to let go of."""

    def _arrived(self, first: datetime, last: datetime) -> list[CallRecord]:
        within = [one for one in self._records.values() if first <= one.arrived_at < last]
        return sorted(within, key=lambda one: (one.arrived_at, one.call_id))

    def _entry(self, call_id: str, event: CallEvent) -> Entry:
        return Entry(
            call_id=call_id,
            seq=0,
            at=self._clock.now(),
            monotonic_ns=self._monotonic_ns(),
            event=event,
        )

    def _write(self, entry: Entry) -> None:
        entries = self._entries.setdefault(entry.call_id, [])
        numbered = Entry(
            call_id=entry.call_id,
            seq=len(entries) + 1,
            at=entry.at,
            monotonic_ns=entry.monotonic_ns,
            event=entry.event,
        )
        entries.append(numbered)
        if isinstance(entry.event, Ended) or entry.call_id in self._records:
            self._records[entry.call_id] = fold(entries, short_seconds=self._short_seconds)


def _marked(entry: Entry, mark: str) -> Entry:
    event = entry.event
    if not isinstance(event, Arrived):
        return entry
    nameless = msgspec.structs.replace(event, caller=mark, forwarded_by=None, sip_call_id=None)
    return msgspec.structs.replace(entry, event=nameless)


def _only(beginning: str, call_ids: dict[str, list[Entry]] | dict[str, CallRecord]) -> str | None:
    """The one id that begins so; an id in full is always itself."""
    if beginning in call_ids:
        return beginning
    found = [call_id for call_id in call_ids if call_id.startswith(beginning)]
    return found[0] if len(found) == 1 else None
