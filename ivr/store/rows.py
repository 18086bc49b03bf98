"""From events and records to rows, and back.

The way in is the hot path: plain sqlite3, with statements that SQLModel's tables are compiled to
once. Measured for a record with one visit: 0.02 ms so, 0.4 ms through a session. What is lost is the
session's checks, which a round trip in the tests stands in for. The way out is `readers.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

import msgspec
import structlog
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from ivr.records.events import CallEvent
from ivr.records.journal import Entry
from ivr.records.record import CallRecord
from ivr.store.connection import HELD, OTHERS_WROTE
from ivr.store.tables import (
    CallEventRow,
    CallRow,
    MessageRow,
    OpenCallRow,
    QueueVisitRow,
    SurveyReplyRow,
)
from ivr.store.texts import event_text, read_event, read_time, time_text

log = structlog.get_logger()


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An event on its way to the journal; it has no number yet. `payload` is the event as JSON."""

    call_id: str
    at: datetime
    monotonic_ns: int
    event: CallEvent
    payload: str

    @classmethod
    def of(cls, call_id: str, at: datetime, monotonic_ns: int, event: CallEvent) -> Draft:
        """Raises ValueError for an event that cannot be written."""
        return cls(call_id, at, monotonic_ns, event, event_text(event))

    def numbered(self, seq: int) -> Entry:
        return Entry(
            call_id=self.call_id,
            seq=seq,
            at=self.at,
            monotonic_ns=self.monotonic_ns,
            event=self.event,
        )


EventRow = tuple[str, int, str, str, int, str]
"""As the table `call_event` has it: call_id, seq, type, at, monotonic_ns, payload."""


def insert_into(
    row: type[SQLModel], *, paramstyle: str = "named", unless_there: bool = False
) -> str:
    """The statement that writes such a row; or, `unless_there`, lets one with its key be."""
    statement = insert(SQLModel.metadata.tables[str(row.__tablename__)])
    if unless_there:
        statement = statement.prefix_with("OR IGNORE")
    return str(statement.compile(dialect=sqlite.dialect(paramstyle=paramstyle)))


INSERT_EVENT = insert_into(CallEventRow, paramstyle="qmark")
ADD_EVENT = insert_into(CallEventRow, paramstyle="qmark", unless_there=True)
_INSERT, _, _ROW = INSERT_EVENT.partition(" VALUES ")
_ROWS_IN_ONE = 16
_INSERT_EVENTS = [INSERT_EVENT + f", {_ROW}" * more for more in range(_ROWS_IN_ONE)]
AT_ONCE = 32
_INSERT_AT_ONCE = [
    f"{_INSERT} SELECT * FROM (VALUES {', '.join([_ROW] * rows)}) WHERE ? <= {HELD} AND ? = {OTHERS_WROTE}"  # noqa: S608 - all of it is ours
    for rows in range(1, AT_ONCE + 1)
]
DELETE_EVENT = "DELETE FROM call_event WHERE call_id = ? AND seq = ?"
"""For one that was never told to be there."""
INSERT_OPEN_CALL = insert_into(OpenCallRow, unless_there=True)
OPEN_CALLS = (
    "CREATE TEMP TRIGGER call_opened AFTER INSERT ON main.call_event WHEN NEW.seq = 1 BEGIN "
    "INSERT OR IGNORE INTO open_call (call_id, arrived_at) VALUES (NEW.call_id, NEW.at); END"
)
"""On the connection that calls are written by, as long as it lasts: the first event of a call opens it."""
_INSERT_CALL = insert_into(CallRow)
_INSERT_VISIT = insert_into(QueueVisitRow)
_INSERT_MESSAGE = insert_into(MessageRow)
_INSERT_REPLY = insert_into(SurveyReplyRow)
_CALL_FIELDS = tuple(CallRow.model_fields)


def event_row(line: Draft, seq: int) -> EventRow:
    """The row of an event with its number."""
    kind = line.event.__struct_config__.tag
    return line.call_id, seq, str(kind), time_text(line.at), line.monotonic_ns, line.payload


def write_events(connection: sqlite3.Connection, rows: Sequence[EventRow]) -> None:
    """Write rows of events, many with one statement: at each the thread lets go of Python's lock, and waits for it."""
    for first in range(0, len(rows), _ROWS_IN_ONE):
        some = rows[first : first + _ROWS_IN_ONE]
        connection.execute(_INSERT_EVENTS[len(some) - 1], [*chain.from_iterable(some)])


