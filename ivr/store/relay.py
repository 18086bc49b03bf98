"""The way from the journal's file to PostgreSQL, beside the calls: they never wait for it, and nothing gets lost on it.

What is to be sent is written down by the file itself (`outbox`), how far it has come by PostgreSQL, in the transaction
that takes it (`shipped`). Whatever is cut off in between is simply sent again.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psycopg
import structlog

from ivr.clock import Clock, SystemClock, stopwatch
from ivr.disk import MEND, Cause
from ivr.errors import StoreFailed
from ivr.records.journal import RelayState
from ivr.store import outbox
from ivr.store.flow import USUAL_FLOW, Flow
from ivr.store.outbox import SENT, Lot
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.causes import STALLED, cause_in
from ivr.store.postgres.receiver import Receiver
from ivr.store.removals import Turns
from ivr.store.revisions import texts_in

log = structlog.get_logger()

T = TypeVar("T")

FAILURES = (psycopg.Error, StoreFailed, sqlite3.Error, OSError)


_HAS_MORE = (
    "{} has changes that this home folder has not: it was put back from a backup, or lost some of what it had. To mend "
    "it, get them with `ivr store fetch` while no server runs, which keeps what only this home folder has, or else put "
    "this home folder's calls in the place of them with `ivr store copy --take-over`"
)


class PostgresRelay:
    """Of one journal's file, which has its list already: give `run` a task, and `close` when the journal is closed.

    `home` is the id of the home folder. With `take_over`, what another home folder wrote into the database goes.
    """

    def __init__(  # noqa: PLR0913
        self,
        file: Path,
        journal: Turns,
        address: PostgresAddress,
        home: str,
        flow: Flow = USUAL_FLOW,
        *,
        clock: Clock | None = None,
        take_over: bool = False,
    ) -> None:
        self._file = file
        self._journal = journal
        self._address = address
        self._home = home
        self._clock = clock or SystemClock()
        self._flow = flow
        self._take_over = take_over
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="relay")
        self._opened: Receiver | None = None
        self._receiver: Receiver | None = None
        self._filled_by = 0
        self._moved = asyncio.Event()
        self._is_stalled = False
        self._mark = 0
        self._trimmed = 0
        self._sent = 0
        self._behind = 0
        self._since_all = stopwatch()
        self._since_word: Callable[[], timedelta] | None = None
        self._failing_since: datetime | None = None
        self._cause: Cause | None = None
        self._error = ""

    @property
    def state(self) -> RelayState:
        return RelayState(
            to=self._address.told,
            sent=self._sent,
            behind=self._behind,
            behind_seconds=self._since_all().total_seconds() if self._behind else 0.0,
            failing_since=self._failing_since,
            last_error=self._error or None,
            mend=self._cause.mend if self._cause else None,
            is_filling=self._filled_by > 0,
        )

    async def until_sent(self) -> None:
        """Wait until PostgreSQL has all that the file has now; `run` is to be under way. Raises StoreFailed."""
        newest = await self._journal.in_turn(outbox.last_number)
        while self._receiver is None or self._filled_by or self._receiver.mark < newest:
            self._moved.clear()
            await self._moved.wait()

    async def run(self) -> None:
        """Send what comes, and try again by itself, until cancelled."""
        while True:
            if await self.send_some():
                continue
            is_failing = self._failing_since is not None
            await asyncio.sleep(self._flow.retry_seconds if is_failing else self._flow.look_seconds)

    async def send_some(self) -> bool:
        """Send one lot; whether there may be more. What fails is told by `state`, and is sent again."""
        try:
            receiver = self._receiver or await self._connect()
            is_more = await self._send_lot(receiver)
            await self._trim(receiver)
        except FAILURES as error:
            await self._fail(error)
            return False
        self._recover()
        self._moved.set()
        return is_more

    async def close(self) -> None:
        """Send the rest, for as long as is decent, and let go."""
        with suppress(TimeoutError, *FAILURES):
            async with asyncio.timeout(self._flow.last_seconds):
                while self._receiver is not None and await self._send_lot(self._receiver):
                    pass
                if self._receiver is not None:
                    await self._in_thread(self._receiver.tell_stopped)
        if self._behind:
            log.warning("the next server sends the rest", to=self._address.told, rest=self._behind)
        if self._opened is not None:
            self._opened.cut()
        self._thread.submit(self._let_go)
        self._thread.shutdown(wait=False)

    async def _connect(self) -> Receiver:
        receiver = await self._in_thread(self._open)
        now = self._clock.now()
        await self._in_thread(lambda: receiver.prepare(now, take_over=self._take_over))
        await self._journal.in_turn(outbox.lay_out)
        self._filled_by = 0
        newest = await self._journal.in_turn(outbox.last_number)
        is_another = await self._journal.in_turn(
            lambda connection: outbox.is_another(connection, receiver.mark, receiver.proof)
        )
        if (receiver.mark > newest or is_another) and not self._take_over:
            raise StoreFailed(_HAS_MORE.format(self._address.told))
        if is_another or await self._journal.in_turn(
            lambda connection: outbox.lacks(connection, receiver.mark)
        ):
            await self._begin_anew(receiver)
        elif not receiver.is_whole:
            self._filled_by = await self._journal.in_turn(outbox.last_number)
        self._receiver, self._since_word = receiver, None
        return receiver

    def _open(self) -> Receiver:
        """In the thread, which may be alone with it by then."""
        self._opened = Receiver(self._address, self._home)
        return self._opened

    async def _begin_anew(self, receiver: Receiver) -> None:
        """PostgreSQL has nothing, or what it lacks is not in the list any more: all there is goes into the list."""
        log.info("the store is filled from the journal", to=self._address.told)
        # Numbers go on from the higher of the two, so that none is used twice.
        mark = await self._journal.in_turn(lambda connection: _numbered_from(connection, receiver))
        for table in SENT:
            after = 0
            while after := await self._journal.in_turn(
                lambda connection, table=table, after=after: outbox.mark_rows(  # type: ignore[misc]
                    connection, table, after
                )
            ):
                pass
        self._filled_by = await self._journal.in_turn(outbox.last_number)
        await self._in_thread(receiver.begin_anew, mark, self._clock.now())
        self._take_over = False

    async def _send_lot(self, receiver: Receiver) -> bool:
        lot = await self._in_thread(self._sent_lot, receiver)
        return lot is not None and lot.count == self._flow.lot

    def _sent_lot(self, receiver: Receiver) -> Lot | None:
        """In the thread."""
        with closing(_reading(self._file)) as connection:
            connection.execute("BEGIN")
            lot = outbox.next_lot(connection, receiver.mark, self._flow.lot)
        if lot is not None:
            # Before the changes that tell of them.
            if texts := self._texts_of(lot):
                receiver.take_texts(texts)
            receiver.take(lot, self._clock.now())
            self._sent += lot.count
        if 0 < self._filled_by <= receiver.mark:
            receiver.tell_whole()
            self._filled_by = 0
        self._count_behind(receiver.mark)
        since_word = self._since_word
        if since_word is None or since_word().total_seconds() >= self._flow.word_seconds:
            receiver.tell_running()
            self._since_word = stopwatch()
        return lot

    def _texts_of(self, lot: Lot) -> dict[tuple[str, str], str]:
        place = SENT["rules_change"].columns.index("revision")
        revisions = {row[place] for row in lot.rows.get("rules_change", ())}
        return {
            (revision, name): text
            for revision in revisions
            for name, text in texts_in(self._file.parent, revision).items()
        }

    async def _trim(self, receiver: Receiver) -> None:
        up_to = receiver.mark - self._flow.kept_changes
        if up_to - self._trimmed >= self._flow.trim_from:
            await self._journal.in_turn(lambda connection: outbox.trim(connection, up_to))
            self._trimmed = up_to

    def _count_behind(self, mark: int) -> None:
        """In the thread, or while it rests."""
        with closing(_reading(self._file)) as connection:
            self._behind = outbox.waiting_after(connection, mark)
        if not self._behind:
            self._since_all = stopwatch()

    async def _fail(self, error: Exception) -> None:
        is_stalled, self._is_stalled = self._is_stalled, False
        self._cause = STALLED if is_stalled else _cause_of(error)
        self._error = self._cause.says
        if self._failing_since is None:
            self._failing_since = self._clock.now()
            log.error("PostgreSQL failed", to=self._address.told, error=self._error)
        if self._receiver is not None:
            self._mark = self._receiver.mark
        self._receiver = None
        with suppress(*FAILURES):
            await self._in_thread(self._let_go)
            await self._in_thread(self._count_behind, self._mark)

    def _let_go(self) -> None:
        """In the thread."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _recover(self) -> None:
        if self._failing_since is not None:
            seconds = (self._clock.now() - self._failing_since).total_seconds()
            log.info("PostgreSQL recovered", to=self._address.told, seconds=seconds)
        self._failing_since = self._cause = None
        self._error = ""

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        """Have the thread do it. A server that does not answer for too long is let go of, and the error comes soon."""
        done = asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
        done.add_done_callback(_heard)  # also where nobody waits for it any more
        await asyncio.wait((done,), timeout=self._flow.stall_seconds)
        if not done.done() and self._opened is not None:
            self._is_stalled = True
            self._opened.cut()
        return await asyncio.shield(done)


def _cause_of(error: Exception) -> Cause:
    if isinstance(error, StoreFailed):
        says, _, mend = str(error).partition(MEND)
        return Cause(says, mend)
    if isinstance(error, psycopg.Error):
        return cause_in(error)
    return Cause(f"the journal cannot be read: {error}", "look at what is said of the journal")


def _heard(done: asyncio.Future[T]) -> None:
    """Nobody waits for it any more."""
    if not done.cancelled():
        done.exception()


def _numbered_from(connection: sqlite3.Connection, receiver: Receiver) -> int:
    newest = max(outbox.last_number(connection), receiver.mark)
    outbox.number_from(connection, newest)
    return newest


def _reading(file: Path) -> sqlite3.Connection:
    uri = f"{file.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection
