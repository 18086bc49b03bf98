"""A new journal in place of one that cannot be gone on with, holding all that is still to be had.

The old one is never thrown away: it is set aside, under a name that says why and when. It is moved only when the new
one is complete, so that a crash in between leaves it where it was, to be found again.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr.amount import counted
from ivr.private_file import new_private, new_private_folder
from ivr.records.fold import fold
from ivr.store.carving import Cells, carved_rows
from ivr.store.folds import OFFER_COLUMNS
from ivr.store.recognising import known_row
from ivr.store.refolding import fold_calls, journal_is_known_after, mark_made, purged_since
from ivr.store.removing import take_out_again
from ivr.store.rows import ADD_EVENT, INSERT_OPEN_CALL, insert_into, read_entries, write_record
from ivr.store.schema import known_migrations, migrate
from ivr.store.tables import CallRow, MessageRow, QueueVisitRow, SurveyReplyRow

Remembered = Mapping[str, Iterable[Cells]]
"""Rows by the name of their table."""

LEDGER = (
    "rules_change",
    "override",
    "emergency_call",
    "follow_up",
    "removal",
    "closed_month",
)
"""What is remembered while a server runs. What agents did is too much for that; their desk knows where they are."""

_AT_ONCE = 1_000
_TABLES = {
    "call_event": ADD_EVENT,
    "rules_change": "INSERT OR IGNORE INTO rules_change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "override": "INSERT OR IGNORE INTO override VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "emergency_call": "INSERT OR IGNORE INTO emergency_call VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "follow_up": "INSERT OR IGNORE INTO follow_up VALUES (?, ?, ?, ?, ?)",
    "removal": "INSERT OR IGNORE INTO removal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "closed_month": "INSERT OR IGNORE INTO closed_month VALUES (?, ?, ?)",
    "agent_change": "INSERT OR IGNORE INTO agent_change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    **{
        f"offer_{grain}": "INSERT OR IGNORE INTO offer_{} VALUES ({})".format(  # noqa: S608 - names of ours
            grain, ", ".join("?" * columns)
        )
        for grain, columns in OFFER_COLUMNS.items()
    },
    "call_day": "INSERT OR IGNORE INTO call_day VALUES (?, ?, ?, ?, ?)",
    "first_call_day": "INSERT OR IGNORE INTO first_call_day VALUES (?, ?, ?, ?, ?)",
    "path_day": "INSERT OR IGNORE INTO path_day VALUES (?, ?, ?, ?)",
    "survey_day": "INSERT OR IGNORE INTO survey_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "agent_hour": "INSERT OR IGNORE INTO agent_hour VALUES (?, ?, ?, ?)",
    "duty_quarter": "INSERT OR IGNORE INTO duty_quarter VALUES (?, ?, ?, ?)",
    "removal_call": "INSERT OR IGNORE INTO removal_call VALUES (?, ?)",
    "removal_file": "INSERT OR IGNORE INTO removal_file VALUES (?, ?)",
    **{
        str(row.__tablename__): insert_into(row, paramstyle="qmark", unless_there=True)
        for row in (CallRow, QueueVisitRow, MessageRow, SurveyReplyRow)
    },
}
"""Of history, only the days and hours count of which the rows were purged, and of records those whose events are gone;
the others are folded anew."""

_PARTS = ("queue_visit", "message", "survey_reply")
_UNTOLD = "(SELECT count(*) FROM message WHERE message.call_id = call_event.call_id) - sum(type = 'message_left')"
"""Messages of a call of which the record alone tells: they came in after its end, and no number shows the gap."""
_WHOLE = (
    "SELECT call_id FROM call_event GROUP BY call_id "  # noqa: S608 - all of it is ours
    f"HAVING count(*) = max(seq) AND max(type = 'ended') AND {_UNTOLD} <= 0"
)
_CALLS_TOLD = (
    f"SELECT call_id, count(*), max(seq), max({_UNTOLD}, 0), min(at), max(type = 'ended'), "  # noqa: S608 - ours
    "EXISTS (SELECT 1 FROM call WHERE call.call_id = call_event.call_id) FROM call_event GROUP BY call_id"
)
_ASIDE = re.compile(r"\.[a-z-]+-\d{8}T\d{6}Z(-\d+)?(-wal)?\Z", re.ASCII)
"""What follows on the journal's name where one was put aside."""
_SAVED = "SELECT count(*), count(DISTINCT call_id) FROM call_event"
_RECORDS_ALONE = "SELECT count(*) FROM call WHERE call_id NOT IN (SELECT call_id FROM call_event)"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How much was saved. `gaps`: events that are known to be missing, since later ones of their calls are there.

    `purged` were taken out before. `records`: calls of which nothing but the record is there.
    """

    events: int
    calls: int
    gaps: int
    purged: int = 0
    records: int = 0

    def told(self, missing: int) -> str:
        """In words; `missing`: how many fewer it are than there were, as far as somebody knows."""
        missing = max(missing - self.purged, self.gaps, 0)
        lost = f", and {counted(missing, 'is', 'are')} lost" if missing else ""
        alone = f" and the records of {self.records} more" if self.records else ""
        were = "was" if self.events == 1 and not alone else "were"
        saved = f"{counted(self.events, 'event')} of {counted(self.calls, 'call')}{alone}"
        return f"{saved} {were} saved{lost}"


def log_beside(path: Path) -> Path:
    """SQLite's log of what is not in the file itself yet."""
    return path.with_name(path.name + "-wal")


