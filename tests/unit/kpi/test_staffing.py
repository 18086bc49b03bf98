"""People for calls to come, and what callers do then who are as patient as they were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

import pytest

from ivr.kpi.cells import Folded, FoldedOffers, folded_offers, sums_in
from ivr.kpi.erlang import impatient
from ivr.kpi.forecast import Days
from ivr.kpi.staffing import QueuePast, patience_seconds, week_of
from ivr.records.record import CallRecord, QueueVisit, VisitOutcome
from ivr.rules.model import AnswerTarget, Location, Queue

MONDAY = date(2026, 11, 30)
NINE = time(9, 0)
TARGET = AnswerTarget(share=0.8, within_seconds=20.0)
DAYS = Days(UTC, MONDAY)
QUEUE = Queue(
    name="a",
    answer=TARGET,
    music="",
    while_waiting=(),
    nobody_logged_in=None,
    ring_seconds=20.0,
    wrap_up_seconds=0.0,
    at=Location("rules.yaml", 1, 1, "queues.a"),
)


def call(
    outcome: VisitOutcome, wait: float, *, weeks_ago: int = 1, queue: str = "a", test: bool = False
) -> CallRecord:
    at = datetime.combine(MONDAY, NINE, UTC) - timedelta(weeks=weeks_ago)
    talk = 180.0 if outcome == "answered" else None
    visit = QueueVisit(
        queue=queue, entered_at=at, outcome=outcome, wait_seconds=wait, talk_seconds=talk
    )
    return CallRecord(
        call_id="1", arrived_at=at, visits=(visit,), test=test, disposition="abandoned"
    )


def kept(calls: Iterable[CallRecord]) -> list[FoldedOffers]:
    offers = Folded(calls).offers["quarter"].items()
    return [folded_offers(key, sums) for key, sums in offers if key.queue == "a"]


def patience_of(*calls: CallRecord) -> float | None:
    return patience_seconds(sums_in(*kept(calls)))


def test_patience_is_all_waits_over_how_often_somebody_gave_up() -> None:
    calls = [call("answered", 40.0), call("abandoned", 45.0), call("abandoned_short", 5.0)]
    others = [call("abandoned", 500.0, queue="b"), call("abandoned", 500.0, test=True)]

    assert patience_of(*calls, *others) == 45.0


def test_where_nobody_gave_up_patience_is_not_known() -> None:
    assert patience_of() is None
    assert patience_of(call("answered", 40.0)) is None
    assert patience_of(call("abandoned_short", 0.0)) is None


def test_the_golden_half_hour_takes_14_people_and_erlang_a_says_who_gives_up() -> None:
    before = chain.from_iterable(
        [
            *[call("answered", 9.0, weeks_ago=ago)] * 90,
            *[call("abandoned", 9.0, weeks_ago=ago)] * 10,
        ]
        for ago in range(1, 9)
    )

    week = week_of(
        QUEUE, QueuePast(MONDAY - timedelta(weeks=8), kept(before)), TARGET, MONDAY, DAYS
    )

    monday = week.days[MONDAY]
    assert monday is not None
    busy = monday[NINE]
    expected = impatient(14, 10.0, 180.0, 90.0)
    assert (busy.calls, busy.people, week.patience_seconds) == (100.0, 14, 90.0)
    assert busy.impatient == expected
    assert (week.giving_up, week.wait_seconds) == pytest.approx(
        (expected.giving_up, expected.wait_seconds)
    )


def test_of_a_week_without_calls_nobody_says_who_gives_up() -> None:
    week = week_of(QUEUE, QueuePast(MONDAY), TARGET, MONDAY, DAYS)

    assert (week.giving_up, week.wait_seconds) == (None, None)
