"""What every kind of archive can do, and the account that it gives of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from ivr.records.journal import Entry


class TimedLine(Protocol):
    """A line of an archive."""

    @property
    def at(self) -> datetime: ...


L = TypeVar("L", bound=TimedLine)


@dataclass(slots=True)
class Contents:
    """What an archive was found to hold: times in UTC, its own names with how often they were met.

    `under_way`: calls that had not ended where it ends. `others`: calls that came to no queue, of which it does not say
    what they were. `machine_first`: calls that something answered before a person could, of which it knows no wait.
    `unknown_events`: those that nothing here reads.
    """

    first: datetime | None = None
    last: datetime | None = None
    under_way: int = 0
    others: int = 0
    machine_first: int = 0
    queues: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    unknown_events: Counter[str] = field(default_factory=Counter)

    def see(self, at: datetime) -> None:
        """A line has this time."""
        self.first = min(self.first or at, at)
        self.last = max(self.last or at, at)


class Archive(Protocol[L]):
    """Takes lines in their order; memory holds the calls that are under way, and no more, however long it is."""

    @property
    def contents(self) -> Contents: ...

    def read(self, text: str) -> L | None:
        """One line; None for one that says nothing. Raises BadLine."""

    def take(self, line: L) -> Iterator[tuple[Entry, ...]]:
        """Take a line; gives the events of the calls of which it is known by now that they are over."""

    def rest(self) -> Iterator[tuple[Entry, ...]]:
        """All is read: gives the calls that are over as far as it goes."""