def insert_at_once(
    connection: sqlite3.Connection, rows: Sequence[EventRow], held: int, others_wrote: int
) -> bool:
    """Write one to AT_ONCE rows with one statement that is a transaction too: Python's lock is let go of only once.

    False, and nothing written, where the file holds fewer events than `held`, or another connection has written since.
    """
    values = [*chain.from_iterable(rows), held, others_wrote]
    return connection.execute(_INSERT_AT_ONCE[len(rows) - 1], values).rowcount > 0


def entry_row(entry: Entry) -> EventRow:
    """The row that an entry was read from."""
    return event_row(Draft.of(entry.call_id, entry.at, entry.monotonic_ns, entry.event), entry.seq)


def read_entries(
    connection: sqlite3.Connection, call_id: str
) -> Iterator[tuple[int, Entry | None]]:
    """The events of a call with their numbers; None for one that this version does not know."""
    for seq, at, monotonic_ns, payload in connection.execute(
        "SELECT seq, at, monotonic_ns, payload FROM call_event WHERE call_id = ? ORDER BY seq",
        (call_id,),
    ):
        yield seq, read_entry(call_id, seq, at, monotonic_ns, payload)


def read_entry(call_id: str, seq: int, at: str, monotonic_ns: int, payload: str) -> Entry | None:
    """The entry that a row holds; None for an event that this version does not know."""
    event = read_event(payload)
    if event is None:
        log.warning("event not understood", call_id=call_id, seq=seq)
        return None
    return Entry(call_id=call_id, seq=seq, at=read_time(at), monotonic_ns=monotonic_ns, event=event)


def write_record(connection: sqlite3.Connection, record: CallRecord) -> None:
    """Write the rows of an ended call, in place of those that there may be."""
    call_id = record.call_id
    connection.execute("DELETE FROM open_call WHERE call_id = ?", (call_id,))
    connection.execute("DELETE FROM queue_visit WHERE call_id = ?", (call_id,))
    connection.execute("DELETE FROM message WHERE call_id = ?", (call_id,))
    connection.execute("DELETE FROM survey_reply WHERE call_id = ?", (call_id,))
    connection.execute("DELETE FROM call WHERE call_id = ?", (call_id,))
    insert_records(connection, [record])


def insert_records(connection: sqlite3.Connection, records: Iterable[CallRecord]) -> None:
    """Write the rows of ended calls that have none yet."""
    for record in records:
        connection.execute(_INSERT_CALL, _call_row(record))
        connection.executemany(_INSERT_VISIT, _visit_rows(record))
        connection.executemany(_INSERT_MESSAGE, _message_rows(record))
        if record.surveys:
            connection.executemany(_INSERT_REPLY, _reply_rows(record))


def _call_row(record: CallRecord) -> dict[str, object]:
    row = {name: getattr(record, name) for name in _CALL_FIELDS}
    for name in ("arrived_at", "answered_at", "ended_at"):
        if row[name] is not None:
            row[name] = time_text(row[name])
    return row


def _visit_rows(record: CallRecord) -> list[dict[str, object]]:
    return [
        {
            "call_id": record.call_id,
            "visit": number,
            "queue": visit.queue,
            "entered_at": time_text(visit.entered_at),
            "outcome": visit.outcome,
            "wait_seconds": visit.wait_seconds,
            "agent": visit.agent,
            "offers": visit.offers,
            "talk_seconds": visit.talk_seconds,
            "estimated_seconds": visit.estimated_seconds,
            "estimate_error_seconds": visit.estimate_error_seconds,
        }
        for number, visit in enumerate(record.visits, 1)
    ]


def _message_rows(record: CallRecord) -> list[dict[str, object]]:
    return [
        {
            "call_id": record.call_id,
            "message": number,
            "voicemail": message.voicemail,
            "file": message.file,
            "seconds": message.seconds,
        }
        for number, message in enumerate(record.messages, 1)
        if message.file  # one that was taken out is known to have been left, and no more
    ]


def _reply_rows(record: CallRecord) -> list[dict[str, object]]:
    return [
        {
            "call_id": record.call_id,
            "reply": number,
            "survey": reply.survey,
            "queue": reply.queue,
            "agent": reply.agent,
            "asked_at": time_text(reply.asked_at),
            "lowest": reply.lowest,
            "highest": reply.highest,
            "score": reply.score,
        }
        for number, reply in enumerate(record.surveys, 1)
    ]
