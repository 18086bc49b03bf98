from datetime import UTC, datetime

import pytest

from ivr.records.figures import queue_figures
from ivr.records.record import CallRecord, QueueVisit, VisitOutcome

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def call(
    outcome: VisitOutcome | None, wait: float | None = 0.0, *, queue: str = "q", test: bool = False
) -> CallRecord:
    visit = QueueVisit(queue=queue, entered_at=AT, outcome=outcome, wait_seconds=wait)
    return CallRecord(call_id="c", arrived_at=AT, test=test, visits=(visit,))


def test_each_outcome_is_counted_apart_and_blocked_callers_were_not_offered() -> None:
    calls = [
        call("answered", 10),
        call("answered", 30),
        call("abandoned", 40),
        call("abandoned_short", 2),
        call("overflowed", 90),
        call("system_dropped", 5),
        call("blocked", 0),
    ]

    (line,) = queue_figures(calls, {"q": 20})

    assert (line.offered, line.answered, line.blocked) == (6, 2, 1)
    assert (line.abandoned, line.abandoned_short) == (1, 1)
    assert (line.overflowed, line.system_dropped) == (1, 1)
    assert line.within_target == 1
    assert line.service_level == pytest.approx(1 / 6)
    assert (line.mean_wait_seconds, line.longest_wait_seconds) == (20.0, 90)


def test_golden_set_has_the_published_service_level() -> None:
    calls = (
        [call("answered", 20)] * 860
        + [call("answered", 21)] * 140
        + [call("abandoned", 30)] * 50
        + [call("abandoned_short", 3)] * 10
    )

    (line,) = queue_figures(calls, {"q": 20})

    assert line.service_level == pytest.approx(0.8113, abs=0.00005)


def test_empty_queue_has_no_figures_rather_than_good_ones() -> None:
    (line,) = queue_figures([], {"q": 20})

    assert line.offered == 0
    assert line.service_level is None
    assert line.mean_wait_seconds is line.longest_wait_seconds is None


def test_queue_without_a_target_has_no_service_level() -> None:
    (line,) = queue_figures([call("answered", 1)], {})

    assert (line.answered, line.within_target, line.service_level) == (1, None, None)


def test_test_calls_are_in_no_figure_unless_asked_for() -> None:
    calls = [call("answered", 1, test=True), call("answered", 1)]

    assert queue_figures(calls, {})[0].answered == 1
    assert queue_figures(calls, {}, with_tests=True)[0].answered == 2


def test_caller_who_still_waits_is_not_counted_yet() -> None:
    assert queue_figures([call(None, None)], {}) == ()


def test_queues_come_by_name() -> None:
    calls = [call("answered", queue="trondheim"), call("answered", queue="bergen")]

    assert [line.queue for line in queue_figures(calls, {"oslo": 20})] == [
        "bergen",
        "oslo",
        "trondheim",
    ]
