"""The doors of the store: what a server keeps, and what the commands read of it. Nobody above knows where it lies.

The journal's own door is in `ivr/records/journal.py`, the ledger's in `ivr/records/changes.py`: flows write there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

import msgspec

from ivr.kpi.cells import (
    APART,
    Apart,
    FoldedCalls,
    FoldedFirstCalls,
    FoldedOffers,
    FoldedPath,
    Grain,
)
from ivr.kpi.occupancy import FoldedDuty, FoldedWork, WorkApart
from ivr.kpi.rows import Only, Sought
from ivr.kpi.satisfaction import FoldedSurvey
from ivr.records.agents import AgentChange
from ivr.records.changes import FollowUp, Ledger, OverrideKept, RulesChange
from ivr.records.emergency import EmergencyRecord
from ivr.records.events import GivenToSite
from ivr.records.journal import Entry, Journal, JournalState, RelayState
from ivr.records.keyed_call import KeyedCall
from ivr.records.months import ClosedMonth, Months
from ivr.records.record import CallRecord, QueueVisit
from ivr.records.removals import KeptSince, Removal, Removals, TakenOut
from ivr.records.speech import SpokenCall


class StoredCalls(Protocol):
    """The calls that are stored, whether a server writes meanwhile or not. Blocks; all raise StoreFailed."""

    def call(self, call_id: str) -> CallRecord | None:
        """The ended call whose id begins so; None where there is none, or several."""

    def latest(self, count: int) -> tuple[CallRecord, ...]:
        """The ended calls that arrived last, newest first."""

    def events(self, call_id: str) -> tuple[Entry, ...]:
        """What happened to the call whose id begins so; empty where there is none, or several."""

    def open_calls(self) -> tuple[CallRecord, ...]:
        """The calls that have not ended, as far as is known of them, oldest first.

        Before a server takes calls, these are the calls that the one before it lost.
        """

    def open_journals(self) -> Sequence[Sequence[Entry]]:
        """What happened to each of the calls that have not ended, oldest first: never nothing."""

    def of_caller(self, caller: str) -> tuple[CallRecord, ...]:
        """The ended calls of one caller (E.164, or a number as it came), oldest first. Looks at every call."""

    def between(self, first: datetime, last: datetime) -> Iterator[CallRecord]:
        """The ended calls that arrived from `first` until before `last` (aware), oldest first; without decisions."""

    def behind(self, sought: Sought, count: int) -> tuple[CallRecord, ...]:
        """So many of them at the most, those that came last, oldest first; without decisions."""

    def keyed(self, first: datetime, last: datetime) -> Iterator[KeyedCall]:
        """The ended calls that arrived from `first` until before `last` (aware), oldest first, with their keys."""

    def spoken(self, first: datetime, last: datetime) -> Iterator[SpokenCall]:
        """The ended calls that arrived from `first` until before `last` (aware), oldest first, with what was said."""

    def given(self, first: datetime, last: datetime) -> Iterator[GivenToSite]:
        """Which calls were given to sites, of the ended calls that arrived from `first` until before `last` (aware).

        Without those of tests.
        """

    def given_to_sites(self) -> Sequence[GivenToSite]:
        """Which calls of split queues were given to sites, of the latest that are kept; in no order."""

    def latest_visits(self, count: int) -> Sequence[tuple[str, QueueVisit]]:
        """Waits in queues that are over, of the latest calls: so many at the most, the first one first.

        Each with its call's id; no test calls.
        """

    def surveyed(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        """The callers who were asked in a survey at that time (aware) or later, as calls have them, and when."""

    def talks(
        self, since: datetime, shortest_seconds: float
    ) -> Iterator[tuple[str, str, datetime]]:
        """The callers who talked with an agent in calls that came at that time (aware) or later: whom, and when.

        It is the last of the call's talks that were not shorter, and the moment from which it was not; those with a
        site's phone are none with an agent. Only of calls that have ended.
        """

    def talks_of_agents(self, since: datetime) -> Iterator[str]:
        """Who began to talk with a caller at that time (aware) or later, once for each talk; in no test calls.

        Also in calls that have not ended. An agent whose phone was silent has not talked.
        """

    def rung_last(self) -> Mapping[str, str]:
        """Whose phone each queue rang last, of the latest calls that are kept; a site's phone is nobody's."""


class History(Protocol):
    """What the ledger says, for those who only read. Blocks; all raise StoreFailed. See Ledger."""

    def changes(self, count: int) -> Sequence[RulesChange]:
        """The last `count`, newest first: by when they took effect, or will."""

    def timed(self) -> Sequence[RulesChange]:
        """Those that are still to take effect, the next one first."""

    def overrides(self, at: datetime) -> Sequence[OverrideKept]:
        """Those that hold at this time, the one that ends next first."""

    def follow_ups(self, since: datetime) -> Sequence[FollowUp]:
        """Those told at this time or later, the first one first."""

    def emergencies(self, count: int) -> Sequence[EmergencyRecord]:
        """The last `count` emergency calls, newest first."""

    def agent_changes(self, first: datetime, last: datetime) -> Sequence[AgentChange]:
        """What agents did from `first` until before `last` (aware), in the order in which it happened."""

    def last_of_agents(self) -> Sequence[AgentChange]:
        """The last change of each agent."""


class RemovalsTold(Protocol):
    """What was taken out, for those who only read. Blocks; all raise StoreFailed."""

    def removals(self, count: int) -> Sequence[Removal]:
        """The last `count`, newest first."""

    def would_purge(self, since: KeptSince) -> TakenOut:
        """What a purge would take out of the tables; files of sound are not counted."""


class Folds(Protocol):
    """History folded as calls end, for those who only read. Days are both included. Blocks; all raise StoreFailed."""

    def offers(
        self, grain: Grain, first: date, last: date, only: Only, apart: Collection[Apart] = APART
    ) -> Iterator[FoldedOffers]:
        """Those that `only` looks at, its outcome aside, by day. The grain is to be one of `grain_for`.

        What differs in nothing of `apart` may be put together, a month at a time.
        """

    def calls(self, first: date, last: date) -> Iterator[FoldedCalls]:
        """All that ended, by day."""

    def first_calls(self, first: date, last: date) -> Iterator[FoldedFirstCalls]:
        """By day; of the last seven days not all is known yet."""

    def closed_months(self) -> Mapping[str, ClosedMonth]:
        """By their names."""

    def paths(self, first: date, last: date) -> Iterator[FoldedPath]:
        """By day and path."""

    def surveys(self, first: date, last: date) -> Iterator[FoldedSurvey]:
        """By day."""

    def work(
        self, first: datetime, last: datetime, apart: WorkApart | None
    ) -> Iterator[FoldedWork]:
        """What agents did from `first` until before `last` (aware, whole quarters of an hour), in one row a state.

        Of each queue apart; or of all agents together, by quarters of an hour, by hours of UTC, or (None) as one.
        """

    def work_of(self, queue: str, first: datetime, last: datetime) -> Iterator[FoldedWork]:
        """The same of one queue, by quarters of an hour."""

    def duty(self, first: datetime, last: datetime) -> Iterator[FoldedDuty]:
        """What agents did in the hours from `first` until before `last` (aware), by agent and state; hours together."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """The text of rules: `file` is the name that findings and steps carry; `included` by name from its folder."""

    file: str
    text: bytes
    included: Mapping[str, bytes] = field(default_factory=dict)


class Texts(Protocol):
    """The texts of all rules that were ever taken or planned. Blocks."""

    def keep(self, revision: str, text: KeptText) -> None:
        """Store it; of a revision that is there already, in its newest layout. Raises StoreFailed."""

    def read(self, change: RulesChange) -> KeptText:
        """What was kept of a change's rules. Raises ChangeRefused where it is gone."""

    def named(self, beginning: str) -> str:
        """The whole name of the revision that begins so. Raises ChangeRefused for none, or several."""

    def where(self, change: RulesChange) -> str | None:
        """Where a person finds the text of a change's rules; None where it is not kept, or not for their eyes."""


