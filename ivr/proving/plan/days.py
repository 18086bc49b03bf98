"""Days as bits → days in the fewest words that are true: spans, weekdays, kinds of day, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice, pairwise, permutations
from typing import NamedTuple

from ivr.proving.plan.grid import Grid
from ivr.rules.values.days import KindOfDay
from ivr.rules.values.windows import EVERY_DAY, BesideKind, ButOn, DaySpan, RecurringDays

_MOST_GAPS = 4
_MOST_ORDERS = 24
_WORKING_DAYS = frozenset(range(5))


class _Pattern(NamedTuple):
    """Days of the week, and kinds of day that have their own."""

    weekdays: frozenset[int]
    but: tuple[ButOn, ...] = ()


_NEVER = _Pattern(frozenset())
_ALWAYS = _Pattern(EVERY_DAY)


class _Piece(NamedTuple):
    """From one bit until before another, days are these."""

    begin: int
    end: int
    pattern: _Pattern
    strays: int = 0
    """Days on which it is the other way round."""


def days_of(
    mask: int, grid: Grid, dates: Iterable[date] = (), *, yesterday: bool
) -> list[RecurringDays]:
    """What days these are. `dates` are those that rules name, beside the grid's own; `yesterday`: it counts too."""
    named = sorted({grid.place(day) for day in (*grid.dates, *dates)})
    first = 0 if yesterday else 1
    cuts = {cut for place in named for cut in (place, place + 1) if first < cut < grid.length}
    pieces: list[_Piece] = []
    for begin, end in reversed(list(pairwise([first, *sorted(cuts), grid.length]))):
        _put_before(pieces, mask, begin, end, grid)
    pieces.reverse()
    framed = [_framed(one, mask, named, grid, first) for one in pieces]
    return list(_told(framed, mask, named, grid))


def mask_of(days: RecurringDays, grid: Grid) -> int:
    """Days as bits."""
    last = days.last if days.last is not None else grid.day(grid.length)
    pattern = _days_of(_Pattern(days.weekdays, days.but), grid)
    inside = pattern & span_bits(DaySpan(days.first, last), grid)
    left_out = _union(span_bits(span, grid) for span in days.without)
    return inside & ~left_out | _union(span_bits(span, grid) for span in days.also)


def span_bits(span: DaySpan, grid: Grid) -> int:
    """All days of a span as bits."""
    return _bits(grid.place(span.first), min(grid.place(span.last) + 1, grid.length))


def _put_before(pieces: list[_Piece], mask: int, begin: int, end: int, grid: Grid) -> None:
    """The piece grows backwards while its pattern is right; else another begins, of a known pattern if one is right."""
    if pieces and _is_right(pieces[-1].pattern, mask, begin, end, grid):
        pieces[-1] = pieces[-1]._replace(begin=begin)
        return
    known = dict.fromkeys(one.pattern for one in reversed(pieces))
    for pattern in (*known, _NEVER, _ALWAYS):
        if _is_right(pattern, mask, begin, end, grid):
            pieces.append(_Piece(begin, end, pattern))
            return
    here = _bits(begin, end)
    pattern = _pattern(mask, here, grid)
    strays = (mask ^ _days_of(pattern, grid)) & here
    while pieces and not strays and _is_right(pattern, mask, *pieces[-1][:2], grid):
        end = pieces.pop().end
    pieces.append(_Piece(begin, end, pattern, strays))


def _is_right(pattern: _Pattern, mask: int, begin: int, end: int, grid: Grid) -> bool:
    return not (mask ^ _days_of(pattern, grid)) & _bits(begin, end)


def _framed(piece: _Piece, mask: int, named: list[int], grid: Grid, first: int) -> _Piece:
    """It begins and ends where rules say that something does, as far as no day is lost or won by that."""
    real = mask & _bits(piece.begin, piece.end)
    if not real:
        return piece
    begins = [place for place in named if piece.begin < place <= _lowest(real)]
    if begins and piece.begin > first:
        piece = piece._replace(begin=begins[-1])
    if piece.end < grid.length:
        ends = {cut for place in named for cut in (place, place + 1)}
        right = [
            end
            for end in ends
            if end >= real.bit_length() and _is_right(piece.pattern, mask, piece.end, end, grid)
        ]
        # One thing begins where another ends: that is likelier meant than a day that only is the first or the last.
        piece = piece._replace(
            end=max(
                right, key=lambda end: (end in named and end - 1 in named, end), default=piece.end
            )
        )
    return piece


def _told(pieces: list[_Piece], mask: int, named: list[int], grid: Grid) -> Iterator[RecurringDays]:
    """One for each pattern, with its gaps; where there are too many, one for each piece."""
    for pattern in dict.fromkeys(one.pattern for one in pieces):
        same = [one for one in pieces if one.pattern == pattern]
        if pattern == _NEVER:
            strays = _union(one.strays for one in same)
            yield from (
                RecurringDays(span.first, span.last) for span in _spans(strays, grid, grid.whole)
            )
        elif len(same) <= _MOST_GAPS + 1 and _mostly(pattern, same, grid):
            yield _over(same, mask, named, grid)
        else:
            yield from (_over([one], mask, named, grid) for one in same)


def _mostly(pattern: _Pattern, pieces: list[_Piece], grid: Grid) -> bool:
    """Whether these pieces are more than what lies between them."""
    days = _days_of(pattern, grid)
    covered = days & _union(_bits(one.begin, one.end) for one in pieces)
    return 2 * covered.bit_count() > (days & _bits(pieces[0].begin, pieces[-1].end)).bit_count()


