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

import msgspec

from ivr.numbers import EMERGENCY_NUMBERS
from ivr.private_file import new_private, new_private_folder
from ivr.records.fold import fold
from ivr.store.carving import Cells, carved_rows
from ivr.store.duties import fold_all
from ivr.store.folds import HISTORY, OFFER_COLUMNS, Folding
from ivr.store.refolding import agents_are_known_since, journal_is_known_after, mark_made
from ivr.store.rows import ADD_EVENT, INSERT_OPEN_CALL, read_entries
from ivr.store.schema import known_migrations, migrate

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

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d")
_QUARTER = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_AT_ONCE = 1_000
_CELLS = {"agent_change": (15, 16, 18), "removal": (13, 14)}
"""A row that was written before its table had its last columns has fewer cells."""
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
}
"""Of history, only the days and hours count of which the rows were purged; the others are folded anew."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How much was saved. `gaps`: events that are known to be missing, since later ones of their calls are there.

    `purged` were taken out before.
    """

    events: int
    calls: int
    gaps: int
    purged: int = 0

    def told(self, missing: int) -> str:
        """In words; `missing`: how many fewer it are than there were, as far as somebody knows."""
        missing = max(missing - self.purged, self.gaps, 0)
        lost = f", and {missing} are lost" if missing else ""
        return f"{self.events} events of {self.calls} calls were saved{lost}"


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
        told = _fold_all(connection)
        mark_made(connection, now)
        connection.execute("COMMIT")
    return new, Salvaged(*told)


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
        name = _table_of(row)
        if name is not None:
            lacking = max(_CELLS[name]) - len(row) if name in _CELLS else 0
            waiting[name].append((*row, *(None,) * lacking))
            if len(waiting[name]) >= _AT_ONCE:
                yield name, waiting[name]
                waiting[name] = []
    yield from waiting.items()


def _table_of(row: Cells) -> str | None:  # noqa: C901, PLR0911 - a line for each
    match row:
        case (str(), int() as seq, str() as kind, str() as at, int(), str() as payload):
            is_event = seq > 0 and _is_time(at) and payload.startswith(f'{{"type":"{kind}"')
            return "call_event" if is_event and _is_json(payload) else None
        case (str() as change, str() as asked, str() as due, *_) if len(row) == 11:
            return (
                "rules_change"
                if change.endswith("-chg") and _is_time(asked) and _is_time(due)
                else None
            )
        case (str() as override, str(), *_, str() as begun, str() as until, _, _) if len(row) == 10:
            is_override = override.endswith("-ovr") and _is_time(begun) and _is_time(until)
            return "override" if is_override else None
        case (str(), str() as number, str(), str() as began, *_, str() as tries) if len(row) == 12:
            is_emergency = number in EMERGENCY_NUMBERS and _is_time(began) and _is_json(tries)
            return "emergency_call" if is_emergency else None
        case (str(), int(), str() as at, str(), str(), *_) if len(row) in _CELLS["agent_change"]:
            return "agent_change" if _is_time(at) else None
        case (str() as follow_up, str(), str() as at, str(), str()):
            return "follow_up" if follow_up.endswith("-fol") and _is_time(at) else None
        case (str() as removal, str(), str() as at, *_) if removal.endswith("-rem"):
            return "removal" if len(row) in _CELLS["removal"] and _is_time(at) else None
        case (str() as month, str() as at, str() as held) if _MONTH.fullmatch(month):
            return "closed_month" if _is_time(at) and _is_json(held) else None
        case (str() as hour, str(), str(), int()) if _HOUR.fullmatch(hour):
            return "agent_hour"
        case (str(), str() as quarter, str(), int()) if _QUARTER.fullmatch(quarter):
            return "duty_quarter"
        case (str() as day, *_) if _DAY.fullmatch(day):
            return _history_of(row)
        case _:
            return None


def _history_of(row: Cells) -> str | None:
    """Which table of history a row that begins with a day is of."""
    match row:
        case (_, str(), str(), str(), int()):
            return "call_day"
        case (_, str(), str(), int(), int()):
            return "first_call_day"
        case (_, str(), str(), int()):
            return "path_day"
        case (_, str(), str(), str(), str(), str(), int(), int(), int(), int(), int(), int()):
            return "survey_day"
        case _:
            return next((f"offer_{g}" for g, n in OFFER_COLUMNS.items() if n == len(row)), None)


def _is_time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


def _is_json(payload: str) -> bool:
    try:
        msgspec.json.decode(payload)
    except msgspec.DecodeError:
        return False
    return True


def _fold_all(connection: sqlite3.Connection) -> tuple[int, int, int, int]:
    """Write the record of every call that has ended, and which have not; how many events, calls and gaps there are.

    And how many events were purged before.
    """
    events = gaps = 0
    told_until = journal_is_known_after(connection)
    for name in HISTORY:
        connection.execute(f"DELETE FROM {name} WHERE day > ?", (told_until,))  # noqa: S608 - a name of ours
    folding = Folding(connection, after=told_until)
    calls = connection.execute(
        "SELECT call_id, count(*), max(seq), min(at), max(type = 'ended') FROM call_event GROUP BY call_id"
    ).fetchall()
    for call_id, count, last, first_at, has_ended in calls:
        events += count
        gaps += last - count if first_at[:10] > told_until else 0
        if count == 1 < last and first_at[:10] <= told_until:
            continue  # what a purge leaves of the journal's newest call: no record could be made of it
        entries = [entry for _, entry in read_entries(connection, call_id) if entry]
        if has_ended and entries:
            folding.keep(fold(entries))
        else:
            connection.execute(INSERT_OPEN_CALL, {"call_id": call_id, "arrived_at": first_at})
    folding.write()
    fold_all(connection, agents_are_known_since(connection))
    (purged,) = connection.execute("SELECT coalesce(sum(events), 0) FROM removal").fetchone()
    return events, len(calls), gaps, purged


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
