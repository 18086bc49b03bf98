"""Rows of figures: calls put together by queue, site, department, agent, day or hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Literal, get_args

from ivr.kpi.offers import OfferSums, sums_of
from ivr.kpi.service_level import USUAL, VERSIONS, Definition
from ivr.kpi.tally import SHORT_SECONDS, Tally
from ivr.records.months import ClosedMonth
from ivr.records.path import went
from ivr.records.record import CallRecord, Disposition, QueueVisit, VisitOutcome

ScoreSought = int | Literal["any", "none"]
"""A caller's answer to a survey: this number, any, or none though the caller was asked."""

By = Literal["queue", "site", "department", "agent", "day", "week", "month", "hour", "quarter"]

USUAL_WITHIN_SECONDS = 20.0
"""Where a queue has no target of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """By what figures are told.

    `targets` are the seconds within which each queue is to answer, `within_seconds` the same for all of them, whatever
    their own; `zone` is the centre's, in which days and hours are meant. Closed months (`2026-10`) are told by the
    definitions that they were closed with, and those of `versions`, unless `within_seconds` or `is_short_asked` say
    otherwise.
    """

    zone: tzinfo
    targets: Mapping[str, float]
    within_seconds: float | None = None
    short_seconds: float = SHORT_SECONDS
    service_level: Definition = USUAL
    is_short_asked: bool = False
    closed: Mapping[str, ClosedMonth] = field(default_factory=dict)
    versions: Mapping[tuple[str, int], Definition] = field(default_factory=lambda: VERSIONS)

    def within(self, queue: str, month: str = "") -> float:
        """Seconds within which this queue is to answer, or was in a closed month."""
        if self.within_seconds is not None:
            return self.within_seconds
        if month in self.closed:
            held = self.closed[month].definitions
            return held.within_seconds.get(queue, held.otherwise_within_seconds)
        return self.targets.get(queue, USUAL_WITHIN_SECONDS)

    def short(self, month: str) -> float:
        """Who hung up within so many seconds hardly meant to wait."""
        if self.is_short_asked or month not in self.closed:
            return self.short_seconds
        return self.closed[month].definitions.short_seconds

    def level(self, month: str) -> Definition:
        """The definition of the service level, in the version of a closed month."""
        name = self.service_level.name
        held = self.closed[month].definitions.service_levels if month in self.closed else {}
        version = held.get(name, self.service_level.version)
        return self.versions[name, version]

    def count(self, sums: OfferSums, queue: str, month: str, *tallies: Tally) -> None:
        """Add offers of a queue and a month to the tallies."""
        within, short, level = self.within(queue, month), self.short(month), self.level(month)
        part = Tally(short)
        part.add(sums, within)
        for tally in tallies:
            tally.add(sums, within, short)
            tally.judge(level.met(part), level.counted(part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which offers are looked at; None is all of them."""

    queue: str | None = None
    site: str | None = None
    department: str | None = None
    agent: str | None = None
    outcome: VisitOutcome | None = None

    def takes(self, call: CallRecord, visit: QueueVisit, tally: Tally) -> bool:
        """Whether this visit of this call is looked at."""
        return (
            self.queue in {None, visit.queue}
            and self.site in {None, call.site}
            and self.department in {None, call.department}
            and self.agent in {None, visit.agent}
            and self.outcome in {None, tally.outcome_of(visit)}
        )