class PastCalls(Protocol):
    """Where calls of the past are added: those that no server of ours has seen. Blocks."""

    def add(self, calls: Sequence[Sequence[Entry]]) -> int:
        """Write the events of whole calls, each from its arrival to its end, and their records, all or none.

        Returns how many there were; calls whose ids are there already are left as they are. Raises StoreFailed.
        """


class ServerJournal(Journal, Protocol):
    """The journal as the server that holds the store has it."""

    @property
    def state(self) -> JournalState:
        """How the journal is, for `/health`."""

    async def run(self) -> None:
        """Write what comes, until the store is closed or this is cancelled."""

    async def written(self) -> None:
        """Return when all that was told until now is on disk, and the records of calls that have ended too.

        While `run` writes. Raises StoreFailed.
        """

    async def close(self) -> None:
        """Write what waits, once, and let go. Does no harm when done twice."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the commands read. `server_runs`: the store itself was told so, on whatever machine the server is."""

    calls: StoredCalls
    history: History
    folds: Folds
    removals: RemovalsTold
    server_runs: bool = False


class Relay(Protocol):
    """What sends all that is kept to a second store, beside the calls."""

    @property
    def state(self) -> RelayState:
        """How far that store is behind, for `/health`."""

    async def until_sent(self) -> None:
        """Wait until it has all that there is now; `run` is to be under way. Raises StoreFailed."""

    async def run(self) -> None:
        """Send what comes, and try again by itself, until cancelled."""

    async def close(self) -> None:
        """Send the rest, for as long as is decent, and let go."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a server keeps, for as long as it has the lease."""

    journal: ServerJournal
    ledger: Ledger
    removals: Removals
    months: Months
    relay: Relay | None = None

    async def run(self) -> None:
        """Write what comes, and send it on, until the store is closed or this is cancelled."""
        async with asyncio.TaskGroup() as group:
            sending = self.relay and group.create_task(self.relay.run(), name="relay")
            await self.journal.run()
            if sending:
                sending.cancel()

    @property
    def state(self) -> JournalState:
        """How all of it is, for `/health`."""
        state = self.journal.state
        return msgspec.structs.replace(state, relay=self.relay.state) if self.relay else state


