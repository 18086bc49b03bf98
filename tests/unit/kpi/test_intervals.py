from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kpi.intervals import ENOUGH, Estimate, differ, mean_estimate, share_estimate


@pytest.mark.parametrize(
    ("part", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 30, 0.0, 0.1135)],
)
def test_a_share_has_the_bounds_that_wilson_published(
    part: int, count: int, low: float, high: float
) -> None:
    found = share_estimate(part, count)

    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)


def test_of_too_few_nothing_is_said() -> None:
    assert share_estimate(1, ENOUGH - 1) is None
    assert mean_estimate([1.0] * (ENOUGH - 1)) is None


@given(st.integers(ENOUGH, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_between_its_bounds_and_these_between_none_and_all(
    counted: tuple[int, int],
) -> None:
    found = share_estimate(*counted)

    assert found is not None
    assert 0.0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1.0


def test_nineteen_of_twenty_intervals_hold_the_true_mean() -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(1000):
        found = mean_estimate([chance.expovariate(1 / 20) for _ in range(200)])
        assert found is not None
        held += found.low <= 20 <= found.high
    assert 920 <= held <= 970


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Newcombe's first example: by method 10 they differ by 0.0524 to 0.3339.
        ((48, 80), (56, 70), True),
        ((45, 80), (56, 100), False),
        ((0, 40), (0, 40), False),
    ],
)
def test_two_shares_differ_where_the_interval_of_their_difference_is_without_zero(
    before: tuple[int, int], after: tuple[int, int], *, expected: bool
) -> None:
    first, second = share_estimate(*before), share_estimate(*after)

    assert first is not None
    assert second is not None
    assert differ(first, second) == differ(second, first) == expected


def test_means_that_are_alike_do_not_differ() -> None:
    assert not differ(Estimate(10, 8, 12, 50), Estimate(11, 9, 13, 50))
    assert differ(Estimate(10, 9, 11, 50), Estimate(15, 14, 16, 50))
