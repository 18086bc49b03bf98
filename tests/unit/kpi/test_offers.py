from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ivr.kpi.offers import OfferSums, seconds_up, sums_of
from ivr.records.record import QueueVisit

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def visit(wait: float | None) -> QueueVisit:
    return QueueVisit(queue="q", entered_at=AT, outcome="abandoned_short", wait_seconds=wait)


@pytest.mark.parametrize(("wait", "seconds"), [(0.0, 0), (0.001, 1), (20.0, 20), (20.000001, 21)])
def test_a_wait_is_rounded_up(wait: float, seconds: int) -> None:
    assert seconds_up(wait) == seconds


def test_who_hung_up_is_abandoned_and_the_wait_says_how_soon() -> None:
    sums = sums_of(visit(2.5))

    assert (sums.outcomes, sums.waits) == ({"abandoned": 1}, {"abandoned": {3: 1}})


def test_a_wait_that_is_not_known_is_in_no_list() -> None:
    assert sums_of(visit(None)).waits == {}


def test_a_visit_that_has_not_ended_is_nothing_yet() -> None:
    assert sums_of(QueueVisit(queue="q", entered_at=AT)).is_nothing


def test_sums_are_added_and_taken_away() -> None:
    sums = OfferSums()
    sums.count(visit(2.5))
    less = OfferSums()
    less.count(visit(2.5), -1)

    sums.add(less)

    assert sums.is_nothing
