from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.kpi.cells import Folded, folded_offers
from ivr.kpi.forecast import (
    CameBefore,
    Days,
    accuracy,
    attendance_of,
    forecast,
    history_of,
    slot_of,
)
from ivr.kpi.occupancy import FoldedWork
from ivr.records.record import CallRecord, QueueVisit, VisitOutcome

MONDAY = date(2026, 11, 30)
NINE = time(9, 0)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def history(
    by_weeks_ago: dict[int, int], *, holidays: Collection[date] = (), weeks: int = 12
) -> CameBefore:
    """So many calls at nine on the Monday so many weeks before MONDAY."""
    offers = {(MONDAY - ago * WEEK, NINE): count for ago, count in by_weeks_ago.items()}
    return CameBefore(offers, MONDAY - weeks * WEEK, MONDAY - DAY, holidays)


def at_nine(known: CameBefore, day: date = MONDAY) -> float | None:
    found = forecast(known, day)
    return None if found is None else found[NINE]


def test_a_half_hour_is_the_mean_of_the_same_one_on_the_last_eight_such_weekdays() -> None:
    assert at_nine(history(dict.fromkeys(range(1, 9), 10) | {9: 1000})) == 10.0
    assert at_nine(history({1: 16})) == 2.0
    assert at_nine(history({1: 16}, weeks=2)) == 8.0
    assert at_nine(history({1: 16}), MONDAY + DAY) == 0.0


def test_holidays_are_told_from_holidays_and_no_weekday_from_them() -> None:
    eve = MONDAY - 2 * WEEK
    known = history({1: 10, 2: 0, 3: 10}, holidays={eve, MONDAY + WEEK}, weeks=3)

    assert at_nine(known) == 10.0
    assert at_nine(known, MONDAY + WEEK) == 0.0


def test_of_a_kind_of_day_that_was_never_seen_nothing_is_said() -> None:
    assert at_nine(history({}, weeks=0)) is None
    assert at_nine(history({1: 5}, holidays={MONDAY})) is None


def test_weeks_that_are_alike_are_forecast_exactly() -> None:
    found = accuracy(history(dict.fromkeys(range(1, 13), 10)))

    assert found is not None
    assert (found.error, found.weeks) == (0.0, 4)


def test_a_jump_is_an_error_until_it_is_known() -> None:
    found = accuracy(history(dict.fromkeys(range(2, 13), 10) | {1: 20}))

    assert found is not None
    assert found.error == pytest.approx(10 / 50)


def test_without_calls_no_accuracy_is_claimed() -> None:
    assert accuracy(history({})) is None


def call(at: datetime, outcome: VisitOutcome = "answered", *, test: bool = False) -> CallRecord:
    visits = (QueueVisit(queue="q", entered_at=at, outcome=outcome),)
    return CallRecord(
        call_id=f"{at}", arrived_at=at, test=test, visits=visits, disposition="answered"
    )


def test_history_counts_who_was_to_be_served_by_half_hour_of_arrival() -> None:
    at = datetime(2026, 11, 23, 9, 29, tzinfo=UTC)
    calls = [
        call(at),
        call(at, "blocked"),
        call(at, "closed"),
        call(at, test=True),
        call(at + timedelta(minutes=1)),
    ]

    days = Days(UTC, at.date() + DAY)

    offers = Folded(calls).offers["quarter"]
    kept = [folded_offers(key, sums) for key, sums in offers.items()]

    found = history_of(kept, at.date(), days)

    assert found.offers == {(at.date(), NINE): 2, (at.date(), time(9, 30)): 1}
    assert history_of([], at.date(), days).offers == {}
    assert slot_of(at, UTC) == (at.date(), NINE)


def free(quarter: str, minutes: int) -> FoldedWork:
    return FoldedWork("a", quarter, "available", minutes * 60_000)


def test_who_was_there_is_told_from_the_second_day_on() -> None:
    days = Days(UTC, MONDAY)
    sunday = MONDAY - DAY
    begun = [free(f"{sunday - WEEK}T09:00", 30)]

    known = attendance_of([*begun, free(f"{sunday}T09:00", 30), free(f"{sunday}T09:15", 15)], days)

    assert known is not None
    assert at_nine(known, sunday + WEEK) == 1.5
    assert at_nine(known, sunday) is None
    assert attendance_of([], days) is None


def test_two_hours_of_one_name_are_not_twice_the_people() -> None:
    """At three in the morning of 25 October 2026 clocks go back: from two to three comes twice."""
    days = Days(ZoneInfo("Europe/Oslo"), MONDAY)
    twice = [
        free(f"2026-10-25T{hour}:{minute}", 15) for hour in ("00", "01") for minute in ("00", "15")
    ]

    known = attendance_of([free("2026-10-24T09:00", 15), *twice], days)

    assert known is not None
    assert known.offers[date(2026, 10, 25), time(2)] == 1.0
