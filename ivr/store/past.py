"""Calls of the past, added to the journal's file while no server writes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr.errors import StoreFailed
from ivr.records.fold import SHORT_ABANDON_SECONDS
from ivr.records.journal import Entry
from ivr.store.causes import cause_of
from ivr.store.file import JournalFile
from ivr.store.rows import Draft
from ivr.store.writer import FAILURES

_BUSY_SECONDS = 5.0


class SqlitePast:
    """See PastCalls. Entering takes the writer's lock, and makes the file where there is none. Raises StoreFailed."""

    def __init__(self, path: Path, *, short_seconds: float = SHORT_ABANDON_SECONDS) -> None:
        self._file = JournalFile(path, short_seconds=short_seconds, busy_seconds=_BUSY_SECONDS)

    def __enter__(self) -> Self:
        self._file.open(datetime.now(UTC))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, calls: Sequence[Sequence[Entry]]) -> int:
        try:
            with self._file.database.transaction() as connection:
                new = [one for one in calls if not _is_there(connection, one[0].call_id)]
            self._file.write([_draft(entry) for entries in new for entry in entries])
            self._file.fold_all_ended()
        except FAILURES as error:
            cause = cause_of(self._file.path, error)
            message = f"{self._file.path} cannot be written: {cause.says} ({error}). To mend it, {cause.mend}"
            raise StoreFailed(message) from error
        return len(new)


def _is_there(connection: sqlite3.Connection, call_id: str) -> bool:
    """One whose events were purged has its record still."""
    found = connection.execute(
        "SELECT 1 FROM call_event WHERE call_id = :call UNION ALL SELECT 1 FROM call WHERE call_id = :call LIMIT 1",
        {"call": call_id},
    )
    return found.fetchone() is not None


def _draft(entry: Entry) -> Draft:
    return Draft.of(entry.call_id, entry.at, entry.monotonic_ns, entry.event)
