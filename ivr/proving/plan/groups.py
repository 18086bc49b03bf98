"""Changes that are alike made one: many numbers, many ways of keying, many answers, several lists of callers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome
from ivr.proving.plan.changes import (
    ORDINARY,
    Callers,
    ChangedCalls,
    Circumstances,
    Difference,
    KeyedRow,
    LikeAnswers,
    NumberKind,
    renamed,
)
from ivr.proving.plan.grid import Grid, GridCells

Names = Mapping[PhoneNumber | None, Mapping[str, str]]

_FEW = 3
"""So many differences that are but names of sites' own queues are told one by one."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Calls of all combinations of these, which one change treats alike. `calls` were tried.

    `outcomes` are those before and after, each once. `names` has what stands for marks in the difference, by number.
    """

    numbers: tuple[PhoneNumber | None, ...]
    rows: tuple[KeyedRow, ...]
    answers: tuple[LikeAnswers | None, ...]
    callers: tuple[Callers, ...]
    around: Circumstances
    percent: int
    difference: Difference
    outcomes: tuple[tuple[Outcome, Outcome], ...]
    names: Names
    calls: int
    cells: GridCells
    dates: frozenset[date]
    departments: frozenset[str]

    @property
    def is_special(self) -> bool:
        """Whether it takes more than a call with some keys."""
        return self.around != ORDINARY or any(row.said for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Sides:
    kinds: frozenset[NumberKind]
    rows: frozenset[KeyedRow]
    answers: frozenset[LikeAnswers | None]
    callers: frozenset[Callers]


def rectangles(changes: Iterable[ChangedCalls]) -> list[Rectangle]:
    """The changes in few rectangles: what is alike in all but one respect is put together."""
    alike: dict[Hashable, list[ChangedCalls]] = defaultdict(list)
    for one in changes:
        alike[one.difference, one.around, bool(one.row.said), one.cells, one.percent].append(one)
    return [found for some in alike.values() for found in _of_alike(some)]


def largest_first(found: Iterable[Rectangle], grid: Grid) -> list[Rectangle]:
    """What happens to most calls comes first; what needs something special comes last."""
    starts = [clock.hour * 60 + clock.minute for clock in grid.slots]
    minutes = [end - start for start, end in zip(starts, [*starts[1:], 24 * 60], strict=True)]

    def size(one: Rectangle) -> tuple[bool, int, tuple[str, ...]]:
        time = sum(mask.bit_count() * m for mask, m in zip(one.cells, minutes, strict=True))
        return (
            one.is_special,
            -time * len(one.numbers) * one.percent,
            tuple(row.press for row in one.rows),
        )

    return sorted(found, key=size)


def _of_alike(changes: list[ChangedCalls]) -> Iterator[Rectangle]:
    by_place: dict[tuple[NumberKind, Callers, KeyedRow], list[ChangedCalls]] = defaultdict(list)
    for one in changes:
        by_place[one.numbers, one.callers, one.row.unanswered].append(one)
    for sides in _sides(changes):
        held = [
            one
            for kind in sides.kinds
            for who in sides.callers
            for row in sides.rows
            for one in by_place[kind, who, row]
            if one.row.answers in sides.answers
        ]
        yield from _by_names(sides, held)


def _sides(changes: Iterable[ChangedCalls]) -> Iterator[_Sides]:
    """What differs in one side alone is put together: in the answers first, then in the rows, and so on."""
    left: set[tuple[frozenset[object], ...]] = {
        (
            frozenset({one.row.answers}),
            frozenset({one.row.unanswered}),
            frozenset({one.numbers}),
            frozenset({one.callers}),
        )
        for one in changes
    }
    for side in range(4):
        alike: dict[tuple[frozenset[object], ...], frozenset[object]] = defaultdict(frozenset)
        for one in left:
            alike[one[:side] + one[side + 1 :]] |= one[side]
        left = {(*others[:side], some, *others[side:]) for others, some in alike.items()}
    for answers, rows, kinds, callers in left:
        yield _Sides(
            cast("frozenset[NumberKind]", kinds),
            cast("frozenset[KeyedRow]", rows),
            cast("frozenset[LikeAnswers | None]", answers),
            cast("frozenset[Callers]", callers),
        )


def _by_names(sides: _Sides, held: list[ChangedCalls]) -> Iterator[Rectangle]:
    """With names in place of marks, where these are few; else as one, and each number's names beside."""
    names = {number: kind.names.get(number, {}) for kind in sides.kinds for number in kind.numbers}
    told = held[0].difference
    by_name: dict[Difference, list[PhoneNumber | None]] = defaultdict(list)
    for number in names:
        by_name[renamed(told, names[number])].append(number)
    is_told_as_one = len(by_name) > _FEW
    if is_told_as_one:
        by_name = {told: list(names)}
    for difference, numbers in by_name.items():
        share = len(numbers) / len(names)
        yield Rectangle(
            numbers=tuple(
                sorted(numbers, key=lambda one: (one is None, one.digits if one else ""))
            ),
            rows=tuple(
                sorted(sides.rows, key=lambda row: (bool(row.said), len(row.keys), row.keys))
            ),
            answers=tuple(sorted(sides.answers, key=_order_of_answers)),
            callers=tuple(sorted(sides.callers, key=lambda one: (one.before, one.after))),
            around=held[0].around,
            percent=held[0].percent,
            difference=difference,
            outcomes=tuple(dict.fromkeys(both for one in held for both in one.outcomes)),
            names=names if is_told_as_one else {},
            calls=round(sum(one.calls for one in held) * share),
            cells=held[0].cells,
            dates=frozenset().union(*(one.dates for one in held)),
            departments=frozenset.intersection(*(one.departments for one in held)),
        )


def _order_of_answers(one: LikeAnswers | None) -> tuple[str, str]:
    if one is None:
        return "", ""
    return one.question, one.postcodes[0].first if one.postcodes else ""
