"""Departments that move from their sites, as the rules say, and the calls that tell whether it got better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from ivr.kpi.migration import REPEATS_REACH, DepartmentMove, stretches
from ivr.kpi.rows import Terms
from ivr.records.record import CallRecord
from ivr.rules.model import LocalDepartment, RuleSet
from ivr.store.door import StoredCalls


def department_moves(rules: RuleSet) -> list[DepartmentMove]:
    """Of every department that is answered at a site, by department and site; those that stay, too."""
    found = [
        DepartmentMove(name, place.name, local.migrated, _all_moved(local))
        for place in rules.sites.values()
        for name, local in place.departments.items()
    ]
    return sorted(found, key=lambda move: (move.department, move.site))


def _all_moved(local: LocalDepartment) -> date | None:
    if local.migrated is None or local.ramp is None:
        return local.migrated
    return local.migrated + timedelta(days=local.ramp.lasts_days)


def calls_of_moves(
    stored: StoredCalls, moves: Sequence[DepartmentMove], weeks: int, terms: Terms, now: datetime
) -> dict[DepartmentMove, list[CallRecord]]:
    """The calls that each comparison needs, read once for all of them: its department's, whatever their site."""
    by_name: dict[str, list[CallRecord]] = {move.department: [] for move in moves}
    for first, last in _needed([stretches(move, weeks, terms, now) for move in moves]):
        for call in stored.between(first, last):
            if call.department in by_name:
                by_name[call.department].append(call)
    return {move: by_name[move.department] for move in moves}


def _needed(bounds: Sequence[tuple[datetime, ...]]) -> list[tuple[datetime, datetime]]:
    """The times in which calls matter, those that overlap put together, in order.

    In UTC: a week of 168 hours, as callers who call again are counted by, whatever clocks are changed in it.
    """
    wanted = sorted(
        (first.astimezone(UTC) - REPEATS_REACH, last.astimezone(UTC) + REPEATS_REACH)
        for both in bounds
        for first, last in zip(both[::2], both[1::2], strict=True)
        if first < last
    )
    found: list[tuple[datetime, datetime]] = []
    for first, last in wanted:
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