def salvaged(
    path: Path, database: Path, log: Path, now: datetime, remembered: Remembered | None = None
) -> tuple[Path, Salvaged]:
    """A new journal for `path` of what can be read of a database and its log, and of rows that are `remembered`.

    It lies beside `path`, to be put in place. Raises OSError or sqlite3.Error.
    """
    new = _unfinished(path)
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        migrate(connection, known_migrations(), now)
        connection.execute("BEGIN")
        for name, rows in (remembered or {}).items():
            connection.executemany(_TABLES[name], rows)
        for name, rows in _in_batches(carved_rows(database, log)):
            connection.executemany(_TABLES[name], rows)
        saved = _fold_all(connection)
        mark_made(connection, now)
        connection.execute("COMMIT")
    return new, saved


def copied(path: Path, connection: sqlite3.Connection) -> Path:
    """A new journal for `path`, with all that an open connection still reads, to be put in place.

    Raises OSError or sqlite3.Error.
    """
    new = _unfinished(path)
    with closing(sqlite3.connect(new)) as target:
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # so that it is one file, whole by itself
    return new


def put_in_place(new: Path, path: Path, now: datetime, *, why: str) -> Path | None:
    """Set aside what lies at `path`, with its log, and put `new` there; where the old one is now, if there was any."""
    aside = _free_name(path, f"{why}-{now:%Y%m%dT%H%M%SZ}")
    _sync(new)
    had_any = _move(path, aside)
    had_any = _move(log_beside(path), log_beside(aside)) or had_any
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    new.replace(path)
    _sync(path.parent)
    return aside if had_any else None


def set_aside(path: Path) -> tuple[Path, ...]:
    """What was put aside of the journal at `path`, logs too, the oldest of each kind first."""
    found = path.parent.glob(f"{path.name}.*")
    return tuple(sorted(one for one in found if _ASIDE.match(one.name.removeprefix(path.name))))


def _unfinished(path: Path) -> Path:
    """A fresh empty file for the new journal, beside the old one."""
    new_private_folder(path.parent)
    new = path.with_name(f"{path.name}.new")
    for left in (new, log_beside(new), new.with_name(new.name + "-journal")):
        left.unlink(missing_ok=True)
    os.close(new_private(new))
    return new


def _in_batches(rows: Iterable[Cells]) -> Iterator[tuple[str, list[Cells]]]:
    """The rows of the tables that are truth; those of the others are made anew of them."""
    waiting: dict[str, list[Cells]] = {name: [] for name in _TABLES}
    for row in rows:
        if (known := known_row(row)) is not None:
            name, cells = known
            waiting[name].append(cells)
            if len(waiting[name]) >= _AT_ONCE:
                yield name, waiting[name]
                waiting[name] = []
    yield from waiting.items()


def _fold_all(connection: sqlite3.Connection) -> Salvaged:
    """Write the record of every call that has ended and is told by its events, and which calls have not ended.

    What was purged goes again: the log has pages of before.
    """
    gaps = 0
    told_until = journal_is_known_after(connection)
    _leave_to_events(connection)
    calls = connection.execute(_CALLS_TOLD).fetchall()
    for call_id, count, last, untold, first_at, has_ended, has_record in calls:
        gaps += max(last - count, untold) if first_at[:10] > told_until else 0
        if has_record or (count == 1 < last and first_at[:10] <= told_until):
            continue  # what a purge leaves of the journal's newest call: no record could be made of it
        entries = [entry for _, entry in read_entries(connection, call_id) if entry]
        if has_ended and entries:
            write_record(connection, fold(entries))
        else:
            connection.execute(INSERT_OPEN_CALL, {"call_id": call_id, "arrived_at": first_at})
    fold_calls(connection, after=told_until)
    take_out_again(connection, purged_since(connection))
    (purged,) = connection.execute("SELECT coalesce(sum(events), 0) FROM removal").fetchone()
    (records,) = connection.execute(_RECORDS_ALONE).fetchone()
    events, told = connection.execute(_SAVED).fetchone()
    return Salvaged(events, told, gaps, purged, records)


def _leave_to_events(connection: sqlite3.Connection) -> None:
    """Drop the records of calls whose events are all there, which tell them anew, and what is left of lost records."""
    for name in ("call", *_PARTS):
        connection.execute(f"DELETE FROM {name} WHERE call_id IN ({_WHOLE})")  # noqa: S608 - names of ours
    for name in _PARTS:
        connection.execute(f"DELETE FROM {name} WHERE call_id NOT IN (SELECT call_id FROM call)")  # noqa: S608 - a name of ours


def _move(path: Path, to: Path) -> bool:
    with suppress(FileNotFoundError, NotADirectoryError):
        path.rename(to)
        return True
    return False


def _free_name(path: Path, ending: str) -> Path:
    name = path.with_name(f"{path.name}.{ending}")
    number = 1
    while name.exists() or log_beside(name).exists():
        number += 1
        name = path.with_name(f"{path.name}.{ending}-{number}")
    return name


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
