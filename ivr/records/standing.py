"""Where a call stands, as the journal keeps it: what a server that comes after this one needs to take it up again."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Waited(msgspec.Struct, frozen=True, omit_defaults=True):
    """A wait in a queue: since when, by the call's own time, and how many steps of `while_waiting` were taken."""

    queue: str
    since: datetime
    steps: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call at a destination. Nothing in here was keyed or said, and what others change (staffing) is left out.

    `at` is the call's own time (aware), which a test may have set. The line in the journal has the wall clock's beside
    it, and by as much as that has moved on since, the call's own time has. `unsaid` are prompts still to be heard.
    `given_sites` are queues that are split, and whose call it is there. `withheld`: the caller hides the number, which
    `arrived` cannot tell from an agent who calls from a phone without one.
    """

    place: str
    at: datetime
    language: str
    site: str | None = None
    department: str | None = None
    menus: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    on_the_way_to: str | None = None
    first_in_line: bool = False
    priority: int = 0
    withheld: bool = False
    greeted: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    waits: tuple[Waited, ...] = ()
    given_sites: tuple[tuple[str, str], ...] = ()
