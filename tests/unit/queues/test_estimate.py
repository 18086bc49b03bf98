"""What is said of a wait, and when it is better to say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.queues.estimate import BEYOND, MinuteRange, ToldWaits, WaitEstimate


def minutes(lowest: float, highest: float) -> WaitEstimate:
    return WaitEstimate(30.0 * (lowest + highest), 60.0 * lowest, 60.0 * highest)


def test_of_no_waits_there_is_no_estimate() -> None:
    assert WaitEstimate.of(()) is None


def test_half_of_the_waits_are_in_the_range_and_half_are_longer_than_the_middle() -> None:
    assert WaitEstimate.of([float(one) for one in range(101)]) == WaitEstimate(50.0, 25.0, 75.0)


@pytest.mark.parametrize("waits", [[7.0], [7.0, 7.0], [7.0] * 60])
def test_waits_that_are_all_alike_leave_no_doubt(waits: list[float]) -> None:
    assert WaitEstimate.of(waits) == WaitEstimate(7.0, 7.0, 7.0)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.1, 0.6, (0, 1)),
        (0.5, 1.2, (0, 2)),
        (1.1, 1.9, (1, 2)),
        (1.9, 3.5, (1, 4)),
        (2.0, 2.0, (2, 3)),
        (5.4, 8.0, (5, 10)),
        (11.0, 14.0, (10, 15)),
        (22.0, 41.0, (20, 45)),
        (50.0, 70.0, (45, BEYOND)),
        (60.0, 60.0, (60, BEYOND)),
        (90.0, 120.0, (60, BEYOND)),
    ],
)
def test_ranges_are_said_in_round_minutes(low: float, high: float, said: tuple[int, int]) -> None:
    assert minutes(low, high).minutes == MinuteRange(*said)


@given(st.lists(st.floats(0, 10_000), min_size=1).map(sorted))
def test_what_is_said_holds_all_that_is_in_the_range(waits: list[float]) -> None:
    found = WaitEstimate.of(waits)

    assert found is not None
    said = found.minutes
    assert waits[0] <= found.low_seconds <= found.seconds <= found.high_seconds <= waits[-1]
    assert said.lowest < said.highest
    assert 60 * said.lowest <= found.low_seconds
    assert said.highest == BEYOND or found.high_seconds <= 60 * said.highest


def test_a_wait_that_is_not_longer_than_what_was_told_is_told() -> None:
    told = ToldWaits()

    heard = [
        told.next("main", estimate, now)
        for now, estimate in ((0.0, minutes(3, 5)), (90.0, minutes(3, 5)), (180.0, minutes(1, 2)))
    ]

    assert heard == [MinuteRange(3, 5), MinuteRange(3, 5), MinuteRange(1, 2)]


def test_a_longer_wait_is_kept_back_while_what_was_told_can_still_come_true() -> None:
    told = ToldWaits()
    told.next("main", minutes(3, 5), 0.0)

    assert told.next("main", minutes(3, 7), 60.0) is None


def test_who_was_promised_too_much_is_told_so() -> None:
    told = ToldWaits()
    told.next("main", minutes(1, 2), 0.0)

    assert told.next("main", minutes(5, 10), 90.0) == MinuteRange(5, 10)
    assert told.next("main", minutes(4, 7), 180.0) == MinuteRange(4, 7)


def test_queues_are_told_apart() -> None:
    told = ToldWaits()
    told.next("main", minutes(1, 2), 0.0)

    assert told.next("other", minutes(3, 5), 0.0) == MinuteRange(3, 5)


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 10)), min_size=1, max_size=20))
def test_whoever_hears_a_longer_wait_could_not_have_been_served_as_told(
    states: list[tuple[float, float]],
) -> None:
    told, last, promised = ToldWaits(), BEYOND, 0.0
    for number, (low, wide) in enumerate(states):
        now, estimate = 90.0 * number, minutes(low, low + wide)
        heard = told.next("main", estimate, now)
        if heard is not None:
            assert heard.highest <= last or now + estimate.low_seconds > promised
            last, promised = heard.highest, now + 60.0 * heard.highest
