"""Whether the journal that is open still is the one that lies at its path: others can delete, move or empty files."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from typing import Literal

from ivr.store.carving import FRAME_HEADER_BYTES, LOG_HEADER_BYTES
from ivr.store.lock import moved_folder
from ivr.store.salvage import log_beside

Loss = Literal["deleted", "replaced", "overwritten", "emptied", "log-lost", "damaged"]
"""What somebody did to the files under us. `emptied`: made shorter; `log-lost`: the log beside is gone or shorter."""

LOSSES: dict[Loss, str] = {
    "deleted": "its file was deleted or moved away",
    "replaced": "another file was put in its place",
    "overwritten": "another file was copied over it",
    "emptied": "its file was emptied or cut short",
    "log-lost": "the log beside it (-wal) was deleted, emptied or replaced",
    "damaged": "its file was damaged",
}


class DatabaseLost(Exception):
    """The journal's files are not what they were. `loss` says how; the connection may still read the old ones."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(LOSSES[loss])
        self.loss = loss


_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_COUNTER, _COOKIE = slice(24, 28), slice(40, 44)
"""Numbers in the header: the first only grows, the second is the schema's."""


class Presence:
    """Holds on to the file at `path` and to its log, as they are now.

    What is held cannot be taken for another, whatever number the system gives to a later file. Close it after SQLite's
    connection: a file that is closed takes the locks with it that SQLite holds on it in this process.

    `moved_to`: where the last look found the folder with both of them, while it is not where it was. Nothing is lost
    then: what is written goes there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log_path = log_beside(path)
        self._file = os.open(path, os.O_RDONLY)
        self._file_was = os.fstat(self._file)
        self._header = b""
        self._log: int | None = None
        self._log_was: os.stat_result | None = None
        self.moved_to: Path | None = None

    def look(self) -> None:
        """Raises DatabaseLost where it is not what it was; OSError where one cannot even look.

        Done before every commit, so it asks the system no more than three times: at each the thread lets go of Python's
        lock, and waits for the loop to get it back.
        """
        there = self.look_at_place()
        if there.st_size < self._file_was.st_size:
            raise DatabaseLost("emptied")
        if os.pread(self._file, _HEADER_BYTES, 0) != self._header:
            raise DatabaseLost("overwritten")
        self._look_at_log()

    def look_at_place(self) -> os.stat_result:
        """What the system says of the file there; raises DatabaseLost where it is not the very one that is held."""
        there = _at(self._path)
        self.moved_to = None
        if there is None:
            self.moved_to = moved_folder(self._path, self._file)
            if self.moved_to is None:
                raise DatabaseLost("deleted")
            return os.fstat(self._file)
        if not os.path.samestat(self._file_was, there):
            raise DatabaseLost("replaced")
        return there

    def remember(self) -> None:
        """What is there now is right: we wrote it."""
        self._file_was = os.fstat(self._file)
        self._header = os.pread(self._file, _HEADER_BYTES, 0)
        if self._log is None:
            try:
                self._log = os.open(self._log_path, os.O_PATH)  # nothing of it is read here
            except FileNotFoundError:
                return
        self._log_was = os.fstat(self._log)

    @property
    def still_held(self) -> tuple[Path, Path]:
        """Where the database and its log can be read, though nothing lies at their paths any more."""
        log = self._log_path if self._log is None else Path(f"/proc/self/fd/{self._log}")
        return Path(f"/proc/self/fd/{self._file}"), log

    def was_tidied(self, connection: sqlite3.Connection) -> bool:
        """Whether they look otherwise because some program wrote or tidied them with SQLite's own means.

        Then a connection that was open all the while knows of it.
        """
        try:
            if self.was_cut(connection):
                return False
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
            (cookie,) = connection.execute("PRAGMA schema_version").fetchone()
            header = os.pread(self._file, _HEADER_BYTES, 0)
            if header != self._header and not self._follows(header, cookie):
                return False
            _, frames, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            frame_bytes = page_bytes + FRAME_HEADER_BYTES
            needed = LOG_HEADER_BYTES + frames * frame_bytes if frames > 0 else 0
            return self._log is not None and self._size_at(self._log_path, self._log) >= needed
        except (sqlite3.Error, OSError):
            return False

    def was_cut(self, connection: sqlite3.Connection) -> bool:
        """Whether the file is shorter than it was, and not because some program tidied it. Raises sqlite3.Error."""
        size = self._size_at(self._path, self._file)
        if size >= self._file_was.st_size:
            return False
        (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        return bool(size != page_bytes * pages)

    def _follows(self, header: bytes, cookie: int) -> bool:
        """Whether a header is one that SQLite has written after the one that is remembered."""
        return (
            header.startswith(_MAGIC)
            and int.from_bytes(header[_COOKIE], "big") == cookie
            and header[_COUNTER] >= self._header[_COUNTER]
        )

    def _size_at(self, path: Path, descriptor: int) -> int:
        """How long the file there is; -1 where it is not the one that is held."""
        held, there = os.fstat(descriptor), _at(path)
        return held.st_size if there and os.path.samestat(held, there) else -1

    def remove_log(self) -> None:
        """Take away the log that is held, where it still lies there: whatever the file there is, it is not its log."""
        if self._log is not None and self._size_at(self._log_path, self._log) >= 0:
            self._log_path.unlink(missing_ok=True)

    def let_go_of_log(self) -> None:
        """SQLite itself may take it away now."""
        if self._log is not None:
            os.close(self._log)
        self._log = self._log_was = None

    def close(self) -> None:
        self.let_go_of_log()
        os.close(self._file)

    def _look_at_log(self) -> None:
        was = self._log_was
        if was is None or self.moved_to is not None:
            return
        there = _at(self._log_path)
        if there is None or not os.path.samestat(was, there) or there.st_size < was.st_size:
            raise DatabaseLost("log-lost")


def _at(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def what_is_no_file(path: Path) -> str | None:
    """What lies at `path` where that is no regular file, in words; None where it is one, or nothing."""
    there = _at(path)
    if there is None or stat.S_ISREG(there.st_mode):
        return None
    return "a folder" if stat.S_ISDIR(there.st_mode) else "no ordinary file"
