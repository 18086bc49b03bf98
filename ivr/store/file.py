"""The journal's file as one writer has it: events are numbered and written, and calls folded when they have ended.

An event is on disk when `write` returns, the record of its call when `fold_ended` does; callers wait for the first.
Until then the call is among the open ones, with an end: where this server is killed, the next one folds it.

Everything in here blocks, and is done by one thread at a time.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from ivr.records.events import Arrived, Ended
from ivr.records.fold import fold
from ivr.records.journal import Entry
from ivr.store.database import Database
from ivr.store.folds import Folding
from ivr.store.presence import DatabaseLost
from ivr.store.rows import (
    AT_ONCE,
    DELETE_EVENT,
    Draft,
    EventRow,
    entry_row,
    event_row,
    read_entries,
    write_events,
)

FOLDED_AT_ONCE = 8
"""So many calls are folded in one transaction, for some five milliseconds: who waits for an event waits no longer."""

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


_ENDED = """
SELECT call_id FROM open_call WHERE EXISTS (
    SELECT 1 FROM call_event WHERE call_event.call_id = open_call.call_id AND type = 'ended'
)
"""


class JournalFile:
    """See Database for its file and `busy_seconds`. A caller who waited at most `short_seconds` is a short abandon."""

    def __init__(self, path: Path, *, short_seconds: float, busy_seconds: float) -> None:
        self.path = path
        self.database = Database(path, busy_seconds=busy_seconds)
        self._short_seconds = short_seconds
        self._calls: dict[str, _Call] = {}
        self._ended: dict[str, None] = {}
        self._recent: deque[EventRow] = deque(maxlen=RECENT_EVENTS)
        self._in_doubt: list[tuple[str, int]] = []

    def open(self, now: datetime) -> None:
        """Lock, check and migrate the file, making it where there is none. Raises StoreFailed."""
        self.database.open(now)
        with suppress(
            sqlite3.Error, OSError, DatabaseLost
        ):  # then it is done as soon as the disk takes it
            self._find_ended()
            self.fold_all_ended()

    def write(self, lines: Sequence[Draft], *, probe: bool = False) -> None:
        """Write events in one transaction: when it returns, they are on disk.

        `probe` writes something even where there are no events, to learn whether the disk works again.
        Raises sqlite3.Error, OSError or DatabaseLost; then nothing was written.
        """
        touched: dict[str, _Call] = {}
        rows: list[EventRow] = []
        try:
            if probe or self._in_doubt or not self._write_at_once(lines, touched, rows):
                with self.database.transaction() as connection:
                    if probe:
                        connection.execute("UPDATE schema_version SET name = name")
                    connection.executemany(DELETE_EVENT, self._in_doubt)
                    for call_id in {line.call_id for line in lines} - self._calls.keys():
                        self._recall(connection, call_id)
                    self._number(lines, touched, rows)
                    write_events(connection, rows)
        except BaseException:
            # What we have counted on now is not in the file, so these calls are read anew. Or else it is, where the
            # disk said no when all was done: nobody was told so, and it is written again.
            self._in_doubt += [row[:2] for row in rows]
            self._forget(touched, rows)
            raise
        self._in_doubt.clear()
        self._ended.update((call.call_id, None) for call in touched.values() if call.has_ended)
        self._recent.extend(rows)
        self.database.wrote(len(rows))

    def _write_at_once(
        self, lines: Sequence[Draft], touched: dict[str, _Call], rows: list[EventRow]
    ) -> bool:
        """What nearly all groups are: nothing of the file needs to be read for it. False where that is not so."""
        if not 0 < len(lines) <= AT_ONCE:
            return False
        begun = {line.call_id for line in lines if isinstance(line.event, Arrived)}
        new = {line.call_id for line in lines} - self._calls.keys()
        if not new <= begun:  # a call that outlived a server
            return False
        self._calls.update((call_id, _Call(call_id)) for call_id in new)
        self._number(lines, touched, rows)
        if self.database.write_at_once(rows):
            return True
        self._forget(touched, rows)
        return False

    def _forget(self, touched: dict[str, _Call], rows: list[EventRow]) -> None:
        """What was counted on is not in the file: these calls are read anew."""
        for call_id in touched:
            self._calls.pop(call_id, None)
        touched.clear()
        rows.clear()

    @property
    def has_ended_calls(self) -> bool:
        """Whether there are calls to fold."""
        return bool(self._ended)

    def fold_ended(self) -> None:
        """Write the records of some calls that have ended. Raises sqlite3.Error, OSError or DatabaseLost.

        A power cut may take them from the disk: they are made anew then, as in `open`.
        """
        some = [*islice(self._ended, FOLDED_AT_ONCE)]
        with self.database.transaction(survives_power_cut=False) as connection:
            folding = Folding(connection)
            for call_id in some:
                call = self._calls.get(call_id) or self._recall(connection, call_id)
                folding.keep(fold(call.entries, short_seconds=self._short_seconds))
            folding.write()
        for call_id in some:
            del self._ended[call_id]
            del self._calls[call_id]
        self.database.wrote(0)

    def fold_all_ended(self) -> None:
        """Write the records of all calls that have ended. Raises as `fold_ended`."""
        while self._ended:
            self.fold_ended()

    def rescue(self, now: datetime) -> None:
        """See Database: put a new file in the place of one that was lost."""
        self.database.rescue(now, self._remembered())
        self._calls.clear()
        self._in_doubt.clear()
        self._find_ended()

    def forget_recent(self) -> None:
        """Let go of events that were written: a lost file would get back what was taken out of it since."""
        self._recent.clear()

    def close(self) -> None:
        self._calls.clear()
        self.database.close()

    def _find_ended(self) -> None:
        """The calls that have ended and were not folded."""
        self._ended.clear()
        with self.database.transaction() as connection:
            self._ended.update((call_id, None) for (call_id,) in connection.execute(_ENDED))

    def _number(
        self, lines: Sequence[Draft], touched: dict[str, _Call], rows: list[EventRow]
    ) -> None:
        """Give each event the next number of its call; adds to the calls that they belong to, and to their rows."""
        for line in lines:
            call = touched[line.call_id] = self._calls[line.call_id]
            call.add(line.numbered(call.last_seq + 1))
            rows.append(event_row(line, call.last_seq))

    def _remembered(self) -> Iterator[EventRow]:
        """Events that were written: those of the calls under way, and the last ones of all."""
        for call in self._calls.values():
            yield from map(entry_row, call.entries)
        yield from self._recent

    def _recall(self, connection: sqlite3.Connection, call_id: str) -> _Call:
        """What the file says of a call: nothing of a new one; all of one that outlived a server."""
        call = _Call(call_id)
        for seq, entry in read_entries(connection, call_id):
            call.last_seq = seq
            if entry is not None:
                call.add(entry)
        self._calls[call_id] = call
        return call
