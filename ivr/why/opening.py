"""Why a department was open or closed, and answered at a site or nationally."""

from __future__ import annotations

from datetime import date, time

from ivr.why.kind import ByHand, ReasonKind


class OpenByHours(ReasonKind, frozen=True):
    """Open: the range of its hours that it is now. `weekday` counts from Monday, 0; `end` 00:00 is 24:00.

    `within`: the season or the day of the month whose hours these are, as the rules write it.
    """

    department: str
    hours: str
    weekday: int
    start: time
    end: time
    within: str = ""


class OpenOnShortDay(ReasonKind, frozen=True):
    """Open: a short day, before its end."""

    department: str
    day: date
    until: time


class ClosedByHours(ReasonKind, frozen=True):
    """Closed: outside its hours. `weekday` counts from Monday, 0; `within` as above."""

    department: str
    hours: str
    weekday: int
    clock: time
    within: str = ""


class ClosedOnShortDay(ReasonKind, frozen=True):
    """Closed: a short day, after its end."""

    department: str
    day: date
    until: time


class ClosedForHoliday(ReasonKind, frozen=True):
    """Closed: a public holiday, by its name in the country's language."""

    department: str
    holiday: str
    day: date


class ClosedForPeriod(ReasonKind, frozen=True):
    """Closed: a period of `holidays`, both days included."""

    department: str
    first: date
    last: date


class ClosedForBreak(ReasonKind, frozen=True):
    """Closed: a break, by the name of its hours, until it ends (00:00 is 24:00)."""

    department: str
    hours: str
    until: time


class OpenOnDate(ReasonKind, frozen=True):
    """Open: the calendar opens on `day`, from `start` until before `end`, whatever the hours say."""

    department: str
    day: date
    start: time
    end: time


class ClosedOnDate(ReasonKind, frozen=True):
    """Closed: the calendar opens on `day`, and not now."""

    department: str
    day: date
    clock: time


class PlaceOpen(ReasonKind, frozen=True):
    """A number (E.164, or `anything else`) or a menu (`menu main`) has hours, and is open.

    `because` names no department.
    """

    place: str
    because: OpenByHours | OpenOnShortDay | OpenOnDate


class PlaceClosed(ReasonKind, frozen=True):
    """A number or a menu has hours, and is closed: where calls go then."""

    place: str
    because: (
        ClosedByHours
        | ClosedOnShortDay
        | ClosedForBreak
        | ClosedForHoliday
        | ClosedForPeriod
        | ClosedOnDate
    )
    to: str


class PlaceNotOpen(ReasonKind, frozen=True):
    """Passed over: where calls of a number, or who comes to a menu, go while it is open."""

    instead_of: str
    place: str


class DepartmentClosedByHand(ReasonKind, frozen=True):
    """Closed: by hand."""

    department: str
    by_hand: ByHand


class SiteClosedByHand(ReasonKind, frozen=True):
    """Closed: the site that answers for it was closed by hand."""

    department: str
    by_hand: ByHand


class ClosedSaying(ReasonKind, frozen=True):
    """What callers of a closed department hear, and where they go then."""

    prompt: str
    to: str


class ClosedThere(ReasonKind, frozen=True):
    """Passed over: where the department would have sent the call, were it open."""

    instead_of: str
    department: str


class AnsweredElsewhere(ReasonKind, frozen=True):
    """The caller's site was closed by hand, but this department is answered somewhere else."""

    department: str
    site: str
    by_hand: ByHand


class FirstInLine(ReasonKind, frozen=True):
    """The caller is on a list of `callers` who wait before others."""

    callers: str


class NotFirstInLine(ReasonKind, frozen=True):
    """Passed over: the caller is on none of these lists."""

    callers: tuple[str, ...]


class SiteWanted(ReasonKind, frozen=True):
    """Where the department is answered depends on the site: the caller is asked for it."""

    department: str


class SiteUnknown(ReasonKind, frozen=True):
    """National: the site is not known."""

    department: str


class NotAtSite(ReasonKind, frozen=True):
    """National: the site (by its title) does not answer for this department."""

    department: str
    site: str


class LocalForGood(ReasonKind, frozen=True):
    """Local: no day of migration. `site` is the site's title, here and below."""

    department: str
    site: str


class LocalUntil(ReasonKind, frozen=True):
    """Local: the day of migration is still to come."""

    department: str
    site: str
    migrated: date


class NationalSince(ReasonKind, frozen=True):
    """National: the day of migration has come."""

    department: str
    site: str
    migrated: date


class OnTheRamp(ReasonKind, frozen=True):
    """National for `percent` of the callers `since` a day: has this one moved? Who withholds the number moves last."""

    department: str
    site: str
    percent: int
    since: date
    moved: bool
    withheld: bool = False


class OtherSide(ReasonKind, frozen=True):
    """Passed over: the other side of the migration."""

    instead_of: str
    because: LocalForGood | LocalUntil | NationalSince | OnTheRamp


Opened = OpenByHours | OpenOnShortDay | OpenOnDate
ClosedByRules = (
    ClosedByHours
    | ClosedOnShortDay
    | ClosedForBreak
    | ClosedForHoliday
    | ClosedForPeriod
    | ClosedOnDate
)
ClosedReason = ClosedByRules | DepartmentClosedByHand | SiteClosedByHand
Weighed = LocalForGood | LocalUntil | NationalSince | OnTheRamp
OpeningReason = (
    Opened
    | ClosedReason
    | ClosedSaying
    | ClosedThere
    | AnsweredElsewhere
    | FirstInLine
    | NotFirstInLine
    | SiteWanted
    | SiteUnknown
    | NotAtSite
    | Weighed
    | OtherSide
    | PlaceOpen
    | PlaceClosed
    | PlaceNotOpen
)
