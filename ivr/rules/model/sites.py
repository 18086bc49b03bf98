"""Places of business: how the site of a call is found, and what is still answered there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ivr.numbers import PhoneNumber
from ivr.rules.model.destinations import Target
from ivr.rules.model.location import Location
from ivr.rules.values.days import PublicHolidays


@dataclass(frozen=True, slots=True)
class ByDialledNumber:
    """The site of the number that was dialled."""


@dataclass(frozen=True, slots=True)
class ByCallerList:
    """The site of the list that the caller is in."""


@dataclass(frozen=True, slots=True)
class ByQuestion:
    """The site that the caller's answer belongs to; asked only where a department needs to know."""

    question: str


SiteWay = ByDialledNumber | ByCallerList | ByQuestion


@dataclass(frozen=True, slots=True)
class Postcodes:
    """From `first` to `last`, both included; four digits each."""

    first: str
    last: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Ramp:
    """So many per cent of the callers move on the day of the migration, and as many more after each `days`."""

    percent: int
    days: int

    def share(self, days_since: int) -> int:
        """Per cent of the callers who have moved, so many days after the day of the migration (0: on that day)."""
        return min(100, self.percent * (1 + days_since // self.days)) if days_since >= 0 else 0

    @property
    def lasts_days(self) -> int:
        """From the day of the migration to the first on which all callers have moved."""
        return self.days * (99 // self.percent)


@dataclass(frozen=True, slots=True)
class LocalDepartment:
    """A department at a site; national from `migrated` (00:00 in the file's time zone) where there is such a day.

    With a `ramp`, a share of the callers from that day, and all of them in the end.
    """

    local: Target
    migrated: date | None
    at: Location
    migrated_at: Location | None
    ramp: Ramp | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place of business, and which of its departments are still answered there."""

    name: str
    title: str
    departments: Mapping[str, LocalDepartment]
    at: Location
    postcodes: tuple[Postcodes, ...] = ()
    public: PublicHolidays | None = None
    """The public holidays of what is answered here, where they are not those of the file."""
    public_at: Location | None = None
    caller_id: PhoneNumber | None = None
    """What whom we call outside sees of the calls of this site; None: what the trunk says."""
    phone: str | None = None
    """The phone that takes its share of queues that are split; None: the agents who sit there."""
    at_most: int | None = None
    """How many calls it takes at once; None: as many as come."""
