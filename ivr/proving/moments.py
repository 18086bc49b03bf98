"""Which moments and callers are alike to a rule set: every decision about them is the same, and need be made once.

Found from the rules themselves: decisions change at the dates, times and numbers that stand there, and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta

from ivr.numbers import PhoneNumber
from ivr.rules.decide.days import easter_sunday, public_holidays
from ivr.rules.decide.sites import is_national
from ivr.rules.model import LocalDepartment, Place, RuleSet

_NO_TIMES = (str, int, float, bytes, Place, PhoneNumber)
_DAY = timedelta(days=1)
_MOST_RAMPS = 20


class Moments:
    """The dates, clock times and wall-clock moments at which a rule set may decide otherwise."""

    def __init__(self, rules: RuleSet) -> None:
        found = set(_times_in(rules, set())) - {date.max}  # stands for "always"
        self.moments = sorted(one for one in found if isinstance(one, datetime))
        self.dates = sorted(
            one for one in found if isinstance(one, date) and not isinstance(one, datetime)
        )
        self.clocks = sorted({one for one in found if isinstance(one, time)})
        self._rules = rules
        short = rules.holidays.short_days
        self._year_days = {(one.month, one.day) for one in short}
        self._from_easter = {one.easter for one in short if one.easter is not None}
        self._ramps = [
            local
            for site in rules.sites.values()
            for local in site.departments.values()
            if local.ramp is not None
        ]
        self._days: dict[date, Hashable] = {}

    def key(self, at: datetime) -> Hashable:
        """The same for two aware moments that decide alike. The day before counts too: hours may cross midnight."""
        there = at.astimezone(self._rules.timezone)
        today = there.date()
        return (
            self._day(today),
            bisect_right(self.clocks, there.time()),
            bisect_right(self.moments, there.replace(tzinfo=None)) if self.moments else 0,
        )

    def shares(self, at: datetime) -> tuple[int, ...]:
        """Per cent of the callers who have moved on each ramp on that day."""
        day = at.astimezone(self._rules.timezone).date()
        return tuple(_share(one, day) for one in self._ramps)

    def ramp_days(self) -> Iterator[date]:
        """The days on which a ramp's share changes."""
        for one in self._ramps:
            day, length = one.migrated, one.ramp.days if one.ramp else 1
            while day is not None and (day == one.migrated or _share(one, day) < 100):
                yield day
                day += timedelta(days=length)
            if day is not None:
                yield day

    def side(self, at: datetime, caller: PhoneNumber | None) -> Hashable:
        """The same for two callers whom the ramps of that day do not part."""
        day = at.astimezone(self._rules.timezone).date()
        parting = [one for one in self._ramps if 0 < _share(one, day) < 100]
        if len(parting) > _MOST_RAMPS:
            return caller
        return tuple(is_national(one, day, caller) for one in parting)

    def _day(self, day: date) -> Hashable:
        known = self._days.get(day)
        if known is None:
            known = (self._alone(day - _DAY), self._alone(day))
            self._days[day] = known
        return known

    def _alone(self, day: date) -> Hashable:
        public = self._rules.holidays.public
        easter = (day - easter_sunday(day.year)).days
        return (
            day.weekday(),
            # Both, so that the day itself is told from those before and after it.
            bisect_left(self.dates, day) + bisect_right(self.dates, day),
            public is not None and day in public_holidays(public, day.year),
            (day.month, day.day) if (day.month, day.day) in self._year_days else None,
            easter if easter in self._from_easter else None,
            tuple(_share(one, day) for one in self._ramps),
        )


def _share(local: LocalDepartment, day: date) -> int:
    """Per cent of the callers who have moved on that day."""
    if local.ramp is None or local.migrated is None:
        return 0
    return local.ramp.share((day - local.migrated).days)


def _times_in(value: object, seen: set[int]) -> Iterator[date | time]:
    if isinstance(value, date | time):
        yield value
        return
    if value is None or isinstance(value, _NO_TIMES) or id(value) in seen:
        return
    seen.add(id(value))
    for part in _parts(value):
        yield from _times_in(part, seen)


def _parts(value: object) -> Iterable[object]:
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, tuple | frozenset | list | set):
        return value
    return ()
