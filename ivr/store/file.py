"""The journal's file: SQLite with the settings that survive a power cut, and one writer.

Everything in here blocks, and is done by one thread at a time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from ivr.errors import StoreFailed
from ivr.records.events import Ended
from ivr.records.fold import fold
from ivr.records.journal import Entry
from ivr.store.lock import WriterLock
from ivr.store.rows import (
    INSERT_EVENT,
    INSERT_OPEN_CALL,
    Draft,
    event_row,
    read_entries,
    write_record,
)
from ivr.store.schema import known_migrations, migrate
from ivr.store.texts import time_text

log = structlog.get_logger()

_SETTINGS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA wal_autocheckpoint = 1000;
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;
"""


@dataclass(slots=True)
class _Call:
    """A call whose events are remembered, because it has not ended or is being written to."""

    call_id: str
    entries: list[Entry] = field(default_factory=list)
    last_seq: int = 0
    has_ended: bool = False

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.last_seq = entry.seq
        self.has_ended = self.has_ended or isinstance(entry.event, Ended)


class JournalFile:
    """One SQLite file, written by one process: the one that holds the lock beside it.

    `busy_seconds` is how long a write waits for another program to let go of the database.
    """

    def __init__(self, path: Path, *, short_seconds: float, busy_seconds: float) -> None:
        self.path = path
        self._short_seconds = short_seconds
        self._busy_seconds = busy_seconds
        self._lock = WriterLock(path)
        self._connection: sqlite3.Connection | None = None
        self._calls: dict[str, _Call] = {}

    def open(self, now: datetime) -> None:
        """Lock, check and migrate the file, making it where there is none. Raises StoreFailed."""
        try:
            self._lock.take()
            self._connection = self._connect()
            self._check(self._connection)
            for step in migrate(self._connection, known_migrations(), now):
                log.info("schema migrated", version=step.version, name=step.name)
        except OSError as error:
            self.close()
            message = (
                f"{self.path} cannot be written ({error.strerror}): make its folder writable, or "
                "choose another with --home"
            )
            raise StoreFailed(message) from error
        except sqlite3.Error as error:
            self.close()
            message = f"{self.path} cannot be used ({error}). {_advice(self.path, error)}"
            raise StoreFailed(message) from error
        except StoreFailed:
            self.close()
            raise

    def write(self, lines: Sequence[Draft], *, probe: bool = False) -> None:
        """Write events, and the records of the calls that end by them, in one transaction.

        When it returns, they are on disk. `probe` writes something even where there are no events,
        to learn whether the disk works again. Raises sqlite3.Error or OSError; then nothing was
        written.
        """
        with self._transaction() as connection:
            if probe:
                connection.execute("UPDATE schema_version SET name = name")
            ended = [call for call in self._write_events(connection, lines) if call.has_ended]
            for call in ended:
                write_record(connection, fold(call.entries, short_seconds=self._short_seconds))
        for call in ended:
            del self._calls[call.call_id]

    def close(self) -> None:
        self._disconnect()
        self._lock.release()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # After a failed write nothing that the connection or we remember of the file is to be
            # trusted: the next attempt opens and reads it anew.
            self._disconnect()
            raise

    def _write_events(
        self, connection: sqlite3.Connection, lines: Sequence[Draft]
    ) -> tuple[_Call, ...]:
        """Number the events and write them; returns the calls that they belong to."""
        touched: dict[str, _Call] = {}
        rows = []
        for line in lines:
            call = self._calls.get(line.call_id) or self._recall(connection, line.call_id)
            if call.last_seq == 0:
                begun = {"call_id": line.call_id, "arrived_at": time_text(line.at)}
                connection.execute(INSERT_OPEN_CALL, begun)
            call.add(line.numbered(call.last_seq + 1))
            rows.append(event_row(line, call.last_seq))
            touched[line.call_id] = call
        connection.executemany(INSERT_EVENT, rows)
        return tuple(touched.values())

    def _recall(self, connection: sqlite3.Connection, call_id: str) -> _Call:
        """What the file says of a call: nothing of a new one; all of one that outlived a server."""
        call = self._calls[call_id] = _Call(call_id)
        for seq, entry in read_entries(connection, call_id):
            call.last_seq = seq
            if entry is not None:
                call.add(entry)
        return call

    def _connect(self) -> sqlite3.Connection:
        if not self.path.exists():
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        # By name, never by an opened file: closing one would drop the locks that SQLite holds on
        # it in this process. The log files beside it are made with the same mode.
        self.path.chmod(0o600)
        connection = sqlite3.connect(
            self.path,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,  # one thread at a time, but not the same one to the end
        )
        try:
            connection.executescript(_SETTINGS)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            message = f"{self.path} is damaged ({verdict}). {_salvage(self.path)}"
            raise StoreFailed(message)

    def _disconnect(self) -> None:
        self._calls.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _advice(path: Path, error: sqlite3.Error) -> str:
    """What to do about an error of SQLite's, by its primary result code."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY:
            return "Another program writes to it: close that program, then start again"
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return "Make room on its disk, see that the disk is well, then start again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return "Make it and its folder writable, or choose another folder with --home"
        case _:
            return _salvage(path)


def _salvage(path: Path) -> str:
    return (
        f"Keep a copy of it and of the files beside it ({path.name}-wal, {path.name}-shm); "
        f"`sqlite3 {path.name} .recover` writes out what can be saved. A server that finds no "
        f"{path.name} begins an empty one"
    )
