from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ivr.kpi.months import last_month_to_close, present_definitions
from ivr.kpi.offers import OfferSums
from ivr.kpi.rows import Terms
from ivr.kpi.service_level import DEFINITIONS, VERSIONS, Definition
from ivr.kpi.tally import Tally
from ivr.records.months import ClosedMonth
from ivr.records.record import QueueVisit

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        ("2026-11-07", "2026-09"),
        ("2026-11-08", "2026-10"),
        ("2026-11-30", "2026-10"),
        ("2027-01-07", "2026-11"),
        ("2027-01-08", "2026-12"),
    ],
)
def test_a_month_is_closed_when_who_called_again_is_known_of_all(today: str, month: str) -> None:
    assert last_month_to_close(date.fromisoformat(today)) == month


def test_a_closed_month_keeps_its_targets_unless_others_are_asked_for() -> None:
    closed = ClosedMonth(
        month="2026-10", closed_at=NOW, definitions=present_definitions({"q": 20.0})
    )
    terms = Terms(zone=UTC, targets={"q": 60.0, "new": 60.0}, closed={"2026-10": closed})
    asked = Terms(zone=UTC, targets={}, within_seconds=5.0, closed={"2026-10": closed})

    assert (terms.within("q", "2026-10"), terms.within("q", "2026-11")) == (20.0, 60.0)
    assert terms.within("new", "2026-10") == 20.0
    assert asked.within("q", "2026-10") == 5.0


def test_a_changed_definition_does_not_change_a_closed_month() -> None:
    strict = Definition("copc", "none is good enough", lambda _: 0, lambda t: t.offered, version=2)
    closed = ClosedMonth(month="2026-10", closed_at=NOW, definitions=present_definitions({}))
    terms = Terms(
        zone=UTC,
        targets={},
        service_level=strict,
        closed={"2026-10": closed},
        versions={**VERSIONS, ("copc", 2): strict},
    )
    sums = OfferSums()
    sums.count(QueueVisit(queue="q", entered_at=NOW, outcome="answered", wait_seconds=1.0))
    october, november, both = Tally(), Tally(), Tally()

    terms.count(sums, "q", "2026-10", october, both)
    terms.count(sums, "q", "2026-11", november, both)

    assert (october.service_level, november.service_level, both.service_level) == (1.0, 0.0, 0.5)


def test_every_definition_that_holds_is_among_the_versions() -> None:
    for name, one in DEFINITIONS.items():
        assert VERSIONS[name, one.version] is one
