"""The journal's writer: what its thread does, while the loop has calls to serve.

Lines are written in groups. What is kept, or noted `at_once`, is written at once with all that waits. What is only
noted waits for others, so that a busy hour costs ten writes a second beside those, and so that what is noted just
before something kept costs no write of its own. Between two groups work of others gets its turn, and calls that have
ended are folded when nobody waits, some of them together.

All but `wake` is done by one thread at a time, and blocks; the loop is told what came of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog

from ivr.clock import Clock
from ivr.disk import FULL, Cause
from ivr.errors import StoreFailed
from ivr.store.causes import cause_of
from ivr.store.commit_times import CommitTimes
from ivr.store.file import JournalFile
from ivr.store.presence import DatabaseLost
from ivr.store.reserve import RESERVE_BYTES, Reserve
from ivr.store.rows import Draft

log = structlog.get_logger()

FAILURES = (sqlite3.Error, OSError, DatabaseLost)
GROUP_LIMIT = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the journal bears.

    `waiting_events`: held in memory while the disk does not take them (some 1 kB each).
    `linger_seconds`: how long what is only noted waits for more. So much of it is lost with a server that is killed; at
    20 new calls a second, 0.02 made two writes a call instead of one, and the server cost a fifth more.
    `fold_seconds`: how long a call that has ended waits for others, to be folded with them.
    `retry_seconds`: how often a failed disk is tried. `busy_seconds`: how long one write waits for another program to
    let go of the file. `look_seconds`: how often it is looked whether the file still is there, when nothing is written.
    `reserve_bytes`: room that is laid by for a full disk.
    """

    waiting_events: int = 100_000
    linger_seconds: float = 0.1
    fold_seconds: float = 0.5
    retry_seconds: float = 1.0
    busy_seconds: float = 0.3
    look_seconds: float = 1.0
    reserve_bytes: int = RESERVE_BYTES


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that is not written yet; `kept` is what `keep` waits for, None for `note`."""

    line: Draft
    kept: asyncio.Future[None] | None = None

    @property
    def is_awaited(self) -> bool:
        return self.kept is not None and not self.kept.done()


@dataclass(frozen=True, slots=True)
class WorkInTurn:
    """Work of others that the thread does between two groups, and who waits for what comes of it.

    `is_folded`: when all calls that have ended are folded.
    """

    work: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]
    is_folded: bool = False


class Writer:
    """Writes the journal's `file`, in a thread: whoever gives it a line or a piece of work wakes it.

    `waiting` are the lines that are still to be written, `group` those that are being written, and `turns` work of
    others. `cause` is why it failed last, `unfolded` why records could not be written. Asked `is_closing`, it ends with
    the group that it has.
    """

    def __init__(
        self, file: JournalFile, clock: Clock, limits: Limits, is_closing: Callable[[], bool]
    ) -> None:
        self.file = file
        self.waiting: deque[Waiting] = deque()
        self.group: list[Waiting] = []
        self.turns: deque[WorkInTurn] = deque()
        self.reserve = Reserve(file.path, limits.reserve_bytes)
        self.commits = CommitTimes()
        self.written = 0
        self.cause: Cause | None = None
        self.unfolded = ""
        self._is_closing = is_closing
        self._clock = clock
        self._limits = limits
        self._has_work = threading.Event()
        self._is_urgent = threading.Event()
        self._fold_at = 0.0

    @property
    def notices(self) -> tuple[str, ...]:
        """What an operator is to know of the file and the disk."""
        return (
            *self.file.database.notices,
            *self.file.database.present_notices,
            *self.reserve.notices,
            *([self.unfolded] if self.unfolded else []),
        )

    def wake(self, *, at_once: bool = True) -> None:
        """There is something to do: now, or when others have come."""
        if not self._has_work.is_set():
            self._has_work.set()
        if at_once:
            self._is_urgent.set()

    def write_on(self, loop: asyncio.AbstractEventLoop, *, is_probe: bool) -> None:
        """Group after group, until nothing more comes; one only as a probe while writing fails, and at the end."""
        while True:
            # In this order: what is taken after these two lines is in the group, or makes the next one.
            self._has_work.clear()
            self._is_urgent.clear()
            self._write_group(loop, is_probe=is_probe)
            self._fold_when_due()
            self._give_turn(loop)
            if is_probe or self._is_closing() or not self._has_more():
                return

    def _has_more(self) -> bool:
        """Wait for an event, and for others unless it is urgent; False when it is time to look again."""
        patience = self._limits.look_seconds
        if self.file.has_ended_calls:
            patience = min(max(self._fold_at - time.monotonic(), 0.0), patience)
        if not self._has_work.wait(patience):
            return self.file.has_ended_calls
        self._is_urgent.wait(self._limits.linger_seconds)
        return True

    def _write_group(self, loop: asyncio.AbstractEventLoop, *, is_probe: bool) -> None:
        """Write what waits, up to the limit, and tell those who wait for it."""
        size = min(len(self.waiting), GROUP_LIMIT)
        self.group = [self.waiting.popleft() for _ in range(size)]
        if self.waiting:
            self.wake()
        lines = [waiting.line for waiting in self.group]
        if not self.file.has_ended_calls:
            self._fold_at = time.monotonic() + self._limits.fold_seconds
        self._despite_full_disk(partial(self._put, lines, is_probe=is_probe))
        group, self.group = self.group, []
        self.written += len(group)
        if kept := [waiting for waiting in group if waiting.kept is not None]:
            loop.call_soon_threadsafe(_tell_kept, kept)

    def _despite_full_disk(self, write: Callable[[], None]) -> None:
        """Write, with the room that was laid by where the disk has no other."""
        try:
            write()
        except FAILURES as error:
            self.cause = cause_of(self.file.path, error)  # here, since the disk is asked
            if self.cause != FULL or not self.reserve.give_up():
                raise
            write()

    def _fold_when_due(self) -> None:
        """Fold calls that have ended, unless somebody waits meanwhile and they can wait as well."""
        while self.file.has_ended_calls:
            overdue = time.monotonic() - self._fold_at
            if overdue < 0 or (self._is_urgent.is_set() and overdue < self._limits.fold_seconds):
                return
            self.fold(self.file.fold_ended)

    def fold(self, some: Callable[[], None]) -> None:
        """That it cannot be done now is no reason to refuse events."""
        try:
            self._despite_full_disk(some)
        except (sqlite3.Error, OSError) as error:
            self.unfolded = (
                f"calls have ended whose records cannot be written yet ({error}); calls go on"
            )
            log.warning("calls that have ended not folded yet", error=str(error))
            self._fold_at = time.monotonic() + self._limits.retry_seconds
        else:
            self.unfolded = ""

    def _give_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do one piece of work of others. What goes wrong is theirs to know; the next group sees why."""
        try:
            turn = self.turns.popleft()
        except IndexError:
            return
        try:
            if turn.is_folded:
                self.file.fold_all_ended()
            with self.file.database.transaction() as connection:
                found = turn.work(connection)
        except FAILURES as error:
            failure = StoreFailed(f"{self.file.path} cannot be written: {error}")
            loop.call_soon_threadsafe(tell_failure, turn.done, failure)
        else:
            loop.call_soon_threadsafe(_tell_done, turn.done, found)
        if self.turns:
            self.wake()

    def give_turns(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do all work of others that waits."""
        while self.turns:
            self._give_turn(loop)

    def _put(self, lines: list[Draft], *, is_probe: bool) -> None:
        if self.file.database.is_lost:
            self.file.rescue(self._clock.now())
        if self.reserve.is_used:
            self.reserve.lay_by()
        if lines or is_probe:
            with self.commits.one():
                self.file.write(lines, probe=is_probe)
        else:
            self.file.database.look()


def _tell_kept(group: Iterable[Waiting]) -> None:
    """What these waited for is on disk."""
    for waiting in group:
        if waiting.kept is not None and waiting.is_awaited:
            waiting.kept.set_result(None)


def _tell_done(done: asyncio.Future[T], found: T) -> None:
    if not done.done():
        done.set_result(found)


def tell_failure(done: asyncio.Future[Any], failure: StoreFailed) -> None:
    """Whoever waits for it still hears that it failed."""
    if not done.done():
        done.set_exception(failure)