def _over(pieces: list[_Piece], mask: int, named: list[int], grid: Grid) -> RecurringDays:
    """One pattern over all these pieces."""
    pattern = pieces[0].pattern
    inside = _days_of(pattern, grid)
    begin, end = pieces[0].begin, pieces[-1].end
    covered = _union(_bits(one.begin, one.end) for one in pieces)
    gaps = inside & _bits(begin, end) & ~covered
    strays = _union(one.strays for one in pieces)
    real = mask & covered
    if end < grid.length and real and real == _bits(_lowest(real), real.bit_length()):
        # RecurringDays without a gap need no pattern.
        return RecurringDays(grid.day(_lowest(real)), grid.day(real.bit_length() - 1))
    return RecurringDays(
        first=grid.day(begin),
        last=grid.day(end - 1) if end < grid.length else None,
        weekdays=pattern.weekdays,
        but=pattern.but,
        without=tuple(_gaps(gaps | (strays & inside), inside, named, grid)),
        also=tuple(_spans(strays & ~inside, grid, grid.whole)),
    )


def _pattern(mask: int, here: int, grid: Grid) -> _Pattern:
    """The pattern that is right for most days here."""
    best, strays = _best(mask, here, grid, _orders(grid.kinds))
    if strays <= _MOST_GAPS:
        return best
    beside = tuple(BesideKind(kind, n) for kind in grid.kinds for n in (-1, 1))
    wider, left = _best(mask, here, grid, _orders(grid.kinds, beside))
    return wider if left < strays else best


def _best(
    mask: int, here: int, grid: Grid, orders: Iterable[tuple[KindOfDay, ...]]
) -> tuple[_Pattern, int]:
    """The pattern with the fewest strays, and how many these are."""
    best, fewest = _NEVER, grid.length + 1
    for kinds in orders:
        pattern = _fitted(mask, here, grid, kinds)
        strays = ((mask ^ _days_of(pattern, grid)) & here).bit_count()
        if strays < fewest:
            best, fewest = pattern, strays
        if not strays:
            break
    return best, fewest


def _orders(
    kinds: tuple[KindOfDay, ...], beside: tuple[KindOfDay, ...] = ()
) -> Iterator[tuple[KindOfDay, ...]]:
    """Of kinds that share a day one has the say; which, is found by trying."""
    for one in beside or kinds:
        yield (one,)
        yield (one, *kinds)
    for order in islice(permutations(kinds), _MOST_ORDERS):
        yield (*order, *beside)
        if beside:
            yield (*beside, *order)


def _fitted(mask: int, here: int, grid: Grid, kinds: tuple[KindOfDay, ...]) -> _Pattern:
    of_kind = [grid.of_kind(kind) for kind in kinds]
    plain = here & ~_union(of_kind)
    weekdays = _weekdays(mask, plain or here, grid)
    pattern, seen = _Pattern(weekdays), 0
    for kind, days in zip(kinds, of_kind, strict=True):
        theirs = days & here & ~seen
        if not (mask ^ _days_of(pattern, grid)) & theirs:
            continue
        own = _weekdays(mask, theirs, grid)
        if own and not theirs & ~mask:
            own = EVERY_DAY
        pattern = pattern._replace(but=(*pattern.but, ButOn(kind, own)))
        seen |= days
    for kind, days in zip(kinds, of_kind, strict=True):
        if days & here & ~mask & _days_of(pattern, grid) and not days & here & mask:
            pattern = pattern._replace(but=(ButOn(kind, frozenset()), *pattern.but))
    return pattern if _days_of(pattern, grid) else _NEVER


def _weekdays(mask: int, among: int, grid: Grid) -> frozenset[int]:
    """Days of the week that are in the mask, more often than not. Those that do not come up make a week whole."""
    found, missing = set(), set()
    for weekday in range(7):
        days = grid.on_weekdays((weekday,)) & among
        if not days:
            missing.add(weekday)
        elif 2 * (days & mask).bit_count() > days.bit_count():
            found.add(weekday)
    for whole in (EVERY_DAY, _WORKING_DAYS):
        if found and found <= whole <= found | missing:
            return whole
    return frozenset(found)


def _days_of(pattern: _Pattern, grid: Grid) -> int:
    days = grid.on_weekdays(pattern.weekdays)
    for but in reversed(pattern.but):
        kind = grid.of_kind(but.kind)
        days = (days & ~kind) | (kind & grid.on_weekdays(but.weekdays))
    return days


def _gaps(mask: int, inside: int, named: list[int], grid: Grid) -> Iterator[DaySpan]:
    """Days that are left out, from and to days that the rules name, as far as none is lost by that."""
    for span in _spans(mask, grid, inside):
        begin, end = grid.place(span.first), grid.place(span.last)
        before = (inside & ~mask & _bits(0, begin)).bit_length() - 1
        behind = (inside & ~mask) >> end
        after = end + _lowest(behind) if behind else grid.length
        begins = [place for place in named if before < place <= begin]
        ends = [place for place in named if end <= place < after]
        first = begins[-1] if begins else begin
        yield DaySpan(grid.day(first), grid.day(ends[0] if ends else end))


def _spans(mask: int, grid: Grid, inside: int) -> Iterator[DaySpan]:
    """Runs of days. Days that are not `inside` part no two of them."""
    left = mask
    while left:
        begin = _lowest(left)
        others = (inside & ~mask) >> begin
        until = begin + _lowest(others) if others else grid.length
        run = left & _bits(begin, until)
        yield DaySpan(grid.day(begin), grid.day(run.bit_length() - 1))
        left &= ~run


def _lowest(mask: int) -> int:
    """The lowest bit that is set."""
    return (mask & -mask).bit_length() - 1


def _bits(begin: int, end: int) -> int:
    return (1 << end) - (1 << begin) if end > begin else 0


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
