from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from ivr.kpi.migration import DepartmentMove, Measure, compared
from ivr.kpi.rows import Terms
from ivr.records.record import CallRecord, Disposition

MOVED = date(2026, 10, 1)
MOVE = DepartmentMove("faktura", "bergen", MOVED, MOVED)
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TERMS = Terms(zone=UTC, targets={"q": 20.0})


def calls(
    day: int,
    count: int,
    wait: float,
    *,
    disposition: Disposition = "answered",
    site: str = "bergen",
    test: bool = False,
) -> Iterator[CallRecord]:
    """So many calls on a day, counted from the migration, a minute apart."""
    at = datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(days=day)
    for number in range(count):
        yield CallRecord(
            call_id=f"{day}-{number}",
            arrived_at=at + timedelta(minutes=number),
            caller=f"+479{day % 100:02}{number:05}",
            site=site,
            department="faktura",
            disposition=disposition,
            queue="q",
            wait_seconds=wait + number % 7,
            test=test,
        )


def test_shorter_waits_are_better_and_told_with_their_bounds() -> None:
    found = compared(MOVE, [*calls(-3, 100, 40.0), *calls(3, 100, 5.0)], 2, TERMS, NOW)

    assert (found.before and found.before.calls, found.after and found.after.calls) == (100, 100)
    assert found.verdict("wait_seconds") == "better"
    assert found.verdict("service_level") == "better"
    assert found.verdict("abandon_rate") == "no difference"


def test_more_who_gave_up_is_worse() -> None:
    gave_up = calls(3, 60, 50.0, disposition="abandoned")
    found = compared(MOVE, [*calls(-3, 100, 5.0), *calls(2, 40, 5.0), *gave_up], 2, TERMS, NOW)

    assert found.verdict("abandon_rate") == "worse"


def test_too_few_calls_say_nothing() -> None:
    found = compared(MOVE, [*calls(-3, 29, 40.0), *calls(3, 100, 5.0)], 2, TERMS, NOW)

    assert found.verdict("wait_seconds") == "not enough calls"


def test_calls_of_others_of_tests_and_outside_the_weeks_are_not_in_it() -> None:
    others = [
        *calls(3, 10, 5.0, site="oslo"),
        *calls(3, 10, 5.0, test=True),
        *calls(-15, 10, 5.0),
        *calls(14, 10, 5.0),
    ]

    found = compared(MOVE, others, 2, TERMS, NOW)

    assert (found.before and found.before.calls, found.after and found.after.calls) == (0, 0)


@pytest.mark.parametrize("elsewhere", ["oslo", None])
def test_who_calls_the_department_again_by_another_site_has_called_again(
    elsewhere: str | None,
) -> None:
    again = [
        msgspec.structs.replace(
            call,
            call_id=f"again-{call.call_id}",
            arrived_at=call.arrived_at + timedelta(days=1),
            site=elsewhere,
        )
        for call in calls(3, 40, 5.0)
    ]

    found = compared(MOVE, [*calls(3, 40, 5.0), *again], 2, TERMS, NOW)

    assert found.after is not None
    assert found.after.calls == 40
    repeat_rate = found.after.measured["repeat_rate"]
    assert repeat_rate is not None
    assert (repeat_rate.value, repeat_rate.count) == (1.0, 40)


def test_while_callers_move_bit_by_bit_nothing_is_compared() -> None:
    ramp = DepartmentMove("faktura", "bergen", MOVED, MOVED + timedelta(days=21))
    during, after = calls(20, 40, 5.0), calls(21, 50, 5.0)

    found = compared(ramp, [*during, *after], 2, TERMS, NOW)

    assert found.after is not None
    assert found.after.calls == 50


@pytest.mark.parametrize(
    ("begins", "ends", "state"),
    [
        (None, None, "local"),
        (date(2026, 11, 27), date(2026, 11, 27), "planned"),
        (date(2026, 11, 26), date(2026, 12, 3), "ramp"),
        (date(2026, 11, 26), date(2026, 11, 26), "national"),
    ],
)
def test_where_it_is_today(begins: date | None, ends: date | None, state: str) -> None:
    assert DepartmentMove("faktura", "bergen", begins, ends).state(NOW.date()) == state


MEASURES: tuple[Measure, ...] = ("service_level", "wait_seconds", "abandon_rate", "repeat_rate")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("begins", [None, date(2027, 1, 1)])
def test_what_has_not_moved_has_no_verdict(measure: Measure, begins: date | None) -> None:
    found = compared(
        DepartmentMove("faktura", "bergen", begins, begins), calls(3, 99, 5.0), 2, TERMS, NOW
    )

    assert found.after is None
    assert found.verdict(measure) == "not enough calls"
