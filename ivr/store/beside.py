"""What lies beside the journal's file: the mark of what it held, and SQLite's log, which must not fill the disk."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ivr.store.mark import JournalMark, write_mark
from ivr.store.salvage import log_beside

MARK_SECONDS = 10.0
"""How old the mark beside the journal becomes before a write makes it anew."""

LARGE_LOG_BYTES = 256 * 2**20
"""SQLite tidies its log below a quarter of this, unless somebody who reads is in the way."""


class Beside:
    """Keeps the mark up to date, and an eye on the log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._marked_at = 0.0
        self._log_bytes = 0

    @property
    def notices(self) -> tuple[str, ...]:
        """What an operator must know of the log, before it fills the disk."""
        if self._log_bytes < LARGE_LOG_BYTES:
            return ()
        return (
            f"its log has grown to {self._log_bytes / 2**20:.0f} MB, since another program has been reading it all the "
            f"while (a database shell, a report, a copy); close that one, which `fuser {self._path}` tells, before the "
            "disk is full",
        )

    @property
    def is_due(self) -> bool:
        """Whether the mark is so old that a write makes it anew."""
        return time.monotonic() - self._marked_at >= MARK_SECONDS

    def forget(self) -> None:
        """Another file is at the path now: the next write marks it."""
        self._marked_at = 0.0

    def mark(self, born: str, events: int, now: datetime) -> None:
        """So many events are in the file that was born then."""
        self._marked_at = time.monotonic()
        with suppress(OSError):  # a journal that is written is worth more than its mark
            write_mark(self._path, JournalMark(born=born, events=events, at=now))
        with suppress(OSError):
            self._log_bytes = log_beside(self._path).stat().st_size
