"""The store in the home folder: one SQLite file, and a folder for the texts of rules."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.store.changes import BUSY_SECONDS, SqliteHistory, SqliteLedger
from ivr.store.database import Database
from ivr.store.door import Keeping, PastCalls, Reading
from ivr.store.fold_readers import SqliteFolds
from ivr.store.journal import SqliteJournal
from ivr.store.months import SqliteMonths
from ivr.store.past import SqlitePast
from ivr.store.presence import DatabaseLost
from ivr.store.readers import SqliteCalls, engine_for_reading, journal_is_there
from ivr.store.refolding import refold
from ivr.store.removals import SqliteRemovals, SqliteRemovalsTold
from ivr.store.revisions import FOLDER, TextFolder

JOURNAL = "journal.sqlite"


class SqliteStore:
    """See Store. `folder` is the home folder; `journal` makes the journal of a file, with other limits in tests."""

    def __init__(
        self, folder: Path, *, journal: Callable[[Path], SqliteJournal] = SqliteJournal
    ) -> None:
        self.texts = TextFolder(folder / FOLDER)
        self._file = folder / JOURNAL
        self._journal = journal

    def has_begun(self) -> bool:
        return journal_is_there(self._file)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        engine = engine_for_reading(self._file)
        try:
            yield Reading(
                SqliteCalls(self._file, engine),
                SqliteHistory(self._file, engine),
                SqliteFolds(self._file, engine),
                SqliteRemovalsTold(self._file, engine),
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
        async with self._journal(self._file) as journal:
            removals = SqliteRemovals(journal, self._file.parent)
            yield Keeping(journal, SqliteLedger(self._file), removals, SqliteMonths(journal))
