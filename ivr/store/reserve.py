"""Room on the journal's disk that is laid by for the day when there is no other.

A file of its own beside the journal. It is given up when the disk is full, so that calls' starts and ends still get
to the disk, and laid by again when there is room.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from ivr.disk import FULL

RESERVE_BYTES = 4 * 2**20
"""Enough for some 5,000 events, which is what 250 calls leave."""

FREE_TIMES = 4
"""A disk that has not so many times the reserve free is as good as full: it is left alone."""


class Reserve:
    """For one journal. Blocks, and never raises."""

    def __init__(self, journal: Path, size_bytes: int = RESERVE_BYTES) -> None:
        self._file = journal.with_name(journal.name + ".reserve")
        self._size_bytes = size_bytes
        self.is_used = False

    @property
    def notices(self) -> tuple[str, ...]:
        """What an operator must know of it, and soon."""
        if not self.is_used:
            return ()
        size = self._size_bytes / 2**20
        return (f"{FULL.says}: its reserve of {size:g} MB is written to; {FULL.mend} at once",)

    def lay_by(self) -> None:
        """Take the room, where there is enough besides."""
        try:
            if shutil.disk_usage(self._file.parent).free < FREE_TIMES * self._size_bytes:
                return
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._size_bytes)
            finally:
                os.close(descriptor)
        except OSError:
            self.take_away()
        else:
            self.is_used = False

    def give_up(self) -> bool:
        """Whether there was one, whose room is free now."""
        try:
            self._file.unlink()
        except OSError:
            return False
        self.is_used = True
        return True

    def take_away(self) -> None:
        """Nobody writes any more."""
        with suppress(OSError):
            self._file.unlink()
