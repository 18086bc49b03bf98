"""Who calls, what they dialled, and what they hear before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.rules.model.attendance import Attendance
from ivr.rules.model.destinations import Target, ToHangUp, ToRefuse
from ivr.rules.model.location import Location

PRIORITIES: Mapping[str, int] = {"urgent": 2, "high": 1, "normal": 0, "low": -1}
"""How urgent callers are, by the rules' words: the highest is served first."""

FIRST_IN_LINE = 3
"""Before them all."""


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """What a caller dialled; `number` is None for `anything else`. `attended` None: at any time."""

    number: PhoneNumber | None
    title: str | None
    site: str | None
    target: Target
    at: Location
    attended: Attendance | None = None

    def __str__(self) -> str:
        return self.number.spaced if self.number is not None else "anything else"


@dataclass(frozen=True, slots=True)
class CallerList:
    """Callers that rules may name together: those with one of `numbers`, and with `withheld` whoever hides the number.

    They belong to `site`, where there is one; `first_in_line`, they wait before others in every queue. With a `target`
    their calls go there, whatever they dialled, once `say` has been said.
    """

    name: str
    numbers: frozenset[PhoneNumber]
    site: str | None
    at: Location
    withheld: bool = False
    first_in_line: bool = False
    say: tuple[str, ...] = ()
    target: Target | None = None
    priority: int | None = None
    """One of PRIORITIES, whatever a department says; None: as the department says."""

    def has(self, caller: PhoneNumber | None, *, withheld: bool) -> bool:
        """Whether this caller is among them."""
        return self.withheld if withheld else caller in self.numbers

    @property
    def is_refused(self) -> bool:
        """A block list: nobody talks to these callers."""
        return self.target is not None and isinstance(self.target.to, ToHangUp | ToRefuse)


@dataclass(frozen=True, slots=True)
class Notice:
    """Said once, before anything else, from `start` until before `end` (wall clock of the rules, without a zone).

    Only to callers of `sites`, where some are named.
    """

    say: tuple[str, ...]
    start: datetime
    end: datetime
    sites: frozenset[str]
    at: Location
