"""A connection to the journal's file: settings that survive a power cut, and whether what it reads holds together."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

_SETTINGS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA wal_autocheckpoint = 1000;
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
"""


class _Damaged(sqlite3.DatabaseError):
    """SQLite has read the file, and it does not hold together."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open the file, which only its owner may read, and wait so long for another program that holds a lock.

    Raises OSError or sqlite3.Error, also for a file that is not there.
    """
    # By name, never by an opened file: closing one would drop the locks that SQLite holds on
    # it in this process. The log files beside it are made with the same mode.
    path.chmod(0o600)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",  # one that is gone is not begun anew in silence
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,  # one thread at a time, but not the same one to the end
    )
    try:
        connection.executescript(_SETTINGS)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def wait_for_disk(connection: sqlite3.Connection, *, survives_power_cut: bool) -> None:
    """Whether a write from here on is waited for until the disk has it; a new connection does."""
    level = "FULL" if survives_power_cut else "NORMAL"
    connection.execute(f"PRAGMA synchronous = {level}")


def check(connection: sqlite3.Connection, *, within_seconds: float) -> None:
    """Raises sqlite3.DatabaseError for what does not hold together, as far as can be seen within so long."""
    enough = threading.Timer(within_seconds, connection.interrupt)
    enough.start()
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return
    finally:
        enough.cancel()
        enough.join()
    if verdict != "ok":
        raise _Damaged(verdict)


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is what an error is about: it is damaged, or no database."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, sqlite3.Error) and code in {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }


def words_of(error: BaseException) -> str:
    """What the system or SQLite said, on one line."""
    said = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return " ".join(said.split())


def born(connection: sqlite3.Connection) -> str:
    """When the file was made: by that it is known again."""
    (applied_at,) = connection.execute("SELECT min(applied_at) FROM schema_version").fetchone()
    return str(applied_at)


HELD = "(SELECT ifnull(max(rowid), 0) FROM call_event)"
"""The number of the newest event: rows are only ever added, and it is found without counting them."""

OTHERS_WROTE = "(SELECT data_version FROM pragma_data_version)"
"""SQLite's number that changes when another connection has written."""


def held_and_written(connection: sqlite3.Connection) -> tuple[int, int]:
    """HELD and OTHERS_WROTE.

    One question, since it is asked in every transaction: at each the thread lets go of Python's lock, and waits for the
    loop to get it back.
    """
    events, others_wrote = connection.execute(f"SELECT {HELD}, {OTHERS_WROTE}").fetchone()
    return int(events), int(others_wrote)
