from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kpi.cells import (
    Folded,
    OfferKey,
    folded_offers,
    local_arrival,
    sums_in,
    waits_in,
    waits_text,
)
from ivr.records.record import CallRecord, QueueVisit

AT = datetime(2026, 11, 22, 23, 20, tzinfo=UTC)
VISIT = QueueVisit(
    queue="q", entered_at=AT, outcome="answered", wait_seconds=6.5, agent="kari", talk_seconds=60.0
)


def call(call_time: str = "2026-11-23T00:20:00+01:00", *visits: QueueVisit) -> CallRecord:
    return CallRecord(
        call_id="1",
        arrived_at=AT,
        call_time=call_time,
        department="salg",
        disposition="answered",
        visits=visits,
    )


def test_an_offer_is_counted_by_day_by_quarter_and_by_agent() -> None:
    offers = Folded([call("2026-11-23T00:20:00+01:00", VISIT)]).offers

    assert list(offers["day"]) == [OfferKey("2026-11-23", queue="q", department="salg")]
    assert list(offers["quarter"]) == [OfferKey("2026-11-23", "00:15", "q")]
    assert list(offers["agent"]) == [OfferKey("2026-11-23", queue="q", agent="kari")]
    (sums,) = offers["day"].values()
    assert (sums.wait_ms, sums.talk_ms, sums.waits) == (6500, 60_000, {"answered": {7: 1}})


@pytest.mark.parametrize(
    ("call_time", "hour"),
    [("2026-11-23T00:20:00+01:00", 0), ("2026-11-22T23:20:00+00:00", 23), ("", 23), ("?", 23)],
)
def test_a_call_arrives_by_the_clock_that_the_centre_had(call_time: str, hour: int) -> None:
    assert local_arrival(call(call_time)).hour == hour


def test_what_is_taken_away_again_leaves_nothing() -> None:
    folded = Folded([call("", VISIT)])

    folded.take(call("", VISIT), -1)

    assert all(sums.is_nothing for cells in folded.offers.values() for sums in cells.values())
    assert not any(folded.calls.values())


@given(st.dictionaries(st.integers(0, 9999), st.integers(1, 99)), st.integers(1, 3))
def test_waits_are_read_as_they_were_written(waits: dict[int, int], times: int) -> None:
    found = waits_in([waits_text(waits)] * times)

    assert found == {seconds: count * times for seconds, count in waits.items()}


def test_what_is_kept_is_what_was_summed_up() -> None:
    ((key, sums),) = Folded([call("", VISIT)]).offers["day"].items()
    kept = folded_offers(key, sums)

    assert (kept.day, kept.answered, kept.waits_answered) == ("2026-11-22", 1, "7:1")
    assert sums_in(kept) == sums
    assert sums_in(kept, kept).waits == {"answered": {7: 2}}
