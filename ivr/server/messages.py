"""Where callers' messages lie: whether there is room for one more, and whether one is there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import structlog

from ivr.disk import Cause, cause_at_a_glance

log = structlog.get_logger()

BYTES_A_SECOND = 16_000
"""8,000 samples of 16 bits."""

_HEADER_BYTES = 44

SPARE_BYTES = 10_000_000
"""Left for the journal, which goes before messages."""


@dataclass(frozen=True, slots=True)
class MessageFolder:
    """The folder below which files are named. An Asterisk elsewhere keeps its files itself, and is believed."""

    folder: Path
    recordings: str
    is_elsewhere: bool = False

    def has_room(self, seconds: float) -> bool:
        """Whether a message of this length can be kept."""
        if self.is_elsewhere:
            return True
        try:
            free = shutil.disk_usage(self.folder / self.recordings).free
        except OSError:
            return False
        return free > seconds * BYTES_A_SECOND + SPARE_BYTES

    def seconds(self, file: str) -> float | None:
        """How much sound the file has, by its size; 0 where there is none. None: another machine has it."""
        if self.is_elsewhere:
            return None
        try:
            return max(0, (self.folder / file).stat().st_size - _HEADER_BYTES) / BYTES_A_SECOND
        except OSError:
            return 0.0

    def trouble(self) -> Cause | None:
        """Why no message could be kept now, as far as can be seen."""
        if self.is_elsewhere:
            return None
        return cause_at_a_glance(self.folder / self.recordings, SPARE_BYTES)

    def is_whole(self, file: str, seconds: float) -> bool:
        """Whether the file has what Asterisk says that it has: at least half of it, since Asterisk counts roughly."""
        if self.is_elsewhere:
            return True
        try:
            size = (self.folder / file).stat().st_size
        except OSError as error:
            log.warning("message is not there", file=file, error=str(error))
            return False
        return size >= seconds / 2 * BYTES_A_SECOND