EVERYTHING = Only()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Calls that arrived from `first` until before `last` (aware) and are in such figures, tests aside."""

    first: datetime
    last: datetime
    by: By
    only: Only
    short_seconds: float = SHORT_SECONDS
    disposition: Disposition | None = None
    menu: str | None = None
    key: str | None = None
    score: ScoreSought | None = None

    def takes_call(self, call: CallRecord) -> bool:
        """Whether it came to this menu, was led on by this `key` (see `went`), ended so, and was rated so."""
        came = self.menu is None or went(call.path, self.menu, self.key)
        return came and self.disposition in {None, call.disposition} and self._is_rated(call)

    def _is_rated(self, call: CallRecord) -> bool:
        """By an answer about a talk of this queue and agent."""
        return self.score is None or any(
            self.only.queue in {None, one.queue}
            and self.only.agent in {None, one.agent}
            and _is_answer(one.score, self.score)
            for one in call.surveys
        )


def _is_answer(score: int | None, sought: ScoreSought) -> bool:
    """Whether the caller who was asked gave the `score` that is sought; None where they gave none."""
    match sought:
        case "none":
            return score is None
        case "any":
            return score is not None
        case _:
            return score == sought


@dataclass(slots=True)
class Figures:
    """What came of some calls: a tally for each row, one of all, and the calls by their dispositions.

    A row's name is None for what has none: the calls of no site.
    """

    rows: dict[str | None, Tally]
    total: Tally
    calls: Counter[Disposition]


def figures(
    calls: Iterable[CallRecord],
    by: By,
    terms: Terms,
    only: Only = EVERYTHING,
    *,
    with_tests: bool = False,
) -> Figures:
    """Count the calls. Those whose facts were set by a test are in no figure unless `with_tests`.

    By agent only answered offers are counted, by who answered. A call belongs to the day and the hour of its arrival.
    """
    found = Figures({}, Tally(terms.short_seconds), Counter())
    for call in calls:
        if call.test and not with_tests:
            continue
        if only == EVERYTHING and call.disposition is not None:
            found.calls[call.disposition] += 1
        for visit in _offers(call, by, terms, only):
            name = _NAMES[by](call, visit, terms.zone)
            row = found.rows.setdefault(name, Tally(terms.short_seconds))
            month = f"{call.arrived_at.astimezone(terms.zone):%Y-%m}"
            terms.count(sums_of(visit), visit.queue, month, row, found.total)
    return found


def week_name(day: date) -> str:
    """`2026-W48`: weeks begin on Monday, and the first one has the year's first Thursday."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def quarter_name(at: datetime) -> str:
    """The quarter of an hour that this (local) time lies in: `09:15`."""
    return f"{at:%H}:{at.minute // 15 * 15:02}"


def by_name(found: Figures) -> list[tuple[str | None, Tally]]:
    """The rows by name; what has none comes last."""
    return sorted(found.rows.items(), key=lambda row: (row[0] is None, row[0] or ""))


def calls_behind(
    calls: Iterable[CallRecord], by: By, terms: Terms, only: Only = EVERYTHING
) -> Iterator[CallRecord]:
    """The calls that such figures are made of; without `only`, those that came to no queue, too."""
    for call in calls:
        if not call.test and (only == EVERYTHING or any(_offers(call, by, terms, only))):
            yield call


def _offers(call: CallRecord, by: By, terms: Terms, only: Only) -> Iterator[QueueVisit]:
    """The visits of one call that are in such figures."""
    tally = Tally(terms.short(f"{call.arrived_at.astimezone(terms.zone):%Y-%m}"))
    for visit in call.visits:
        is_in_a_row = by != "agent" or visit.agent is not None
        if visit.outcome is not None and is_in_a_row and only.takes(call, visit, tally):
            yield visit


TIME_NAMES: Mapping[By, Callable[[datetime], str]] = {
    "day": lambda at: at.date().isoformat(),
    "week": lambda at: week_name(at.date()),
    "month": lambda at: f"{at:%Y-%m}",
    "hour": lambda at: f"{at:%H}",
    "quarter": quarter_name,
}
"""What a row is called that is of a time, by when (local) what it counts was."""

_RowName = Callable[[CallRecord, QueueVisit, tzinfo], str | None]


def _named_by_arrival(name: Callable[[datetime], str]) -> _RowName:
    return lambda call, _, zone: name(call.arrived_at.astimezone(zone))


_NAMES: Mapping[By, _RowName] = {
    "queue": lambda _, visit, __: visit.queue,
    "site": lambda call, _, __: call.site,
    "department": lambda call, _, __: call.department,
    "agent": lambda _, visit, __: visit.agent,
    **{by: _named_by_arrival(name) for by, name in TIME_NAMES.items()},
}

WAYS: tuple[By, ...] = get_args(By)
