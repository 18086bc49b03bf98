"""One writer for each journal: the lock beside the file.

A lock of the system on a file of its own, so that it goes with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.private_file import new_private


class WriterLock:
    """Held from `take` until `release`, or until the process ends."""

    def __init__(self, guarded: Path) -> None:
        self._guarded = guarded
        self._path = guarded.with_name(guarded.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises StoreFailed where another process has it, and OSError where it cannot be made."""
        try:
            descriptor = new_private(self._path)
        except FileExistsError:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
            os.close(descriptor)
            message = (
                f"{self._guarded} is being written by another server (process {holder}): stop that "
                "one first, or give this one a folder of its own with --home"
            )
            raise StoreFailed(message) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        self._descriptor = descriptor

    def renew(self) -> None:
        """Take it again where its file is gone, so that others find it taken. Raises StoreFailed and OSError."""
        if self._descriptor is not None and not self._path.exists():
            self.release()
            self.take()

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
