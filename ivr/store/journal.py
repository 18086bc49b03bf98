"""The journal on disk: events are taken at once, and written in groups by a thread of their own.

What is kept, or noted `at_once`, is written at once with all that waits. What is only noted waits for others, so that a
busy hour costs ten writes a second beside those, and so that what is noted just before something kept costs no write of
its own. The thread does all the waiting: the loop, which has calls to serve, is woken for those who wait for `keep`.

When the disk fails, calls go on: `keep` says so at once; what is noted is held in memory and
written when the disk works again, which is tried by itself. Where somebody has taken the file away, a new one is begun
with all that is still to be had of it, and calls go on meanwhile. The memory is bounded: when it is full
to 95 %, only the events without which a call could not be told at all (ESSENTIAL) are taken, until
it is full. What is lost is counted.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
import structlog

from ivr.clock import Clock, SystemClock
from ivr.disk import FULL, Cause
from ivr.errors import StoreFailed
from ivr.records.events import Answered, Arrived, CallEvent, Ended, MessageLeft
from ivr.records.fold import SHORT_ABANDON_SECONDS
from ivr.records.journal import JournalState
from ivr.store.causes import cause_of
from ivr.store.commit_times import CommitTimes
from ivr.store.file import JournalFile
from ivr.store.presence import DatabaseLost
from ivr.store.reserve import RESERVE_BYTES, Reserve
from ivr.store.rows import Draft

log = structlog.get_logger()

ESSENTIAL = (Arrived, Answered, MessageLeft, Ended)
FAILURES = (sqlite3.Error, OSError, DatabaseLost)
GROUP_LIMIT = 2_000
_ESSENTIAL_FROM = 0.95

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the journal bears.

    `waiting_events`: held in memory while the disk does not take them (some 1 kB each).
    `linger_seconds`: how long what is only noted waits for more. So much of it is lost with a server that is killed; at
    20 new calls a second, 0.02 made two writes a call instead of one, and the server cost a fifth more.
    `retry_seconds`: how often a failed disk is tried. `busy_seconds`: how long one write waits for another program to
    let go of the file. `look_seconds`: how often it is looked whether the file still is there, when nothing is written.
    `reserve_bytes`: room that is laid by for a full disk.
    """

    waiting_events: int = 100_000
    linger_seconds: float = 0.1
    retry_seconds: float = 1.0
    busy_seconds: float = 0.3
    look_seconds: float = 1.0
    reserve_bytes: int = RESERVE_BYTES


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A line that is not written yet; `kept` is what `keep` waits for, None for `note`."""

    line: Draft
    kept: asyncio.Future[None] | None = None

    @property
    def is_awaited(self) -> bool:
        return self.kept is not None and not self.kept.done()


@dataclass(frozen=True, slots=True)
class _Turn:
    """Work of others that the thread does between two groups, and who waits for what comes of it."""

    work: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]


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
        self._file = JournalFile(
            path, short_seconds=short_seconds, busy_seconds=limits.busy_seconds
        )
        self._clock = clock or SystemClock()
        self._monotonic_ns = monotonic_ns
        self._limits = limits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._waiting: deque[_Waiting] = deque()
        self._has_work = threading.Event()
        self._is_urgent = threading.Event()
        self._is_closing = asyncio.Event()
        self._turns: deque[_Turn] = deque()
        self._flight: asyncio.Future[None] | None = None
        self._group: list[_Waiting] = []
        self._fault: BaseException | None = None
        self._commits = CommitTimes()
        self._reserve = Reserve(path, limits.reserve_bytes)
        self._written = 0
        self._dropped = 0
        self._failing_since: datetime | None = None
        self._error: BaseException | None = None
        self._cause: Cause | None = None
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
            written=self._written,
            behind=len(self._waiting) + len(self._group),
            dropped=self._dropped,
            failing_since=self._failing_since,
            last_error=self._last_error,
            mend=self._cause.mend if self._cause else None,
            notices=(*self._file.database.notices, *self._reserve.notices),
            commit_seconds=self._commits.now_seconds,
            commit_p99_seconds=self._commits.p99_seconds,
        )

    async def open(self) -> None:
        """Lock, check and migrate the file. Raises StoreFailed with what to do."""
        try:
            await self._in_thread(self._file.open, self._clock.now())
            await self._in_thread(self._reserve.lay_by)
        except StoreFailed:
            self._is_closing.set()
            self._thread.shutdown(wait=False)
            raise

    async def run(self) -> None:
        """Write what comes, until closed."""
        while not self._is_closing.is_set():
            is_failing = self._failing_since is not None
            if is_failing and not isinstance(
                self._error, DatabaseLost
            ):  # that is made good at once
                await _wait_at_most(self._limits.retry_seconds, self._is_closing)
            if not self._is_closing.is_set():  # then `close` writes the rest
                await self._fly()

    async def close(self) -> None:
        """Write what waits, once, and let go of the file. Does no harm when done twice."""
        if self._is_closing.is_set():
            return
        self._is_closing.set()
        self._has_work.set()
        self._is_urgent.set()
        while self._flight is not None:
            await asyncio.wait([self._flight])
        is_worth_trying = self._fault is None
        while self._waiting and is_worth_trying:
            await self._fly()
            is_worth_trying = self._failing_since is None
        if self._waiting:
            log.error("journal closed with events unwritten", lost=len(self._waiting))
            self._dropped += len(self._waiting)
            self._waiting.clear()
        while self._turns:
            _tell_failure(self._turns.popleft().done, StoreFailed("the journal is closed"))
        await self._in_thread(self._file.close)
        await self._in_thread(self._reserve.take_away)
        self._thread.shutdown(wait=False)

    def note(self, call_id: str, event: CallEvent, *, at_once: bool = False) -> None:
        refusal = self._take(call_id, event, None)
        if at_once:
            self._is_urgent.set()
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
        self._is_urgent.set()
        await kept

    async def in_turn(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have the thread do a short piece of work between two groups, in a transaction. Raises StoreFailed.

        Work that is not awaited any more may be done all the same.
        """
        if self._is_closing.is_set():
            message = "the journal is closed"
            raise StoreFailed(message)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._turns.append(_Turn(work, done))
        self._has_work.set()
        self._is_urgent.set()
        return await done

    async def written(self) -> None:
        """See ServerJournal."""
        while self._waiting or self._group:
            await self.in_turn(_nothing)

    async def before_run(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """The same before `run` has begun: nobody else writes yet. Raises StoreFailed."""
        await self._in_thread(self._transact, work)

    def _transact(self, work: Callable[[sqlite3.Connection], object]) -> None:
        try:
            with self._file.database.transaction() as connection:
                work(connection)
        except FAILURES as error:
            message = f"{self._file.path} cannot be written: {error}"
            raise StoreFailed(message) from error

    def forget_recent(self) -> None:
        """Let go of events that are held in memory though they are written."""
        self._file.forget_recent()

    def _take(
        self, call_id: str, event: CallEvent, kept: asyncio.Future[None] | None
    ) -> str | None:
        """Put an event with those that wait; returns why not, where it cannot be taken."""
        if self._is_closing.is_set():
            return "the journal is closed"
        share = 1.0 if isinstance(event, ESSENTIAL) else _ESSENTIAL_FROM
        if len(self._waiting) >= self._limits.waiting_events * share:
            return f"the journal's memory is full: {len(self._waiting)} events wait"
        try:
            line = Draft.of(call_id, self._clock.now(), self._monotonic_ns(), event)
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            return f"the event {type(event).__name__} cannot be written: {error}"
        self._waiting.append(_Waiting(line, kept))
        if not self._has_work.is_set():
            self._has_work.set()
        return None

    async def _fly(self) -> None:
        """Have the thread look, write what waits and what comes, and come back when it fails, or nothing comes."""
        while self._flight is not None:
            await asyncio.wait([self._flight])
        self._flight = self._in_thread(self._write_on, asyncio.get_running_loop())
        # The end of it is told here even where whoever waits for it is cancelled.
        self._flight.add_done_callback(self._land)
        await asyncio.wait([self._flight])
        if self._fault is not None:
            raise self._fault

    def _write_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the thread: group after group, until nothing more comes; one only while writing fails, and at the end."""
        is_probe = self._failing_since is not None
        while True:
            # In this order: what is taken after these two lines is in the group, or makes the next one.
            self._has_work.clear()
            self._is_urgent.clear()
            self._write_group(loop, is_probe=is_probe)
            self._give_turn(loop)
            if is_probe or self._is_closing.is_set() or not self._has_more():
                return

    def _has_more(self) -> bool:
        """In the thread: wait for an event, and for others unless it is urgent; False when it is time to look again."""
        if not self._has_work.wait(self._limits.look_seconds):
            return False
        self._is_urgent.wait(self._limits.linger_seconds)
        return True

    def _write_group(self, loop: asyncio.AbstractEventLoop, *, is_probe: bool) -> None:
        """In the thread: write what waits, up to the limit, and tell those who wait for it."""
        size = min(len(self._waiting), GROUP_LIMIT)
        self._group = [self._waiting.popleft() for _ in range(size)]
        if self._waiting:
            self._has_work.set()
            self._is_urgent.set()
        lines = [waiting.line for waiting in self._group]
        try:
            self._put(lines, is_probe=is_probe)
        except FAILURES as error:
            self._cause = cause_of(self._file.path, error)  # here, since the disk is asked
            if self._cause != FULL or not self._reserve.give_up():
                raise
            self._put(lines, is_probe=is_probe)
        group, self._group = self._group, []
        self._written += len(group)
        if kept := [waiting for waiting in group if waiting.kept is not None]:
            loop.call_soon_threadsafe(_tell_kept, kept)

    def _give_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the thread: do one piece of work of others. What goes wrong is theirs to know; the next group sees why."""
        if not self._turns:
            return
        turn = self._turns.popleft()
        try:
            with self._file.database.transaction() as connection:
                found = turn.work(connection)
        except FAILURES as error:
            failure = StoreFailed(f"{self._file.path} cannot be written: {error}")
            loop.call_soon_threadsafe(_tell_failure, turn.done, failure)
        else:
            loop.call_soon_threadsafe(_tell_done, turn.done, found)
        if self._turns:
            self._has_work.set()
            self._is_urgent.set()

    def _put(self, lines: list[Draft], *, is_probe: bool) -> None:
        if self._file.database.is_lost:
            self._file.rescue(self._clock.now())
        if self._reserve.is_used:
            self._reserve.lay_by()
        if lines or is_probe:
            with self._commits.one():
                self._file.write(lines, probe=is_probe)
        else:
            self._file.database.look()

    def _land(self, flight: asyncio.Future[None]) -> None:
        """The thread has come back."""
        self._flight = None
        error = self._error = flight.exception()
        if error is None:
            self._recover()
            return
        group, self._group = self._group, []
        if not isinstance(error, FAILURES):
            self._fault = error  # a fault of ours: it ends `run`, and with it the server
        self._last_error = str(error)
        if self._cause is not None:
            self._last_error = f"{self._cause.says} ({error})"
        if self._failing_since is None:
            self._failing_since = self._clock.now()
            log.error("journal failed", error=self._last_error, waiting=len(self._waiting))
        self._waiting.extendleft(reversed(group))
        self._waiting = deque(self._refuse_kept(self._waiting))

    def _recover(self) -> None:
        if self._failing_since is not None:
            seconds = (self._clock.now() - self._failing_since).total_seconds()
            self._failing_since = None
            if self._waiting:
                self._has_work.set()
            log.info("journal recovered", seconds=seconds, waiting=len(self._waiting))

    def _refuse_kept(self, lines: Iterable[_Waiting]) -> Iterable[_Waiting]:
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


def _tell_kept(group: Iterable[_Waiting]) -> None:
    """What these waited for is on disk."""
    for waiting in group:
        if waiting.kept is not None and waiting.is_awaited:
            waiting.kept.set_result(None)


def _tell_done(done: asyncio.Future[T], found: T) -> None:
    if not done.done():
        done.set_result(found)


def _tell_failure(done: asyncio.Future[Any], failure: StoreFailed) -> None:
    if not done.done():
        done.set_exception(failure)


async def _wait_at_most(seconds: float, event: asyncio.Event) -> None:
    if seconds > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
