"""The journal's file as one writer has it: events are numbered, written, and folded when their call ends.

Everything in here blocks, and is done by one thread at a time.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ivr.records.events import Ended
from ivr.records.fold import fold
from ivr.records.journal import Entry
from ivr.store.database import Database
from ivr.store.folds import Folding
from ivr.store.rows import (
    DELETE_EVENT,
    INSERT_EVENT,
    INSERT_OPEN_CALL,
    Draft,
    EventRow,
    entry_row,
    event_row,
    read_entries,
)
from ivr.store.texts import time_text

RECENT_EVENTS = 5_000
"""So many are held in memory after they were written: more than SQLite's log holds before it goes into the file."""


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
    """See Database for its file and `busy_seconds`. A caller who waited at most `short_seconds` is a short abandon."""

    def __init__(self, path: Path, *, short_seconds: float, busy_seconds: float) -> None:
        self.path = path
        self.database = Database(path, busy_seconds=busy_seconds)
        self._short_seconds = short_seconds
        self._calls: dict[str, _Call] = {}
        self._recent: deque[EventRow] = deque(maxlen=RECENT_EVENTS)
        self._in_doubt: list[tuple[str, int]] = []

    def open(self, now: datetime) -> None:
        """Lock, check and migrate the file, making it where there is none. Raises StoreFailed."""
        self.database.open(now)

    def write(self, lines: Sequence[Draft], *, probe: bool = False) -> None:
        """Write events, and the records of the calls that end by them, in one transaction.

        When it returns, they are on disk. `probe` writes something even where there are no events,
        to learn whether the disk works again. Raises sqlite3.Error, OSError or DatabaseLost; then nothing was
        written.
        """
        touched: dict[str, _Call] = {}
        rows: list[EventRow] = []
        try:
            with self.database.transaction() as connection:
                if probe:
                    connection.execute("UPDATE schema_version SET name = name")
                connection.executemany(DELETE_EVENT, self._in_doubt)
                self._number(connection, lines, touched, rows)
                connection.executemany(INSERT_EVENT, rows)
                ended = [call for call in touched.values() if call.has_ended]
                folding = Folding(connection)
                for call in ended:
                    folding.keep(fold(call.entries, short_seconds=self._short_seconds))
                folding.write()
        except BaseException:
            # What we have counted on now is not in the file, so these calls are read anew. Or else it is, where the
            # disk said no when all was done: nobody was told so, and it is written again.
            self._in_doubt += [row[:2] for row in rows]
            for call_id in touched:
                self._calls.pop(call_id, None)
            raise
        self._in_doubt.clear()
        for call in ended:
            del self._calls[call.call_id]
        self._recent.extend(rows)
        self.database.wrote(len(rows))

    def rescue(self, now: datetime) -> None:
        """See Database: put a new file in the place of one that was lost."""
        self.database.rescue(now, self._remembered())
        self._calls.clear()
        self._in_doubt.clear()

    def forget_recent(self) -> None:
        """Let go of events that were written: a lost file would get back what was taken out of it since."""
        self._recent.clear()

    def close(self) -> None:
        self._calls.clear()
        self.database.close()

    def _number(
        self,
        connection: sqlite3.Connection,
        lines: Sequence[Draft],
        touched: dict[str, _Call],
        rows: list[EventRow],
    ) -> None:
        """Give each event the next number of its call; adds to the calls that they belong to, and to their rows."""
        for line in lines:
            call = self._calls.get(line.call_id) or self._recall(connection, line.call_id)
            touched[line.call_id] = call
            if call.last_seq == 0:
                begun = {"call_id": line.call_id, "arrived_at": time_text(line.at)}
                connection.execute(INSERT_OPEN_CALL, begun)
            call.add(line.numbered(call.last_seq + 1))
            rows.append(event_row(line, call.last_seq))

    def _remembered(self) -> Iterator[EventRow]:
        """Events that were written: those of the calls under way, and the last ones of all."""
        for call in self._calls.values():
            yield from map(entry_row, call.entries)
        yield from self._recent

    def _recall(self, connection: sqlite3.Connection, call_id: str) -> _Call:
        """What the file says of a call: nothing of a new one; all of one that outlived a server."""
        call = self._calls[call_id] = _Call(call_id)
        for seq, entry in read_entries(connection, call_id):
            call.last_seq = seq
            if entry is not None:
                call.add(entry)
        return call
