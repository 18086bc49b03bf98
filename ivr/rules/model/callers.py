"""Who calls, what they dialled, and what they hear before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ivr.numbers import PhoneNumber
from ivr.rules.model.destinations import Target
from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class DialledNumber:
    """What a caller dialled; `number` is None for `anything else`."""

    number: PhoneNumber | None
    title: str | None
    site: str | None
    target: Target
    at: Location


@dataclass(frozen=True, slots=True)
class CallerList:
    """Numbers that rules may name together; callers among them belong to `site`, where there is one."""

    name: str
    numbers: frozenset[PhoneNumber]
    site: str | None
    at: Location


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
