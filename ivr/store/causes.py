"""Why the journal cannot be written: what SQLite and the disk say of it.

SQLite keeps the system's error number to itself, and gives one code to several causes. So the disk is asked itself: a
small file is written beside the journal, and what that says is believed first.
"""

from __future__ import annotations

import resource
import sqlite3
from contextlib import suppress
from pathlib import Path

from ivr.disk import (
    FAULTY,
    FULL,
    NOT_ALLOWED,
    PROBE_BYTES,
    TOO_LARGE,
    UNKNOWN,
    Cause,
    cause_by,
    cause_by_trial,
)
from ivr.store.presence import DatabaseLost

LOCKED = Cause(
    "another program has locked it",
    "close the program that has it open (`fuser` with the file's name tells which), a database shell or a backup",
)
LOST_MEND = (
    "nothing needs to be done: a new file with all that is still to be had is written in its place"
)
DAMAGED = Cause(
    "it is damaged", "nothing needs to be done: it is set aside, and what can be read of it is kept"
)

_BY_CODE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_BY_CODE_WHEN_THE_DISK_IS_WELL = {
    sqlite3.SQLITE_FULL: FULL,  # it may have got room again meanwhile
    sqlite3.SQLITE_READONLY: NOT_ALLOWED,
    sqlite3.SQLITE_PERM: NOT_ALLOWED,
    sqlite3.SQLITE_CANTOPEN: NOT_ALLOWED,
    sqlite3.SQLITE_IOERR: FAULTY,
}


def cause_of(path: Path, error: BaseException) -> Cause:
    """Why `path` could not be written, when this came of it. Blocks: the disk is asked."""
    if isinstance(error, DatabaseLost):
        return Cause(str(error), LOST_MEND)
    if isinstance(error, OSError):
        return cause_by(error)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return (
        _BY_CODE.get(code)
        or _what_the_disk_says(path)
        or _BY_CODE_WHEN_THE_DISK_IS_WELL.get(code, UNKNOWN)
    )


def _what_the_disk_says(path: Path) -> Cause | None:
    if _is_as_large_as_may_be(path):
        return TOO_LARGE
    return cause_by_trial(path.parent, f".{path.name}.probe")


def _is_as_large_as_may_be(path: Path) -> bool:
    """Whether the journal or its log has come to the limit that this process has for files."""
    most, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if most == resource.RLIM_INFINITY:
        return False
    for file in (path, path.with_name(path.name + "-wal")):
        with suppress(OSError):
            if file.stat().st_size + PROBE_BYTES > most:
                return True
    return False
