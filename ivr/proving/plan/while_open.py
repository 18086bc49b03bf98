"""Cells that are just those in which a department is open, or closed: that is how an admin says it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ivr.proving.plan.grid import Grid, GridCells
from ivr.proving.plan.groups import Rectangle
from ivr.rules.values.windows import TimeStretch, When, WhileOpen, Window

_FEW = 4


def while_open(one: Rectangle, windows: tuple[When, ...], grid: Grid) -> tuple[When, ...] | None:
    """While a department is open, or closed, that these calls come to; None where it is something else."""
    plain = tuple(when for when in windows if isinstance(when, Window | TimeStretch))
    for name in sorted(one.departments):
        are_open = grid.open_cells(name)
        if are_open is None:
            continue
        closed = tuple(grid.whole & ~mask for mask in are_open)
        for is_open, cells in ((True, are_open), (False, closed)):
            for first, last in _frames(one, grid):
                if _within(cells, first, last, grid) == _within(one.cells, grid.today, None, grid):
                    return (WhileOpen(name, is_open, first, last, plain),)
    return None


def _frames(one: Rectangle, grid: Grid) -> Iterator[tuple[date, date | None]]:
    """From days on which something may begin or end, until another such day."""
    days = 0
    for mask in one.cells:
        days |= mask & grid.ahead
    first, last = grid.day((days & -days).bit_length() - 1), grid.day(days.bit_length() - 1)
    named = sorted({*grid.dates, *one.dates})
    begins = [day for day in named if grid.today < day <= first]
    ends = [grid.eve(day) for day in named if last < day][:_FEW]
    for begin in (grid.today, *reversed(begins[-_FEW:])):
        yield from ((begin, end) for end in (None, *reversed(ends)))


def _within(cells: GridCells, first: date, last: date | None, grid: Grid) -> GridCells:
    days = grid.days_from(first)
    if last is not None:
        days &= ~(grid.days_from(last) & ~(1 << grid.place(last)))
    return tuple(mask & days for mask in cells)
