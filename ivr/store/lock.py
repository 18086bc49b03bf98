"""One writer for each journal: the lock beside the file.

A lock of the system on a file of its own, so that it goes with the process, however that ends. Whoever starts one
server after the other holds it in between, and leaves it to each of them (held.py): it is one lock, and gone with the
last who has it.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.private_file import new_private

JOURNAL = "journal.sqlite"
"""The journal's name in a home folder."""

LEFT = "SENTRALBORD_LOCK"
"""In the environment of a server to which the lock is left: the descriptor that has it."""


class WriterLock:
    """Held from `take` until `release`, or until the process ends."""

    def __init__(self, guarded: Path) -> None:
        self._guarded = guarded
        self.path = guarded.with_name(guarded.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises StoreFailed where another process has it, and OSError where it cannot be made."""
        holders = [os.getpid()]
        descriptor = self._left_to_us()
        if descriptor is not None:
            holders.append(os.getppid())
        else:
            descriptor = self._opened()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            has_it, mend = _told(os.pread(descriptor, 40, 0).decode("ascii", "replace").split())
            os.close(descriptor)
            message = (
                f"{self._guarded} is being written by another server ({has_it}): {mend} first, or give this one a "
                "folder of its own with --home"
            )
            raise StoreFailed(message) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, " ".join(map(str, holders)).encode("ascii"), 0)
        self._descriptor = descriptor

    @property
    def descriptor(self) -> int | None:
        """What has it, to be left to others too."""
        return self._descriptor

    @property
    def is_found(self) -> bool:
        """Whether we have it, and others find it taken: nobody has put another file in its place, or none."""
        return self._descriptor is not None and self._is_of(self._descriptor)

    @property
    def moved_to(self) -> Path | None:
        """Where the folder lies that we have, where it was moved away."""
        return moved_folder(self.path, self._descriptor) if self._descriptor is not None else None

    def renew(self) -> None:
        """Take it again where its file is gone, so that others find it taken. Raises StoreFailed and OSError."""
        if self._descriptor is not None and not self.is_found:
            self.release()
            self.take()

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        try:
            return new_private(self.path)
        except FileExistsError:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)

    def _left_to_us(self) -> int | None:
        """The descriptor that whoever started us has left, if it is of this file; it is not for what we start."""
        given = os.environ.pop(LEFT, "")
        if not given.isdecimal():
            return None
        descriptor = int(given)
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        except OSError:  # it was for somebody else
            return None
        if self._is_of(descriptor):
            return descriptor
        os.close(descriptor)
        return None

    def _is_of(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False


def moved_folder(path: Path, descriptor: int) -> Path | None:
    """Where the folder of `path` lies by now, where it was moved away with the file in it that is open; else None."""
    if os.path.lexists(path.parent) or os.fstat(descriptor).st_nlink == 0:
        return None
    return Path(os.readlink(f"/proc/self/fd/{descriptor}")).parent


def _told(holders: list[str]) -> tuple[str, str]:
    """Who has it, and what to do about it. A second one starts the first again, while it is there."""
    match holders:
        case [server, watcher] if Path("/proc", watcher).exists():
            has_it = f"process {server}, which process {watcher} starts again when it ends"
            return has_it, f"stop process {watcher}"
        case [server, *_]:
            return f"process {server}", "stop that one"
        case _:
            return "process unknown", "stop that one"
