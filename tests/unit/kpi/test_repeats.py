from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ivr.kpi.repeats import Repeats, repeats
from ivr.records.record import CallRecord

DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
LAST = FIRST + 7 * DAY
LATER = FIRST + 100 * DAY


def call(
    day: float, caller: str | None = "+4790000001", department: str | None = "salg"
) -> CallRecord:
    at = FIRST + day * DAY
    return CallRecord(call_id=f"{day}", arrived_at=at, caller=caller, department=department)


@pytest.mark.parametrize(
    ("calls", "first_calls", "repeated"),
    [
        ([call(0)], 1, 0),
        ([call(0), call(7)], 1, 1),
        ([call(0), call(7.001)], 1, 0),
        ([call(-7), call(0)], 0, 0),
        ([call(-7.001), call(0)], 1, 0),
        ([call(0), call(1), call(2)], 1, 1),
        ([call(2), call(0)], 1, 1),
        ([call(0), call(1, "+4790000002")], 2, 0),
        ([call(0), call(1, department="faktura")], 2, 0),
        ([call(0, None), call(1, None)], 0, 0),
        ([call(0, department=None), call(1, department=None)], 0, 0),
        ([call(7), call(8)], 0, 0),
    ],
)
def test_a_repeat_is_the_same_caller_and_department_within_the_window(
    calls: list[CallRecord], first_calls: int, repeated: int
) -> None:
    assert repeats(calls, FIRST, LAST, now=LATER) == Repeats(first_calls, repeated, 0)


def test_what_may_still_be_repeated_is_not_ripe() -> None:
    found = repeats([call(0), call(6, "+4790000002")], FIRST, LAST, now=FIRST + 12 * DAY)

    assert (found.first_calls, found.not_ripe) == (1, 1)
    assert found.first_contact_resolution == 1.0


def test_of_nothing_there_is_no_rate() -> None:
    assert Repeats().repeat_rate is Repeats().first_contact_resolution is None
