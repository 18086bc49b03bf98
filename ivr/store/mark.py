"""What a server knew of its journal, in a small file beside it: so that the next one sees when it finds another.

A journal that is gone, or an older one that was put in its place, looks like any other journal to whoever opens it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from ivr.amount import counted
from ivr.private_file import write_private


class JournalMark(msgspec.Struct, frozen=True, kw_only=True):
    """`born` is when the journal was begun, to the microsecond; `events` how many it had at least, `at` that time."""

    born: str
    events: int
    at: datetime

    @property
    def told(self) -> str:
        return f"{counted(self.events, 'event')} on {self.at:%Y-%m-%d %H:%M} UTC"

    def oddity_of(self, born: str, events: int) -> str | None:
        """What is odd about the journal that was found, in words; None where it is the one."""
        if born != self.born:
            return f"it is another file than the last server's, which had {self.told}; this one has {events}"
        if events < self.events:
            return f"it is an older copy, or some of it was removed: it had {self.told}, and has {events} now"
        return None


def read_mark(journal: Path) -> JournalMark | None:
    """What the last server wrote; None where none did, or it cannot be read."""
    try:
        return msgspec.json.decode(mark_file(journal).read_bytes(), type=JournalMark)
    except (OSError, msgspec.DecodeError):
        return None


def write_mark(journal: Path, mark: JournalMark) -> None:
    """Raises OSError."""
    write_private(mark_file(journal), msgspec.json.encode(mark).decode() + "\n")


def mark_file(journal: Path) -> Path:
    """Where it lies."""
    return journal.with_name(journal.name + ".mark")
