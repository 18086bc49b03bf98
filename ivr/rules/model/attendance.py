"""When a number, a menu or a department is attended, and what becomes of calls when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.rules.model.destinations import Target
from ivr.rules.model.hours import Hours
from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class WhenClosed:
    """What a caller hears outside the hours (None: nothing, as where the call goes says enough), and where that is."""

    say: str | None
    target: Target
    at: Location


@dataclass(frozen=True, slots=True)
class Break:
    """A part of the hours with its own words, such as lunch; `target` is where calls go meanwhile."""

    hours: Hours
    say: str | None
    target: Target
    at: Location


@dataclass(frozen=True, slots=True)
class Attendance:
    """Open within `hours`, but not in a break; the first of the breaks counts."""

    hours: Hours
    closed: WhenClosed
    breaks: tuple[Break, ...] = ()

    @property
    def aways(self) -> tuple[WhenClosed | Break, ...]:
        """What becomes of calls that are not let in, each way of it."""
        return (self.closed, *self.breaks)

    def elsewhere(self) -> Iterator[tuple[str, Target]]:
        """Where calls go that are not let in, each with what it is called: `closed`, or the hours of a break."""
        yield "closed", self.closed.target
        for one in self.breaks:
            yield one.hours.name, one.target
