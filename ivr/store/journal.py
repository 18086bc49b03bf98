"""The journal on disk: events are taken at once, and written in groups by a thread of their own (`writer.py`).

The thread does all the waiting: the loop, which has calls to serve, is woken for those who wait for `keep`.

When the disk fails, calls go on: `keep` says so at once; what is noted is held in memory and
written when the disk works again, which is tried by itself. Where somebody has taken the file away, a new one is begun
with all that is still to be had of it, and calls go on meanwhile. The memory is bounded: when it is full
to 95 %, only the events without which a call could not be told at all (ESSENTIAL) are taken, until
it is full. What is lost is counted.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec
import structlog

from ivr.amount import counted
from ivr.clock import Clock, SystemClock
from ivr.errors import StoreFailed
from ivr.records.events import Answered, Arrived, CallEvent, Ended, MessageLeft
from ivr.records.fold import SHORT_ABANDON_SECONDS
from ivr.records.journal import JournalState
from ivr.store.file import JournalFile
from ivr.store.presence import DatabaseLost
from ivr.store.rows import Draft
from ivr.store.writer import (
    DEFAULT_LIMITS,
    FAILURES,
    Limits,
    Waiting,
    WorkInTurn,
    Writer,
    tell_failure,
)
from ivr.urgent import go_first, is_room_for_others

log = structlog.get_logger()

ESSENTIAL = (Arrived, Answered, MessageLeft, Ended)
_ESSENTIAL_FROM = 0.95

T = TypeVar("T")


class SqliteJournal:
    """The journal of one server, in the SQLite file `path`.

    `open` it, give `run` a task, and `close` it last: closing writes what waits and ends `run`.
    `monotonic_ns` is the clock that durations are told by. A caller who hung up after waiting at
    most `short_seconds` is stored as a short abandon.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock | None = None,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        short_seconds: float = SHORT_ABANDON_SECONDS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._clock = clock or SystemClock()
        file = JournalFile(path, short_seconds=short_seconds, busy_seconds=limits.busy_seconds)
        self._is_closing = asyncio.Event()
        self._writer = Writer(file, self._clock, limits, self._is_closing.is_set)
        self._monotonic_ns = monotonic_ns
        self._limits = limits
        self._goes_first: bool | None = None
        self._thread = ThreadPoolExecutor(
            max_workers=1, thread_name_prefix="journal", initializer=self._hurry
        )
        self._is_running = False
        self._flight: asyncio.Future[None] | None = None
        self._fault: BaseException | None = None
        self._dropped = 0
        self._failing_since: datetime | None = None
        self._error: BaseException | None = None
        self._last_error: str | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def state(self) -> JournalState:
        return JournalState(
            written=self._writer.written,
            behind=len(self._writer.waiting) + len(self._writer.group),
            dropped=self._dropped,
            failing_since=self._failing_since,
            last_error=self._last_error,
            mend=self._writer.cause.mend if self._writer.cause else None,
            notices=self._writer.notices,
            commit_seconds=self._writer.commits.now_seconds,
            commit_p99_seconds=self._writer.commits.p99_seconds,
            goes_first=self._goes_first,
        )

    async def open(self) -> None:
        """Lock, check and migrate the file. Raises StoreFailed with what to do."""
        try:
            await self._in_thread(self._writer.file.open, self._clock.now())
            await self._in_thread(self._writer.reserve.lay_by)
        except StoreFailed:
            self._is_closing.set()
            self._thread.shutdown(wait=False)
            raise

    async def run(self) -> None:
        """Write what comes, until closed."""
        self._is_running = True
        try:
            while not self._is_closing.is_set():
                is_failing = self._failing_since is not None
                if is_failing and not isinstance(
                    self._error, DatabaseLost
                ):  # that is made good at once
                    await _wait_at_most(self._limits.retry_seconds, self._is_closing)
                if not self._is_closing.is_set():  # then `close` writes the rest
                    await self._fly()
        finally:
            self._is_running = False
            if self._writer.turns:
                self._thread.submit(self._writer.give_turns, asyncio.get_running_loop())

    async def close(self) -> None:
        """Write what waits, once, and let go of the file. Does no harm when done twice."""
        if self._is_closing.is_set():
            return
        self._is_closing.set()
        self._writer.wake()
        while self._flight is not None:
            await asyncio.wait([self._flight])
        is_worth_trying = self._fault is None
        while self._writer.waiting and is_worth_trying:
            await self._fly()
            is_worth_trying = self._failing_since is None
        if self._writer.waiting:
            log.error("journal closed with events unwritten", lost=len(self._writer.waiting))
            self._dropped += len(self._writer.waiting)
            self._writer.waiting.clear()
        while self._writer.turns:
            tell_failure(self._writer.turns.popleft().done, StoreFailed("the journal is closed"))
        await self._in_thread(self._writer.fold, self._writer.file.fold_all_ended)
        await self._in_thread(self._writer.file.close)
        await self._in_thread(self._writer.reserve.take_away)
        self._thread.shutdown(wait=False)

    def note(self, call_id: str, event: CallEvent, *, at_once: bool = False) -> None:
        refusal = self._take(call_id, event, None)
        if at_once:
            self._writer.wake()
        if refusal is None:
            return
        self._dropped += 1
        if self._dropped == 1 or self._dropped % 1000 == 0:
            log.error("event lost", call_id=call_id, reason=refusal, lost=self._dropped)

    async def keep(self, call_id: str, event: CallEvent) -> None:
        """See Journal. A keep that is cancelled is written all the same."""
        if self._failing_since is not None:
            raise self._failure()
        kept = asyncio.get_running_loop().create_future()
        refusal = self._take(call_id, event, kept)
        if refusal is not None:
            raise StoreFailed(refusal)
        self._writer.wake()
        await kept

    async def in_turn(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have the thread do a short piece of work between two groups, in a transaction. Raises StoreFailed.

        Work that is not awaited any more may be done all the same. It is done before `run` has begun, too.
        """
        return await self._take_turn(work)

    async def folded(self) -> None:
        """Return when the records of all calls are written that have ended by now. Raises StoreFailed."""
        await self._take_turn(_nothing, is_folded=True)

    async def written(self) -> None:
        """See ServerJournal."""
        while self._writer.waiting or self._writer.group:
            await self.in_turn(_nothing)
        await self.folded()

    async def _take_turn(
        self, work: Callable[[sqlite3.Connection], T], *, is_folded: bool = False
    ) -> T:
        if self._is_closing.is_set():
            message = "the journal is closed"
            raise StoreFailed(message)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.turns.append(WorkInTurn(work, done, is_folded=is_folded))
        self._writer.wake()
        if not self._is_running:  # then no group comes that it would be done after
            await self._in_thread(self._writer.give_turns, asyncio.get_running_loop())
        return await done

    def forget_recent(self) -> None:
        """Let go of events that are held in memory though they are written."""
        self._writer.file.forget_recent()

    def _hurry(self) -> None:
        """What the thread does first of all."""
        self._goes_first = go_first() if is_room_for_others() else None

    def _take(
        self, call_id: str, event: CallEvent, kept: asyncio.Future[None] | None
    ) -> str | None:
        """Put an event with those that wait; returns why not, where it cannot be taken."""
        if self._is_closing.is_set():
            return "the journal is closed"
        share = 1.0 if isinstance(event, ESSENTIAL) else _ESSENTIAL_FROM
        if len(self._writer.waiting) >= self._limits.waiting_events * share:
            return f"the journal's memory is full: {counted(len(self._writer.waiting), 'event waits', 'events wait')}"
        try:
            line = Draft.of(call_id, self._clock.now(), self._monotonic_ns(), event)
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            return f"the event {type(event).__name__} cannot be written: {error}"
        self._writer.waiting.append(Waiting(line, kept))
        self._writer.wake(at_once=False)
        return None

    async def _fly(self) -> None:
        """Have the thread look, write what waits and what comes, and come back when it fails, or nothing comes."""
        while self._flight is not None:
            await asyncio.wait([self._flight])
        is_probe = self._failing_since is not None
        write_on = partial(self._writer.write_on, is_probe=is_probe)
        self._flight = self._in_thread(write_on, asyncio.get_running_loop())
        # The end of it is told here even where whoever waits for it is cancelled.
        self._flight.add_done_callback(self._land)
        await asyncio.wait([self._flight])
        if self._fault is not None:
            raise self._fault

    def _land(self, flight: asyncio.Future[None]) -> None:
        """The thread has come back."""
        self._flight = None
        error = self._error = flight.exception()
        if error is None:
            self._recover()
            return
        group, self._writer.group = self._writer.group, []
        if not isinstance(error, FAILURES):
            self._fault = error  # a fault of ours: it ends `run`, and with it the server
        self._last_error = str(error)
        if self._writer.cause is not None:
            self._last_error = f"{self._writer.cause.says} ({error})"
        if self._failing_since is None:
            self._failing_since = self._clock.now()
            log.error("journal failed", error=self._last_error, waiting=len(self._writer.waiting))
        self._writer.waiting.extendleft(reversed(group))
        self._writer.waiting = deque(self._refuse_kept(self._writer.waiting))

    def _recover(self) -> None:
        if self._failing_since is not None:
            seconds = (self._clock.now() - self._failing_since).total_seconds()
            self._failing_since = None
            if self._writer.waiting:
                self._writer.wake(at_once=False)
            log.info("journal recovered", seconds=seconds, waiting=len(self._writer.waiting))

    def _refuse_kept(self, lines: Iterable[Waiting]) -> Iterable[Waiting]:
        """Tell those who wait for `keep`; what is left is to be written later."""
        for waiting in lines:
            if waiting.kept is not None and waiting.is_awaited:
                waiting.kept.set_exception(self._failure())
            else:
                yield waiting

    def _failure(self) -> StoreFailed:
        return StoreFailed(f"the journal cannot be written: {self._last_error}")

    def _in_thread(self, function: Callable[..., T], *arguments: object) -> asyncio.Future[T]:
        """The one way out of the loop: SQLite blocks, above all while the disk syncs."""
        return asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)


def _nothing(_: sqlite3.Connection) -> None:
    """Work that is over when what was before it is written."""


async def _wait_at_most(seconds: float, event: asyncio.Event) -> None:
    if seconds > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
