from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kpi.tally import Tally, most_first, quantile
from ivr.records.record import QueueVisit, VisitOutcome

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def visit(
    outcome: VisitOutcome | None, wait: float | None = 0.0, talk: float | None = None
) -> QueueVisit:
    return QueueVisit(
        queue="q", entered_at=AT, outcome=outcome, wait_seconds=wait, talk_seconds=talk
    )


def tally(*visits: QueueVisit, short: float = 5.0) -> Tally:
    counted = Tally(short)
    for one in visits:
        counted.count(one, 20.0)
    return counted


def test_each_outcome_is_counted_apart_and_who_was_turned_away_was_not_offered() -> None:
    counted = tally(
        visit("answered", 10),
        visit("answered", 30),
        visit("abandoned", 40),
        visit("abandoned_short", 2),
        visit("overflowed", 90),
        visit("system_dropped", 5),
        visit("blocked", None),
        visit("closed", None),
    )

    assert (counted.offered, counted.answered, counted.answered_within) == (6, 2, 1)
    assert (counted.abandoned, counted.abandoned_short, counted.overflowed) == (2, 1, 1)
    assert counted.system_dropped == 1
    assert (counted.mean_wait, counted.longest_wait) == (20.0, 90)
    assert counted.abandon_rate == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("short", "stored", "wait", "outcome"),
    [
        (5.0, "abandoned", 5.001, "abandoned"),
        (5.0, "abandoned_short", 5.0, "abandoned_short"),
        (10.0, "abandoned", 10.0, "abandoned_short"),
        (2.0, "abandoned_short", 2.001, "abandoned"),
        (10.0, "abandoned", None, "abandoned"),
        (10.0, "answered", 1.0, "answered"),
        (10.0, "overflowed", 1.0, "overflowed"),
    ],
)
def test_the_short_limit_is_the_figures_own(
    short: float, stored: VisitOutcome, wait: float | None, outcome: str
) -> None:
    assert tally(short=short).outcome_of(visit(stored, wait)) == outcome


def test_a_wait_whose_beginning_is_not_known_is_answered_and_in_no_average() -> None:
    counted = tally(visit("answered", None), visit("answered", 10.0))

    assert (counted.answered, counted.answered_within, counted.mean_wait) == (2, 1, 10.0)


def test_nothing_has_no_figures_rather_than_good_ones() -> None:
    counted = tally(visit(None, None))

    assert counted.offered == 0
    assert counted.mean_wait is counted.mean_talk is counted.abandon_rate is None
    assert counted.longest_wait is counted.wait_quantile(0.9) is None


def test_talks_are_a_sum_over_a_count() -> None:
    counted = tally(visit("answered", 0, 60.0), visit("answered", 0, 120.0), visit("answered", 0))

    assert counted.mean_talk == 90.0


@given(st.lists(st.integers(0, 1000), min_size=1), st.floats(0.01, 1.0))
def test_a_quantile_is_the_least_value_that_so_many_do_not_exceed(
    values: list[int], share: float
) -> None:
    found = quantile(Counter(values), share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    less = [value for value in values if value < found]
    assert len(less) < share * len(values)


@pytest.mark.parametrize(("wait", "is_within"), [(19.999, True), (20.0, True), (20.001, False)])
def test_within_a_target_means_to_the_last_millisecond(wait: float, *, is_within: bool) -> None:
    assert tally(visit("answered", wait)).answered_within == is_within


def test_quantiles_and_the_longest_wait_are_whole_seconds_rounded_up() -> None:
    counted = tally(visit("answered", 1.2), visit("answered", 3.0), visit("abandoned", 7.5))

    assert (counted.wait_quantile(0.5), counted.wait_quantile(0.9)) == (2.0, 3.0)
    assert counted.longest_wait == 8.0


def test_counts_are_told_the_most_frequent_first_and_then_by_name() -> None:
    told = most_first({"b": 1, "c": 2, "a": 1})

    assert list(told.items()) == [("c", 2), ("a", 1), ("b", 1)]
