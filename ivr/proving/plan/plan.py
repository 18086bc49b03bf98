"""A plan: of all calls that lie ahead, or of calls that came once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome, Simulator, TrialCall
from ivr.proving.plan.ahead import Ahead, look_ahead
from ivr.proving.plan.changes import (
    Callers,
    ChangedCalls,
    Circumstances,
    Difference,
    KeyedRow,
    LikeAnswers,
    NumberKind,
    difference,
)
from ivr.proving.plan.fit import windows
from ivr.proving.plan.groups import Names, Rectangle, largest_first, rectangles
from ivr.proving.plan.rows import named
from ivr.proving.plan.while_open import while_open
from ivr.rules.model import RuleSet
from ivr.rules.values.windows import TimeStretch, When, WhileOpen


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """Calls that the change treats alike; `count` of them were tried.

    Who calls: all `numbers` (None: any that no rules list; `()`: all that there are) with all `keys`, `answers` and
    `callers`; of these, `()` means that it makes no difference. When: in `when`; calls that came once lie between
    `first` and `last`. What changes for good has no `last`.
    """

    count: int
    numbers: tuple[PhoneNumber | None, ...]
    is_all_numbers: bool
    rows: tuple[KeyedRow, ...]
    keys: tuple[str, ...]
    answers: tuple[LikeAnswers | None, ...]
    callers: tuple[Callers, ...]
    all_callers: tuple[Callers, ...]
    around: Circumstances
    percent: int
    difference: Difference
    outcomes: tuple[tuple[Outcome, Outcome], ...]
    names: Names
    when: tuple[When, ...]
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What was tried, and what would change: the largest group first.

    `today` is when the time begins that was looked at; None for calls that came once. `left_out` are numbers that
    nobody called, for too many differ from one another.
    """

    calls: int
    changed: int
    groups: tuple[ChangedGroup, ...]
    today: date | None = None
    left_out: int = 0


def plan_ahead(before: RuleSet, after: RuleSet, today: date) -> Plan:
    """Every change from `today` on, where the rules belong."""
    ahead = look_ahead(before, after, today)
    found = largest_first(rectangles(ahead.changes), ahead.grid)
    groups = tuple(_group_ahead(one, ahead) for one in found)
    changed = sum(one.calls for one in ahead.changes)
    return Plan(ahead.tried, changed, groups, today, ahead.left_out)


def compare(before: Simulator, after: Simulator, trials: Iterable[TrialCall]) -> Plan:
    """What would have become of calls that came once."""
    calls = 0
    alike: dict[Hashable, ChangedCalls] = {}
    for trial in trials:
        calls += 1
        was, will_be = before.outcome(trial), after.outcome(trial)
        if was != will_be:
            one = _came_once(trial, was, will_be, before, after)
            key = one.numbers, one.row, one.callers, one.around, was, will_be
            alike[key] = _with(alike[key], one) if key in alike else one
    found = rectangles(alike.values())
    groups = sorted(
        (_group_that_came(one) for one in found), key=lambda one: (-one.count, one.keys)
    )
    return Plan(calls, sum(one.count for one in groups), tuple(groups))


def _with(some: ChangedCalls, one: ChangedCalls) -> ChangedCalls:
    """One such call more; of the days, the first and the last are kept."""
    days = some.dates | one.dates
    return replace(some, calls=some.calls + 1, dates=frozenset({min(days), max(days)}))


def _group_ahead(one: Rectangle, ahead: Ahead) -> ChangedGroup:
    when = windows(one.cells, ahead.grid, one.dates)
    if len(when) > 1:
        when = while_open(one, when, ahead.grid) or when
    first, last = zip(*(_ends(window) for window in when), strict=True)
    kinds = [kind for kind in ahead.rows if set(kind.numbers) & set(one.numbers)]
    keyed = [row for kind in kinds for row in ahead.rows[kind]]
    answers = {row.answers for row in keyed if row.unanswered in one.rows}
    return ChangedGroup(
        count=one.calls,
        numbers=one.numbers,
        is_all_numbers=len(one.numbers) == ahead.numbers,
        rows=one.rows,
        keys=named(one.rows, keyed, ahead.idle),
        answers=() if answers <= set(one.answers) else one.answers,
        # Callers on lists are tried where all goes its usual way.
        callers=() if one.is_special or set(one.callers) >= set(ahead.callers) else one.callers,
        all_callers=ahead.callers,
        around=one.around,
        percent=one.percent,
        difference=one.difference,
        outcomes=one.outcomes,
        names=one.names,
        when=when,
        first=max(min(first), ahead.grid.today),
        last=None if None in last else max(day for day in last if day),
    )


def _ends(when: When) -> tuple[date, date | None]:
    """The first and the last day of a window."""
    if isinstance(when, WhileOpen):
        return when.first, when.last
    if isinstance(when, TimeStretch):
        return when.start.date(), (
            when.end - timedelta(microseconds=1)
        ).date() if when.end else None
    also = when.days.also
    first = min([when.days.first, *(span.first for span in also)])
    if when.days.last is None:
        return first, None
    return first, max([when.days.last, *(span.last for span in also)])


def _came_once(
    trial: TrialCall, was: Outcome, will_be: Outcome, *simulators: Simulator
) -> ChangedCalls:
    call = trial.call
    lists_before, lists_after = (one.lists_of(call) for one in simulators)
    is_listed = any(call.dialled in one.rules.numbers for one in simulators)
    number = call.dialled if is_listed else None
    return ChangedCalls(
        numbers=NumberKind((number,), call.dialled or PhoneNumber("")),
        row=KeyedRow(call.press, call.press, said=", ".join(call.say)),
        callers=Callers(lists_before, lists_after),
        around=Circumstances(trial.given, call.waits_seconds),
        difference=difference(was, will_be),
        outcomes=((was, will_be),),
        cells=(),
        dates=frozenset({call.at.date()}),
        departments=frozenset(),
        calls=1,
    )


def _group_that_came(one: Rectangle) -> ChangedGroup:
    told = one.difference
    only_site = (
        told == Difference(site=told.site) and told.site is not None and told.site[0] is None
    )
    return ChangedGroup(
        count=one.calls,
        numbers=one.numbers,
        is_all_numbers=False,
        rows=one.rows,
        keys=() if only_site else tuple(row.press for row in one.rows if not row.said),
        answers=(),
        callers=one.callers if one.callers != (Callers(),) else (),
        all_callers=(),
        around=one.around,
        percent=one.percent,
        difference=told,
        outcomes=one.outcomes,
        names={},
        when=(),
        first=min(one.dates),
        last=max(one.dates),
    )