class Store(Protocol):
    """All that is kept of one call centre. Making one opens nothing."""

    @property
    def texts(self) -> Texts: ...

    def has_begun(self) -> bool:
        """Whether any server has kept something here. Raises StoreFailed where this user may not look."""

    def set_aside(self) -> Sequence[str]:
        """Files of before, which nothing is taken out of: damaged ones, and those in whose place another came."""

    def is_sent_on(self) -> bool:
        """Whether a server sends what changes here to a second store, which has what it has until one runs."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Read, and change nothing. Raises StoreFailed where no server has kept anything, or another version has."""

    def adding(self) -> AbstractContextManager[PastCalls]:
        """The lease, to add calls of the past. Raises StoreFailed as `keeping` does."""

    def refold(self, now: datetime, *, dry_run: bool = False) -> Mapping[str, bool]:
        """Fold the journal into calls and history anew; says of each table whether it is what it was, to the byte.

        A dry run changes nothing. Blocks. Raises StoreFailed, also where a server has the lease.
        """

    def keeping(self) -> AbstractAsyncContextManager[Keeping]:
        """The lease: one server at a time, for the scope; it goes with the process, however that ends.

        What waits is written at the scope's end. Raises StoreFailed where another server has it, or for a store that
        cannot be used, with what to do.
        """
