"""Figures of a made-up week, for pages."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from ivr.kpi.cells import FoldedPath
from ivr.kpi.lost import Lost, LostCaller
from ivr.kpi.menus import menus, ways_taken
from ivr.kpi.offers import OfferSums
from ivr.kpi.repeats import Repeats
from ivr.kpi.rows import Figures, Terms
from ivr.kpi.tally import Tally
from ivr.report.gathering import Gathered
from ivr.report.span import ReportSpan
from ivr.rules.model import AnswerTarget

WEEK = ReportSpan("week", date(2026, 11, 16), date(2026, 11, 22))
TERMS = Terms(zone=ZoneInfo("Europe/Oslo"), targets={"salg": 20.0, "<b>vest</b>": 30.0})
PATHS = [
    FoldedPath("2026-11-16", "menu main 1 > queue salg", "answered", 80),
    FoldedPath("2026-11-16", "menu main", "menu_abandoned", 20),
]


def rows(**counted: int) -> Figures:
    """Of so many answered, three in four of them within 20 s, by the rows' names."""
    found = Figures({}, Tally(), Counter({"answered": sum(counted.values())}))
    for name, answered in counted.items():
        late = answered // 4
        sums = OfferSums(
            Counter({"answered": answered}), {"answered": Counter({8: answered - late, 44: late})}
        )
        found.rows[name] = Tally()
        found.rows[name].add(sums, 20.0)
        found.total.add(sums, 20.0)
    return found


def nothing() -> Figures:
    return Figures({}, Tally(), Counter())


def gathered(*, is_empty: bool = False) -> Gathered:
    """A week of calls, or one in which none came."""
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    caller = LostCaller(
        caller="+4790123456",
        tries=2,
        first_at=datetime(2026, 11, 17, 9, tzinfo=UTC),
        last_at=datetime(2026, 11, 17, 10, tzinfo=UTC),
        longest_wait_seconds=95.0,
        department="salg",
        site=None,
        queue="salg",
    )
    paths = [] if is_empty else PATHS
    return Gathered(
        span=WEEK,
        at=at,
        terms=TERMS,
        targets={"salg": AnswerTarget(0.8, 20.0), "<b>vest</b>": AnswerTarget(0.7, 30.0)},
        queues=nothing() if is_empty else rows(**{"salg": 80, "<b>vest</b>": 8}),
        departments=nothing() if is_empty else rows(salg=88),
        before=nothing(),
        quarters=nothing() if is_empty else rows(**{"09:00": 40, "10:45": 48}),
        heat={} if is_empty else {(0, 9): 40, (4, 10): 48},
        heat_span=WEEK,
        menus=menus(paths),
        ways=ways_taken(paths),
        again=Repeats() if is_empty else Repeats(0, 0, 70),
        lost=Lost((), 0) if is_empty else Lost((caller,), 3),
        lost_from=WEEK.first,
        moved=(),
        titles={"department salg": "Salg og råd"},
    )
