"""Cells → windows: times of days, nights that belong to their evening, stretches of time. What they say is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from ivr.proving.plan.days import days_of, mask_of, span_bits
from ivr.proving.plan.grid import Grid, GridCells
from ivr.rules.model import Span
from ivr.rules.values.days import KindOfDay
from ivr.rules.values.windows import (
    ALL_DAY,
    ButOn,
    DaySpan,
    RecurringDays,
    TimeStretch,
    When,
    Window,
)

Times = tuple[Span, ...]

_MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_MOST_EDGES = 4
_PLAIN_WORDS = 4
_EXTRA = 4
_ALWAYS: Times = (ALL_DAY,)


def windows(cells: GridCells, grid: Grid, dates: Iterable[date] = ()) -> tuple[When, ...]:
    """When it is, in the fewest words; `dates` are those on which something may begin."""
    dates = tuple(dates)
    by_day = _times_of_days(cells, grid)
    stretches = _stretches(by_day, grid)
    if stretches is not None:
        return stretches
    plain = _windows(by_day.items(), grid, dates)
    if _words(plain) <= _PLAIN_WORDS:
        return plain
    # Another way to cut the time must be worth its while.
    nights = _windows(_nights(by_day).items(), grid, dates)
    spans = _windows(_span_by_span(cells, grid), grid, dates)
    return min((plain, nights, spans), key=lambda one: _words(one) + _EXTRA * (one is spans))


def _windows(
    by_times: Iterable[tuple[Times, int]], grid: Grid, dates: tuple[date, ...]
) -> tuple[When, ...]:
    found = [
        (mask, Window(days, times))
        for times, mask in by_times
        for days in days_of(mask, grid, dates, yesterday=_pass_midnight(times))
    ]
    alike = _in_few_frames(_with_the_same_exceptions(found, grid), grid)
    alike.sort(key=lambda one: (one.days.first, _order(one.days), one.times[0].start))
    return tuple(alike)


def _order(days: RecurringDays) -> tuple[bool, int]:
    """Days of the week come before days that are none in particular."""
    return not days.weekdays, min(days.weekdays, default=7)


def _with_the_same_exceptions(found: list[tuple[int, Window]], grid: Grid) -> list[Window]:
    """What one window leaves out the others leave out, too, where that changes nothing: it need be said but once."""
    recurring = [one.days for _, one in found if one.days.weekdays and one.days.but]
    kinds = dict.fromkeys(but.kind for days in recurring for but in days.but if not but.weekdays)
    gaps = dict.fromkeys(gap for days in recurring for gap in days.without)
    return [
        replace(one, days=_leaving_out(one.days, mask, kinds, gaps, grid))
        if one.days.weekdays and one.days.but and not any(but.weekdays for but in one.days.but)
        else one
        for mask, one in found
    ]


def _leaving_out(
    days: RecurringDays, mask: int, kinds: Iterable[KindOfDay], gaps: Iterable[DaySpan], grid: Grid
) -> RecurringDays:
    own = {but.kind for but in days.but}
    left_out = [kind for kind in kinds if kind in own or not mask & grid.of_kind(kind)]
    left_out.sort(key=_place_in(grid))
    spans = {*days.without, *(gap for gap in gaps if not mask & span_bits(gap, grid))}
    inside = [one for one in spans if days.last is None or one.first <= days.last]
    return replace(
        days,
        but=tuple(ButOn(kind, frozenset()) for kind in left_out),
        without=tuple(sorted(inside, key=lambda one: one.first)),
    )


def _place_in(grid: Grid) -> Callable[[KindOfDay], int]:
    places = {kind: place for place, kind in enumerate(grid.kinds)}
    return lambda kind: places.get(kind, len(places))


def _in_few_frames(windows: list[Window], grid: Grid) -> list[Window]:
    """Windows begin and end on the same days, where that makes no difference to any."""
    frames = list(dict.fromkeys((one.days.first, one.days.last) for one in windows))
    fits = {
        frame: [_fits(one, frame, grid) for one in windows] for frame in frames if len(frames) > 1
    }
    frames.sort(key=lambda frame: -sum(fits.get(frame, ())))
    found = []
    for place, one in enumerate(windows):
        frame = next((some for some in frames if some in fits and fits[some][place]), None)
        days = replace(one.days, first=frame[0], last=frame[1]) if frame else one.days
        found.append(replace(one, days=days))
    return found


def _fits(one: Window, frame: tuple[date, date | None], grid: Grid) -> bool:
    care = grid.whole if _pass_midnight(one.times) else grid.ahead
    framed = replace(one.days, first=frame[0], last=frame[1])
    return not (mask_of(framed, grid) ^ mask_of(one.days, grid)) & care


def _pass_midnight(times: Times) -> bool:
    return any(_MIDNIGHT < one.end <= one.start for one in times)


def _times_of_days(cells: GridCells, grid: Grid) -> dict[Times, int]:
    """Which days have the same times."""
    by_slots: dict[tuple[int, ...], int] = {(): grid.whole}
    for slot, mask in enumerate(cells):
        split: dict[tuple[int, ...], int] = {}
        for slots, days in by_slots.items():
            if days & mask:
                split[(*slots, slot)] = days & mask
            if days & ~mask:
                split[slots] = days & ~mask
        by_slots = split
    by_slots.pop((), None)
    return {_joined(slots, grid): days for slots, days in by_slots.items()}


def _span_by_span(cells: GridCells, grid: Grid) -> list[tuple[Times, int]]:
    """Slots by themselves, with those after them that have the same days."""
    found: list[tuple[list[int], int]] = []
    for slot, mask in enumerate(cells):
        if found and found[-1][0][-1] == slot - 1 and found[-1][1] == mask:
            found[-1][0].append(slot)
        elif mask:
            found.append(([slot], mask))
    return [(_joined(tuple(slots), grid), mask) for slots, mask in found]


def _joined(slots: tuple[int, ...], grid: Grid) -> Times:
    """Slots that follow one another are one span."""
    spans: list[Span] = []
    for slot in slots:
        start = grid.slots[slot]
        end = grid.slots[slot + 1] if slot + 1 < len(grid.slots) else _MIDNIGHT
        if spans and spans[-1].end == start:
            start = spans.pop().start
        spans.append(Span(start, end))
    return tuple(spans)


def _nights(by_day: Mapping[Times, int]) -> dict[Times, int]:
    """The same with evenings that go on after midnight: the morning belongs to the day before."""
    spans: dict[Span, int] = {}
    for times, days in by_day.items():
        for span in times:
            spans[span] = spans.get(span, 0) | days
    evenings = [one for one in spans if one.end == _MIDNIGHT and one.start != _MIDNIGHT]
    mornings = [one for one in spans if one.start == _MIDNIGHT and one.end != _MIDNIGHT]
    for evening in evenings:
        for morning in mornings:
            both = spans[evening] & spans[morning] >> 1
            if both and morning.end <= evening.start:
                night = Span(evening.start, morning.end)
                spans[night] = spans.get(night, 0) | both
                spans[evening] &= ~both
                spans[morning] &= ~(both << 1)
    by_times: dict[Times, int] = {(): ~0}
    for span in sorted((one for one in spans if spans[one]), key=lambda one: (one.start, one.end)):
        split: dict[Times, int] = {}
        for times, days in by_times.items():
            if days & spans[span]:
                split[(*times, span)] = days & spans[span]
            if days & ~spans[span]:
                split[times] = days & ~spans[span]
        by_times = split
    by_times.pop((), None)
    return by_times


def _stretches(by_day: Mapping[Times, int], grid: Grid) -> tuple[When, ...] | None:
    """One or two stretches that begin or end within a day; None where it is not so simple."""
    edges = [
        place
        for times, mask in by_day.items()
        if times != _ALWAYS
        for place in _few_bits(mask & grid.ahead)
    ]
    whole_days = by_day.get(_ALWAYS, 0) & grid.ahead
    if not 0 < len(edges) <= _MOST_EDGES or not whole_days:
        return None
    runs = list(_runs(by_day, grid))
    return tuple(runs) if 0 < len(runs) <= _MOST_EDGES // 2 else None


def _few_bits(mask: int) -> Iterator[int]:
    for _ in range(_MOST_EDGES + 1):
        if not mask:
            return
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _runs(by_day: Mapping[Times, int], grid: Grid) -> Iterator[TimeStretch]:
    """All time without a gap, from its start to its end."""
    begun: datetime | None = None
    ended: datetime | None = None
    for start, end in _intervals(by_day, grid):
        if begun is not None and ended == start:
            ended = end
            continue
        if begun is not None:
            yield TimeStretch(begun, ended)
        begun, ended = start, end
    if begun is not None:
        at_last = datetime.combine(grid.day(grid.length), _MIDNIGHT)
        yield TimeStretch(begun, None if ended == at_last else ended)


def _intervals(by_day: Mapping[Times, int], grid: Grid) -> Iterator[tuple[datetime, datetime]]:
    edges = sorted(
        (place, times)
        for times, mask in by_day.items()
        if times != _ALWAYS
        for place in _few_bits(mask & grid.ahead)
    )
    found = [
        (datetime.combine(grid.day(place), span.start), _end(grid.day(place), span.end))
        for place, times in edges
        for span in times
    ]
    left = by_day.get(_ALWAYS, 0) & grid.ahead
    while left:
        begin = (left & -left).bit_length() - 1
        gap = ~left >> begin
        length = (gap & -gap).bit_length() - 1
        midnight = datetime.combine(grid.day(begin), _MIDNIGHT)
        found.append((midnight, midnight + length * _DAY))
        left &= ~(((1 << length) - 1) << begin)
        if len(found) > 4 * _MOST_EDGES:
            break
    yield from sorted(found)


def _end(day: date, clock: time) -> datetime:
    return datetime.combine(day + _DAY if clock == _MIDNIGHT else day, clock)


def _words(found: tuple[When, ...]) -> int:
    """How long it takes to say."""
    return sum(
        2 + len(one.times) + _words_of_days(one.days) if isinstance(one, Window) else 2
        for one in found
    )


def _words_of_days(days: RecurringDays) -> int:
    spans = len(days.without) + len(days.also)
    return spans + sum(1 + (0 < len(one.weekdays) < 7) for one in days.but)
