"""All the time that lies ahead, cut where either of two rule sets may decide otherwise: days as bits, times as slots.

Days are bits of an integer, the lowest is the day before today (its hours may reach into today). A slot is the time
from one time of day that stands in the rules to the next. Cells say for each slot on which days something is so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.proving.moments import Moments
from ivr.rules.values.days import KindOfDay

GridCells = tuple[int, ...]

YEARS_BEYOND = 28
"""After so many years each date has fallen on each day of the week, 29 February too."""

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Part:
    """Moments at which both rule sets decide alike, and one of them (wall clock)."""

    at: datetime
    cells: GridCells


class Grid:
    """The days from before `today` until all that moves has come round, and the times that stand in the rules."""

    def __init__(self, before: Moments, after: Moments, today: date) -> None:
        self._both = (before, after)
        self.today = today
        self.first = today - _DAY
        self.kinds = tuple(dict.fromkeys((*before.borders.kinds, *after.borders.kinds)))
        self.dates = tuple(
            sorted({day for one in self._both for day in one.days_for_all() if day >= today})
        )
        ends = (day for one in self._both for day in one.days_of_change())
        last = date(max((today, *ends)).year + YEARS_BEYOND, 12, 31)
        self.length = (last - self.first).days + 1
        self.whole = (1 << self.length) - 1
        self.ahead = self.whole & ~1
        self.slots = tuple(sorted({_MIDNIGHT, *self._clocks()}))
        self._shared = self._states()
        self._by_dates: dict[tuple[date, ...], tuple[Part, ...]] = {}
        self._of_kind: dict[KindOfDay, int] = {}
        self._weekdays = tuple(self._weekday(one) for one in range(7))

    def day(self, place: int) -> date:
        """The day that a bit stands for."""
        return self.first + place * _DAY

    def eve(self, day: date) -> date:
        """The day before."""
        return day - _DAY

    def place(self, day: date) -> int:
        """The bit of a day, within the grid."""
        return min(max((day - self.first).days, 0), self.length)

    def days_from(self, day: date) -> int:
        """This day and all after it."""
        return self.whole >> self.place(day) << self.place(day)

    def on_weekdays(self, weekdays: Iterable[int]) -> int:
        """All days of these days of the week, Monday 0."""
        found = 0
        for one in weekdays:
            found |= self._weekdays[one]
        return found

    def of_kind(self, kind: KindOfDay) -> int:
        """All days of a kind."""
        if kind not in self._of_kind:
            self._of_kind[kind] = self._days(kind.falls_on)
        return self._of_kind[kind]

    def parts(self, dates: Iterable[date] = ()) -> tuple[Part, ...]:
        """What the time decides, cut at the dates that only some callers know (those of their site), too."""
        cuts = tuple(
            sorted({cut for day in dates for cut in (day, day + _DAY) if cut > self.today})
        )
        if cuts not in self._by_dates:
            self._by_dates[cuts] = tuple(self._cut(cuts))
        return self._by_dates[cuts]

    def open_cells(self, department: str) -> GridCells | None:
        """When a department is open; None where the rule sets do not agree."""
        found = [0] * len(self.slots)
        for part in self.parts():
            at = part.at.replace(tzinfo=self._both[1].rules.timezone)
            are_open = {one.is_open(department, at) for one in self._both}
            if len(are_open) > 1:
                return None
            if are_open.pop():
                found = [was | mask for was, mask in zip(found, part.cells, strict=True)]
        return tuple(found)

    def _cut(self, cuts: tuple[date, ...]) -> Iterable[Part]:
        edges = (self.first, *cuts)
        begun = [self.days_from(day) for day in edges]
        spans = [one & ~after for one, after in zip(begun, (*begun[1:], 0), strict=True)]
        for shared in self._shared:
            for span in spans:
                cells = tuple(mask & span for mask in shared)
                if any(cells):
                    yield Part(self._one_of(cells), cells)

    def _one_of(self, cells: GridCells) -> datetime:
        """A moment of theirs; not yesterday's, where there is another."""
        slot = next((n for n, mask in enumerate(cells) if mask & self.ahead), None)
        if slot is None:
            slot = next(n for n, mask in enumerate(cells) if mask)
            return datetime.combine(self.day(0), self.slots[slot])
        mask = cells[slot] & self.ahead
        return datetime.combine(self.day((mask & -mask).bit_length() - 1), self.slots[slot])

    def _states(self) -> tuple[GridCells, ...]:
        """What the time decides for all callers, and when."""
        found: dict[Hashable, list[int]] = defaultdict(lambda: [0] * len(self.slots))
        for mask in self._classes():
            day = self.day((mask & -mask).bit_length() - 1)
            for slot, clock in enumerate(self.slots):
                at = datetime.combine(day, clock, self._both[1].rules.timezone)
                found[tuple(one.state(at) for one in self._both)][slot] |= mask
        return tuple(tuple(masks) for masks in found.values())

    def _classes(self) -> Sequence[int]:
        """Days that are alike to both, as to all times of theirs."""
        found: dict[Hashable, int] = defaultdict(int)
        zones_differ = len({one.rules.timezone.key for one in self._both}) > 1
        days = range(-1, 2) if zones_differ else range(-1, 1)
        for place in range(self.length):
            day = self.day(place)
            alike = tuple(one.alone(day + n * _DAY) for one in self._both for n in days)
            apart = self._apart(day) if zones_differ else None
            found[(alike, apart)] |= 1 << place
        return list(found.values())

    def _apart(self, day: date) -> timedelta:
        """By how much the clocks of the two rule sets differ on a day."""
        before, after = (one.rules.timezone for one in self._both)
        noon = datetime.combine(day, time(12), after)
        here, there = noon.utcoffset(), noon.astimezone(before).utcoffset()
        return (here or timedelta()) - (there or timedelta())

    def _clocks(self) -> Iterable[time]:
        for one in self._both:
            yield from one.borders.clocks
            yield from (moment.time() for moment in one.borders.moments)
        if len({one.rules.timezone.key for one in self._both}) > 1:
            old = self._both[0].borders
            clocks = {_MIDNIGHT, *old.clocks, *(moment.time() for moment in old.moments)}
            for apart in {self._apart(self.day(place)) for place in range(0, 731, 7)}:
                yield from (
                    (datetime.combine(self.today, clock) + apart).time() for clock in clocks
                )

    def _weekday(self, weekday: int) -> int:
        offset = (weekday - self.first.weekday()) % 7
        return sum(1 << place for place in range(offset, self.length, 7))

    def _days(self, is_one: Callable[[date], bool]) -> int:
        bits = ("1" if is_one(self.day(place)) else "0" for place in reversed(range(self.length)))
        return int("".join(bits), 2)
