"""While a department moves little by little, callers are parted: one of each share that a day parts from the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from ivr.numbers import PhoneNumber
from ivr.proving.moments import share_moved
from ivr.proving.plan.changes import HIDDEN
from ivr.proving.plan.kinds import BothBelongings
from ivr.rules.decide.sites import place_in_line
from ivr.rules.model import LocalDepartment, RuleSet

_MOST_TRIED = 20_000


def shares(
    rules: tuple[RuleSet, RuleSet],
    pair: BothBelongings,
    today: date,
    among: Sequence[PhoneNumber] = (),
) -> list[tuple[PhoneNumber | None, int]]:
    """A caller for each share of the callers that a ramp ahead parts from others, and how many per cent they are.

    Of these callers, where some are given. One for all of them where there is no such ramp.
    """
    ramps = list(_ramps(rules, pair, today))
    if not ramps:
        return [(among[0] if among else None, 100)]
    edges = sorted({0, 100, *(share for one in ramps for share in _percents(one))})
    paths = tuple(sorted({one.at.path for one in ramps}))
    if among:
        return _shares_of(among, edges, paths)
    return [(_caller(low, high, paths), high - low) for low, high in pairwise(edges)]


def _shares_of(
    callers: Sequence[PhoneNumber], edges: Sequence[int], paths: Sequence[str]
) -> list[tuple[PhoneNumber | None, int]]:
    """Those of these callers whom the ramps treat alike; together they are 100 per cent."""
    sides: dict[tuple[int, ...], list[PhoneNumber]] = {}
    for caller in callers:
        side = tuple(
            bisect_right(edges, place_in_line(None if caller == HIDDEN else caller, path))
            for path in paths
        )
        sides.setdefault(side, []).append(caller)
    some = [(members[0], 100 * len(members) // len(callers)) for members in sides.values()]
    (first, percent), *others = some
    return [(first, percent + 100 - sum(one for _, one in some)), *others]


def _ramps(
    rules: tuple[RuleSet, RuleSet], pair: BothBelongings, today: date
) -> Iterator[LocalDepartment]:
    for one, belonging in zip(rules, (pair.before, pair.after), strict=True):
        if belonging.site is not None:
            for local in one.sites[belonging.site].departments.values():
                if local.ramp is not None and share_moved(local, today) < 100:
                    yield local


def _percents(local: LocalDepartment) -> Iterator[int]:
    if local.ramp is not None:
        step = local.ramp.percent
        yield from range(step, 100, step)


def _caller(low: int, high: int, paths: Sequence[str]) -> PhoneNumber:
    """A caller who moves behind so many per cent and among so many; on all these paths, if there is one."""
    best, most = PhoneNumber("+4790000000"), -1
    for number in range(_MOST_TRIED):
        caller = PhoneNumber(f"+479{number:07}")
        right = [low <= place_in_line(caller, path) < high for path in paths]
        if all(right):
            return caller
        if right[0] and sum(right) > most:
            best, most = caller, sum(right)
    return best
