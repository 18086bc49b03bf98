"""All the figures of a report, from history and from the calls that it must name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ivr.kpi.cells import FoldedOffers
from ivr.kpi.lost import Lost
from ivr.kpi.menus import Menus, PathShare
from ivr.kpi.migration import Comparison, DepartmentMove
from ivr.kpi.occupancy import TimeAtWork
from ivr.kpi.repeats import Repeats
from ivr.kpi.rows import Figures, Terms
from ivr.kpi.satisfaction import FoldedSurvey
from ivr.report.span import ReportSpan
from ivr.rules.model import AnswerTarget


@dataclass(frozen=True, slots=True)
class Moved:
    """A department that has moved from its site, before and after."""

    move: DepartmentMove
    compared: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The figures of `span`, as of `at` (aware).

    `before` are those of the span before; `quarters` by time of day; `heat` are offers by weekday (Monday is 0) and
    hour of `heat_span`. `lost` are of the callers of the days from `lost_from` on. `titles` are in the page's language,
    by `department faktura`, `site bergen`.
    """

    span: ReportSpan
    at: datetime
    terms: Terms
    targets: Mapping[str, AnswerTarget]
    queues: Figures
    departments: Figures
    before: Figures
    quarters: Figures
    heat: Mapping[tuple[int, int], int]
    heat_span: ReportSpan
    menus: Menus
    ways: Sequence[PathShare]
    again: Repeats
    lost: Lost
    lost_from: date
    moved: Sequence[Moved]
    surveys: Sequence[FoldedSurvey] = ()
    duty: TimeAtWork = field(default_factory=TimeAtWork)
    titles: Mapping[str, str] = field(default_factory=dict)


def heat_of(offers: Iterable[FoldedOffers]) -> Mapping[tuple[int, int], int]:
    """Offers by weekday and hour; `offers` are by quarter of an hour."""
    found: Counter[tuple[int, int]] = Counter()
    for one in offers:
        offered = one.answered + one.abandoned + one.overflowed
        offered += one.callback + one.exit_key + one.system_dropped
        found[date.fromisoformat(one.day).weekday(), int(one.quarter[:2])] += offered
    return found
