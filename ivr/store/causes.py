"""Why the journal cannot be written, and what mends it: each cause in its own words.

SQLite keeps the system's error number to itself, and gives one code to several causes. So the disk is asked itself: a
small file is written beside the journal, and what that says is believed first.
"""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ivr.store.presence import DatabaseLost

PROBE_BYTES = 65_536
"""More than a file system has left over in a block that is in use already."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Two parts of a sentence: what is in the way, and what to do about it."""

    says: str
    mend: str


FULL = Cause("its disk is full", "make room on the disk")
OVER_QUOTA = Cause(
    "this user's share of the disk is used up", "raise the quota of this user, or remove files"
)
TOO_LARGE = Cause(
    "the file may not grow any more",
    "raise the limit on the size of files (`LimitFSIZE=`, `ulimit -f`), or use a disk that holds larger ones",
)
READ_ONLY = Cause(
    "its disk is mounted read-only",
    "find out why (`dmesg`: a disk that fails does this by itself), then mount it writable again",
)
NOT_ALLOWED = Cause(
    "this user may not write it",
    "give the home folder and all in it back to the user that the server runs as (`chown -R`, `chmod u+rwX`)",
)
NO_MORE_FILES = Cause(
    "no more files may be open",
    "raise the limit on open files (`LimitNOFILE=`, `ulimit -n`), then start again",
)
FOLDER_GONE = Cause(
    "its folder is not there",
    "put the home folder back where it was, or mount its disk",
)
FAULTY = Cause(
    "its disk reports an error",
    "look at what the machine says of the disk (`dmesg`), and replace it",
)
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
UNKNOWN = Cause("it is not known why", "look at what the machine says of the disk (`dmesg`)")

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: OVER_QUOTA,
    errno.EFBIG: TOO_LARGE,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EMFILE: NO_MORE_FILES,
    errno.ENFILE: NO_MORE_FILES,
    errno.ENOENT: FOLDER_GONE,
    errno.ENOTDIR: FOLDER_GONE,
    errno.EIO: FAULTY,
}
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
        return _BY_NUMBER.get(error.errno or 0, UNKNOWN)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return (
        _BY_CODE.get(code)
        or _what_the_disk_says(path)
        or _BY_CODE_WHEN_THE_DISK_IS_WELL.get(code, UNKNOWN)
    )


def _what_the_disk_says(path: Path) -> Cause | None:
    """Why no file can be written beside `path`, or this one not be opened; None where all that can be done."""
    if _is_as_large_as_may_be(path):
        return TOO_LARGE
    probe = path.with_name(f".{path.name}.probe")
    try:
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, bytes(PROBE_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            with suppress(OSError):
                probe.unlink()
    except OSError as error:
        return _BY_NUMBER.get(error.errno or 0)
    return None


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
