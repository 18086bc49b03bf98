"""The store in the home folder: one SQLite file, and a folder for the texts of rules."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from ivr.errors import StoreFailed
from ivr.store.changes import BUSY_SECONDS, SqliteLedger, TableHistory
from ivr.store.database import Database
from ivr.store.door import Keeping, PastCalls, Reading, Relay
from ivr.store.flow import USUAL_FLOW, Flow
from ivr.store.fold_readers import TableFolds
from ivr.store.identity import identity_of
from ivr.store.journal import SqliteJournal
from ivr.store.lock import JOURNAL
from ivr.store.months import SqliteMonths
from ivr.store.outbox import has_outbox, lay_out, take_away
from ivr.store.past import SqlitePast
from ivr.store.postgres.address import PostgresAddress
from ivr.store.presence import DatabaseLost
from ivr.store.readers import TableCalls
from ivr.store.reading import engine_for_reading, journal_is_there
from ivr.store.refolding import refold
from ivr.store.removals import SqliteRemovals, TableRemovals
from ivr.store.revisions import FOLDER, TextFolder
from ivr.store.salvage import set_aside

AS_BEFORE = PostgresAddress("")
"""Whatever the last server sent elsewhere, the next one does: who writes in between keeps the list of it going."""

NOWHERE = PostgresAddress("nowhere:")
"""Nothing is sent elsewhere any more."""


class SqliteStore:
    """See Store. `folder` is the home folder; `journal` makes the journal of a file, with other limits in tests.

    `to`: the PostgreSQL that a relay sends everything to, from here; with `take_over`, in place of another home's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        journal: Callable[[Path], SqliteJournal] = SqliteJournal,
        to: PostgresAddress = AS_BEFORE,
        take_over: bool = False,
        flow: Flow = USUAL_FLOW,
    ) -> None:
        self.texts = TextFolder(folder / FOLDER)
        self._file = folder / JOURNAL
        self._journal = journal
        self._to = to
        self._take_over = take_over
        self._flow = flow

    def has_begun(self) -> bool:
        return journal_is_there(self._file)

    def set_aside(self) -> tuple[str, ...]:
        return tuple(map(str, set_aside(self._file)))

    def is_sent_on(self) -> bool:
        engine = engine_for_reading(self._file)
        try:
            with engine.connect() as connection:
                return has_outbox(
                    cast("sqlite3.Connection", connection.connection.driver_connection)
                )
        finally:
            engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        engine = engine_for_reading(self._file)
        try:
            yield Reading(
                TableCalls(self._file, engine),
                TableHistory(self._file, engine),
                TableFolds(self._file, engine),
                TableRemovals(self._file, engine),
            )
        finally:
            engine.dispose()

    @contextmanager
    def adding(self) -> Iterator[PastCalls]:
        with SqlitePast(self._file) as past:
            yield past

    def refold(self, now: datetime, *, dry_run: bool = False) -> Mapping[str, bool]:
        engine_for_reading(self._file).dispose()  # says it where there is nothing to fold
        database = Database(self._file, busy_seconds=BUSY_SECONDS)
        database.open(now)
        try:
            with database.transaction() as connection:
                return refold(connection, now, dry_run=dry_run)
        except (sqlite3.Error, OSError, DatabaseLost) as error:
            message = f"{self._file} cannot be folded anew: {error}"
            raise StoreFailed(message) from error
        finally:
            database.close()

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[Keeping]:
        async with AsyncExitStack() as stack:
            journal = self._journal(self._file)
            await journal.open()
            stack.push_async_callback(journal.close)
            relay = await self._relay(journal)
            if relay is not None:
                stack.push_async_callback(relay.close)
                stack.push_async_callback(journal.close)  # what it writes at its end is sent too
            removals = SqliteRemovals(journal, self._file.parent)
            yield Keeping(
                journal, SqliteLedger(self._file, journal), removals, SqliteMonths(journal), relay
            )

    async def _relay(self, journal: SqliteJournal) -> Relay | None:
        if self._to is AS_BEFORE:
            return None
        if self._to is NOWHERE:
            await journal.in_turn(take_away)
            return None
        from ivr.store.relay import PostgresRelay  # noqa: PLC0415 - only where there is a driver

        home = identity_of(self._file.parent)
        relay = PostgresRelay(
            self._file, journal, self._to, home, self._flow, take_over=self._take_over
        )
        await journal.in_turn(lay_out)
        return relay
