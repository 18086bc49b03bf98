"""Which moments and callers are alike to a rule set: every decision about them is the same, and need be made once.

Found from the rules themselves: decisions change at the dates, times and numbers that stand there, and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta

from ivr.numbers import PhoneNumber
from ivr.proving.borders import borders
from ivr.rules.decide.hours import opening, opening_of
from ivr.rules.decide.sites import is_national
from ivr.rules.model import (
    Attendance,
    Department,
    DialledNumber,
    LocalDepartment,
    Menu,
    RuleSet,
    Site,
)
from ivr.rules.ways import attended_places

_DAY = timedelta(days=1)
_MOST_RAMPS = 20

Dated = RuleSet | Department | DialledNumber | Menu | Site | LocalDepartment
"""What holds times itself, or holds what does."""


class Moments:
    """The dates, clock times and wall-clock moments at which a rule set may decide otherwise."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.borders = borders(rules)
        self._ramps = [
            local
            for site in rules.sites.values()
            for local in site.departments.values()
            if local.ramp is not None
        ]
        self._shared = borders(replace(rules, sites={}))
        self._openings = tuple(_openings(rules))
        periods = [one.scope for one in rules.holidays.closed]
        periods += [one.scope for one in rules.holidays.opened]
        # Sites with days of their own; None: where calls are answered nationally.
        self._sites = (
            None,
            *(
                site
                for name, site in rules.sites.items()
                if site.public is not None or any(name in scope.sites for scope in periods)
            ),
        )
        self._is_known = not borders(list(_parts_without_known_times(rules)))
        self._days: dict[date, Hashable] = {}

    def key(self, at: datetime) -> Hashable:
        """The same for two aware moments that decide alike. The day before counts too: hours may cross midnight."""
        there = at.astimezone(self.rules.timezone)
        today = there.date()
        return (
            self._day(today),
            bisect_right(self.borders.clocks, there.time()),
            bisect_right(self.borders.moments, there.replace(tzinfo=None))
            if self.borders.moments
            else 0,
        )

    def alone(self, day: date) -> Hashable:
        """The same for two days that are alike to all callers, whatever their site; each day is taken by itself."""
        shared = self._shared
        begins = datetime.combine(day, datetime.min.time())
        return (
            *_alike(shared.dates, day),
            day.weekday(),
            tuple(one.falls_on(day) for one in shared.kinds),
            # A day within which something begins is like no other.
            bisect_left(shared.moments, begins),
            bisect_left(shared.moments, begins + _DAY),
        )

    def state(self, at: datetime) -> Hashable:
        """What an aware moment decides for all callers: the same for two at which it decides the same.

        Told by what stands open, is said or is asked then; where rules know times that this does not, by the moment's
        place among all borders, which is as true, and finer.
        """
        there = at.astimezone(self.rules.timezone)
        day, clock = there.date(), there.replace(tzinfo=None)
        known = (
            tuple(self._opening(*one, at, site) for one in self._openings for site in self._sites),
            tuple(one.start <= clock < one.end for one in self.rules.notices),
            # Whether a department's site is asked for.
            tuple(day > until for until in self.rules.local_until.values() if self.rules.questions),
        )
        return known if self._is_known else (known, self.key(at))

    def is_open(self, department: str, at: datetime) -> bool | None:
        """Whether a department is open at an aware moment; None where there is no such department."""
        named = self.rules.departments.get(department)
        return opening(self.rules, named, at).is_open if named else None

    def days_for_all(self) -> Iterator[date]:
        """Those of them that are not a site's alone."""
        yield from self._shared.dates
        yield from (moment.date() for moment in self._shared.moments)

    def days_of_change(self) -> Iterator[date]:
        """The days that stand in the rules: what is meant begins or ends on them. And those that ramps have."""
        yield from self.borders.dates
        yield from (moment.date() for moment in self.borders.moments)
        yield from _ramp_days(self._ramps)

    def side(self, at: datetime, caller: PhoneNumber | None) -> Hashable:
        """The same for two callers whom the ramps of that day do not part."""
        day = at.astimezone(self.rules.timezone).date()
        parting = [one for one in self._ramps if 0 < share_moved(one, day) < 100]
        if len(parting) > _MOST_RAMPS:
            return caller
        return tuple(is_national(one, day, caller) for one in parting)

    def _opening(
        self, name: str, attended: Attendance, at: datetime, site: Site | None
    ) -> Hashable:
        now = opening_of(self.rules, attended, at, name, site)
        return now.say, attended.aways.index(now.away) if now.away else None

    def _day(self, day: date) -> Hashable:
        known = self._days.get(day)
        if known is None:
            known = (self._alone(day - _DAY), self._alone(day))
            self._days[day] = known
        return known

    def _alone(self, day: date) -> Hashable:
        return (
            day.weekday(),
            *_alike(self.borders.dates, day),
            tuple(one.falls_on(day) for one in self.borders.kinds),
            tuple(share_moved(one, day) for one in self._ramps),
        )


def days_of_site(site: Site) -> Iterator[date]:
    """The days on which something changes for callers of this site alone."""
    yield from borders(site).dates
    yield from _ramp_days(local for local in site.departments.values() if local.ramp)


def share_moved(local: LocalDepartment, day: date) -> int:
    """Per cent of the callers who have moved on that day."""
    if local.migrated is None:
        return 0
    if local.ramp is None:
        return 100 if day >= local.migrated else 0
    return local.ramp.share((day - local.migrated).days)


def _alike(dates: tuple[date, ...], day: date) -> tuple[int]:
    # Both, so that the day itself is told from those before and after it.
    return (bisect_left(dates, day) + bisect_right(dates, day),)


def _ramp_days(ramps: Iterable[LocalDepartment]) -> Iterator[date]:
    for one in ramps:
        day, length = one.migrated, one.ramp.days if one.ramp else 1
        while day is not None and (day == one.migrated or share_moved(one, day) < 100):
            yield day
            day += timedelta(days=length)
        if day is not None:
            yield day


def _openings(rules: RuleSet) -> Iterator[tuple[str, Attendance]]:
    """One place of each sort that opens alike, and the department that it is, if it is one."""
    departments = {f"department {name}": name for name in rules.departments}
    met: set[Hashable] = set()
    for place, attended in attended_places(rules):
        name = departments.get(place, "")
        hours = (id(attended.hours), *((id(one.hours), id(one)) for one in attended.breaks))
        closed = tuple(name in one.scope.departments for one in rules.holidays.closed)
        opened = tuple(name in one.scope.departments for one in rules.holidays.opened)
        alike = (hours, closed, opened)
        if alike not in met:
            met.add(alike)
            yield name, attended


def _parts_without_known_times(rules: RuleSet) -> Iterator[object]:
    """All of the rules but what `state` reads the clock for, and the days of sites."""
    known = {"departments", "holidays", "notices", "local_until", "hours", "callback", "sites"}
    attended = {"numbers", "anything_else", "menus"}
    yield from _but(rules, known | attended)
    others = [rules.anything_else] if rules.anything_else is not None else []
    places: list[Dated] = [*rules.departments.values(), *rules.menus.values(), *others]
    for place in (*places, *rules.numbers.values()):
        yield from _but(place, {"attended"})
    for site in rules.sites.values():
        yield from _but(site, {"departments"})
        for local in site.departments.values():
            yield from _but(local, {"migrated", "ramp"})


def _but(value: Dated, names: set[str]) -> Iterator[object]:
    yield from (getattr(value, one.name) for one in fields(value) if one.name not in names)
