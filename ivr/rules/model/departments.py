"""What callers ask for: departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.rules.model.attendance import Attendance, WhenClosed
from ivr.rules.model.destinations import Target
from ivr.rules.model.hours import Hours
from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class Department:
    """`titles` by language, `words` (what callers may say) too.

    Callers of the lists `first_in_line` wait before others; `priority` is one of PRIORITIES.
    """

    name: str
    titles: Mapping[str, str]
    attended: Attendance
    national: Target
    at: Location
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_in_line: tuple[str, ...] = ()
    priority: int = 0

    @property
    def hours(self) -> Hours:
        return self.attended.hours

    @property
    def closed(self) -> WhenClosed:
        return self.attended.closed
