"""Which moments and callers are alike to a rule set: every decision about them is the same, and need be made once.

Found from the rules themselves: decisions change at the dates, times and numbers that stand there, and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator
from datetime import date, datetime, timedelta

from ivr.numbers import PhoneNumber
from ivr.proving.borders import borders
from ivr.rules.decide.sites import is_national
from ivr.rules.model import LocalDepartment, RuleSet

_DAY = timedelta(days=1)
_MOST_RAMPS = 20


class Moments:
    """The dates, clock times and wall-clock moments at which a rule set may decide otherwise."""

    def __init__(self, rules: RuleSet) -> None:
        self.borders = borders(rules)
        self._rules = rules
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
            bisect_right(self.borders.clocks, there.time()),
            bisect_right(self.borders.moments, there.replace(tzinfo=None))
            if self.borders.moments
            else 0,
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
        return (
            day.weekday(),
            # Both, so that the day itself is told from those before and after it.
            bisect_left(self.borders.dates, day) + bisect_right(self.borders.dates, day),
            tuple(one.falls_on(day) for one in self.borders.kinds),
            tuple(_share(one, day) for one in self._ramps),
        )


def _share(local: LocalDepartment, day: date) -> int:
    """Per cent of the callers who have moved on that day."""
    if local.ramp is None or local.migrated is None:
        return 0
    return local.ramp.share((day - local.migrated).days)
